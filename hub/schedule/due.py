"""When a source is due: a pure question of its cron line and its last run."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger


def is_due(schedule: str, *, last: datetime | None, now: datetime, timezone: str) -> bool:
    """Say whether a run is due: never run yet, or a slot has passed since the last run started, however many."""
    if last is None:
        return True
    slot = next_slot(schedule, after=last, timezone=timezone)
    return slot is not None and slot <= now


def next_slot(schedule: str, *, after: datetime, timezone: str) -> datetime | None:
    """Return the first slot of a five-field cron line after this moment, in the given time zone."""
    slot: datetime | None = _trigger(schedule, timezone).get_next_fire_time(after, after)
    return slot


@cache
def _trigger(schedule: str, timezone: str) -> CronTrigger:
    return CronTrigger.from_crontab(schedule, timezone=ZoneInfo(timezone))
