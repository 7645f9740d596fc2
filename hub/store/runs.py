"""Runs and where each source stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, select, text, update

from hub.errors import StoreError
from hub.store.schema import exchange as exchange_table
from hub.store.schema import run as run_table
from hub.store.schema import source as source_table

APPLIED = ("complete", "incomplete")
"""The outcomes of runs whose records were applied."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """Where a source stands: its cursor, what its listings were made with, and the run last applied."""

    cursor: str | None = None
    stamp: str | None = None
    applied_run: int | None = None
    last_complete: str | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as recorded. Times are ISO 8601 in UTC; ``counts`` and ``notes`` are what the pipeline wrote.

    Args:
        moment: when it started, to the microsecond, since what an adapter asks may depend on it.
        cursor: where it started; None from the beginning.
        covers: ``everything`` or ``changes`` of a complete run, else None.
        kind: None for a run that asked the partner; the hub's own are ``expiry``, ``doubt``, ``match``, ``undo``.
    """

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
    moment: str | None = None
    cursor: str | None = None
    covers: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One archived answer of a partner.

    Args:
        request: digest of the question; empty for a local file, and for what was recorded before there were digests.
        headers: those of the answer that a replay needs.
    """

    method: str
    host: str
    path: str
    status: int | None
    digest: str | None
    size: int
    seconds: float
    request: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def state(connection: Connection, source: str) -> SourceState:
    """Return where the source stands; the empty state when it never ran."""
    row = connection.execute(select(source_table).where(source_table.c.id == source)).one_or_none()
    return SourceState(row.cursor, row.stamp, row.applied_run, row.last_complete) if row else SourceState()


def start(
    connection: Connection,
    source: str,
    now: str,
    *,
    moment: str | None = None,
    cursor: str | None = None,
    kind: str | None = None,
) -> int:
    """Record that a run starts, at this moment and from this cursor, and return its number."""
    values = {"source": source, "started": now, "moment": moment, "cursor": cursor, "kind": kind}
    return int(connection.execute(run_table.insert().returning(run_table.c.id), values).scalar_one())


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


def rewind(connection: Connection, source: str, cursor: str | None) -> None:
    """Let the next run of a source start at an earlier cursor."""
    connection.execute(update(source_table).where(source_table.c.id == source).values(cursor=cursor))


def rank(connection: Connection, wanted: Mapping[str, int]) -> None:
    """Record which source comes first where several list the same; those not named come last."""
    if wanted == ranks(connection):
        return
    connection.execute(update(source_table).values(rank=None))
    put = text("INSERT INTO source (id, rank) VALUES (:id, :rank) ON CONFLICT (id) DO UPDATE SET rank = excluded.rank")
    for source, number in wanted.items():
        connection.execute(put, {"id": source, "rank": number})


def ranks(connection: Connection) -> dict[str, int]:
    """Return which source comes first where several list the same: that with the lowest number."""
    found = select(source_table.c.id, source_table.c.rank).where(source_table.c.rank.is_not(None))
    return {source: int(number) for source, number in connection.execute(found)}


def finish(connection: Connection, run: int, **values: Any) -> None:
    """Record how a run ended; ``counts`` and ``notes`` are mappings."""
    for name in ("counts", "notes"):
        if name in values:
            values[name] = orjson.dumps(values[name]).decode()
    connection.execute(update(run_table).where(run_table.c.id == run).values(values))


def end_unfinished(connection: Connection, source: str, *, finished: str, outcome: str, reason: str) -> list[int]:
    """Record how runs ended that could not say so themselves, and return their numbers; under the source's lease."""
    unfinished = (run_table.c.source == source, run_table.c.outcome.is_(None))
    values = {"finished": finished, "outcome": outcome, "reason": reason}
    return list(
        connection.execute(update(run_table).where(*unfinished).values(values).returning(run_table.c.id)).scalars()
    )


def record_exchanges(connection: Connection, run: int, exchanges: list[ExchangeRow]) -> None:
    """Record which archived bytes the run received."""
    if exchanges:
        connection.execute(exchange_table.insert(), [{"run": run, **_exchange_values(row)} for row in exchanges])


def exchanges(connection: Connection, run: int) -> list[ExchangeRow]:
    """Return the archived answers that a run received, in order."""
    found = select(exchange_table).where(exchange_table.c.run == run).order_by(exchange_table.c.id)
    return [_exchange(row._mapping) for row in connection.execute(found)]


def latest(connection: Connection, source: str, count: int = 1, *, ended: bool = False) -> list[RunRow]:
    """Return the latest runs that asked the partner, newest first; ``ended`` leaves out those that go on."""
    asked = (run_table.c.source == source, run_table.c.kind.is_(None))
    found = select(run_table).where(*asked).order_by(run_table.c.id.desc()).limit(count)
    if ended:
        found = found.where(run_table.c.outcome.is_not(None))
    return [_run(row._mapping) for row in connection.execute(found)]


def get(connection: Connection, run: int) -> RunRow | None:
    """Return one run."""
    row = connection.execute(select(run_table).where(run_table.c.id == run)).one_or_none()
    return _run(row._mapping) if row else None


def applied(connection: Connection, source: str) -> list[RunRow]:
    """Return the runs that what is published rests on, oldest first.

    They are the last applied run that covered everything, and those applied after it; all that were applied where none
    covered everything.
    """
    found = select(run_table).where(
        run_table.c.source == source, run_table.c.outcome.in_(APPLIED), run_table.c.kind.is_(None)
    )
    last = connection.execute(
        select(func.max(run_table.c.id)).where(
            run_table.c.source == source, run_table.c.outcome == "complete", run_table.c.covers == "everything"
        )
    ).scalar()
    rows = connection.execute(found.where(run_table.c.id >= (last or 0)).order_by(run_table.c.id))
    return [_run(row._mapping) for row in rows]


def usual_length(connection: Connection, source: str, runs: int = 5) -> int | None:
    """Return the median length of the last lists that were read whole and applied; None when there was none.

    A list that a person approved is the first of a new usual.
    """
    found = select(run_table.c.counts, run_table.c.plan).where(*_whole(source)).order_by(run_table.c.id.desc())
    lengths = []
    for counts, plan in connection.execute(found.limit(runs)):
        lengths.append(orjson.loads(counts)["fetched"])
        if plan is not None:
            break
    return round(median(lengths)) if lengths else None


def whole_since(connection: Connection, source: str, count: int) -> str | None:
    """Return when the run started that is the count-th latest to have read the whole list; None where there is none."""
    found = select(run_table.c.started).where(*_whole(source)).order_by(run_table.c.id.desc())
    return connection.execute(found.offset(count - 1).limit(1)).scalar()


def _whole(source: str) -> tuple[ColumnElement[bool], ...]:
    return (run_table.c.source == source, run_table.c.outcome == "complete", run_table.c.covers == "everything")


def _exchange_values(row: ExchangeRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ExchangeRow.__slots__}
    return values | {"headers": orjson.dumps(dict(row.headers)).decode()}


def _exchange(row: Any) -> ExchangeRow:
    values = {name: row[name] for name in ExchangeRow.__slots__}
    headers = orjson.loads(row["headers"]) if row["headers"] else {}
    return ExchangeRow(**{**values, "request": row["request"] or "", "headers": headers})


def _run(row: Any) -> RunRow:
    values = dict(row)
    for name in ("counts", "notes"):
        values[name] = orjson.loads(values[name]) if values[name] else {}
    return RunRow(**values)
