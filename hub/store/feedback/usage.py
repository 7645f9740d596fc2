"""How often portals showed, opened and led on from the listings of each source, day by day: counts, nothing else."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select, text

from hub.store.feedback.reports import sources_of
from hub.store.feedback.tables import usage, usage_batch

SHOWN, OPENED, APPLIED = "shown", "opened", "applied"
EVENTS: tuple[str, ...] = (SHOWN, OPENED, APPLIED)
Event = Literal["shown", "opened", "applied"]

_ADD = text(
    "INSERT INTO usage (day, source, portal, event, count) VALUES (:day, :source, :portal, :event, :count) "
    "ON CONFLICT (day, source, portal, event) DO UPDATE SET count = count + excluded.count"
)
_BY_SOURCE = text("SELECT source, event, sum(count) FROM usage WHERE day >= :since GROUP BY source, event")
_BY_DAY = text("SELECT day, event, sum(count) FROM usage WHERE source = :source AND day >= :since GROUP BY day, event")
_BY_PORTAL = text(
    "SELECT portal, event, sum(count) FROM usage WHERE source = :source AND day >= :since GROUP BY portal, event"
)


class Batch(NamedTuple):
    """Counts that belong together: whose (id of a key), which, of which day (ISO 8601), and the digest of them all."""

    portal: str
    id: str
    day: str
    digest: bytes


class Count(NamedTuple):
    """How often one opportunity was shown, opened and applied to."""

    opportunity: str
    shown: int
    opened: int
    applied: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a batch: how many of its rows count, how many name nothing known, and whether it came before."""

    counted: int
    ignored: int
    repeated: bool = False


def add(
    connection: Connection, batch: Batch, counts: Iterable[Count], now: str, *, known: Container[str] | None = None
) -> Counted | None:
    """Add the counts of a batch, once; None where another came under the same id.

    Args:
        connection: a transaction that writes.
        batch: which it is.
        counts: its rows.
        now: the moment, ISO 8601 in UTC.
        known: ids of the opportunities that the portal may know; the others are ignored. None where it may know all.
    """
    key = (usage_batch.c.portal == batch.portal, usage_batch.c.batch == batch.id)
    before = connection.execute(select(usage_batch).where(*key)).one_or_none()
    if before:
        same = before.digest == batch.digest
        return Counted(before.counted, before.ignored, repeated=True) if same else None
    rows = list(counts)
    listed = sources_of(connection, {row.opportunity for row in rows if known is None or row.opportunity in known})
    sums = _summed(rows, listed)
    counted = sum(row.opportunity in listed for row in rows)
    shared = {"portal": batch.portal, "day": batch.day}
    if sums:
        connection.execute(
            _ADD, [{**shared, "source": source, "event": event, "count": n} for (source, event), n in sums.items()]
        )
    found = Counted(counted, len(rows) - counted)
    answered = {"counted": found.counted, "ignored": found.ignored}
    connection.execute(
        usage_batch.insert(), {**shared, **answered, "batch": batch.id, "digest": batch.digest, "made": now}
    )
    return found


def by_source(connection: Connection, since: str) -> dict[str, Counter[str]]:
    """Return the counts of each source from a day on, by event."""
    return _grouped(connection.execute(_BY_SOURCE, {"since": since}))


def by_day(connection: Connection, source: str, since: str) -> dict[str, Counter[str]]:
    """Return the counts of a source on each day from one on, by event."""
    return _grouped(connection.execute(_BY_DAY, {"source": source, "since": since}))


def by_portal(connection: Connection, source: str, since: str) -> dict[str, Counter[str]]:
    """Return the counts of a source on each portal (id of a key) from a day on, by event."""
    return _grouped(connection.execute(_BY_PORTAL, {"source": source, "since": since}))


def survive(connection: Connection) -> None:
    """Keep the counts of the store that a copy replaces, attached as ``plan``, and which batches they are of."""
    for name in (usage.name, usage_batch.name):
        connection.exec_driver_sql(f"INSERT OR REPLACE INTO {name} SELECT * FROM plan.{name}")  # noqa: S608


def _summed(rows: Iterable[Count], listed: Mapping[str, Iterable[str]]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for source in listed.get(row.opportunity, ()):
            for event, number in zip(EVENTS, row[1:], strict=True):
                sums[source, event] += number
    return +sums


def _grouped(rows: Iterable[tuple[str, str, int]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for name, event, number in rows:
        found.setdefault(name, Counter())[event] = number
    return found
