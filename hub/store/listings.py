"""What the store knows of each source's listings."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

_COLUMNS = "l.local_id, l.id, l.raw, l.content, l.live, l.opportunity, l.kind, l.first_seen, l.content_changed"
# CROSS JOIN pins the order of the loops: a plain join let the planner scan the table for every id, 890 times slower.
_EACH = f"SELECT {_COLUMNS} FROM json_each(:wanted) AS wanted CROSS JOIN listing AS l"  # noqa: S608 - constants only
_KNOWN = text(f"{_EACH} ON l.source = :source AND l.local_id = wanted.value")
_NUMBERED = text(f"{_EACH} ON l.id = wanted.value")
_LIVE = text(
    "SELECT l.id FROM listing AS l WHERE l.id > :after AND l.source = :source AND l.live = 1 ORDER BY l.id LIMIT :limit"
)
_COUNT = text("SELECT count(*) FROM listing WHERE source = :source AND live = 1")
_BATCH = 5000


class Known(NamedTuple):
    """A listing the store has: digests as last applied, whether it is live, and its clocks as ISO 8601."""

    local_id: str
    id: int
    raw: bytes
    content: bytes
    live: int
    opportunity: str
    kind: str
    first_seen: str
    content_changed: str


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


def count_live(connection: Connection, source: str) -> int:
    """Return how many live listings a source has."""
    return int(connection.execute(_COUNT, {"source": source}).scalar_one())
