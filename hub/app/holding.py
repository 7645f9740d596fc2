"""Deciding what waits for a person, and putting a source back: by hand, with nobody else at work on the source."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from hub.app.hub import Hub
from hub.errors import StoreError
from hub.pipeline import holding
from hub.pipeline.difference import Difference, differences
from hub.pipeline.holding import Decision
from hub.pipeline.undo import undo as undo_run
from hub.schedule import Claim, Ending
from hub.store import holds, matches, runs, slots
from hub.store.holds import HoldRow
from hub.store.plan_file import Action, Entry, PlanFile

_EXAMPLES = 3
_CLOCKS = frozenset({"partnerModified", "contentChanged", "firstSeen"})


@dataclass(frozen=True, slots=True)
class Example:
    """One listing that a held plan touches: its id at the partner, its title, and what would differ."""

    local_id: str
    title: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person judges of a held plan.

    Args:
        hold: the row.
        counts: how many listings the plan creates, updates, withdraws and so on.
        run: what the run counted.
        examples: some listings of each action.
    """

    hold: HoldRow
    counts: Mapping[str, int]
    run: Mapping[str, int]
    examples: Mapping[str, Sequence[Example]]


def number_of(hub: Hub, named: str) -> int:
    """Return the number of a hold that a person names: by its number, or by its source, of which at most one waits."""
    if named.isdecimal():
        return int(named)
    source = hub.config.source(named).id
    with hub.database.read() as connection:
        found = holds.find(connection, source, states=(holds.WAITING,), limit=1)
    if not found:
        raise StoreError(f"no plan of {source} waits; `hub hold list --all` shows what was decided")
    return found[0].id


def show(hub: Hub, number: int) -> Shown:
    """Return what a held plan would do; of one that was decided, whose file is gone, only what was counted."""
    with hub.database.read() as connection:
        hold = holds.get(connection, number)
        if hold is None:
            raise StoreError(f"there is no hold {number}; `hub hold list --all` shows those there are")
        run = runs.get(connection, hold.run)
    counted = run.counts if run else {}
    if hold.state != holds.WAITING:
        return Shown(hold, {}, counted, {})
    with holding.opened(_folder(hub), hold) as plan:
        counts = plan.counts()
        examples = {action: _examples(hub, plan, Action(action)) for action in counts}
    return Shown(hold, counts, counted, examples)


def approve(hub: Hub, number: int, *, by: str, why: str | None) -> tuple[HoldRow, tuple[int, int] | None]:
    """Apply exactly the plan that waits under this number; return the hold and the first and last position spent.

    Raises SourceBusy while somebody works on the source, and StoreError when the plan does not wait or no longer fits.
    """
    source = holding.waiting(hub.database, number).source
    with _alone(hub, source) as claim:
        decision = Decision(by, why, datetime.now(UTC))
        positions = holding.approve(hub.database, _folder(hub), number, decision, claim.fence)
    with hub.database.read() as connection:
        hold = holds.get(connection, number)
        assert hold is not None  # noqa: S101 - it was approved just now
        return hold, positions


def reject(hub: Hub, number: int, *, by: str, why: str | None) -> HoldRow:
    """Record that a waiting plan is not to be applied; what is published stays."""
    return holding.reject(hub.database, _folder(hub), number, Decision(by, why, datetime.now(UTC)))


def undo(hub: Hub, source: str, run: int) -> tuple[int, int]:
    """Bring back the state before a run; return the number of the run that does it, and how many listings it put back.

    Raises SourceBusy while somebody works on the source, and StoreError when the run cannot be undone.
    """
    hub.config.source(source)
    with _alone(hub, source) as claim:
        return undo_run(hub.database, hub.data / "plans", source, run, now=datetime.now(UTC), fence=claim.fence)


@contextmanager
def _alone(hub: Hub, source: str) -> Iterator[Claim]:
    claim = hub.claims.take(source)
    try:
        yield claim
    finally:
        hub.claims.end(claim, Ending(slots.INTERRUPTED))  # it is no run of the partner, so the schedule takes no notice


def _folder(hub: Hub) -> Path:
    return hub.data / "holds"


def _examples(hub: Hub, plan: PlanFile, action: Action) -> list[Example]:
    return [_example(hub, entry) for entry in plan.examples(action, _EXAMPLES)]


def _example(hub: Hub, entry: Entry) -> Example:
    with hub.database.read() as connection:
        stored = matches.versions(connection, [entry.listing] if entry.listing else []).get(entry.listing or 0)
    now, then = _read(stored), _read(entry.body)
    titles = (then or now).get("title") or {}
    found = differences(now, then) if now and then else ()
    return Example(entry.local_id, next(iter(titles.values()), ""), tuple(found))


def _read(body: bytes | None) -> dict[str, Any]:
    """Return a published body without its clocks, which differ in every plan."""
    said: dict[str, Any] = orjson.loads(body) if body else {}
    for each in said.get("listings", ()):
        for clock in _CLOCKS:
            each.pop(clock, None)
    return said
