"""The clock of a running hub: APScheduler only ticks; what is due is decided elsewhere, so a lost tick is harmless."""

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler


class Ticker:
    """Calls a function every so many seconds, never twice at once, until stopped."""

    def __init__(self, tick: Callable[[], object], *, seconds: int, timezone: str) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=timezone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_job(tick, "interval", seconds=seconds)

    def start(self) -> None:
        """Start ticking in a thread of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop, after the tick that is going on."""
        self._scheduler.shutdown(wait=True)
