"""The terms on which one run may reach its partner."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock

from hub.client.credentials import Tokens
from hub.client.deadline import Deadline, pause, seconds_left
from hub.client.exchange import Exchange, note
from hub.client.keeping import Archive
from hub.client.limits import Limits


@dataclass
class Terms:
    """What all clients of a run share.

    Args:
        record: is told every exchange, by one thread at a time.
        tokens: bearer tokens, which may be shared with other runs.
        sleep: waits so many seconds.
        run: deadline of the run.
        stop: ends all waits and reads of the run.
    """

    archive: Archive
    limits: Limits
    record: Callable[[Exchange], None]
    tokens: Tokens
    sleep: Callable[[float], None] = pause
    run: Deadline = field(init=False)
    stop: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.run = Deadline(self.limits.run_seconds)

    def note(self, exchange: Exchange) -> None:
        """Log an exchange and pass it on."""
        note(exchange)
        with self._lock:
            self.record(exchange)

    @staticmethod
    def time_is_up() -> bool:
        """Say whether the request that this thread is making has used up its time."""
        return seconds_left(1) <= 0
