"""What the hub minds by itself while it serves, beside its runs: links, age, quality, and the files of its views."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hub.app import links, qualities, snapshots
from hub.app.hub import Hub
from hub.app.writer import write_beside
from hub.errors import HubError

_PAUSE_SECONDS = 60.0
_HOUR_SECONDS = 3600.0
_STOP_SECONDS = 20.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong last, and until when it is not tried again; nothing by default."""

    said: str = ""
    until: datetime | None = None

    def waits(self, now: datetime) -> bool:
        """Tell whether it is too early to try again."""
        return self.until is not None and now < self.until


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
        self._files = Trouble()
        self._thread = threading.Thread(target=self._go_on, name="minder", daemon=True)

    def start(self) -> None:
        """Begin: at once with the files of the views, and after a first pause with all else."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, within seconds."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def mind(self) -> None:
        """Do what is due now; trouble is logged, once as long as it is the same, and tried again."""
        now = self._clock()
        self._look(now)
        self._write_due(now)

    def _look(self, now: datetime) -> None:
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

    def _write_due(self, now: datetime) -> None:
        """Write the files of the views that moved; after trouble, not again before they are due anyway."""
        settings = self._hub.config.settings.snapshots
        if not settings.enabled or self._files.waits(now):
            return
        try:
            for view, position in self._written(now).items():
                _log.info("view %s is written to files, up to position %s", view, position)
        except snapshots.Interrupted:
            return
        except HubError as error:
            if str(error) != self._files.said:
                _log.error("the files of the views cannot be written: %s", error)
            self._files = Trouble(str(error), now + timedelta(minutes=settings.minutes))
            return
        self._files = Trouble()

    def _written(self, now: datetime) -> dict[str, int]:
        """Write what is due, beside this process where it is much; return the positions."""
        views = snapshots.due(self._hub, now)
        if not views:
            return {}
        if snapshots.many(self._hub, views):
            return write_beside(self._hub, views, now, self._stop)
        return {made.view: made.position for made in snapshots.refresh(self._hub, now, only=views, stop=self._stop)}

    def _hourly(self, now: datetime) -> None:
        links.gather(self._hub, now)
        for source, count in links.doubt(self._hub, now).items():
            _log.info("%s opportunities of %s changed by what is known of their links and their age", count, source)
        qualities.measure_due(self._hub, now)

    def _go_on(self) -> None:
        self._write_due(self._clock())
        while not self._stop.wait(_PAUSE_SECONDS):
            self.mind()
