"""From a partner's value to the model's: days, numbers, yes or no, and plain text as markup."""

import html
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from pydantic import JsonValue

from hub.mapping.fields.formats import day_reader
from hub.mapping.fields.settings import FieldOption, Formats
from hub.mapping.fields.targets import Target
from hub.mapping.fields.values import Convert, as_text

_LONGEST_NUMBER = 100
"""Characters; Python takes minutes to read a number of a million digits."""
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


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
            if len(cell) > _LONGEST_NUMBER or form(cell) is None:
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
