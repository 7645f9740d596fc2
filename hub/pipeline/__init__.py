"""The run of one source: fetch, normalise, validate, enrich, plan, apply.

The network comes first and the database last: everything a partner says is read, archived and compared into a plan on
disk, and only then does one short transaction apply the plan, wholly or not at all.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from hub.adapter import Complete, Duplicate, Fetched, Incomplete, Job, RawRecord, Refused, Withdrawal
from hub.errors import HubError, StoreError, StoreFull, Superseded, UnexpectedAnswer, UnexpectedVolume
from hub.matching import VERSION
from hub.model.opportunity import utc
from hub.pipeline.applying import Intent, apply, supersede
from hub.pipeline.guard import Volumes, hold_reason
from hub.pipeline.holding import discard, keep
from hub.pipeline.pairing import describe_plan, is_fresh, match_plan
from hub.pipeline.plan import Item, Planner
from hub.pipeline.register import register_plan
from hub.pipeline.report import Counts, Notes, Outcome, Report
from hub.pipeline.source import Expect, Source
from hub.plugins.isolation import trail
from hub.store import Connection, Database, listings, matches, runs
from hub.store.plan_file import PlanFile
from hub.store.runs import ExchangeRow, SourceState

__all__ = ["Counts", "Desk", "Expect", "Notes", "Outcome", "Report", "Source", "run_source"]

_log = logging.getLogger(__name__)
_BATCH = 500
_REFRESHES = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run works with.

    Args:
        database: the store.
        plans: the folder for plans in the making.
        now: the moment the run starts, with time zone.
        exchanges: the archived answers of this run, filled by the job's client while it fetches.
        progress: told step, records done, and their total where known.
        fence: raises Superseded in a transaction of a run that lost its lease; called first in each that writes.
        settle: returns when the answers of this run are on the disk, before what is made of them is published.
    """

    database: Database
    plans: Path
    now: datetime
    exchanges: list[ExchangeRow]
    progress: Callable[[str, int, int | None], None] = lambda _step, _done, _total: None
    fence: Callable[[Connection], None] = lambda _connection: None
    settle: Callable[[], None] = lambda: None

    @property
    def holds(self) -> Path:
        """The folder for plans that wait for a person, beside that for plans in the making."""
        return self.plans.parent / "holds"


@dataclass(slots=True)
class _Run:
    """One run while it goes on."""

    number: int
    state: SourceState
    since: str | None
    planner: Planner
    plan: PlanFile
    outcome: Outcome = Outcome.incomplete
    everything: bool = False
    reason: str | None = None
    proof: str | None = None
    cursor: str | None = None
    held: str | None = None
    digest: str | None = None
    positions: tuple[int, int] | None = None
    began: float = field(default_factory=time.monotonic)


def run_source(source: Source, desk: Desk, open_job: Callable[[str | None], Job]) -> Report:
    """Run a source once; whatever goes wrong is in the report, and what was published stays.

    Args:
        source: the source.
        desk: what the run works with.
        open_job: makes the job of this fetch from the cursor to continue at.
    """
    run = _start(source, desk)
    try:
        _fetch(source, run, desk, open_job)
        _plan(source, run, desk)
        desk.settle()
        return _hold(source, run, desk, run.held) if run.held else _apply(source, run, desk)
    except UnexpectedVolume as error:
        _fail(run, str(error), Outcome.held)
    except Superseded:  # another works on the source: not even how this run ended is ours to write
        raise
    except HubError as error:
        if isinstance(error, StoreFull):
            desk.database.note(refused=True)
        _fail(run, str(error))
    except Exception as error:  # the border that keeps one source from disturbing the others
        _log.error("run %s of source %s failed:\n%s", run.number, source.id, trail(error))
        _fail(
            run,
            f"an unexpected {type(error).__name__} stopped the run; the log has the details, the next run tries again",
        )
    finally:
        run.plan.close()
    try:
        with desk.database.write() as connection:
            desk.fence(connection)
            return _record(source, run, desk, connection)
    except Superseded:
        raise
    except StoreError as error:  # not even the failure can be written down; the next run says that this one was cut off
        return _unrecorded(source, run, error)


def _start(source: Source, desk: Desk) -> _Run:
    with desk.database.write() as connection:
        desk.fence(connection)
        matches.prepare(connection, VERSION)
        state = runs.state(connection, source.id)
        # A changed adapter or mapping starts from the beginning: what a cursor skips would keep its old listings.
        since = state.cursor if state.stamp == source.stamp() else None
        number = runs.start(connection, source.id, utc(desk.now), moment=desk.now.isoformat(), cursor=since)
    plan = _plan_file(desk, number)
    return _Run(number, state, since, Planner(source, desk.database, plan, desk.now), plan)


def _plan_file(desk: Desk, number: int) -> PlanFile:
    try:
        return PlanFile(desk.plans / f"{number}.plan")
    except StoreError as error:
        with desk.database.write() as connection:
            desk.fence(connection)
            ended = {"finished": utc(datetime.now(UTC)), "outcome": Outcome.failed.value, "reason": str(error)}
            runs.finish(connection, number, **ended)
        raise


def _fetch(source: Source, run: _Run, desk: Desk, open_job: Callable[[str | None], Job]) -> None:
    """Read everything the source says into the plan, and judge how it ended."""
    ends: list[Complete | Incomplete] = []
    for batch in _batches(_items(source.adapter.fetch(open_job(run.since)), ends)):
        run.planner.take(batch)
        desk.progress("fetch", run.planner.counts.fetched, None)
    end = ends[0] if ends else Incomplete(f"the adapter '{source.adapter.name}' gave no proof that it saw everything")
    run.planner.notes.listed = end.listed
    if isinstance(end, Complete):
        run.everything = end.covers == "everything"
        run.reason = _doubt(source, run)
    else:
        run.reason = end.reason
    if isinstance(end, Complete) and run.reason is None:
        run.outcome, run.proof, run.cursor = Outcome.complete, end.proof, end.cursor


def _items(fetched: Iterable[Fetched], ends: list[Complete | Incomplete]) -> Iterator[Item]:
    for item in fetched:
        if ends:
            raise UnexpectedAnswer("the adapter went on after it said that it was done")
        match item:
            case Complete() | Incomplete():
                ends.append(item)
            case RawRecord() | Withdrawal() | Duplicate() | Refused():
                yield item
            case _:
                raise UnexpectedAnswer(
                    f"the adapter yielded {type(item).__name__}, which is none of the words of a fetch"
                )


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, _BATCH)):
        yield batch


def _doubt(source: Source, run: _Run) -> str | None:
    """Return why an adapter's word that it saw everything is not taken, None when it is."""
    planner = run.planner
    if run.everything and planner.counts.fetched and not planner.records:
        return (
            f"the list of {source.partner or source.id} holds nothing that can be read; what was published stays, the "
            "next run tries again, ask the partner if this lasts"
        )
    if run.everything and planner.nameless and planner.count_absent():
        return (
            f"{planner.nameless:,} more items than before came without an id, so they may be some of those that are "
            "missing from the list; nothing is withdrawn this time, ask the partner for the ids"
        )
    if not run.everything and planner.repeated:
        return (
            f"{planner.repeated:,} ids came more than once in a list of changes, so it is not known which word is the "
            "last; the next run reads the same changes again, tell the author of the adapter"
        )
    return None


def _plan(source: Source, run: _Run, desk: Desk) -> None:
    """Add what follows from all that was read, and hold the plan when it would do more than is expected."""
    planner, everything = run.planner, run.everything and run.outcome is Outcome.complete
    desk.progress("plan", planner.counts.fetched, planner.counts.fetched)
    planner.settle_merges(everything=everything)
    if everything:
        planner.infer_absent()
    planner.settle_found()
    with desk.database.read() as connection:
        volumes = Volumes(
            live=listings.count_live(connection, source.id),
            going=planner.going,
            coming=planner.counts.created,
            changing=planner.counts.updated,
            listed=planner.counts.fetched if everything else None,
            usual=runs.usual_length(connection, source.id),
            fills=tuple(planner.filling.fills(listings.filled(connection, source.id))) if planner.filling.came else (),
        )
    register_plan(desk.database, run.plan, source.id, now=utc(desk.now), fence=desk.fence)
    describe_plan(desk.database, run.plan)
    run.held = hold_reason(volumes, source.expect)
    if run.held is None:  # what waits is matched when it is approved
        desk.progress("match", 0, None)
        match_plan(desk.database, run.plan, source.id)


def _intent(source: Source, run: _Run, desk: Desk) -> Intent:
    return Intent(
        source=source.id,
        adapter=source.adapter.name,
        edition=source.edition(),
        run=run.number,
        planned_on=run.state.applied_run,
        outcome=run.outcome.value,
        reason=run.reason,
        proof=run.proof,
        covers=_covered(run),
        stamp=source.stamp(),
        cursor=run.cursor,
        moment=utc(desk.now),
        recovered=sorted(run.planner.recovered),
    )


def _hold(source: Source, run: _Run, desk: Desk, reason: str) -> Report:
    """Keep the plan for a person; nothing of it is published, and the store says only that it waits."""
    intent = _intent(source, run, desk)
    try:
        with desk.database.write() as connection:
            desk.fence(connection)
            run.digest, older = keep(connection, run.plan, intent, folder=desk.holds, reason=reason)
            run.outcome, run.reason, run.proof = Outcome.held, reason, None
            report = _record(source, run, desk, connection)
    except BaseException:
        discard([desk.holds / f"{run.number}.plan"])
        raise
    discard(older)
    return report


def _apply(source: Source, run: _Run, desk: Desk) -> Report:
    """Change the store in one transaction: what is published, what is kept aside, where the source stands."""
    intent = _intent(source, run, desk)
    _refresh(source, run, desk)
    with desk.database.write(run.plan.path) as connection:
        desk.fence(connection)
        progress = partial(desk.progress, "apply")
        run.positions = apply(connection, run.plan, intent, now=intent.moment, progress=progress)
        older = supersede(connection, desk.holds, source.id, run=run.number, now=intent.moment)
        report = _record(source, run, desk, connection)
    discard(older)
    return report


def _refresh(source: Source, run: _Run, desk: Desk) -> None:
    """Match again what other sources changed meanwhile, so that it need not be done while nobody else can write."""
    for _ in range(_REFRESHES):
        if is_fresh(desk.database, run.plan):
            return
        match_plan(desk.database, run.plan, source.id)


def _unrecorded(source: Source, run: _Run, error: StoreError) -> Report:
    """Return the report of a run for whose record there is no space; what was published stays."""
    reason = run.reason if run.outcome is Outcome.failed else str(error)
    seconds = time.monotonic() - run.began
    counts, notes = Counts(fetched=run.planner.counts.fetched), Notes()
    failed = (Outcome.failed, reason, None)
    return Report(run.number, source.id, source.adapter.name, *failed, counts, notes, 0, None, None, seconds)


def _fail(run: _Run, reason: str, outcome: Outcome = Outcome.failed) -> None:
    run.outcome, run.reason, run.proof, run.positions = outcome, reason, None, None
    run.planner.counts = Counts(fetched=run.planner.counts.fetched)
    run.planner.notes = Notes()


def _record(source: Source, run: _Run, desk: Desk, connection: Connection) -> Report:
    """Write down how the run ended and which archived answers it rests on, and return the report."""
    report = Report(
        run=run.number,
        source=source.id,
        adapter=source.adapter.name,
        outcome=run.outcome,
        reason=run.reason,
        proof=run.proof,
        counts=run.planner.counts,
        notes=run.planner.notes,
        live=listings.count_live(connection, source.id),
        positions=run.positions,
        plan=run.digest,
        seconds=time.monotonic() - run.began,
    )
    runs.record_exchanges(connection, run.number, desk.exchanges)
    first, last = run.positions or (None, None)
    runs.finish(
        connection,
        run.number,
        finished=utc(datetime.now(UTC)),
        outcome=report.outcome.value,
        reason=report.reason,
        proof=report.proof,
        counts=report.counts.as_dict(),
        notes=report.notes.as_dict() | {"stamp": source.stamp()},
        plan=report.plan,
        first_position=first,
        last_position=last,
        seconds=report.seconds,
        covers=_covered(run),
    )
    return report


def _covered(run: _Run) -> str | None:
    """Return what a complete run saw; None for every other."""
    if run.outcome is not Outcome.complete:
        return None
    return "everything" if run.everything else "changes"
