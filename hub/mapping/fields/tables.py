"""The value tables of a source as the hub's own, for the report of what they cover."""

from collections.abc import Iterable

from hub.mapping.fields.entries import field_entries
from hub.mapping.fields.settings import FieldSettings
from hub.mapping.mapping import Mapping


def tables_mapping(settings: FieldSettings) -> Mapping:
    """Return the value tables, each value with the fields of the model that it fills."""
    tables: dict[str, dict[str, dict[str, object]]] = {
        name: {key: {} for key in table.values} for name, table in settings.tables.items()
    }
    for entry in field_entries(settings):
        for key, value in (entry.values or {}).items():
            if value not in ("", []):
                tables[entry.table][key][_fact(entry.path)] = value
    return Mapping.of(tables, owner=_owners(table.owner for table in settings.tables.values()))


def _fact(path: str) -> str:
    """Return the name of the field a path leads to."""
    return next(part for part in reversed(path.split(".")) if not part.isdecimal())


def _owners(named: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(owner for owner in named if owner))
