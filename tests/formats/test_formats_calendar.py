"""The calendar, read by icalendar."""

from collections.abc import Callable
from datetime import date
from typing import Any

import icalendar

from hub.format import Edition, Entry
from hub.formats import Calendar
from hub.model.vocabulary import Kind

Make = Callable[..., Any]


def events(edition: Edition, *entries: Entry) -> list[Any]:
    content = b"".join(Calendar().write(iter(entries), edition))
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def test_each_day_a_programme_starts_is_an_event(edition: Make, programme: Make) -> None:
    first, second = events(edition("fr"), programme())
    assert (first.start, first.end, second.start) == (date(2027, 1, 11), date(2027, 1, 12), date(2027, 3, 1))
    assert str(first["summary"]) == "Beginn (Maatwerkbedrijf De Brug <vzw> & co)"
    assert str(first["description"]) == "Deux jours; un, deux."
    assert str(first["location"]) == "9000 Gent"
    assert str(first["url"]) == f"{programme().address}?lang=fr"


def test_the_uid_stays_whatever_else_changes(edition: Make, programme: Make) -> None:
    before = [str(event["uid"]) for event in events(edition(), programme())]
    after = [str(event["uid"]) for event in events(edition("fr"), programme(title={"nl": "Anders"}))]
    assert before == after
    assert len(set(before)) == 2
    assert all(uid.endswith("@hub.example") and programme().id in uid for uid in before)


def test_what_starts_at_any_time_or_does_not_say_has_no_events(programme: Make) -> None:
    held = [Calendar().holds(programme(starts=starts)) for starts in ("rolling", None, ["2027-01-11"])]
    assert held == [False, False, True]
    assert Calendar.kinds == {Kind.programme}


def test_the_calendar_has_a_name_and_lines_that_are_not_too_long(edition: Make, programme: Make) -> None:
    long = edition("en", title={"en": "A, b; c " * 30})
    content = b"".join(Calendar().write([programme()], long))
    calendar = icalendar.Calendar.from_ical(content)
    assert str(calendar["x-wr-calname"]) == ("A, b; c " * 30)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert calendar["version"] == "2.0"


def test_a_calendar_without_events_can_be_read(edition: Make) -> None:
    assert events(edition()) == []


def test_the_last_day_there_is_is_an_event_like_any_other(edition: Make, programme: Make) -> None:
    days = [event["dtstart"].dt for event in events(edition(), programme(starts=["2027-01-11", "9999-12-31"]))]
    assert days == [date(2027, 1, 11), date(9999, 12, 31)]
