"""What comes of examining a promise: kept, broken with what to do about it, or not applicable with the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import SkipTest

if TYPE_CHECKING:
    from hub.testing.subject import Subject

Promise = Callable[["Subject"], None]
"""A function whose name is the promise's, and whose docstring says it in a sentence; it raises Broken."""


class Broken(AssertionError):
    """A promise is not kept.

    Args:
        seen: what was seen: which record, field, value or request.
        advice: what the author of the adapter should do.
    """

    def __init__(self, seen: str, advice: str) -> None:
        super().__init__(f"{seen}\nWhat to do: {advice}")
        self.seen = seen
        self.advice = advice


def others(count: int) -> str:
    """Return the end of a sentence about one of several: nothing when it stands alone."""
    return f", and so {'is' if count == 1 else 'are'} {count:,} other{'s' * (count != 1)}" if count else ""


class Unreadable(Broken):
    """The fetch that most promises rest on already fails, so that they cannot be examined before it is mended."""


class NotApplicable(SkipTest):
    """A promise cannot be examined for this adapter; the message says why, and what would make it possible."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one promise.

    Args:
        promise: its name.
        sentence: the promise in words.
        kept: None where it could not be examined.
        message: what was seen and what to do; empty where it is kept.
    """

    promise: str
    sentence: str
    kept: bool | None
    message: str = ""
