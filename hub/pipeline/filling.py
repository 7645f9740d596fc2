"""Which key fields of a listing say something, as bits, and how the share of listings that say it would change."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.model.listing import Listing

KEY_FIELDS: Mapping[str, Callable[[Listing], object]] = {
    "description": lambda listing: listing.description,
    "organisation.kbo": lambda listing: listing.organisation.kbo,
    "places": lambda listing: listing.places,
    "url": lambda listing: listing.url,
    "occupations": lambda listing: listing.occupations,
    "skills": lambda listing: listing.skills,
    "sectors": lambda listing: listing.sectors,
    "languages": lambda listing: listing.languages,
    "published": lambda listing: listing.published,
    "expires": lambda listing: listing.expires,
}
"""What a portal builds on; the title is not among them, since no listing is published without. The order is that of the
bits in the store: add at the end."""

_BITS = [(1 << place, read) for place, read in enumerate(KEY_FIELDS.values())]


class Fill(NamedTuple):
    """How many of how many listings say something in one field, before a plan and after it."""

    field: str
    before: int
    of_before: int
    after: int
    of_after: int


@dataclass(slots=True)
class Filling:
    """What a plan does to the filling of key fields: listings by bits, those that come and those that go."""

    came: Counter[int] = field(default_factory=Counter)
    went: Counter[int] = field(default_factory=Counter)

    def change(self, before: int | None, after: int | None) -> None:
        """Count a listing that was filled so and would be filled so; None where it is not there, or unknown."""
        if before is not None:
            self.went[before] += 1
        if after is not None:
            self.came[after] += 1

    def fills(self, stored: Mapping[int, int]) -> Iterator[Fill]:
        """Yield each key field with its fill before and after, from how many live listings have which bits now."""
        then = Counter(stored)
        after = Counter(stored)
        after.update(self.came)
        after.subtract(self.went)
        for place, name in enumerate(KEY_FIELDS):
            yield Fill(name, _having(then, 1 << place), then.total(), _having(after, 1 << place), after.total())


def filled(listing: Listing) -> int:
    """Return the bits of the key fields in which a listing says something."""
    bits = 0
    for bit, read in _BITS:
        if read(listing):
            bits |= bit
    return bits


def _having(counts: Mapping[int, int], bit: int) -> int:
    return sum(count for bits, count in counts.items() if bits & bit)
