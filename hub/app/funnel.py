"""Where the records of a run went: from what came to what is published, each difference with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.app.hub import Hub
from hub.errors import ConfigError
from hub.store import listings, quarantine, runs
from hub.store.quarantine import Reason
from hub.store.runs import RunRow

UNREADABLE = frozenset({"unreadable-record", "empty-id", "row-length", "details-missing"})
"""Issues of items that could not be read; all others but `REPEATED` are found when the record is validated."""
REPEATED = frozenset({"duplicate-id"})
"""Issues of items that came before in the same run."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel.

    Args:
        name: what the records are after it: ``listed`` where the partner says how many there are, ``fetched``,
            ``read``, ``valid``, ``unique``, ``published``.
        count: how many are left.
        lost: how many were left behind by it, by reason: the code of an issue, ``merged`` or ``withdrawn``.
    """

    name: str
    count: int
    lost: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of one run.

    Args:
        run: the run.
        steps: in order.
        reasons: why records of the source are aside now, since when, and an example, by code.
        live: how many listings of the source are published now.
    """

    run: RunRow
    steps: tuple[Step, ...]
    reasons: Mapping[str, Reason]
    live: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        steps = [{"step": step.name, "count": step.count, "lost": dict(step.lost)} for step in self.steps]
        aside = {code: {"records": each.count, "since": each.since} for code, each in self.reasons.items()}
        told = {"run": self.run.id, "started": self.run.started, "outcome": self.run.outcome}
        return {"source": self.run.source, **told, "steps": steps, "aside": aside, "live": self.live}


def funnel(hub: Hub, source: str, number: int | None = None) -> Funnel:
    """Return the funnel of a run, the last one whose records were applied by default.

    Raises ConfigError when the source does not exist, has no such run, or has none yet.
    """
    hub.config.source(source)
    with hub.database.read() as connection:
        run = (
            runs.get(connection, number) if number is not None else _last_applied(runs.latest(connection, source, 100))
        )
        if run is None or run.source != source or run.finished is None:
            wanted = f"no run {number}" if number is not None else "no applied run yet"
            raise ConfigError(f"source {source} has {wanted}; `hub sources show {source}` says what there is")
        reasons = quarantine.reasons(connection, source)
        return Funnel(run, steps_of(run), reasons, listings.count_live(connection, source))


def steps_of(run: RunRow) -> tuple[Step, ...]:
    """Return the steps of a run, from its counts and the reasons of its refusals."""
    counts = run.counts
    refused = _by_first(run.notes.get("reasons", {}), counts.get("refused", 0))
    unreadable = {code: count for code, count in refused.items() if code in UNREADABLE}
    repeated = {code: count for code, count in refused.items() if code in REPEATED}
    invalid = {code: count for code, count in refused.items() if code not in UNREADABLE | REPEATED}
    gone = {"withdrawn": counts.get("withdrawn", 0)}
    doubles = repeated | {"merged": counts.get("merged", 0)}
    steps = _first_steps(run.notes.get("listed"), counts.get("fetched", 0))
    for name, lost in (("read", unreadable), ("valid", invalid), ("unique", doubles), ("published", gone)):
        kept = {reason: count for reason, count in lost.items() if count}
        steps.append(Step(name, steps[-1].count - sum(kept.values()), kept))
    return tuple(steps)


def _first_steps(listed: int | None, fetched: int) -> list[Step]:
    if listed is None:
        return [Step("fetched", fetched, {})]
    return [
        Step("listed", listed, {}),
        Step("fetched", fetched, {"not-fetched": listed - fetched} if listed > fetched else {}),
    ]


def _by_first(reasons: Mapping[str, int], refused: int) -> dict[str, int]:
    """Return the reasons so that they add up to the records refused: a record may have several, and counts once."""
    found: dict[str, int] = {}
    left = refused
    for code, count in sorted(reasons.items(), key=lambda each: (each[0] not in UNREADABLE | REPEATED, -each[1])):
        found[code] = min(count, left)
        left -= found[code]
    return {code: count for code, count in found.items() if count} | ({"other": left} if left else {})


def _last_applied(rows: list[RunRow]) -> RunRow | None:
    return next((run for run in rows if run.outcome in {"complete", "incomplete"} and run.counts.get("fetched")), None)
