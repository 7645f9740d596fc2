"""Which listing of an opportunity speaks for it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_LAST = 1_000_000


class Candidate(NamedTuple):
    """A listing that may be the canonical one: its number, source, quality score, when it was first seen, any doubt."""

    number: int
    source: str
    quality: float
    first_seen: str
    doubted: bool = False


def canonical_order(candidates: Iterable[Candidate], ranks: Mapping[str, int]) -> list[Candidate]:
    """Return the listings of an opportunity, the canonical one first; those that are likely over come last.

    Args:
        candidates: its listings.
        ranks: which source comes first, as the administrator has it: the lower number; sources not named come last.
    """
    return sorted(
        candidates,
        key=lambda each: (
            each.doubted,
            ranks.get(each.source, _LAST),
            -each.quality,
            each.first_seen,
            each.number,
        ),
    )
