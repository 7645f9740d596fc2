"""Reading one cell: the functions that turn a cell's value into a value of the model."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from hub import JsonValue, RecordError
from hub_generic_csv.formats import day_reader
from hub_generic_csv.settings import FieldOption, Formats
from hub_generic_csv.targets import Target

Payload = Mapping[str, JsonValue]
Unknown = list[tuple[str, str]]
"""Pairs of table and value that no table knows, gathered while a record is read."""

Cell = Callable[[Payload], JsonValue]
"""Returns the cell, trimmed; None when it is empty."""
Convert = Callable[[JsonValue], object]
"""Returns the model's value for a cell that is not empty; raises ValueError when it cannot be read."""
Read = Callable[[Payload, Unknown], object]
"""Returns the model's value for a record, None when there is none."""

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def cell_getter(columns: Sequence[str], glue: str, empty: frozenset[str]) -> Cell:
    """Return the function that gets a cell, or several put together."""
    if len(columns) > 1:
        parts = [cell_getter([column], glue, empty) for column in columns]
        return lambda payload: glue.join(as_text(part) for get in parts if (part := get(payload)) is not None) or None
    (column,) = columns

    def get(payload: Payload) -> JsonValue:
        cell = payload.get(column)
        if not isinstance(cell, str):
            return cell
        trimmed = cell.strip()
        return None if trimmed in empty else trimmed

    return get


def as_text(cell: JsonValue) -> str:
    """Return a cell as text; yes and no of a spreadsheet as true and false, nothing as empty."""
    if isinstance(cell, str):
        return cell
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def converter(target: Target, field: FieldOption, formats: Formats) -> tuple[Convert, str]:
    """Return the function that reads a cell for a target, and what it expects, for the sentence of a refusal."""
    match target.kind:
        case "date":
            written = field.format or formats.date
            return _days(written), f"a day written {written}"
        case "integer" | "number" | "amount":
            return _numbers(target, field, formats)
        case "boolean":
            return _yes_or_no(formats), "yes or no"
        case "markup" if field.markup == "plain":
            return lambda cell: as_markup(as_text(cell)), "text"
    return as_text, "text"


def _days(written: str) -> Convert:
    read = day_reader(written)
    return lambda cell: read(as_text(cell))


def _numbers(target: Target, field: FieldOption, formats: Formats) -> tuple[Convert, str]:
    decimal, thousands = field.decimal or formats.decimal, field.thousands or formats.thousands
    whole = target.kind == "integer"
    form = re.compile(_number_form(decimal, thousands)).fullmatch
    factor = None if field.factor is None else Decimal(str(field.factor))
    finish = _FINISH[target.kind]

    def read(cell: JsonValue) -> object:
        text = str(cell)
        if isinstance(cell, str):
            if form(cell) is None:
                raise ValueError(cell)
            text = (cell.replace(thousands, "") if thousands else cell).replace(decimal, ".")
        number = Decimal(text)
        number = number if factor is None else number * factor
        if whole and number != int(number):
            raise ValueError(cell)
        return finish(number)

    return read, f"a {'whole ' if whole else ''}number such as {'1' if whole else f'1{decimal}5'}"


_FINISH: Mapping[str, Callable[[Decimal], object]] = {"integer": int, "number": float, "amount": lambda number: number}


def _number_form(decimal: str, thousands: str | None) -> str:
    whole = rf"(?:\d+|\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+)" if thousands else r"\d+"
    return rf"-?{whole}(?:{re.escape(decimal)}\d+)?"


def _yes_or_no(formats: Formats) -> Convert:
    meaning = {word.casefold(): True for word in formats.true} | {word.casefold(): False for word in formats.false}

    def read(cell: JsonValue) -> object:
        if isinstance(cell, bool):
            return cell
        if (found := meaning.get(as_text(cell).casefold())) is None:
            raise ValueError(cell)
        return found

    return read


def as_markup(text: str) -> str:
    """Return plain text as HTML: blank lines part paragraphs, single line ends become breaks."""
    escaped = html.escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text
    if "\n" not in escaped and "\r" not in escaped:
        return escaped
    paragraphs = _PARAGRAPHS.split(escaped.replace("\r\n", "\n").replace("\r", "\n").strip())
    return "".join("<p>" + paragraph.strip().replace("\n", "<br>") + "</p>" for paragraph in paragraphs)


def refuse(path: str, cell: JsonValue, expected: str) -> RecordError:
    """Return the refusal of a record whose cell cannot be read."""
    return RecordError("value-unreadable", field=path, value=cell, expected=expected)
