"""Tokens of partners: asked for once, shared between threads and runs, renewed before their end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from hub.client.deadline import POLL_SECONDS, seconds_left, stopped
from hub.errors import SourceUnavailable

LATE = "The token of the partner was not there in time: another request still asks for it; the next run tries again."


@dataclass(frozen=True, slots=True)
class Token:
    """The headers that a token makes, and the moment (monotonic) from which a new one is asked for."""

    headers: dict[str, str] = field(repr=False)
    renew_at: float


@dataclass(slots=True)
class _Slot:
    lock: Lock = field(default_factory=Lock)
    token: Token | None = None


class Tokens:
    """The tokens of all sources, one for each way of asking for one. One thread asks, the others wait for it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._slots: dict[str, _Slot] = {}
        self._lock = Lock()

    def get(self, key: str, ask: Callable[[], Token]) -> tuple[Token, bool]:
        """Return a token and whether it was there already; `ask` fetches one when it was not."""
        slot = self._slot(key)
        with _held(slot.lock):
            if slot.token is not None and self.clock() < slot.token.renew_at:
                return slot.token, True
            slot.token = None
            slot.token = ask()
            return slot.token, False

    def replace(self, key: str, refused: Token, ask: Callable[[], Token]) -> Token:
        """Return another token than the refused one, which someone else may have fetched meanwhile."""
        slot = self._slot(key)
        with _held(slot.lock):
            if slot.token is None or slot.token is refused:
                slot.token = None
                slot.token = ask()
            return slot.token

    def _slot(self, key: str) -> _Slot:
        with self._lock:
            return self._slots.setdefault(key, _Slot())


@contextmanager
def _held(lock: Lock) -> Iterator[None]:
    """Hold a lock; another run may hold it for long, and the wait ends with the time of the present work."""
    while not lock.acquire(timeout=max(0.0, min(POLL_SECONDS, seconds_left(POLL_SECONDS)))):
        if stopped() or seconds_left(1) <= 0:
            raise SourceUnavailable(LATE)
    try:
        yield
    finally:
        lock.release()
