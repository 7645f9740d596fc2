"""Reading one field: cell, separator, value table and conversion put together once, when the source is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hub import JsonValue
from hub_generic_csv.cells import Cell, Convert, Payload, Read, Unknown, as_text, cell_getter, converter, refuse
from hub_generic_csv.settings import FieldOption, Settings
from hub_generic_csv.targets import Target

Look = Callable[[JsonValue, Unknown], object]
"""Returns the model's value, a list of them, or None, for one of the partner's values."""

_ABSENT = object()


def field_reader(target: Target, field: FieldOption, settings: Settings) -> Read:
    """Return the function that reads a field: a value, or a list where the target or the cell holds several."""
    get = cell_getter(field.column, field.glue, frozenset({"", *settings.formats.empty}))
    look = _look(target, field, settings)
    if field.separator:
        return _several(get, look, field.separator)
    return _list_of_one(get, look) if target.many else _single(get, look)


def _single(get: Cell, look: Look) -> Read:
    def read(payload: Payload, unknown: Unknown) -> object:
        cell = get(payload)
        return None if cell is None else look(cell, unknown)

    return read


def _list_of_one(get: Cell, look: Look) -> Read:
    def read(payload: Payload, unknown: Unknown) -> object:
        cell = get(payload)
        found = None if cell is None else look(cell, unknown)
        return found if found is None or isinstance(found, list) else [found]

    return read


def _several(get: Cell, look: Look, separator: str) -> Read:
    def read(payload: Payload, unknown: Unknown) -> object:
        cell = get(payload)
        if cell is None:
            return None
        values: list[object] = []
        for part in as_text(cell).split(separator):
            if trimmed := part.strip():
                found = look(trimmed, unknown)
                values += found if isinstance(found, list) else [] if found is None else [found]
        return values or None

    return read


def _look(target: Target, field: FieldOption, settings: Settings) -> Look:
    convert, expected = converter(target, field, settings.formats)
    known: Mapping[str, JsonValue] | None = None
    if field.table is not None:
        known = settings.tables[field.table].values
    elif target.kind == "choice":
        known = {value: value for value in target.values}
    plainly = _converting(target, convert, expected)
    return plainly if known is None else _in_table(known, target, field, plainly)


def _converting(target: Target, convert: Convert, expected: str) -> Look:
    path, words = target.path, frozenset(target.words)
    if target.kind in {"string", "text"}:
        return lambda cell, _: as_text(cell)

    def look(cell: JsonValue, _: Unknown) -> object:
        if words and cell in words:
            return cell
        try:
            return convert(cell)
        except (ValueError, ArithmeticError):
            raise refuse(path, cell, expected) from None

    return look


def _in_table(values: Mapping[str, JsonValue], target: Target, field: FieldOption, plainly: Look) -> Look:
    known = {key.strip().casefold(): None if value in ("", []) else value for key, value in values.items()}
    table = field.table or target.path

    def look(cell: JsonValue, unknown: Unknown) -> object:
        text = as_text(cell)
        found = known.get(text.casefold(), _ABSENT)
        if found is not _ABSENT:
            return found
        if field.unknown == "keep":
            return plainly(cell, unknown)
        if field.unknown == "refuse":
            raise refuse(target.path, cell, f"one of the values in table {table}")
        if field.unknown == "report":
            unknown.append((table, text))
        return None

    return look


def flags_reader(target: Target, columns: Mapping[str, JsonValue], settings: Settings) -> Read:
    """Return the function that adds up the values of the columns that say yes."""
    formats = settings.formats
    empty = frozenset({"", *formats.empty})
    flag = Target(target.path, (), target.name, "boolean", many=False, item=bool)
    parts = []
    for column, value in columns.items():
        convert, expected = converter(flag, FieldOption(column=(column,)), formats)
        says = _converting(replace(flag, path=f"{target.path} ({column})"), convert, expected)
        parts.append((cell_getter([column], "", empty), says, value if isinstance(value, list) else [value]))

    def read(payload: Payload, unknown: Unknown) -> object:
        found: list[JsonValue] = []
        for get, says, values in parts:
            cell = get(payload)
            if cell is not None and says(cell, unknown):
                found += values
        return found or None

    return read
