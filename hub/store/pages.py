"""What readers of the feed ask of the store."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

_COLUMNS = "o.id, o.kind, o.position, o.reason, o.merged_into, b.bytes"
_FROM = "FROM opportunity AS o LEFT JOIN body AS b ON b.position = o.position"
_ALL = text(f"SELECT {_COLUMNS} {_FROM} WHERE o.position > :after ORDER BY o.position LIMIT :limit")
_OF_KIND = text(
    f"SELECT {_COLUMNS} {_FROM} WHERE o.kind = :kind AND o.position > :after ORDER BY o.position LIMIT :limit"
)
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE o.id = :id")
_HEAD = text("SELECT coalesce(max(position), 0) FROM opportunity WHERE kind = coalesce(:kind, kind)")
_COUNTS = text("SELECT kind, reason IS NOT NULL AS gone, count(*) FROM opportunity GROUP BY kind, gone")
_LATEST = text(
    f"SELECT {_COLUMNS} {_FROM} WHERE o.kind = :kind AND o.reason IS NULL ORDER BY o.position DESC LIMIT :limit"
)


class Item(NamedTuple):
    """One opportunity at its position; ``body`` is its published JSON, None with a ``reason`` for a tombstone."""

    id: str
    kind: str
    position: int
    reason: str | None
    merged_into: str | None
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many opportunities of each kind are in the feed, and how many tombstones."""

    opportunities: dict[str, int]
    tombstones: int


def items(connection: Connection, *, after: int, limit: int, kind: str | None = None) -> list[Item]:
    """Return the items behind a position, in order of position."""
    statement = _OF_KIND if kind else _ALL
    rows = connection.execute(statement, {"after": after, "limit": limit, **({"kind": kind} if kind else {})})
    return [Item(*row) for row in rows]


def item(connection: Connection, identifier: str) -> Item | None:
    """Return one opportunity, live or gone."""
    row = connection.execute(_ONE, {"id": identifier}).one_or_none()
    return Item(*row) if row else None


def head(connection: Connection, kind: str | None = None) -> int:
    """Return the highest position in use, 0 for an empty feed."""
    return int(connection.execute(_HEAD, {"kind": kind}).scalar_one())


def counts(connection: Connection) -> Counts:
    """Return what the feed holds."""
    opportunities: dict[str, int] = {}
    tombstones = 0
    for kind, gone, number in connection.execute(_COUNTS):
        if gone:
            tombstones += number
        else:
            opportunities[kind] = number
    return Counts(opportunities, tombstones)


def latest(connection: Connection, kind: str, limit: int) -> list[Item]:
    """Return the opportunities of a kind that changed last, the newest first; no tombstones."""
    return [Item(*row) for row in connection.execute(_LATEST, {"kind": kind, "limit": limit})]
