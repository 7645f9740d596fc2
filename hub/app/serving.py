"""Running what is due, as long as the hub serves."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from hub.app.hub import Hub
from hub.app.running import AT_ONCE
from hub.errors import HubError
from hub.schedule import Ticker, is_due
from hub.store import runs

_TICK_SECONDS = 15

_log = logging.getLogger(__name__)


class Runner:
    """Runs what is due, as long as the hub serves."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="run")
        self._going: set[str] = set()
        self._refusals: dict[str, str] = {}
        self._lock = threading.Lock()
        self._ticker = Ticker(self.run_due, seconds=_TICK_SECONDS, timezone=hub.config.settings.timezone)

    def start(self) -> None:
        """Run what is due now, and go on asking."""
        self.run_due()
        self._ticker.start()

    def stop(self) -> None:
        """Start nothing more, and wait for the runs that are going on."""
        self._ticker.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def run_due(self) -> list[Future[None]]:
        """Start a run of every source that is due and not running."""
        return [self._pool.submit(self._run, source) for source in self._due() if self._claim(source)]

    def _due(self) -> list[str]:
        now = datetime.now(UTC)
        timezone = self._hub.config.settings.timezone
        with self._hub.database.read() as connection:
            last = {
                source.id: next(iter(runs.latest(connection, source.id, ended=True)), None)
                for source in self._hub.config.sources
            }
        return [
            source.id
            for source in self._hub.config.sources
            if source.enabled
            and source.schedule
            and is_due(source.schedule, last=_started(last[source.id]), now=now, timezone=timezone)
        ]

    def _claim(self, source: str) -> bool:
        with self._lock:
            if source in self._going:
                return False
            self._going.add(source)
            return True

    def _run(self, source: str) -> None:
        try:
            report = self._hub.run(source)
            self._refusals.pop(source, None)
            _log.info("run of %s: %s", source, report.outcome.value)
        except HubError as error:
            self._refuse(source, str(error))
        except Exception:  # nobody waits for this run: what is not told here is never told
            _log.exception("the run of source %s ended in an error of the hub", source)
        finally:
            with self._lock:
                self._going.discard(source)

    def _refuse(self, source: str, reason: str) -> None:
        """Say that a source cannot run, once as long as the reason stays the same: it is tried again at every tick."""
        if self._refusals.get(source) != reason:
            self._refusals[source] = reason
            _log.error("source %s cannot run: %s", source, reason)


def _started(run: runs.RunRow | None) -> datetime | None:
    return datetime.fromisoformat(run.started) if run else None
