"""Too many at once: a partner's new site breaks every link in a day, and says nothing about any of the listings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int


def too_many(share: Share, *, most: float, floor: int) -> bool:
    """Say whether so many cannot be believed.

    Args:
        share: how many failing links there are of those that were looked at, or how many old listings of those live.
        most: the largest share that is believed.
        floor: so many always are, whatever their share.
    """
    return share.count > max(floor, int(round(share.of * most, 6)))
