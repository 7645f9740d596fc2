"""Running what is due, as long as the hub serves: each run in a process of its own, under a lease."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from hub.app.alarming import after_runs
from hub.app.hub import Hub
from hub.app.matching import renew
from hub.app.minding import Minder
from hub.app.orders import Order
from hub.app.pushing import Pusher
from hub.app.retention import clean_daily
from hub.app.working import execute, warm_up
from hub.errors import HubError
from hub.schedule import Claim, Dispatcher, Ending, Ticker, due_slot
from hub.schedule.dispatch import Due, Work

_TICK_SECONDS = 1
_EXPIRY = "#expiry"

_log = logging.getLogger(__name__)


class Runner:
    """Runs what is due, as long as the hub serves."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._refusals: dict[str, str] = {}
        settings = hub.config.settings
        self._dispatcher = Dispatcher(
            hub.claims,
            {
                source.id: _due(source.schedule, settings.timezone)
                for source in hub.config.sources
                if source.enabled and source.schedule
            },
            self._prepare,
            at_once=settings.schedule.at_once,
            after=self._after,
        )
        self._minder = Minder(hub)
        self._pusher = Pusher(hub) if settings.push.enabled else None
        self._ticker = Ticker(self.run_due, seconds=_TICK_SECONDS, timezone=settings.timezone)

    def start(self) -> None:
        """Run what is due now, and go on asking."""
        warm_up({adapter.__module__ for adapter in self._hub.plugins.adapters.values()})
        self.run_due()
        self._ticker.start()
        self._minder.start()
        if self._pusher:
            self._pusher.start()

    def stop(self, *, seconds: float | None = None) -> None:
        """Start nothing more; let the runs that go on finish for so long (as configured by default), then end them."""
        self._minder.stop()
        if self._pusher:
            self._pusher.stop()
        self._ticker.stop()
        self._dispatcher.drain(self._hub.config.settings.schedule.drain_seconds if seconds is None else seconds)

    def hurry(self) -> None:
        """End the runs that go on."""
        self._dispatcher.end_all()

    def run_due(self) -> list[Future[None]]:
        """End what has expired, and start a run of every source that is due and free, as far as there is room."""
        self._expire()
        return self._dispatcher.dispatch()

    def _expire(self) -> None:
        try:
            for source, count in self._hub.expire().items():
                _log.info("%s listings of %s have passed their last day", count, source)
            self._refusals.pop(_EXPIRY, None)
        except HubError as error:
            self._complain(_EXPIRY, f"what has expired cannot be ended: {error}")

    def _after(self, source: str) -> None:
        """Look at what a run has changed, in its own thread, so that nothing else waits."""
        if renew(self._hub):
            _log.info("every listing is matched by the rules of this version")
        after_runs(self._hub, [source])
        clean_daily(self._hub)

    def _prepare(self, source: str) -> Work | None:
        """Return the run of a source; None when it is set up wrongly, which is said once as long as it is the same."""
        try:
            self._hub.source(source)
            overlay = self._hub.overlay(self._hub.config.source(source))
        except HubError as error:
            self._complain(source, f"source {source} cannot run: {error}")
            return None
        self._refusals.pop(source, None)
        return partial(self._work, overlay)

    def _complain(self, about: str, said: str) -> None:
        """Log what is wrong, once as long as it is the same: it is tried again at every tick."""
        if self._refusals.get(about) != said:
            self._refusals[about] = said
            _log.error("%s", said)

    def _work(self, overlay: Mapping[str, Any] | None, claim: Claim) -> Ending:
        hub, settings = self._hub, self._hub.config.settings
        return execute(
            Order(
                config=hub.config,
                data=hub.data,
                public_url=hub.public_url,
                sandbox_address=hub.sandbox_address,
                overlay=overlay,
                lease=claim.lease,
                seconds=settings.limits.run_seconds + settings.schedule.grace_seconds,
                megabytes=settings.schedule.memory_megabytes,
                log_level=logging.getLogger().getEffectiveLevel(),
            ),
            claim,
            disk=lambda refused: hub.database.note(refused=refused),
        )


def _due(schedule: str, timezone: str) -> Due:
    return lambda last, now: due_slot(schedule, last=last, now=now, timezone=timezone)
