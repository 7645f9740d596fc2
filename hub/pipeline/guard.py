"""What a plan must not do without a person: shrink a source beyond what is expected of it."""

from hub.pipeline.source import Expect


def hold_reason(*, going: int, live: int, listed: int | None, expect: Expect) -> str | None:
    """Return why the plan waits for a person, in one sentence, or None when it may be applied.

    Args:
        going: how many live listings the plan takes out of the feed.
        live: how many the source has.
        listed: how many records the partner lists; None when it told only what changed.
        expect: what is expected of the source.
    """
    allowed = max(expect.floor, int(live * expect.max_drop))
    if going > allowed:
        return (
            f"it would withdraw {going:,} of {live:,} live listings, more than the {allowed:,} that expect.max_drop = "
            f"{expect.max_drop} allows; look at the partner's list, then approve this plan or leave it"
        )
    if listed is not None and listed < expect.min:
        return (
            f"the list holds {listed:,} records, fewer than expect.min = {expect.min:,}; look at the partner's list, "
            "then approve this plan, correct expect.min, or leave it"
        )
    return None
