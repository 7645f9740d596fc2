"""The fields of a source one by one, those that a table of facts fills included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from hub.mapping.fields.settings import Facts, FieldOption, FieldSettings


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One path of the model and what fills it.

    Args:
        where: its place in the options.
        path: in the model.
        option: how it is read.
        values: of its value table; None without one.
        table: the name of that table, as reports and sentences mention it.
        told: another entry tells what values it reads, so that this one does not.
    """

    where: tuple[str, ...]
    path: str
    option: FieldOption
    values: Mapping[str, JsonValue] | None = None
    table: str = ""
    told: bool = False


def field_entries(settings: FieldSettings) -> Iterator[FieldEntry]:
    """Yield what fills each path; a table that does not exist is left for the mistakes."""
    for path, option in settings.fields.items():
        found = settings.tables.get(option.table or "")
        yield FieldEntry(("fields", path), path, option, found.values if found else None, option.table or "")
    for source, facts in settings.facts.items():
        yield from _facts(settings, source, facts)


def _facts(settings: FieldSettings, source: str, facts: Facts) -> Iterator[FieldEntry]:
    """Yield an entry for each path the table mentions; the first alone tells which values are read."""
    found = settings.tables.get(facts.table)
    said = {key: value for key, value in (found.values if found else {}).items() if isinstance(value, Mapping)}
    for number, path in enumerate(dict.fromkeys(path for value in said.values() for path in value)):
        option = settings.field(source, table=facts.table, separator=facts.separator, unknown=facts.unknown)
        values = {key: said.get(key, {}).get(path, "") for key in (found.values if found else {})}
        yield FieldEntry(("facts", source, path), path, option, values, facts.table, told=number > 0)
