from datetime import UTC, datetime, timedelta

from hub.schedule import is_due, next_slot

ZONE = "Europe/Brussels"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_source_that_never_ran_is_due() -> None:
    assert is_due("0 3 * * *", last=None, now=at("2026-11-22T12:00"), timezone=ZONE)


def test_a_source_is_due_once_its_slot_has_passed_and_not_before() -> None:
    last = at("2026-11-22T02:30")
    assert not is_due("15 */2 * * *", last=last, now=at("2026-11-22T03:14"), timezone=ZONE)
    assert is_due("15 */2 * * *", last=last, now=at("2026-11-22T03:15"), timezone=ZONE)


def test_many_missed_slots_make_a_source_due_once() -> None:
    now = at("2026-11-22T12:00")
    assert is_due("*/5 * * * *", last=now - timedelta(hours=6), now=now, timezone=ZONE)
    assert not is_due("*/5 * * * *", last=now, now=now, timezone=ZONE)


def test_a_weekly_slot_falls_on_the_day_it_names() -> None:
    slot = next_slot("0 12 * * mon", after=at("2026-11-22T00:00"), timezone=ZONE)
    assert slot is not None
    assert slot.day == 23


def test_a_daily_slot_follows_the_clock_on_the_wall_over_a_change_of_time() -> None:
    before = next_slot("0 6 * * *", after=at("2026-10-24T00:00"), timezone=ZONE)
    after = next_slot("0 6 * * *", after=at("2026-10-25T00:00"), timezone=ZONE)
    assert before is not None
    assert after is not None
    assert after - before == timedelta(hours=24)
    assert (after.astimezone(UTC) - before.astimezone(UTC)) == timedelta(hours=25)
