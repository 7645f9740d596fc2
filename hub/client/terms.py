"""The terms on which one run may reach its partner."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from threading import Event, Lock
from time import monotonic

from hub.adapter import Rate
from hub.client.authentication.tokens import Tokens
from hub.client.budget import Budget
from hub.client.circuit import Circuit, Resting
from hub.client.deadline import Deadline, give_back, pause, seconds_left
from hub.client.exchange import Asked, Exchange, note
from hub.client.keeping import Archive
from hub.client.limits import Limits
from hub.client.pace import Pace, Paces
from hub.client.reach import Reach
from hub.errors import SourceUnavailable

LOG = logging.getLogger("hub.client")
TOLD_SECONDS = 1.0

_asking: ContextVar[Circuit | None] = ContextVar("asking", default=None)


@dataclass
class Terms:
    """What all clients of a run share.

    Args:
        record: is told every exchange, by one thread at a time.
        tokens: bearer tokens, which may be shared with other runs.
        sleep: waits so many seconds.
        paces: what is known of the partners' pace and health, which may be shared with other runs.
        source: id of the source; paces are kept apart by it.
        rate: declared for the source; adapters may declare stricter ones.
        reach: whom the run may call.
        run: deadline of the run.
        stop: ends all waits and reads of the run.
    """

    archive: Archive
    limits: Limits
    record: Callable[[Exchange], None]
    tokens: Tokens
    sleep: Callable[[float], None] = pause
    paces: Paces = field(default_factory=Paces)
    source: str = ""
    rate: Rate | None = None
    reach: Reach = field(default_factory=Reach)
    run: Deadline = field(init=False)
    budget: Budget = field(init=False)
    stop: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _told: bool = False

    def __post_init__(self) -> None:
        self.run = Deadline(self.limits.run_seconds)
        self.budget = Budget(self.limits)

    def note(self, exchange: Exchange) -> None:
        """Log an exchange and pass it on."""
        note(exchange)
        with self._lock:
            self.record(exchange)

    def pace(self, host: str) -> Pace:
        """Return the pace of a host."""
        return self.paces.pace(self.source, host)

    @contextmanager
    def request(self, asked: Asked) -> Iterator[Limits]:
        """Surround one request and its attempts, give its limits; raises SourceUnavailable where the partner rests."""
        circuit = self.paces.circuit(self.source, asked.host)
        token = _asking.set(circuit)
        try:
            with circuit.request() as trial:
                yield replace(self.limits, retries=0) if trial else self.limits
        except Resting as resting:
            raise SourceUnavailable(f"{asked.where}: {resting}.") from None
        finally:
            _asking.reset(token)

    def heard(self, host: str) -> None:
        """A host answered."""
        self.paces.circuit(self.source, host).heard()

    def missed(self) -> None:
        """An answer that the present request needs did not come, be it the token that another host gives."""
        if (circuit := _asking.get()) is not None and not self.run.passed:
            circuit.missed()

    def await_turn(self, host: str, rate: Rate | None) -> None:
        """Wait until the pace of a host allows one more request; raises TooLong. The request's time is not used up."""
        rates = [each for each in (self.rate, rate) if each is not None]
        wait = self.pace(host).take(rates, most=self.run.left(), patience=self.limits.asked_seconds)
        if wait > 0:
            self._tell(host, wait)
            started = monotonic()
            self.sleep(wait)
            give_back(monotonic() - started)

    def _tell(self, host: str, seconds: float) -> None:
        """Write the first wait that is worth it to the log."""
        if seconds >= TOLD_SECONDS and not self._told:
            self._told = True
            LOG.info("keeping the pace of %s: %.0f seconds to wait, and now and then from here on", host, seconds)

    @staticmethod
    def time_is_up() -> bool:
        """Say whether the request that this thread is making has used up its time."""
        return seconds_left(1) <= 0
