"""The days that programmes start, as a calendar (RFC 5545) to subscribe to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from icalendar import Calendar as VCalendar
from icalendar import Event

from hub.format import Edition, Entry, Format
from hub.formats.words import as_plain, in_words
from hub.model.vocabulary import Kind

_END = b"END:VCALENDAR\r\n"
_MOST_CHARACTERS = 2000


class Calendar(Format):
    """One whole-day event for each day a programme starts; what starts at any time, or does not say, is left out."""

    name = "ics"
    file = "dates.ics"
    media_type = "text/calendar; charset=utf-8"
    title = "The days that programmes start (iCalendar)"
    kinds = frozenset({Kind.programme})
    in_languages = True

    def holds(self, entry: Entry) -> bool:
        """Tell whether it says on which days it starts."""
        return bool(_days(entry.data))

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the head of the calendar, then each event."""
        yield _opening(edition)
        for entry in entries:
            for day in _days(entry.data):
                yield _event(entry, day, edition).to_ical()
        yield _END


def _opening(edition: Edition) -> bytes:
    calendar = VCalendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Schakel//Schakel hub//EN")
    calendar.add("x-wr-calname", in_words(edition.title, edition.language))
    written: bytes = calendar.to_ical()
    return written.removesuffix(_END)


def _days(data: Mapping[str, Any]) -> Sequence[date]:
    starts = data.get("starts")
    return [date.fromisoformat(day) for day in dict.fromkeys(starts)] if isinstance(starts, list) else []


def _event(entry: Entry, day: date, edition: Edition) -> Event:
    """Return the event of one day; its UID stays the same however the programme changes."""
    data, language = entry.data, edition.language
    changed = datetime.fromisoformat(entry.changed)
    event = Event()
    event.add("uid", f"{entry.id}-{day:%Y%m%d}@{urlsplit(edition.home).hostname}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", day)
    if day < date.max:  # some write 9999-12-31 for a day they do not know; an event without an end lasts one day
        event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{in_words(data['title'], language)} ({data['organisation']['name']})")
    event.add("url", f"{entry.address}?lang={language}")
    event.add("transp", "TRANSPARENT")
    for name, text in (("location", _where(data)), ("description", _about(data, language))):
        if text:
            event.add(name, text)
    return event


def _where(data: Mapping[str, Any]) -> str:
    place: Mapping[str, str] = next(iter(data.get("places", ())), {})
    town = " ".join(filter(None, (place.get("postalCode"), place.get("municipality"))))
    return ", ".join(filter(None, (place.get("street"), town)))


def _about(data: Mapping[str, Any], language: str) -> str:
    text = as_plain(in_words(data.get("description"), language))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
