"""How the hub and its sources do, as visitors are told: no secrets, no texts of errors, nothing of persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Health(StrEnum):
    """How a source does; the first that holds, in this order."""

    stopped = "stopped"
    new = "new"
    stale = "stale"
    held = "held"
    failing = "failing"
    late = "late"
    fine = "fine"


class Overall(StrEnum):
    """How the hub does."""

    ok = "ok"
    degraded = "degraded"
    read_only = "read-only"


GOOD = frozenset({Health.fine, Health.new, Health.stopped})
"""How a source may do without anybody having to look."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run of a source that started last; moments are ISO 8601 in UTC."""

    started: str
    finished: str | None
    outcome: str | None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source does.

    Args:
        id: of the source.
        health: in a word.
        partner: who supplies it.
        adapter: the name of the adapter it uses.
        tier: of the adapter: ``bronze``, ``silver`` or ``gold``; None below, or where it was never examined.
        live: how many of its listings are live.
        last_complete: when its last complete run started, ISO 8601 in UTC; None where there was none.
        age_minutes: how long that is ago.
        expected_minutes: how long the next one may take to come; None where it runs by hand.
        last_run: None where there was none.
        quality: the mean score of its live listings, 0 to 1; None where it was not measured.
        alarms: the kinds of the alarms that are open.
    """

    id: str
    health: Health
    partner: str | None
    adapter: str
    tier: str | None
    live: int
    last_complete: str | None
    age_minutes: int | None
    expected_minutes: int | None
    last_run: LastRun | None
    quality: float | None
    alarms: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How the hub does.

    Args:
        overall: in a word.
        version: of the hub.
        sources: in the order to show.
        heads: the highest change number of each feed that is open to all.
    """

    overall: Overall
    version: str
    sources: Sequence[SourceState]
    heads: Mapping[str, int]


def overall(sources: Sequence[SourceState], *, read_only: bool) -> Overall:
    """Return how the hub does, by its sources and by whether its disk takes writes."""
    if read_only:
        return Overall.read_only
    return Overall.ok if all(source.health in GOOD for source in sources) else Overall.degraded


def as_json(status: Status, address: str, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return it as published.

    Args:
        status: how the hub does.
        address: of the hub.
        words: what an alarm of each kind means, by language.
    """
    return {
        "status": status.overall,
        "version": status.version,
        "feeds": {name: {"url": f"{address}/feeds/{name}", "head": head} for name, head in status.heads.items()},
        "sources": [_source(source, words) for source in status.sources],
    }


def _source(source: SourceState, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    run = source.last_run
    said = {
        "id": source.id,
        "health": source.health,
        "partner": source.partner,
        "adapter": source.adapter,
        "tier": source.tier,
        "live": source.live,
        "lastComplete": source.last_complete,
        "ageMinutes": source.age_minutes,
        "expectedMinutes": source.expected_minutes,
        "lastRun": _run(run) if run else None,
        "quality": source.quality,
        "alarms": [{"kind": kind, "said": words[kind]} for kind in source.alarms],
    }
    return {name: value for name, value in said.items() if value is not None}


def _run(run: LastRun) -> dict[str, Any]:
    said = {"started": run.started, "finished": run.finished, "outcome": run.outcome, "counts": dict(run.counts)}
    return {name: value for name, value in said.items() if value is not None}
