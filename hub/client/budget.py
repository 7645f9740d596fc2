"""What one run may cost in all: requests, and bytes on the wire, whatever they carry."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from hub.client.limits import Limits
from hub.errors import SourceError

Meter = Callable[[int], None]

_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Tell this meter the size of everything that is read from a socket inside the block."""
    token = _meter.set(meter)
    try:
        yield
    finally:
        _meter.reset(token)


def counted(piece: bytes) -> bytes:
    """Tell the meter, if there is one, of bytes that came; return them."""
    if (meter := _meter.get()) is not None:
        meter(len(piece))
    return piece


class Budget:
    """What is left of a run's requests and bytes. Safe to use from several threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._requests = 0
        self._bytes = 0

    def request(self, where: str) -> None:
        """Count a request, or raise SourceError when the run has made all of its own."""
        with self._lock:
            self._requests += 1
            over = self._requests > self._limits.requests
        if over:
            raise _spent(where, f"{self._limits.requests:,} requests", "limits.requests")

    def receive(self, where: str, size: int) -> None:
        """Count bytes on the wire, or raise SourceError when the run has taken in all it may."""
        with self._lock:
            self._bytes += size
            over = self._bytes > self._limits.wire_bytes
        if over:
            raise _spent(where, f"{self._limits.megabytes:g} MB on the wire", "limits.megabytes")


def _spent(where: str, what: str, key: str) -> SourceError:
    return SourceError(
        f"{where}: the run has used up its {what}; see in the log what it asked for, and where that is right, raise"
        f" {key} in hub.toml."
    )
