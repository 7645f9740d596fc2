"""What a plan must not do without a person: shrink, empty, rewrite or renumber a source beyond what is expected of it.

Each rule looks at the volumes of a plan and says in one sentence why it waits, or nothing. A small source may always
change by `Expect.floor` items, or one closed shop would hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hub.pipeline.source import Expect


@dataclass(frozen=True, slots=True)
class Volumes:
    """What a plan would do, in numbers of listings.

    Args:
        live: how many the source has in the feed.
        going: how many of them the plan takes out of the feed.
        coming: how many it brings in.
        changing: how many of those that stay it changes.
        listed: how many records the partner lists; None when it told only what changed.
        usual: how many it usually lists, the median of the last good runs; None when there were none.
    """

    live: int
    going: int = 0
    coming: int = 0
    changing: int = 0
    listed: int | None = None
    usual: int | None = None


def hold_reason(volumes: Volumes, expect: Expect) -> str | None:
    """Return why the plan waits for a person, in a sentence for each rule it breaks, or None when it may be applied."""
    reasons = [reason for rule in _RULES if (reason := rule(volumes, expect))]
    return f"{'; '.join(reasons)}; look at the partner's list, then approve this plan or leave it" if reasons else None


def _drop(plan: Volumes, expect: Expect) -> str | None:
    allowed = _allowed(plan.live, expect.max_drop, expect)
    if plan.going <= allowed:
        return None
    return (
        f"it would withdraw {plan.going:,} of {plan.live:,} live listings, more than the {allowed:,} that "
        f"expect.max_drop = {expect.max_drop} allows"
    )


def _short(plan: Volumes, expect: Expect) -> str | None:
    if plan.listed is None or plan.listed >= expect.min:
        return None
    return f"the list holds {plan.listed:,} records, fewer than expect.min = {expect.min:,}"


def _long(plan: Volumes, expect: Expect) -> str | None:
    if plan.listed is None or expect.max is None or plan.listed <= expect.max:
        return None
    return f"the list holds {plan.listed:,} records, more than expect.max = {expect.max:,}"


def _unusual(plan: Volumes, expect: Expect) -> str | None:
    if plan.listed is None or plan.usual is None:
        return None
    least = plan.usual - _allowed(plan.usual, 1 - expect.min_share, expect)
    if plan.listed >= least:
        return None
    return (
        f"the list holds {plan.listed:,} records, where it usually holds {plan.usual:,}: less than the share of "
        f"expect.min_share = {expect.min_share}"
    )


def _rewritten(plan: Volumes, expect: Expect) -> str | None:
    if plan.changing <= _allowed(plan.live, expect.max_changed, expect):
        return None
    return (
        f"it would change {plan.changing:,} of {plan.live:,} live listings at once, more than the share of "
        f"expect.max_changed = {expect.max_changed}, as a faulty mapping does (`hub impact` shows which fields)"
    )


def _renumbered(plan: Volumes, expect: Expect) -> str | None:
    if min(plan.going, plan.coming) <= _allowed(plan.live, expect.max_churn, expect):
        return None
    return (
        f"{plan.going:,} of {plan.live:,} live listings would go while {plan.coming:,} others come, more than the "
        f"share of expect.max_churn = {expect.max_churn}, as when a partner gives all its records new ids"
    )


_RULES: tuple[Callable[[Volumes, Expect], str | None], ...] = (_drop, _short, _long, _unusual, _rewritten, _renumbered)


def _allowed(count: int, share: float, expect: Expect) -> int:
    return max(expect.floor, int(round(count * share, 6)))  # 0.2 of 50 is 10, whatever floating point makes of it
