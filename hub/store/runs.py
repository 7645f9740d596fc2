"""Runs and where each source stands."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select, text, update

from hub.errors import StoreError
from hub.store.schema import exchange as exchange_table
from hub.store.schema import run as run_table
from hub.store.schema import source as source_table


@dataclass(frozen=True, slots=True)
class SourceState:
    """Where a source stands: its cursor, what its listings were made with, and the run last applied."""

    cursor: str | None = None
    stamp: str | None = None
    applied_run: int | None = None
    last_complete: str | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as recorded. Times are ISO 8601 in UTC; ``counts`` and ``notes`` are what the pipeline wrote."""

    id: int
    source: str
    started: str
    finished: str | None
    outcome: str | None
    reason: str | None
    proof: str | None
    counts: dict[str, int]
    notes: dict[str, Any]
    plan: str | None
    first_position: int | None
    last_position: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One archived answer of a partner."""

    method: str
    host: str
    path: str
    status: int | None
    digest: str | None
    size: int
    seconds: float


def state(connection: Connection, source: str) -> SourceState:
    """Return where the source stands; the empty state when it never ran."""
    row = connection.execute(select(source_table).where(source_table.c.id == source)).one_or_none()
    return SourceState(row.cursor, row.stamp, row.applied_run, row.last_complete) if row else SourceState()


def start(connection: Connection, source: str, now: str) -> int:
    """Record that a run starts and return its number."""
    return int(
        connection.execute(
            run_table.insert().returning(run_table.c.id), {"source": source, "started": now}
        ).scalar_one()
    )


def fence(connection: Connection, source: str, *, run: int, planned_on: int | None) -> None:
    """Claim the source for this run, unless another run was applied since this one was planned."""
    connection.execute(text("INSERT INTO source (id) VALUES (:source) ON CONFLICT (id) DO NOTHING"), {"source": source})
    claimed = connection.execute(
        text(
            "UPDATE source SET applied_run = :run WHERE id = :source AND applied_run IS NOT DISTINCT FROM :planned_on"
        ),
        {"run": run, "source": source, "planned_on": planned_on},
    )
    if claimed.rowcount != 1:
        raise StoreError(f"another run of '{source}' was applied while run {run} was being planned; run it again")


def advance(connection: Connection, source: str, *, stamp: str, cursor: str | None, complete: str) -> None:
    """Record where the source stands after a complete run."""
    values = {"stamp": stamp, "cursor": cursor, "last_complete": complete}
    connection.execute(update(source_table).where(source_table.c.id == source).values(values))


def finish(connection: Connection, run: int, **values: Any) -> None:
    """Record how a run ended; ``counts`` and ``notes`` are mappings."""
    for name in ("counts", "notes"):
        if name in values:
            values[name] = orjson.dumps(values[name]).decode()
    connection.execute(update(run_table).where(run_table.c.id == run).values(values))


def record_exchanges(connection: Connection, run: int, exchanges: list[ExchangeRow]) -> None:
    """Record which archived bytes the run received."""
    if exchanges:
        rows = [{"run": run, **{name: getattr(row, name) for name in ExchangeRow.__slots__}} for row in exchanges]
        connection.execute(exchange_table.insert(), rows)


def latest(connection: Connection, source: str, count: int = 1, *, ended: bool = False) -> list[RunRow]:
    """Return the latest runs of a source, newest first; ``ended`` leaves out those that go on or were killed."""
    found = select(run_table).where(run_table.c.source == source).order_by(run_table.c.id.desc()).limit(count)
    if ended:
        found = found.where(run_table.c.outcome.is_not(None))
    return [_run(row._mapping) for row in connection.execute(found)]


def _run(row: Any) -> RunRow:
    values = dict(row)
    for name in ("counts", "notes"):
        values[name] = orjson.loads(values[name]) if values[name] else {}
    return RunRow(**values)
