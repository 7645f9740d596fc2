"""Reading one field: value, separator, value table and conversion put together once, when the source is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from hub.errors import RecordError
from hub.mapping.fields.blocks import take_block, take_texts
from hub.mapping.fields.conversion import converter
from hub.mapping.fields.entries import FieldEntry
from hub.mapping.fields.settings import FieldSettings
from hub.mapping.fields.targets import Target
from hub.mapping.fields.values import Cell, Convert, Noticed, Payload, Read, as_text, refuse

Look = Callable[[JsonValue, Noticed], object]
"""Returns the model's value, a list of them, or None, for one of the partner's values."""

_ABSENT = object()


def field_reader(target: Target, entry: FieldEntry, settings: FieldSettings) -> Read:
    """Return the function that reads a field: a value, or a list where the target or the value holds several."""
    read = _reader(target, entry, settings)
    return _or_word(read, frozenset(target.words)) if target.many and target.words else read


def _or_word(read: Read, words: frozenset[str]) -> Read:
    """Return the reader of a list instead of which one word may stand, such as ``rolling``."""

    def reading(payload: Payload, noticed: Noticed) -> object:
        found = read(payload, noticed)
        return found[0] if isinstance(found, list) and len(found) == 1 and found[0] in words else found

    return reading


def _reader(target: Target, entry: FieldEntry, settings: FieldSettings) -> Read:
    get, look = settings.cell(entry.option.sources, entry.option.glue), _look(target, entry, settings)
    if settings.nested:
        if entry.option.separator:
            get = _split(get, entry.option.separator)
        if target.many:
            return _gathered(get, look)
        return _spreading(get, look) if target.in_list else _one(target, get, look)
    if entry.option.separator:
        return _several(get, look, entry.option.separator)
    return _list_of_one(get, look) if target.many else _single(get, look)


# Values that are single -----------------------------------------------------------------------------------------


def _single(get: Cell, look: Look) -> Read:
    def read(payload: Payload, noticed: Noticed) -> object:
        cell = get(payload)
        return None if cell is None else look(cell, noticed)

    return read


def _list_of_one(get: Cell, look: Look) -> Read:
    def read(payload: Payload, noticed: Noticed) -> object:
        cell = get(payload)
        found = None if cell is None else look(cell, noticed)
        return found if found is None or isinstance(found, list) else [found]

    return read


def _several(get: Cell, look: Look, separator: str) -> Read:
    def read(payload: Payload, noticed: Noticed) -> object:
        cell = get(payload)
        if cell is None:
            return None
        values: list[object] = []
        for part in as_text(cell).split(separator):
            if trimmed := part.strip():
                found = look(trimmed, noticed)
                values += found if isinstance(found, list) else [] if found is None else [found]
        return values or None

    return read


# Values that may be lists and objects ----------------------------------------------------------------------------


def _split(get: Cell, separator: str) -> Cell:
    """Return the function that parts a text, or each text of a list; numbers and objects stay whole."""

    def cell(payload: Payload) -> JsonValue:
        found = get(payload)
        parts: list[JsonValue] = []
        for each in found if isinstance(found, list) else [] if found is None else [found]:
            if isinstance(each, str):
                parts += [trimmed for part in each.split(separator) if (trimmed := part.strip())]
            else:
                parts.append(each)
        return parts or None

    return cell


def _one(target: Target, get: Cell, look: Look) -> Read:
    """Return the reader of a field that holds one value; a list of more than one is ambiguous."""

    def read(payload: Payload, noticed: Noticed) -> object:
        cell = get(payload)
        if isinstance(cell, list):
            there = [each for each in cell if each is not None]
            if len(there) > 1:
                raise RecordError("ambiguous-value", field=target.path, value="; ".join(map(str, there)))
            cell = there[0] if there else None
        return None if cell is None else look(cell, noticed)

    return read


def _gathered(get: Cell, look: Look) -> Read:
    """Return the reader of a field that is a list: every value, once."""

    def read(payload: Payload, noticed: Noticed) -> object:
        cell = get(payload)
        values: list[object] = []
        for each in cell if isinstance(cell, list) else [cell]:
            found = None if each is None else look(each, noticed)
            values += [one for one in (found if isinstance(found, list) else [found]) if one not in (None, *values)]
        return values or None

    return read


def _spreading(get: Cell, look: Look) -> Read:
    """Return the reader of a field of an item in a list: one value for all items, or a list with one for each."""

    def read(payload: Payload, noticed: Noticed) -> object:
        cell = get(payload)
        if not isinstance(cell, list):
            return None if cell is None else look(cell, noticed)
        return [None if each is None else look(each, noticed) for each in cell] or None

    return read


# What a value means ------------------------------------------------------------------------------------------------


def _look(target: Target, entry: FieldEntry, settings: FieldSettings) -> Look:
    convert, expected = converter(target, entry.option, settings.formats)
    known = entry.values
    if known is None and target.kind == "choice":
        known = {value: value for value in target.values}
    if target.kind == "block" and known is None:
        return lambda cell, noticed: take_block(target, cell, noticed) or None
    plainly = _converting(target, convert, expected)
    found = plainly if known is None else _in_table(known, target, entry, plainly)
    return _or_texts(target, found) if settings.nested and target.kind in {"text", "markup"} else found


def _or_texts(target: Target, single: Look) -> Look:
    """Return what reads a text, or an object of texts by language where the path names none."""

    def look(cell: JsonValue, noticed: Noticed) -> object:
        if isinstance(cell, dict) and target.language is None:
            return take_texts(target.path, cell, noticed) or None
        return single(cell, noticed)

    return look


def _converting(target: Target, convert: Convert, expected: str) -> Look:
    path, words = target.path, frozenset(target.words)
    if target.kind in {"string", "text"}:
        return lambda cell, _: cell if isinstance(cell, str) else as_text(_flat(path, cell, "text"))

    def look(cell: JsonValue, _: Noticed) -> object:
        _flat(path, cell, expected)
        if words and cell in words:
            return cell
        try:
            return convert(cell)
        except (ValueError, ArithmeticError):
            raise refuse(path, cell, expected) from None

    return look


def _flat(path: str, cell: JsonValue, expected: str) -> JsonValue:
    """Return a single value; RecordError for an object or a list, which would be published as code."""
    if isinstance(cell, dict | list):
        raise refuse(path, cell, expected)
    return cell


def _in_table(values: Mapping[str, JsonValue], target: Target, entry: FieldEntry, plainly: Look) -> Look:
    known = {key.strip().casefold(): None if value in ("", []) else value for key, value in values.items()}
    table, policy = entry.table or target.path, entry.option.unknown

    def look(cell: JsonValue, noticed: Noticed) -> object:
        text = as_text(_flat(target.path, cell, f"one of the values in table {table}"))
        if not entry.told:
            noticed.read.append((table, text))
        found = known.get(text.casefold(), _ABSENT)
        if found is not _ABSENT:
            return found
        if policy == "keep":
            return plainly(cell, noticed)
        if policy == "refuse":
            raise refuse(target.path, cell, f"one of the values in table {table}")
        if policy == "report" and not entry.told:
            noticed.unknown.append((table, text))
        return None

    return look


def flags_reader(target: Target, fields: Mapping[str, JsonValue], settings: FieldSettings) -> Read:
    """Return the function that adds up the values of the fields that say yes."""
    flag = Target(target.path, (), target.name, "boolean", many=False, item=bool)
    parts = []
    for name, value in fields.items():
        convert, expected = converter(flag, settings.field(name), settings.formats)
        says = _converting(replace(flag, path=f"{target.path} ({name})"), convert, expected)
        parts.append((settings.cell([name], ""), says, value if isinstance(value, list) else [value]))

    def read(payload: Payload, noticed: Noticed) -> object:
        found: list[JsonValue] = []
        for get, says, values in parts:
            cell = get(payload)
            if cell is not None and says(cell, noticed):
                found += values
        return found or None

    return read
