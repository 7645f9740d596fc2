"""What came of a run, for people and for programs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Self, TypeVar

from hub.adapter import Normalised
from hub.clean.persons import replace_personal
from hub.model.issue import Issue
from hub.pipeline.noticed import Noticed

Pair = tuple[str, str]
"""The name of a value table, and a value."""
SaidT = TypeVar("SaidT")

_KEPT = 200
_KINDS = 1000
_SHOWN = 120


class Outcome(StrEnum):
    """How a run ended."""

    complete = "complete"
    incomplete = "incomplete"
    held = "held"
    failed = "failed"
    interrupted = "interrupted"


@dataclass(slots=True)
class Counts:
    """How many records of a run went where: fetched is the sum of all that follow it, absences apart.

    ``withdrawn`` counts what the partner reports as gone; ``absent`` what is gone since complete lists lack it;
    ``missing`` what such a list lacks for the first time, and ``found`` what is listed again. ``expired`` counts what
    the hub ended by the clock, ``undone`` what it put back, ``doubted`` what it thinks is over for another reason than
    absence, and ``trusted`` what it thinks so of no longer.
    """

    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: int = 0
    withdrawn: int = 0
    absent: int = 0
    missing: int = 0
    found: int = 0
    expired: int = 0
    undone: int = 0
    doubted: int = 0
    trusted: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


@dataclass(slots=True)
class Notes:
    """What was noticed while reading: reasons of refusal, what value tables read, fields and values nobody knows.

    Records that did not change since the last run are not read again, so they are not counted either.
    """

    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    unknown_fields: Noticed[str] = field(default_factory=partial(Noticed, "…"))
    unknown_values: Noticed[Pair] = field(default_factory=partial(Noticed, ("…", "…")))
    read_values: Counter[Pair] = field(default_factory=Counter)
    examples: dict[str, Issue] = field(default_factory=dict)
    listed: int | None = None

    def refuse(self, issues: Iterable[Issue]) -> None:
        """Count the reasons of one refused record, and keep the first of each as an example."""
        self.reasons.update({found.code for found in issues})
        for found in issues:
            self.examples.setdefault(found.code, found)

    def take(self, local_id: str, normalised: Normalised, warnings: Iterable[Issue]) -> None:
        """Count what one published record brought up; kinds beyond some hundreds count as ``…``."""
        self.warnings.update([each.code for each in warnings])
        if normalised.unknown_fields:
            self.unknown_fields.take([_told(name) for name in normalised.unknown_fields], local_id)
        if normalised.unknown_values:
            self.unknown_values.take([_shown(pair) for pair in normalised.unknown_values], local_id)
        for pair in normalised.read_values:
            if pair in self.read_values:
                self.read_values[pair] += 1
            else:
                self.read_values[_shown(pair) if len(self.read_values) < _KINDS else (pair[0], "…")] += 1

    def as_dict(self) -> dict[str, Any]:
        """Return the most frequent of each: by name, values by table and value, and examples by their local ids."""
        fields, values = self.unknown_fields.most(_KEPT), self.unknown_values.most(_KEPT)
        return {
            "reasons": dict(self.reasons.most_common(_KEPT)),
            "warnings": dict(self.warnings.most_common(_KEPT)),
            "unknown_fields": dict(fields),
            "unknown_values": _by_table(values),
            "read_values": _by_table(self.read_values.most_common(_KINDS)),
            "listed": self.listed,
            "examples": {
                "fields": {name: self.unknown_fields.examples[name] for name, _ in fields},
                "values": _by_table((pair, self.unknown_values.examples[pair]) for pair, _ in values),
            },
        }


def _shown(pair: Pair) -> Pair:
    return pair[0], _told(pair[1])


def _told(said: str) -> str:
    """Return what a partner says, short enough to be kept, and without what leads to a person."""
    short = said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
    return replace_personal(short, mail=_left_out, mobile=_left_out)


def _left_out(_: str) -> str:
    return "…"


def _by_table(said: Iterable[tuple[Pair, SaidT]]) -> dict[str, dict[str, SaidT]]:
    tables: dict[str, dict[str, SaidT]] = {}
    for (table, value), each in said:
        tables.setdefault(table, {})[value] = each
    return tables


@dataclass(frozen=True, slots=True)
class Report:
    """One run: its number, outcome, the sentence that explains it, counts, and the positions it spent.

    A source that is set up wrongly gives a report without a number: nothing was run.
    """

    run: int | None
    source: str
    adapter: str
    outcome: Outcome
    reason: str | None
    proof: str | None
    counts: Counts
    notes: Notes
    live: int
    positions: tuple[int, int] | None
    plan: str | None
    seconds: float

    @classmethod
    def not_run(cls, source: str, adapter: str, reason: str, outcome: Outcome = Outcome.failed) -> Self:
        """Return the report of a source that cannot run; interrupted when it is another's to run now."""
        return cls(None, source, adapter, outcome, reason, None, Counts(), Notes(), 0, None, None, 0.0)

    @property
    def withdrawn(self) -> int:
        """How many listings this run took out of the feed: reported gone, or absent from a complete list."""
        return 0 if self.outcome is Outcome.held else self.counts.withdrawn + self.counts.absent

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-able values, with the names of `hub run --json`."""
        counts: Mapping[str, int] = self.counts.as_dict()
        return {
            "id": self.source,
            "kind": self.adapter,
            "run": self.run,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "proof": self.proof,
            "fetched": counts["fetched"],
            "published": self.live,
            "created": counts["created"],
            "updated": counts["updated"],
            "unchanged": counts["unchanged"],
            "merged": counts["merged"],
            "refused": counts["refused"],
            "withdrawn": self.withdrawn,
            "missing": counts["missing"],
            "reasons": dict(self.notes.reasons.most_common()),
            "positions": list(self.positions) if self.positions else None,
            "plan": self.plan,
            "seconds": round(self.seconds, 3),
        }
