"""What a plan must not do without a person: shrink a source beyond what is expected of it."""

from hub.pipeline.report import Counts
from hub.pipeline.source import Expect


def hold_reason(counts: Counts, *, live: int, expect: Expect, everything: bool) -> str | None:
    """Return why the plan waits for a person, in one sentence, or None when it may be applied."""
    going = counts.withdrawn + counts.absent
    allowed = max(expect.floor, int(live * expect.max_drop))
    if going > allowed:
        return (
            f"it would withdraw {going:,} of {live:,} live listings, more than the {allowed:,} that expect.max_drop = "
            f"{expect.max_drop} allows; look at the partner's list, then approve this plan or leave it"
        )
    if everything and counts.fetched < expect.min:
        return (
            f"the list holds {counts.fetched:,} records, fewer than expect.min = {expect.min:,}; look at the partner's "
            "list, then approve this plan, correct expect.min, or leave it"
        )
    return None
