"""The values of a record on their way to the model, and what is noticed on that way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from hub.errors import RecordError

Payload = Mapping[str, JsonValue]


@dataclass(slots=True)
class Noticed:
    """What is noticed while one record is read.

    Args:
        read: pairs of table and value, for each value looked up.
        unknown: those that no table knows.
        fields: paths of fields inside an object that the model does not have.
    """

    read: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


Cell = Callable[[Payload], JsonValue]
"""Returns a field's value, texts trimmed; None when it is empty."""
Convert = Callable[[JsonValue], object]
"""Returns the model's value for one that is not empty; raises ValueError when it cannot be read."""
Read = Callable[[Payload, Noticed], object]
"""Returns the model's value for a record, None when there is none."""


def column_cell(columns: Sequence[str], glue: str, empty: frozenset[str]) -> Cell:
    """Return the function that gets the cell of a column, or of several put together."""
    if len(columns) > 1:
        return glued([column_cell([column], glue, empty) for column in columns], glue)
    (column,) = columns

    def get(payload: Payload) -> JsonValue:
        cell = payload.get(column)
        if not isinstance(cell, str):
            return cell
        trimmed = cell.strip()
        return None if trimmed in empty else trimmed

    return get


def glued(parts: Sequence[Cell], glue: str) -> Cell:
    """Return the function that puts several values together, empty ones left out."""
    return lambda payload: glue.join(as_text(part) for get in parts if (part := get(payload)) is not None) or None


def as_text(cell: JsonValue) -> str:
    """Return a single value as text; yes and no as true and false, nothing as empty."""
    if isinstance(cell, str):
        return cell
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def refuse(path: str, cell: JsonValue, expected: str) -> RecordError:
    """Return the refusal of a record whose value cannot be read."""
    return RecordError("value-unreadable", field=path, value=cell, expected=expected)
