"""When a source is due: a pure question of its cron line, its last slot and the moment, also when the clocks change.

A line that names hours follows the clock on the wall: each of its times is used once a day. A time that the clocks skip
is used at the moment they skip it; one that comes twice, the first time. A line for every hour follows elapsed time: it
neither pauses nor doubles when the clocks change.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_LONG = timedelta(days=1)


def due_slot(schedule: str, *, last: datetime | None, now: datetime, timezone: str) -> datetime | None:
    """Return the slot to use now, None when there is none.

    It is the newest that has passed since the last used one, so those missed before it run together with it, once. A
    source that never ran is due at once.
    """
    if last is None:
        return now
    missed = next_slot(schedule, after=last, timezone=timezone)
    if missed is None or missed > now:
        return None
    # A hub that was off for long looks at its last day first: every minute of a year would take long to go through.
    recent = next_slot(schedule, after=max(last, now - _LONG), timezone=timezone)
    return _newest(schedule, recent if recent and recent <= now else missed, now, timezone)


def _newest(schedule: str, slot: datetime, now: datetime, timezone: str) -> datetime:
    following: datetime | None = slot
    while following is not None and following <= now:
        slot, following = following, next_slot(schedule, after=following, timezone=timezone)
    return slot


def next_slot(schedule: str, *, after: datetime, timezone: str) -> datetime | None:
    """Return the first slot of a five-field cron line after this moment, in the given time zone."""
    zone = ZoneInfo(timezone)
    found = _next_moment(schedule, after.astimezone(UTC), zone)
    return found.astimezone(zone) if found else None


def _next_moment(schedule: str, after: datetime, zone: ZoneInfo) -> datetime | None:
    every_hour = schedule.split()[1] == "*"
    wall = after.astimezone(zone).replace(tzinfo=None, fold=0)
    twice = len(_moments(wall, zone)) == 2
    best: datetime | None = None
    # In the hour that comes twice, times on the wall up to an hour back may come again.
    for time in _times(schedule, wall - _HOUR if twice else wall):
        moments = _moments(time, zone) if every_hour else (_first_moment(time, zone),)
        best = min((moment for moment in (*moments, best) if moment and moment > after), default=None)
        if best and (not twice or time >= wall + _HOUR):
            break
    return best


def _times(schedule: str, after: datetime) -> Iterator[datetime]:
    """Yield the times of a cron line on a wall clock that never changes."""
    time = _trigger(schedule).get_next_fire_time(*(after.replace(tzinfo=UTC),) * 2)
    while time is not None:
        yield time.replace(tzinfo=None)
        time = _trigger(schedule).get_next_fire_time(time, time)


def _moments(time: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the moments at which a wall shows this time: none in the hour that is skipped, two in the repeated one."""
    either = {time.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(each for each in either if each.astimezone(zone).replace(tzinfo=None, fold=0) == time))


def _first_moment(time: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment at which a wall shows this time, or skips it."""
    shown = _moments(time, zone)
    return shown[0] if shown else _change(time.replace(tzinfo=zone).astimezone(UTC), zone)


def _change(after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of the change of clocks shortly before this one; they change on whole minutes."""
    moment = after.replace(second=0, microsecond=0)
    offset = moment.astimezone(zone).utcoffset()
    while (moment - _MINUTE).astimezone(zone).utcoffset() == offset:
        moment -= _MINUTE
    return moment


@cache
def _trigger(schedule: str) -> CronTrigger:
    return CronTrigger.from_crontab(schedule, timezone=UTC)
