"""Changing the store as a plan says, in the transaction of whoever may: at once, or later when a person approves it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hub.pipeline.pairing import match_again, match_now
from hub.pipeline.register import describe_again
from hub.pipeline.settling import settle
from hub.store import Connection, holds, organisations, publication, quarantine, runs, undoing
from hub.store.plan_file import PlanFile
from hub.store.quarantine import Reader


@dataclass(frozen=True, slots=True)
class Intent:
    """What belongs to a plan besides its entries; JSON-able, so that it can wait with it.

    Args:
        source: id of the source.
        adapter: name of its adapter.
        edition: which version of the adapter and its mappings read the records, as JSON.
        run: the run that made the plan.
        planned_on: the run that was applied last when it was made.
        outcome: ``complete`` or ``incomplete``.
        reason: why it is incomplete.
        proof: why it is complete.
        covers: ``everything`` or ``changes`` of a complete run, else None.
        stamp: what shaped the listings.
        cursor: where the next run continues.
        moment: when it was planned, ISO 8601 in UTC.
        recovered: ids that were in quarantine and are fine now.
    """

    source: str
    adapter: str
    edition: str
    run: int
    planned_on: int | None
    outcome: str
    reason: str | None
    proof: str | None
    covers: str | None
    stamp: str
    cursor: str | None
    moment: str
    recovered: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


def apply(
    connection: Connection,
    plan: PlanFile,
    intent: Intent,
    *,
    now: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[int, int] | None:
    """Apply the attached plan on top of what it was planned on, and return the positions spent.

    StoreError when another run of the source was applied since.
    """
    runs.fence(connection, intent.source, run=intent.run, planned_on=intent.planned_on)
    quarantine.release(connection, intent.source, intent.recovered)
    put_aside(connection, plan, intent)
    if intent.outcome == "complete":
        runs.advance(connection, intent.source, stamp=intent.stamp, cursor=intent.cursor, complete=intent.moment)
        if intent.covers == "everything":
            quarantine.release_unseen(connection, intent.source, intent.run)
    return spend(connection, source=intent.source, run=intent.run, now=now, progress=progress)


def put_aside(connection: Connection, plan: PlanFile, intent: Intent) -> None:
    """Keep the records aside that the run refused."""
    reader = Reader(intent.source, intent.adapter, intent.edition)
    quarantine.put(connection, plan, reader, run=intent.run, now=intent.moment)


def spend(
    connection: Connection,
    *,
    source: str,
    run: int,
    now: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    also: Collection[int] = (),
) -> tuple[int, int] | None:
    """Publish the attached plan, and let go of what can no longer be undone.

    Args:
        connection: a transaction with the plan attached.
        source: id of the source.
        run: the run that publishes.
        now: the moment, ISO 8601 in UTC.
        progress: told how many steps are done, of how many.
        also: listings whose opportunity is to be settled anew, beside those of the plan.
    """

    def join(connection: Connection) -> None:
        organisations.attach_planned(connection, source)
        lost = match_now(connection, source, now=now)
        again = match_again(connection, describe_again(connection), now=now)
        settle(connection, source, runs.ranks(connection), {*also, *lost, *again})

    positions = publication.publish(connection, source=source, run=run, now=now, progress=progress, join=join)
    if positions:
        undoing.sweep(connection, source)
    return positions


def supersede(connection: Connection, folder: Path, source: str, *, run: int, now: str) -> list[Path]:
    """Let no plan of a source that waits be approved after this run, and return their files."""
    why = f"run {run} came after it"
    return [folder / name for name in holds.supersede(connection, source, decided=now, why=why)]
