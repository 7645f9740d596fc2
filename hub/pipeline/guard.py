"""What a plan must not do without a person: shrink, empty, rewrite or renumber a source beyond what is expected of it.

Each rule looks at the volumes of a plan and says in one sentence why it waits, or nothing. A small source may always
change by `Expect.floor` items, or one closed shop would hold it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hub.pipeline.filling import Fill
from hub.pipeline.source import Expect


@dataclass(frozen=True, slots=True)
class Volumes:
    """What a plan would do, in numbers of listings.

    Args:
        live: how many the source has in the feed.
        going: how many of them the plan takes out of the feed, or doubts since the list lacks them.
        coming: how many it brings in.
        changing: how many of those that stay it changes.
        listed: how many records the partner lists; None when it told only what changed.
        usual: how many it usually lists, the median of the last good runs; None when there were none.
        fills: how often each key field is filled, before and after.
    """

    live: int
    going: int = 0
    coming: int = 0
    changing: int = 0
    listed: int | None = None
    usual: int | None = None
    fills: Sequence[Fill] = ()


def hold_reason(volumes: Volumes, expect: Expect) -> str | None:
    """Return why the plan waits for a person, in a sentence for each rule it breaks, or None when it may be applied."""
    reasons = [reason for rule in _RULES if (reason := rule(volumes, expect))]
    return f"{'; '.join(reasons)}; look at the partner's list, then approve this plan or reject it" if reasons else None


def _drop(plan: Volumes, expect: Expect) -> str | None:
    allowed = _allowed(plan.live, expect.max_drop, expect)
    if plan.going <= allowed:
        return None
    return (
        f"it would withdraw {plan.going:,} of {plan.live:,} live listings, or doubt them as missing, more than the "
        f"{allowed:,} that expect.max_drop = {expect.max_drop} allows"
    )


def _empty(plan: Volumes, expect: Expect) -> str | None:
    return "the list is empty" if plan.listed == 0 and expect.min == 0 else None


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


def _emptied(plan: Volumes, expect: Expect) -> str | None:
    said = ", ".join(
        f"{fill.field} ({fill.before / fill.of_before:.0%} to {fill.after / fill.of_after:.0%})"
        for fill in plan.fills
        if _halved(fill, expect)
    )
    if not said:
        return None
    return f"key fields would say half as often something as they do, or less (expect.min_fill): {said}"


def _halved(fill: Fill, expect: Expect) -> bool:
    if not fill.of_before or not fill.of_after:
        return False
    usual = fill.before / fill.of_before * fill.of_after
    return fill.after <= usual * expect.min_fill and usual - fill.after > expect.floor


_RULES: tuple[Callable[[Volumes, Expect], str | None], ...] = (
    _drop,
    _empty,
    _short,
    _long,
    _unusual,
    _rewritten,
    _renumbered,
    _emptied,
)


def _allowed(count: int, share: float, expect: Expect) -> int:
    return max(expect.floor, int(round(count * share, 6)))  # 0.2 of 50 is 10, whatever floating point makes of it
