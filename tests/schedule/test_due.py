from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from hub.schedule import due_slot, next_slot

ZONE = "Europe/Brussels"
ZONES = (ZONE, "Europe/Lisbon", "Europe/Oslo")
YEARS = range(2026, 2037)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(schedule: str, last: datetime | None, now: datetime) -> datetime | None:
    return due_slot(schedule, last=last, now=now, timezone=ZONE)


def changes(zone: str) -> list[date]:
    """Return the days on which the clocks change."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(366 * 11)]
    offsets = [datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset() for day in days]
    pairs = zip(days[1:], offsets, offsets[1:], strict=False)
    return [day for day, before, after in pairs if before != after and day.year in YEARS]


def slots_begin(day: date) -> datetime:
    """Return the moment just before the slots of `slots`."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).astimezone(UTC) - timedelta(days=2, seconds=1)


def slots(schedule: str, zone: str, day: date) -> list[datetime]:
    """Return the slots from two days before a day to two days after it."""
    moment = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) - timedelta(days=2, microseconds=1)
    until, found = moment + timedelta(days=5), list[datetime]()
    while (slot := next_slot(schedule, after=moment, timezone=zone)) and slot < until:
        moment = slot
        found.append(slot)
    return found


def test_a_source_that_never_ran_is_due_now() -> None:
    assert due("0 3 * * *", None, at("2026-11-22T12:00")) == at("2026-11-22T12:00")


def test_a_source_is_due_once_its_slot_has_passed_and_not_before() -> None:
    last = at("2026-11-22T02:30")
    assert due("15 */2 * * *", last, at("2026-11-22T03:14")) is None
    assert due("15 */2 * * *", last, at("2026-11-22T03:15")) == at("2026-11-22T03:15")


def test_of_many_missed_slots_only_the_newest_is_due() -> None:
    now = at("2026-11-22T12:03")
    assert due("*/5 * * * *", now - timedelta(hours=6), now) == at("2026-11-22T12:00")
    assert due("*/5 * * * *", at("2026-11-22T12:00"), now) is None


def test_after_years_off_the_newest_missed_slot_is_found_at_once() -> None:
    assert due("* * * * *", at("2020-01-01T00:00"), at("2026-11-22T12:03")) == at("2026-11-22T12:03")
    assert due("0 6 1 jan *", at("2020-01-01T12:00"), at("2026-11-22T12:03")) == at("2026-01-01T05:00")


def test_a_weekly_slot_falls_on_the_day_it_names() -> None:
    slot = next_slot("0 12 * * mon", after=at("2026-11-22T00:00"), timezone=ZONE)
    assert slot is not None
    assert slot.day == 23


def test_a_daily_slot_follows_the_clock_on_the_wall_over_a_change_of_time() -> None:
    before = next_slot("0 6 * * *", after=at("2026-10-24T00:00"), timezone=ZONE)
    after = next_slot("0 6 * * *", after=at("2026-10-25T00:00"), timezone=ZONE)
    assert before is not None
    assert after is not None
    assert after.hour == before.hour == 6
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=25)


@pytest.mark.parametrize("zone", ZONES)
def test_the_clocks_change_twice_a_year(zone: str) -> None:
    assert len(changes(zone)) == 2 * len(YEARS)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("time", ["0 0", "30 0", "0 1", "15 1", "59 1", "0 2", "30 2", "59 2", "0 3", "30 3", "0 23"])
def test_a_daily_source_has_one_slot_on_each_local_day(time: str, zone: str) -> None:
    for day in changes(zone):
        found = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots(f"{time} * * *", zone, day)]
        assert found == [day + timedelta(days=n) for n in range(-2, 3)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("schedule", "minutes"), [("* * * * *", 1), ("*/5 * * * *", 5), ("7 * * * *", 60)])
def test_a_schedule_of_every_hour_neither_doubles_nor_skips(schedule: str, minutes: int, zone: str) -> None:
    for day in changes(zone)[:4]:
        found = [slot.astimezone(UTC) for slot in slots(schedule, zone, day)]
        assert {after - before for before, after in pairwise(found)} == {timedelta(minutes=minutes)}


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_that_the_clocks_skip_is_used_when_they_skip_it(zone: str) -> None:
    skipped = 1 if zone == "Europe/Lisbon" else 2
    for day in changes(zone)[::2]:
        (slot,) = (each for each in slots(f"30 {skipped} * * *", zone, day) if each.date() == day)
        assert (slot.hour, slot.minute) == (skipped + 1, 0)


@pytest.mark.parametrize("schedule", ["30 2 * * *", "15 */2 * * *", "*/20 1-4 * * *", "*/7 * * * *", "0 6 * * mon"])
def test_asking_often_uses_each_slot_once_over_both_changes(schedule: str) -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        expected = [slot.astimezone(UTC) for slot in slots(schedule, ZONE, day)]
        now = last = slots_begin(day)
        used = list[datetime]()
        while now < last + timedelta(days=8) and now.date() < day + timedelta(days=2):
            now += timedelta(seconds=97)
            if slot := due(schedule, last, now):
                last = slot.astimezone(UTC)
                used.append(last)
        assert used == [slot for slot in expected if slot <= now]
