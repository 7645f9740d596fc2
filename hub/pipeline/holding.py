"""Plans that wait for a person: keeping one, applying exactly that one later, or letting go of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hub.errors import StoreError
from hub.model.opportunity import utc
from hub.pipeline.applying import Intent, apply, put_aside, supersede
from hub.store import Connection, Database, holds, runs
from hub.store.holds import APPROVED, REJECTED, HoldRow
from hub.store.plan_file import PlanFile

Fence = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is recorded of a decision: who made it, what they say about it, and when."""

    by: str
    why: str | None
    now: datetime


def keep(
    connection: Connection, plan: PlanFile, intent: Intent, *, folder: Path, reason: str
) -> tuple[str, list[Path]]:
    """Let a plan wait, with its refusals aside, and return its digest and the files of older plans, which it replaces.

    Args:
        connection: a transaction that ends with this.
        plan: the plan; its file moves.
        intent: what belongs to it.
        folder: where held plans are.
        reason: why it waits.
    """
    plan.note({**intent.as_dict(), "why": reason})
    digest = plan.digest()
    put_aside(connection, plan, intent)
    older = supersede(connection, folder, intent.source, run=intent.run, now=intent.moment)
    name = f"{intent.run}.plan"
    plan.keep(folder / name)
    holds.put(
        connection,
        source=intent.source,
        run=intent.run,
        planned_on=intent.planned_on,
        digest=digest,
        reason=reason,
        file=name,
        held=intent.moment,
    )
    return digest, older


def approve(database: Database, folder: Path, number: int, decision: Decision, fence: Fence) -> tuple[int, int] | None:
    """Apply exactly the plan that waits under this number, in one transaction, and return the positions spent.

    StoreError, and nothing is changed, when it does not wait, is not what it was, or no longer fits.

    Args:
        database: the store.
        folder: where held plans are.
        number: of the hold.
        decision: who approves, and why.
        fence: refuses when the lease of the source is lost.
    """
    held = waiting(database, number)
    with opened(folder, held) as plan:
        intent = _intent(plan, held)
        with database.write(plan.path) as connection:
            fence(connection)
            _decide(connection, held, APPROVED, decision)
            if runs.state(connection, held.source).applied_run != held.planned_on:
                raise StoreError(
                    f"hold {number} no longer fits: another run of '{held.source}' was applied since it was planned; "
                    f"`hub run {held.source}` makes a new plan"
                )
            positions = apply(connection, plan, intent, now=utc(decision.now))
            first, last = positions or (None, None)
            ended = {"outcome": intent.outcome, "reason": intent.reason, "proof": intent.proof, "covers": intent.covers}
            runs.finish(connection, held.run, first_position=first, last_position=last, **ended)
    discard([folder / held.file])
    return positions


def reject(database: Database, folder: Path, number: int, decision: Decision) -> HoldRow:
    """Record that a plan is not to be applied, and let go of it; what is published stays."""
    held = waiting(database, number)
    with database.write() as connection:
        _decide(connection, held, REJECTED, decision)
    discard([folder / held.file])
    return held


def waiting(database: Database, number: int) -> HoldRow:
    """Return a plan that waits; StoreError when it does not."""
    with database.read() as connection:
        held = holds.get(connection, number)
    if held is None:
        raise StoreError(f"there is no hold {number}; `hub hold list --all` shows those there are")
    if held.state != holds.WAITING:
        raise StoreError(_decided(held))
    return held


@contextmanager
def opened(folder: Path, held: HoldRow) -> Iterator[PlanFile]:
    """Open the file of a held plan; StoreError when it is gone or is not what it was."""
    if not (folder / held.file).exists():
        raise StoreError(
            f"the plan file {folder / held.file} is gone; `hub run {held.source}` makes a new plan, and holds it too"
        )
    plan = PlanFile(folder / held.file, kept=True)
    try:
        if plan.digest() != held.digest:
            raise StoreError(
                f"the plan file {plan.path} is not the one that was held; `hub run {held.source}` makes a new plan"
            )
        yield plan
    finally:
        plan.release()


def forgotten(database: Database, folder: Path) -> list[Path]:
    """Return the plan files that belong to no plan that waits, as a process leaves them that was killed."""
    with database.read() as connection:
        names = {held.file for held in holds.find(connection, None, states=(holds.WAITING,), limit=1_000_000)}
    return [file for file in folder.glob("*.plan") if file.name not in names]


def discard(files: list[Path]) -> None:
    """Remove the files of plans that no longer wait."""
    for file in files:
        file.unlink(missing_ok=True)


def _intent(plan: PlanFile, held: HoldRow) -> Intent:
    said = {name: value for name, value in plan.noted().items() if name != "why"}
    intent = Intent(**said)
    if (intent.source, intent.run, intent.planned_on) != (held.source, held.run, held.planned_on):
        raise StoreError(f"the plan file {plan.path} is of another run; `hub run {held.source}` makes a new plan")
    return intent


def _decide(connection: Connection, held: HoldRow, state: str, decision: Decision) -> None:
    now = utc(decision.now)
    if not holds.decide(connection, held.id, state=state, decided=now, by=decision.by, why=decision.why):
        raise StoreError(f"hold {held.id} was decided meanwhile; `hub hold list --all` shows by whom")


def _decided(held: HoldRow) -> str:
    said = f": {held.why}" if held.why else ""
    return (
        f"hold {held.id} was {held.state} by {held.decided_by} at {held.decided}{said}; it cannot be decided again, "
        f"`hub run {held.source}` makes a new plan"
    )
