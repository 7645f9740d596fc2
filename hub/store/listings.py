"""What the store knows of each source's listings."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

_COLUMNS = (
    "l.local_id, l.id, l.raw, l.content, l.live, l.opportunity, l.kind, l.first_seen, l.content_changed, l.missing, "
    "l.expires, l.filled, l.doubt"
)
# CROSS JOIN pins the order of the loops: a plain join let the planner scan the table for every id, 890 times slower.
_EACH = f"SELECT {_COLUMNS} FROM json_each(:wanted) AS wanted CROSS JOIN listing AS l"  # noqa: S608 - constants only
_KNOWN = text(f"{_EACH} ON l.source = :source AND l.local_id = wanted.value")
_NUMBERED = text(f"{_EACH} ON l.id = wanted.value")
_LIVE = text(
    "SELECT l.id FROM listing AS l WHERE l.id > :after AND l.source = :source AND l.live = 1 ORDER BY l.id LIMIT :limit"
)
_SOURCES = text("SELECT DISTINCT source FROM listing ORDER BY source")
_COUNT = text("SELECT count(*) FROM listing WHERE source = :source AND live = 1")
_MISSING = text(f"SELECT {_COLUMNS} FROM listing AS l WHERE l.source = :source AND l.missing IS NOT NULL")  # noqa: S608
_DUE = text(
    "SELECT DISTINCT source FROM listing WHERE live = 1 AND expires < :today "
    "AND source NOT IN (SELECT source FROM lease WHERE owner IS NOT NULL AND until > :now) ORDER BY source"
)
_PLAN_EXPIRY = text(
    "INSERT INTO plan.entry (local_id, action, listing, opportunity, kind, first_seen, content_changed) "
    "SELECT local_id, 'expired', id, opportunity, kind, first_seen, content_changed FROM listing "
    "WHERE source = :source AND live = 1 AND expires < :today ORDER BY id"
)
_FILLED = text("SELECT filled, count(*) FROM listing WHERE source = :source AND live = 1 GROUP BY filled")
_BATCH = 5000


class Known(NamedTuple):
    """A listing the store has, as last applied; moments and days are ISO 8601 (`hub.store.schema.listing`)."""

    local_id: str
    id: int
    raw: bytes
    content: bytes
    live: int
    opportunity: str
    kind: str
    first_seen: str
    content_changed: str
    missing: str | None = None
    expires: str | None = None
    filled: int | None = None
    doubt: str | None = None


def known(connection: Connection, source: str, local_ids: Sequence[str]) -> dict[str, Known]:
    """Return what the store has of these local ids."""
    rows = connection.execute(_KNOWN, {"source": source, "wanted": orjson.dumps(local_ids).decode()}).all()
    return {row[0]: Known._make(row) for row in rows}


def numbered(connection: Connection, numbers: Sequence[int]) -> list[Known]:
    """Return the listings with these numbers."""
    return [Known(*row) for row in connection.execute(_NUMBERED, {"wanted": orjson.dumps(numbers).decode()})]


def live(connection: Connection, source: str) -> Iterator[Sequence[int]]:
    """Yield the numbers of every live listing of a source, some thousands at a time."""
    after = 0
    while numbers := connection.execute(_LIVE, {"source": source, "after": after, "limit": _BATCH}).scalars().all():
        yield numbers
        after = numbers[-1]


def sources(connection: Connection) -> Sequence[str]:
    """Return the sources that ever had a listing."""
    return connection.execute(_SOURCES).scalars().all()


def count_live(connection: Connection, source: str) -> int:
    """Return how many live listings a source has."""
    return int(connection.execute(_COUNT, {"source": source}).scalar_one())


def missing(connection: Connection, source: str) -> list[Known]:
    """Return the listings that the last complete list lacked and that are live all the same."""
    return [Known(*row) for row in connection.execute(_MISSING, {"source": source})]


def sources_due(connection: Connection, *, today: str, now: float) -> Sequence[str]:
    """Return the sources with live listings whose last day has passed, without those that somebody works on now.

    Args:
        connection: a transaction.
        today: the day, ISO 8601.
        now: the moment, in seconds since 1970.
    """
    return connection.execute(_DUE, {"today": today, "now": now}).scalars().all()


def plan_expiry(connection: Connection, source: str, *, today: str) -> None:
    """Write into the attached, empty plan the end of a source's live listings whose last day has passed."""
    connection.execute(_PLAN_EXPIRY, {"source": source, "today": today})


def filled(connection: Connection, source: str) -> dict[int, int]:
    """Return how many live listings have which key fields filled, by bits; those of which it is unknown left out."""
    rows = connection.execute(_FILLED, {"source": source})
    return {bits: count for bits, count in rows if bits is not None}
