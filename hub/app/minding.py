"""What the hub minds by itself while it serves, beside its runs: links, age, and how well sources describe theirs."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from hub.app import links, qualities
from hub.app.hub import Hub
from hub.errors import HubError

_PAUSE_SECONDS = 60.0
_HOUR_SECONDS = 3600.0
_STOP_SECONDS = 20.0

_log = logging.getLogger(__name__)


class Minder:
    """Looks at links every minute, in a thread of its own, and once an hour at all that follows from time passing.

    Args:
        hub: the opened hub.
        clock: tells the moment.
    """

    def __init__(self, hub: Hub, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._hub = hub
        self._clock = clock
        self._stop = threading.Event()
        self._manners = links.manners(hub)
        self._last: datetime | None = None
        self._said = ""
        self._thread = threading.Thread(target=self._go_on, name="minder", daemon=True)

    def start(self) -> None:
        """Begin, after a first pause."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, within seconds."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def mind(self) -> None:
        """Do what is due now; trouble is logged, once as long as it is the same, and tried again."""
        now = self._clock()
        try:
            if self._last is None or (now - self._last).total_seconds() >= _HOUR_SECONDS:
                self._hourly(now)
                self._last = now
            made = links.look(self._hub, self._manners, now, stop=self._stop)
        except HubError as error:
            if str(error) != self._said:
                _log.error("links, age and quality cannot be minded: %s", error)
            self._said = str(error)
            return
        self._said = ""
        if made.looked:
            _log.debug("looked at %s links: %s", made.looked, dict(made.found))

    def _hourly(self, now: datetime) -> None:
        links.gather(self._hub, now)
        for source, count in links.doubt(self._hub, now).items():
            _log.info("%s opportunities of %s changed by what is known of their links and their age", count, source)
        qualities.measure_due(self._hub, now)

    def _go_on(self) -> None:
        while not self._stop.wait(_PAUSE_SECONDS):
            self.mind()
