"""Plans kept back for a person, and what was decided about each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from hub.store.schema import hold as table

WAITING, APPROVED, REJECTED, SUPERSEDED = "waiting", "approved", "rejected", "superseded"


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One held plan. Moments are ISO 8601 in UTC.

    Args:
        run: the run that made it.
        planned_on: the run that was applied last when it was made; it can only be applied on top of that.
        digest: of all that the plan would do.
        reason: why it waits, in sentences.
        file: the name of its file in the folder of held plans.
        state: ``waiting``, ``approved``, ``rejected`` or ``superseded``.
        held: the moment it was planned.
        decided: when, by whom and why it was decided.
    """

    id: int
    source: str
    run: int
    planned_on: int | None
    digest: str
    reason: str
    file: str
    state: str
    held: str
    decided: str | None
    decided_by: str | None
    why: str | None


def put(connection: Connection, **values: Any) -> int:
    """Keep a plan waiting, and return its number."""
    made = table.insert().returning(table.c.id)
    return int(connection.execute(made, {**values, "state": WAITING}).scalar_one())


def get(connection: Connection, number: int) -> HoldRow | None:
    """Return one held plan."""
    row = connection.execute(select(table).where(table.c.id == number)).one_or_none()
    return HoldRow(*row) if row else None


def find(connection: Connection, source: str | None, *, states: Collection[str], limit: int = 100) -> list[HoldRow]:
    """Return the held plans in these states, newest first, of one source or of all."""
    found = select(table).where(table.c.state.in_(states)).order_by(table.c.id.desc()).limit(limit)
    return [HoldRow(*row) for row in connection.execute(found.where(table.c.source == source) if source else found)]


def decide(connection: Connection, number: int, *, state: str, decided: str, by: str, why: str | None) -> bool:
    """Record a decision about a waiting plan, and say whether it was waiting."""
    waiting = (table.c.id == number, table.c.state == WAITING)
    values = {"state": state, "decided": decided, "decided_by": by, "why": why}
    return connection.execute(update(table).where(*waiting).values(values)).rowcount == 1


def supersede(connection: Connection, source: str | None, *, decided: str, why: str) -> Sequence[str]:
    """Let no waiting plan of a source, or of any, be approved any more, and return the names of their files."""
    waiting = update(table).where(table.c.state == WAITING)
    if source is not None:
        waiting = waiting.where(table.c.source == source)
    values = {"state": SUPERSEDED, "decided": decided, "decided_by": "hub", "why": why}
    return connection.execute(waiting.values(values).returning(table.c.file)).scalars().all()


def approved_moments(connection: Connection, source: str) -> frozenset[str]:
    """Return when the plans were made that a person approved."""
    found = select(table.c.held).where(table.c.source == source, table.c.state == APPROVED)
    return frozenset(connection.execute(found).scalars())
