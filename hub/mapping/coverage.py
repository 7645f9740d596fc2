"""What share of a partner's values the tables know, and what an unknown value may stand for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.mapping.likeness import nearest
from hub.mapping.mapping import Mapping as Tables
from hub.mapping.table import ValueTable

Counted = Mapping[str, Mapping[str, int]]
"""Values by table, with how many records hold them."""

_ALIKE = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known value that an unknown one may stand for: its key, the words compared, and how alike in per cent."""

    key: str
    word: str
    alike: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that a table lacks: how many records hold it, and the known value nearest to it, if any is near."""

    value: str
    count: int
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """How much of the values met one table covers.

    Args:
        name: of the table.
        entries: how many values it knows.
        met: how many of its entries were met.
        read: how many values were looked up, each once a record.
        known: how many of them it knew.
        unknown: those it did not know, the most frequent first.
    """

    name: str
    entries: int
    met: int
    read: int
    known: int
    unknown: tuple[Unknown, ...]

    @property
    def share(self) -> float | None:
        """The share of the values that it knew, 0 to 1; None when nothing was looked up."""
        return self.known / self.read if self.read else None


def coverage(mappings: Iterable[Tables], read: Counted, unknown: Counted) -> list[TableCoverage]:
    """Return the coverage of each table, and of what was looked up under a name that no table has.

    Args:
        mappings: the tables of a source.
        read: all that was looked up.
        unknown: what of it no table knew.
    """
    tables = {name: table for mapping in mappings for name, table in mapping.tables.items()}
    names = dict.fromkeys([*tables, *read, *unknown])
    return [_covered(name, tables.get(name), read.get(name, {}), unknown.get(name, {})) for name in names]


def _covered(name: str, table: ValueTable | None, read: Mapping[str, int], unknown: Mapping[str, int]) -> TableCoverage:
    held = {entry.key for value in read if value not in unknown and table for entry in table.holding(value)}
    missed = sum(unknown.values())
    known = sum(count for value, count in read.items() if value not in unknown)
    return TableCoverage(
        name,
        len(table.entries) if table else 0,
        len(held),
        known + missed,
        known,
        tuple(
            Unknown(value, count, _suggestion(value, table))
            for value, count in sorted(unknown.items(), key=lambda each: (-each[1], each[0]))
        ),
    )


def _suggestion(value: str, table: ValueTable | None) -> Suggestion | None:
    words = {word: entry.key for entry in (table.entries if table else ()) for word in (entry.key, entry.label) if word}
    found = nearest(value, words, _ALIKE)
    return Suggestion(words[found[0]], found[0], found[1]) if found else None
