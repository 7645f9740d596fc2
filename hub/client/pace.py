"""Keeping a partner's pace: the rates that are declared, and what its answers say is left.

The window is our own: that of `limits` reads the wall clock, starts a thread at each request, and answers whether one
may ask now, not when. Its notation for rates is used in the configuration.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any

from hub.adapter import Rate
from hub.client.allowance import about_rates, allowances, policies, retry_after
from hub.client.circuit import Circuit

SPARE_SHARE = 0.05  # a window is kept a little longer, since requests do not travel equally fast
SPARE_SECONDS = 0.25
UNSAID_SECONDS = 5.0  # how long nothing being left lasts, where the partner does not say
BELIEVED_SECONDS = 3600.0  # no wish of a partner outlasts this
MOST_POLICIES = 8
MOST_HOSTS = 10_000
ASKS_TO_WAIT = frozenset({429, 503})


class TooLong(Exception):
    """The next request would have to wait longer than it may; the sentence says why."""


class Window:
    """A rate as a sliding window: the moments of the last requests."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._seconds = rate.seconds + min(rate.seconds * SPARE_SHARE, SPARE_SECONDS)
        self._taken: deque[float] = deque(maxlen=rate.calls)

    def free_at(self) -> float:
        """Return the moment from which one more request fits."""
        if not self._taken:
            return 0.0
        full = len(self._taken) == self.rate.calls
        return max(self._taken[-1], self._taken[0] + self._seconds if full else 0.0)

    def take(self, moment: float) -> None:
        """Note a request."""
        self._taken.append(moment)


class Pace:
    """How fast one source may ask one host, for all its runs and threads.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._windows: dict[Rate, Window] = {}
        self._flying = 0  # requests whose answer has not said yet what is left
        self._left: int | None = None
        self._full_at = 0.0
        self._asked_until = 0.0
        self._early = False  # a request went before more was allowed, since that would have taken too long
        self._believed = True

    def take(self, rates: Iterable[Rate], *, most: float, patience: float) -> float:
        """Take the turn for one request and return the seconds to wait for it.

        Args:
            rates: declared for it; those declared before and stated by the partner are kept as well.
            most: seconds left for waiting; TooLong is raised where that does not suffice.
            patience: longest wait that the partner's own words may cause.
        """
        with self._lock:
            now = self._clock()
            self._add(rates)
            asked = self._asked_until - now
            if asked > min(patience, most):
                raise TooLong(f"the partner asked to be left alone for {asked:,.0f} seconds more")
            wait = max(self._window_wait(now), self._learned_wait(now, patience), asked, 0.0)
            if wait > most:
                raise TooLong(f"keeping the partner's pace would take {wait:,.0f} seconds, longer than the run has")
            self._note(now + wait)
            return wait

    @contextmanager
    def flight(self) -> Iterator[None]:
        """Surround a request until the head of its answer is in."""
        with self._lock:
            self._flying += 1
        try:
            yield
        finally:
            with self._lock:
                self._flying -= 1

    def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """Take to heart what an answer says about pace; called within its flight."""
        asked = retry_after(headers) if status in ASKS_TO_WAIT else None
        said = about_rates(headers)
        if asked is None and not said:
            return
        stated = allowances(said)
        found = () if stated else policies(said)
        with self._lock:
            now = self._clock()
            if asked is not None:
                self._asked_until = max(self._asked_until, now + min(asked, BELIEVED_SECONDS))
            if len(self._windows) < MOST_POLICIES:
                self._add(found)
            if stated and self._believed:
                least = min(stated, key=lambda each: (each.left, -(each.seconds or 0)))
                self._state(status, least.left, least.seconds, now)

    def _state(self, status: int, left: int, seconds: float | None, now: float) -> None:
        if self._early and status < 400 and not left:
            self._believed, self._left = False, None  # it answers well although it says that nothing is left
            return
        self._early = False
        self._left = left - (self._flying - 1)
        self._full_at = now + min(UNSAID_SECONDS if seconds is None else seconds, BELIEVED_SECONDS)

    def _add(self, rates: Iterable[Rate]) -> None:
        for rate in rates:
            if rate not in self._windows:
                self._windows[rate] = Window(rate)

    def _window_wait(self, now: float) -> float:
        return max((window.free_at() - now for window in self._windows.values()), default=0.0)

    def _learned_wait(self, now: float, patience: float) -> float:
        if self._left is not None and now >= self._full_at:
            self._left = None
        if self._left is None or self._left > 0:
            return 0.0
        self._early = self._full_at - now > patience
        return min(self._full_at - now, patience)

    def _note(self, moment: float) -> None:
        for window in self._windows.values():
            window.take(moment)
        if self._left is not None:
            self._left -= 1


class Paces:
    """The pace and the health of every partner; pass the same one to every job, so that runs share what they know.

    Kept per source and host, so that what one source does wrong stops no other.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._paces: dict[tuple[str, str], Pace] = {}
        self._circuits: dict[tuple[str, str], Circuit] = {}

    def pace(self, source: str, host: str) -> Pace:
        """Return the pace of a source at a host."""
        with self._lock:
            _make_room(self._paces)
            return self._paces.setdefault((source, host), Pace(self._clock))

    def circuit(self, source: str, host: str) -> Circuit:
        """Return the circuit of a host for a source."""
        with self._lock:
            _make_room(self._circuits)
            return self._circuits.setdefault((source, host), Circuit(self._clock))


def _make_room(kept: dict[tuple[str, str], Any]) -> None:
    """Forget the host met first where there are too many, as when a partner names ever new ones."""
    if len(kept) > MOST_HOSTS:
        del kept[next(iter(kept))]
