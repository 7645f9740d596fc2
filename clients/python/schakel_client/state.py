"""Where a follower is, and what keeps that."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Position:
    """Where to read on.

    Args:
        next: address of the page to read next.
        reading: when this reading from the beginning began, in milliseconds since 1970.
        sweeping: whether it has yet to come to the end for the first time.
    """

    next: str
    reading: int
    sweeping: bool


class State(Protocol):
    """Keeps the position of a follower. For one follower at a time.

    The order of calls: `load`, then for every page `begin` and either `save` or `discard`; at the end `release`.
    A position given to `save` may be lost only together with what the follower stored since `begin`.
    """

    def load(self, feed: str) -> Position | None:
        """Return the position saved last for this feed; None where there is none yet."""

    def begin(self, feed: str, position: Position | None) -> None:
        """Prepare for a page that was read at this position, the one saved last."""

    def save(self, feed: str, position: Position) -> None:
        """Keep this position for good, together with what the follower stored since `begin` where that can be."""

    def discard(self) -> None:
        """Undo what the follower stored since `begin`, where that can be."""

    def release(self) -> None:
        """Let another follower have it."""


class MemoryState:
    """Keeps the position as long as the program runs: for looking, and for tests."""

    def __init__(self) -> None:
        """Start with no position."""
        self._positions: dict[str, Position] = {}

    def load(self, feed: str) -> Position | None:
        """Return the position saved last."""
        return self._positions.get(feed)

    def begin(self, feed: str, position: Position | None) -> None:
        """Do nothing."""

    def save(self, feed: str, position: Position) -> None:
        """Remember the position."""
        self._positions[feed] = position

    def discard(self) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""
