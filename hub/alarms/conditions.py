"""Which conditions hold for a source: each rule compares the newest run with what is usual for this source.

A source knows its normal from its own last runs; nothing is compared before there are enough of them. Small numbers
never raise an alarm, or one closed shop would.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from statistics import median

from hub.alarms.alarm import Condition, Kind
from hub.alarms.facts import Facts, RunFacts

FAILURES = 3
"""So many runs in a row without a complete one are a failing source."""
SILENT_RUNS = 10
"""So many runs in a row without any change are silent, where changes are usual."""
ENOUGH = 3
"""So many earlier runs tell what is usual."""
FEW = 20
"""Fewer than this are never out of the ordinary."""
SHARE = 0.05
"""Less than this share of what came is never out of the ordinary."""
JUMP = 2.0
"""More than this many times what is usual is out of the ordinary."""
GROWTH = 1.5
"""A list longer than this many times its usual length is out of the ordinary."""


def conditions(facts: Facts) -> list[Condition]:
    """Return what is out of the ordinary now."""
    return [found for rule in _RULES for found in rule(facts)]


def _stale(facts: Facts) -> Iterator[Condition]:
    if facts.norm and facts.last_good and facts.now - facts.last_good > facts.norm:
        since = f"{facts.last_good:%Y-%m-%d %H:%M}"
        yield Condition(Kind.stale, {"since": since, "norm": _span(facts.norm), "source": facts.source})


def _failing(facts: Facts) -> Iterator[Condition]:
    bad = _leading(facts.runs, lambda run: run.outcome in {"failed", "incomplete", "interrupted"})
    if len(bad) >= FAILURES:
        yield Condition(Kind.failing, {"runs": str(len(bad)), "reason": bad[0].reason or bad[0].outcome})


def _held(facts: Facts) -> Iterator[Condition]:
    if facts.waiting:
        yield Condition(Kind.held, {"reason": facts.waiting, "source": facts.source})


def _silent(facts: Facts) -> Iterator[Condition]:
    good = [run for run in facts.runs if run.outcome == "complete"]
    quiet = _leading(good, lambda run: run.changed == 0)
    before = [run.changed for run in good[len(quiet) :]]
    if len(quiet) >= SILENT_RUNS and len(before) >= ENOUGH and (usual := median(before)) >= 1:
        yield Condition(Kind.silent, {"runs": str(len(quiet)), "usual": f"{usual:,.0f}"})


def _volume(facts: Facts) -> Iterator[Condition]:
    whole = [run.fetched for run in facts.runs if run.outcome == "complete" and run.covers == "everything"]
    if (usual := _usual(whole)) is not None and whole[0] > usual * GROWTH and whole[0] - usual >= FEW:
        yield Condition(Kind.volume, {"listed": f"{whole[0]:,}", "usual": f"{usual:,.0f}"})


def _refusals(facts: Facts) -> Iterator[Condition]:
    read = _read(facts)
    usual = _usual([_per(run.refused, run.fetched) for run in read])
    if usual is not None and _out_of_the_ordinary(read[0].refused, read[0].fetched, usual):
        newest = read[0]
        yield Condition(
            Kind.refusals,
            {
                "refused": f"{newest.refused:,}",
                "fetched": f"{newest.fetched:,}",
                "reason": max(newest.reasons, key=lambda code: newest.reasons[code], default="?"),
                "usual": f"{usual:.1%}",
                "source": facts.source,
            },
        )


def _unknown_values(facts: Facts) -> Iterator[Condition]:
    read = [run for run in _read(facts) if run.read]
    usual = _usual([_per(run.unknown, run.read) for run in read])
    if usual is not None and _out_of_the_ordinary(read[0].unknown, read[0].read, usual):
        newest = read[0]
        example = max(newest.unknown_values, key=lambda value: newest.unknown_values[value])
        yield Condition(
            Kind.unknown_values,
            {
                "unknown": f"{newest.unknown:,}",
                "read": f"{newest.read:,}",
                "example": example,
                "usual": f"{usual:.1%}",
                "source": facts.source,
            },
        )


def _unknown_fields(facts: Facts) -> Iterator[Condition]:
    read = _read(facts)
    if len(read) <= ENOUGH:
        return
    known = {name for run in read[1:] for name in run.unknown_fields}
    new = {name: count for name, count in read[0].unknown_fields.items() if name not in known}
    records = max(new.values(), default=0)
    if records >= FEW and _per(records, read[0].fetched) >= SHARE:
        names = ", ".join(sorted(new, key=lambda name: -new[name])[:3])
        yield Condition(Kind.unknown_fields, {"fields": names, "records": f"{records:,}", "source": facts.source})


def _dead_links(facts: Facts) -> Iterator[Condition]:
    if gone := facts.dead_links:
        said = {"count": f"{gone.count:,}", "of": f"{gone.of:,}", "source": facts.source}
        yield Condition(Kind.dead_links, said)


def _old(facts: Facts) -> Iterator[Condition]:
    if old := facts.old:
        said = {"count": f"{old.count:,}", "of": f"{old.of:,}", "days": f"{old.days:,}", "source": facts.source}
        yield Condition(Kind.old_vacancies, said)


_RULES: tuple[Callable[[Facts], Iterator[Condition]], ...] = (
    _stale,
    _failing,
    _held,
    _silent,
    _volume,
    _refusals,
    _unknown_values,
    _unknown_fields,
    _dead_links,
    _old,
)


def _read(facts: Facts) -> list[RunFacts]:
    """Return the runs whose records were read and applied, those that brought none left out."""
    return [run for run in facts.runs if run.outcome in {"complete", "incomplete"} and run.fetched]


def _usual(values: Sequence[float]) -> float | None:
    """Return the median of all but the newest; None while there are too few."""
    return median(values[1:]) if len(values) > ENOUGH else None


def _out_of_the_ordinary(count: int, of: int, usual: float) -> bool:
    share = _per(count, of)
    return count >= FEW and share >= SHARE and share > usual * JUMP


def _per(count: int, of: int) -> float:
    return count / of if of else 0.0


def _leading(runs: Sequence[RunFacts], holds: Callable[[RunFacts], bool]) -> list[RunFacts]:
    """Return the newest runs for which something holds, up to the first for which it does not."""
    ending = next((place for place, run in enumerate(runs) if not holds(run)), len(runs))
    return list(runs[:ending])


def _span(norm: timedelta) -> str:
    hours = norm.total_seconds() / 3600
    return f"{hours / 24:.0f} d" if hours >= 48 else f"{hours:.0f} h"
