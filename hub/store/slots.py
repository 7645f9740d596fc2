"""Slots: each moment of a schedule that was used, once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from hub.store.leases import Lease
from hub.store.schema import slot as slot_table

RUNNING, DONE, FAILED, INTERRUPTED, BY_HAND = "running", "done", "failed", "interrupted", "by hand"
"""The states of a slot. ``by hand`` is no slot of a schedule, but a run that a person started at that moment."""

_CLAIM = text(
    "INSERT INTO slot (source, due, epoch, owner, state, claimed, tries) "
    "VALUES (:source, :due, :epoch, :owner, 'running', :now, 1) "
    "ON CONFLICT (source, due) DO UPDATE SET "
    "epoch = excluded.epoch, owner = excluded.owner, state = excluded.state, claimed = excluded.claimed, "
    "ended = NULL, said = NULL, tries = slot.tries + 1 WHERE slot.state = 'interrupted'"
)
_INTERRUPT = text(
    "UPDATE slot SET state = 'interrupted', ended = :now WHERE source = :source AND state = 'running' RETURNING due"
)
_BY_HAND = text(
    "INSERT INTO slot (source, due, epoch, owner, state, claimed, tries, run, ended) "
    "VALUES (:source, :due, :epoch, :owner, 'by hand', :due, 1, :run, :now) ON CONFLICT (source, due) DO NOTHING"
)
_FINISH = text(
    "UPDATE slot SET state = :state, run = :run, said = :said, ended = :now "
    "WHERE source = :source AND due = :due AND epoch = :epoch"
)
_FORGET = text("DELETE FROM slot WHERE source = :source AND due < :before")


@dataclass(frozen=True, slots=True)
class Slot:
    """One used moment. Times are ISO 8601 in UTC; ``tries`` counts how often it was begun."""

    source: str
    due: str
    state: str
    tries: int
    run: int | None = None
    said: str | None = None


def claim(connection: Connection, lease: Lease, due: str, now: str) -> bool:
    """Take a slot under a lease; False when it was used. One that was interrupted may be taken again."""
    values = {"source": lease.source, "due": due, "epoch": lease.epoch, "owner": lease.owner, "now": now}
    return connection.execute(_CLAIM, values).rowcount == 1


def interrupt(connection: Connection, source: str, now: str) -> list[str]:
    """Mark what began and never ended, and return when it was due; for whoever has the lease of the source now."""
    return list(connection.execute(_INTERRUPT, {"source": source, "now": now}).scalars())


def finish(connection: Connection, lease: Lease, due: str, **ended: Any) -> None:
    """Record how a slot ended: its ``state``, ``run``, what was ``said`` of it, and the moment ``now``."""
    connection.execute(_FINISH, {"source": lease.source, "due": due, "epoch": lease.epoch, **ended})


def record_by_hand(connection: Connection, lease: Lease, began: str, now: str, run: int | None) -> None:
    """Record that a person ran a source, so that slots before that moment are no longer due."""
    values = {"source": lease.source, "due": began, "epoch": lease.epoch, "owner": lease.owner, "run": run, "now": now}
    connection.execute(_BY_HAND, values)


def forget(connection: Connection, source: str, before: str) -> None:
    """Drop the slots of a source that were due before this moment."""
    connection.execute(_FORGET, {"source": source, "before": before})


def latest(connection: Connection) -> dict[str, Slot]:
    """Return the latest used slot of every source."""
    last = select(slot_table.c.source, func.max(slot_table.c.due).label("due")).group_by(slot_table.c.source).subquery()
    same = (slot_table.c.source == last.c.source) & (slot_table.c.due == last.c.due)
    return {row.source: _slot(row) for row in connection.execute(select(slot_table).join(last, same))}


def latest_of(connection: Connection, source: str) -> Slot | None:
    """Return the latest used slot of a source."""
    return next(iter(of_source(connection, source, 1)), None)


def of_source(connection: Connection, source: str, count: int = 100) -> list[Slot]:
    """Return the latest used slots of a source, newest first."""
    found = select(slot_table).where(slot_table.c.source == source).order_by(slot_table.c.due.desc()).limit(count)
    return [_slot(row) for row in connection.execute(found)]


def _slot(row: Any) -> Slot:
    return Slot(row.source, row.due, row.state, row.tries, row.run, row.said)
