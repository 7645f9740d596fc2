"""One page of a list: how it is asked for, and what it said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """What to ask now.

    Args:
        number: of the page in this reading, counted from 0.
        params: query parameters to add; or to be put into the body, where the partner wants them there.
        url: the address to ask instead of the list's own; only `NextLink` gives one, with its query.
        read: how many items came before.
    """

    number: int
    params: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    read: int = 0

    @property
    def question(self) -> tuple[str | None, tuple[tuple[str, str], ...]]:
        """What is asked, so that the same question is noticed when it comes again."""
        return self.url, tuple(sorted(self.params.items()))

    def asks_as(self, other: "Turn") -> bool:
        """Whether this turn asks for the same page as another."""
        return self.question == other.question


@dataclass(frozen=True, slots=True)
class Page:
    """What the partner answered.

    Args:
        items: of this page, in its order.
        total: how many items the whole list has, where the partner says so.
        following: the cursor, or the absolute or relative address, of the next page; None (or empty) where the
            partner says that there is none. `PageNumber` and `Offset` need none.
    """

    items: Sequence[Any]
    total: int | None = None
    following: str | None = None
