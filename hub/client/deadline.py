"""When work must end: deadlines on the monotonic clock, and flags that stop it sooner.

Both are kept per thread of work (a context variable), so that the deepest read from a socket knows them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from time import monotonic

POLL_SECONDS = 0.2


class Deadline:
    """A moment at which work must be over; never later than the deadline it lies within."""

    def __init__(self, seconds: float, *, within: "Deadline | None" = None) -> None:
        self._ends = monotonic() + seconds
        self._within = within

    def left(self) -> float:
        """Return the seconds left, negative when it has passed."""
        own = self._ends - monotonic()
        return own if self._within is None else min(own, self._within.left())

    @property
    def passed(self) -> bool:
        """Say whether it is too late."""
        return self.left() <= 0

    def postpone(self, seconds: float) -> None:
        """Give the time back that was spent waiting; the deadline around it stays."""
        self._ends += seconds


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
_stops: ContextVar[tuple[Event, ...]] = ContextVar("stops", default=())


@contextmanager
def bounded(deadline: Deadline) -> Iterator[None]:
    """Make this the deadline of every read inside the block."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


@contextmanager
def stoppable(stop: Event) -> Iterator[None]:
    """Let this flag, beside those already there, end the waits and reads inside the block."""
    token = _stops.set((*_stops.get(), stop))
    try:
        yield
    finally:
        _stops.reset(token)


def stopped() -> bool:
    """Say whether a flag asks the present work to end."""
    return any(stop.is_set() for stop in _stops.get())


def seconds_left(most: float) -> float:
    """Return how long the present work may take, at most so many seconds."""
    deadline = _deadline.get()
    return most if deadline is None else min(most, deadline.left())


def give_back(seconds: float) -> None:
    """Add time to the present work's own deadline: it was spent waiting for a turn."""
    if (deadline := _deadline.get()) is not None:
        deadline.postpone(seconds)


def pause(seconds: float) -> None:
    """Sleep, waking up early when a flag asks the present work to end."""
    ends = monotonic() + seconds
    while (left := ends - monotonic()) > 0 and not stopped():
        time.sleep(min(left, POLL_SECONDS))
