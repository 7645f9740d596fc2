"""What is looked up while one record is read: each value with its table, and those that no table knows."""

from collections.abc import Mapping as Values
from typing import Any

from hub.mapping.mapping import Mapping
from hub.mapping.table import NOTHING, ValueEntry, as_word

Pair = tuple[str, str]
"""A table's name and a value."""


class Readings:
    """Looks values up for one record, and remembers them for `Normalised.read_values` and `unknown_values`.

    Args:
        mapping: the tables.
    """

    __slots__ = ("_read", "_tables", "_unknown")

    def __init__(self, mapping: Mapping) -> None:
        self._tables = mapping.tables
        self._read: list[Pair] = []
        self._unknown: list[Pair] = []

    def find(self, table: str, value: object) -> Values[str, Any]:
        """Return the facts of a value; none when there is no value, or the table does not know it."""
        held = self._tables[table].holding(value)
        if len(held) == 1:
            self._read.append((table, held[0].key))
            return held[0].facts
        if held:
            self._read += [(table, each.key) for each in held]
            return self._tables[table].find(value) or NOTHING
        self.miss(table, value)
        return NOTHING

    def entry(self, table: str, value: object) -> ValueEntry | None:
        """Return the entry of a value, as `find` does its facts."""
        held = self._tables[table].holding(value)
        if not held:
            self.miss(table, value)
            return None
        self._read += [(table, each.key) for each in held]
        return held[0]

    def known(self, table: str, value: object) -> Values[str, Any] | None:
        """Return the facts of a value as `find` does; None, without a note, when the table does not know it."""
        return self.find(table, value) if self._tables[table].holding(value) else None

    def miss(self, table: str, value: object) -> None:
        """Note a value that the table does not know; nothing when there is no value."""
        if word := as_word(value):
            self._unknown.append((table, word))

    def read(self) -> tuple[Pair, ...]:
        """Return every value that was looked up, known or not, each once."""
        return tuple(dict.fromkeys((*self._read, *self._unknown)))

    def unknown(self) -> tuple[Pair, ...]:
        """Return the values that no table knows, each once."""
        return tuple(dict.fromkeys(self._unknown)) if self._unknown else ()
