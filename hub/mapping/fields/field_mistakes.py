"""What can be wrong with one field: keys that mean nothing for it, tables that do not fit, formats that cannot be."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue

from hub.mapping.fields.entries import FieldEntry
from hub.mapping.fields.formats import check_format
from hub.mapping.fields.settings import FieldOption, FieldSettings
from hub.mapping.fields.targets import TEXTS, Target

Mistake = tuple[tuple[str | int, ...], str]
"""Where a mistake is in the options, and a sentence about it."""

_NUMBERS = frozenset({"integer", "number", "amount"})
_ONLY_FOR: Mapping[str, tuple[frozenset[str], str]] = {
    "format": (frozenset({"date"}), "days"),
    "decimal": (_NUMBERS, "numbers"),
    "thousands": (_NUMBERS, "numbers"),
    "factor": (_NUMBERS, "numbers"),
    "language": (TEXTS, "texts"),
    "markup": (frozenset({"markup"}), "descriptions"),
}
"""Keys of a field that mean something for some kinds of field only."""


def format_mistake(where: tuple[str, ...], written: str) -> Iterator[Mistake]:
    """Yield what is wrong with a format, if anything."""
    if mistake := check_format(written):
        yield where, mistake


def field_mistakes(entry: FieldEntry, target: Target, settings: FieldSettings) -> Iterator[Mistake]:
    """Yield what is wrong with a field that fills this target."""
    where, field = entry.where, entry.option
    if where[0] == "facts":
        yield from _values_of(entry, target)
        return
    for key, (kinds, what) in _ONLY_FOR.items():
        if key in field.model_fields_set and target.kind not in kinds:
            yield (*where, key), f"only for {what}, and {target.path} holds another kind of value; leave it out"
    if field.format:
        yield from format_mistake((*where, "format"), field.format)
    if field.language and target.language:
        yield (*where, "language"), f"the path already says '{target.language}'; leave one of them out"
    yield from _splitting(where, field, target, settings)
    yield from _keeping(where, field, target)
    if field.table is not None:
        yield from _table(entry, target, settings)
    elif target.kind == "block" and not settings.nested:
        yield where, f"{target.path} is a block: give a table of blocks, or name a field in it"


def _splitting(
    where: tuple[str, ...], field: FieldOption, target: Target, settings: FieldSettings
) -> Iterator[Mistake]:
    if field.separator and not target.many and not target.in_list:
        yield (*where, "separator"), f"{target.path} holds one value, not several; leave it out"
    if field.separator and len(field.sources) > 1:
        out = f"use one {settings.word}, or no separator"
        yield (*where, "separator"), f"several {settings.word}s are put together into one value; {out}"
    if "uneven" in field.model_fields_set and (target.many or not target.in_list):
        yield (*where, "uneven"), f"only for a field of the items of a list, which {target.path} is not; leave it out"


def _keeping(where: tuple[str, ...], field: FieldOption, target: Target) -> Iterator[Mistake]:
    if "unknown" in field.model_fields_set and field.table is None and target.kind != "choice":
        yield (*where, "unknown"), "says what to do when a table lacks a value; give a table, or leave it out"
    if field.unknown == "keep" and target.kind in {"choice", "block", "boolean"}:
        yield (*where, "unknown"), f"{target.path} is a closed list, so a value it lacks cannot be kept"


def _table(entry: FieldEntry, target: Target, settings: FieldSettings) -> Iterator[Mistake]:
    if entry.table in settings.tables:
        yield from _values_of(entry, target)
        return
    yield (*entry.where, "table"), no_table(entry.table, settings.tables)


def no_table(name: str, tables: Iterable[str]) -> str:
    """Return the sentence for a table that is not there, with the one whose name is nearest."""
    near = difflib.get_close_matches(name, list(tables), n=1, cutoff=0.4)
    return f"there is no table '{name}'" + (f"; the nearest is '{near[0]}'" if near else "")


def _values_of(entry: FieldEntry, target: Target) -> Iterator[Mistake]:
    for key, value in (entry.values or {}).items():
        for mistake in value_mistakes(value, target, several=target.many or target.in_list):
            yield ("tables", entry.table, key), mistake


def value_mistakes(value: JsonValue, target: Target, *, several: bool) -> Iterator[str]:
    """Yield what is wrong with a value, or with each of a list, that the options give for a target."""
    if isinstance(value, list) and not several:
        yield f"{target.path} holds one value, not a list"
        return
    for each in value if isinstance(value, list) else [value]:
        if each != "" and (mistake := target.mistake(each)):
            yield mistake
