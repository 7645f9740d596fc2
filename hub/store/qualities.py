"""How well each source describes its listings, day by day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Connection, Float, Integer, Table, Text, text

from hub.store.schema import metadata

_row = BigInteger().with_variant(Integer, "sqlite")

quality = Table(
    "quality",
    metadata,
    Column("source", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("run", _row),
    Column("listings", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("criteria", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The mean score of each source's live listings, and each criterion, on each day, after the ``run`` last applied."""

# Few different answers occur, so they are counted as they come and each is read once; nothing is sorted in memory.
_MEASURE = text(
    "SELECT json_extract(CAST(v.bytes AS TEXT), '$.quality.score') AS score, "
    "json_extract(CAST(v.bytes AS TEXT), '$.quality.criteria') AS criteria "
    "FROM listing AS l CROSS JOIN version AS v ON v.listing = l.id WHERE l.source = :source AND l.live = 1"
)
_BATCH = 1000
_PUT = text(
    "INSERT INTO quality (source, day, run, listings, score, criteria) "
    "VALUES (:source, :day, :run, :listings, :score, :criteria) ON CONFLICT (source, day) DO UPDATE SET "
    "run = excluded.run, listings = excluded.listings, score = excluded.score, criteria = excluded.criteria"
)
_STALE = text(
    "SELECT s.id, s.applied_run FROM source AS s LEFT JOIN quality AS q ON q.source = s.id AND q.day = :day "
    "WHERE s.applied_run IS NOT NULL AND (q.source IS NULL OR q.run IS NOT s.applied_run) ORDER BY s.id"
)
_SINCE = text("SELECT * FROM quality WHERE source = :source AND day >= :day ORDER BY day")
_LATEST = text(
    "SELECT q.* FROM quality AS q WHERE q.day = (SELECT max(day) FROM quality WHERE source = q.source) ORDER BY source"
)
_EXAMPLES = text(
    "SELECT l.local_id, json_extract(CAST(v.bytes AS TEXT), '$.title') FROM listing AS l "
    "CROSS JOIN version AS v ON v.listing = l.id WHERE l.source = :source AND l.live = 1 "
    "AND json_extract(CAST(v.bytes AS TEXT), :path) = :value ORDER BY l.local_id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion over the listings of a source.

    Args:
        mean: how far it is met, 0 to 1.
        listings: to how many it applies.
        gain: how much the mean score of the source would rise if all of these met it.
        worst: how far the listings meet it that meet it least.
        lacking: how many do not meet it in full.
    """

    mean: float
    listings: int
    gain: float
    worst: float
    lacking: int


@dataclass(frozen=True, slots=True)
class Day:
    """How well a source described its listings on a day."""

    source: str
    day: str
    run: int | None
    listings: int
    score: float
    criteria: Mapping[str, Criterion]


@dataclass(slots=True)
class _Sum:
    met: float = 0.0
    listings: int = 0
    gain: float = 0.0
    worst: float = 1.0
    lacking: int = 0

    def add(self, value: float, count: int, of: int) -> None:
        self.met += value * count
        self.listings += count
        self.gain += (1 - value) / of * count
        self.worst = min(self.worst, value)
        self.lacking += count if value < 1 else 0


@dataclass(slots=True)
class _Sums:
    listings: int = 0
    score: float = 0.0
    criteria: dict[str, _Sum] = field(default_factory=dict)

    def add(self, score: float, criteria: Mapping[str, float], count: int) -> None:
        self.listings += count
        self.score += score * count
        for name, value in criteria.items():
            self.criteria.setdefault(name, _Sum()).add(value, count, len(criteria))


def measure(connection: Connection, source: str, *, day: str, run: int | None) -> Day | None:
    """Return how well a source describes its live listings now; None where it has none. Memory stays flat."""
    sums = _Sums()
    answers = Counter(map(tuple, connection.execute(_MEASURE.execution_options(yield_per=_BATCH), {"source": source})))
    for (score, criteria), count in answers.items():
        sums.add(score, orjson.loads(criteria), count)
    if not sums.listings:
        return None
    found = {name: _criterion(each, sums.listings) for name, each in sums.criteria.items()}
    return Day(source, day, run, sums.listings, round(sums.score / sums.listings, 4), found)


def put(connection: Connection, measured: Day) -> None:
    """Keep what was measured; the last measure of a day stays."""
    criteria = {name: _packed(each) for name, each in measured.criteria.items()}
    values = {name: getattr(measured, name) for name in ("source", "day", "run", "listings", "score")}
    connection.execute(_PUT, {**values, "criteria": orjson.dumps(criteria).decode()})


def stale(connection: Connection, day: str) -> dict[str, int]:
    """Return the sources that were not measured on this day since their last applied run, each with that run."""
    return {row.id: row.applied_run for row in connection.execute(_STALE, {"day": day})}


def since(connection: Connection, source: str, day: str) -> list[Day]:
    """Return what was measured of a source from a day on, the oldest first."""
    return [_day(row) for row in connection.execute(_SINCE, {"source": source, "day": day})]


def latest(connection: Connection) -> list[Day]:
    """Return the last measure of each source."""
    return [_day(row) for row in connection.execute(_LATEST)]


def examples(
    connection: Connection, source: str, criterion: str, value: float, limit: int = 3
) -> list[tuple[str, str]]:
    """Return the local ids and titles of some live listings that meet a criterion exactly so far."""
    said = {"source": source, "path": f"$.quality.criteria.{criterion}", "value": value, "limit": limit}
    rows = connection.execute(_EXAMPLES, said).all()
    return [(local_id, next(iter(orjson.loads(title).values()), "")) for local_id, title in rows]


def _criterion(found: _Sum, listings: int) -> Criterion:
    mean = round(found.met / found.listings, 4)
    return Criterion(mean, found.listings, round(found.gain / listings, 4), found.worst, found.lacking)


def _packed(found: Criterion) -> dict[str, float]:
    return {name: getattr(found, name) for name in Criterion.__slots__}


def _day(row: Any) -> Day:
    criteria = {name: Criterion(**each) for name, each in orjson.loads(row.criteria).items()}
    return Day(row.source, row.day, row.run, row.listings, row.score, criteria)
