"""Every vacancy of a view as the XML that job boards and WordPress plugins import, in the style of Indeed.

The file is complete each time: a job that is no longer in it is gone. A job keeps its ``referencenumber`` for life.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from hub.format import Edition, Entry, Format
from hub.formats.times import end_of, first_offered, in_mail_style
from hub.formats.words import as_html, as_paragraph, in_cdata, in_words, in_xml
from hub.model.text import pick
from hub.model.vocabulary import Kind, terms

Json = Mapping[str, Any]

_JOB_TYPES: Mapping[str, str] = {
    "fullTime": "fulltime",
    "partTime": "parttime",
    "permanent": "permanent",
    "fixedTerm": "temporary",
    "temporaryAgency": "temporary",
    "student": "temporary",
    "internship": "internship",
    "apprenticeship": "apprenticeship",
    "freelance": "contract",
    "volunteer": "volunteer",
}
"""The words of job boards by our working time and kind of contract; the others have none."""


class Jobs(Format):
    """``<source>`` with one ``<job>`` for each vacancy, at its first place; texts in CDATA, in one language."""

    name = "jobs"
    file = "jobs.xml"
    media_type = "application/xml"
    title = "Complete job list for job boards (XML)"
    kinds = frozenset({Kind.vacancy})
    in_languages = True

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the publisher, then each job."""
        yield _opening(edition).encode()
        for entry in entries:
            yield _job(entry, edition).encode()
        yield b"</source>\n"


def _opening(edition: Edition) -> str:
    publisher = edition.operator or pick(edition.title, (edition.language, "en"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<source>\n'
        f"<publisher>{in_xml(publisher)}</publisher>\n"
        f"<publisherurl>{in_xml(edition.home)}</publisherurl>\n"
        f"<lastBuildDate>{in_mail_style(edition.made)}</lastBuildDate>\n"
    )


def _job(entry: Entry, edition: Edition) -> str:
    said = {name: read(entry, edition.language) for name, read in _MEMBERS.items()}
    lines = [f"<{name}>{in_cdata(text)}</{name}>" for name, text in said.items() if text is not None]
    return "\n".join(("<job>", *lines, "</job>\n"))


def _text(entry: Entry, language: str) -> str:
    return in_words(entry.data["title"], language)


def _date(entry: Entry, _: str) -> str:
    return in_mail_style(first_offered(entry.data))


def _requisition(entry: Entry, _: str) -> str:
    """Return the partner's own number of it."""
    return str(entry.data["listings"][0]["localId"])


def _address(entry: Entry, language: str) -> str:
    return f"{entry.address}?lang={language}"


def _company(entry: Entry, _: str) -> str:
    return str(entry.data["organisation"]["name"])


def _place(entry: Entry) -> Json:
    found: Json = next(iter(entry.data.get("places", ())), {})
    return found


def _city(entry: Entry, _: str) -> str:
    """Return the municipality, or the least area that is known around it; empty where none is."""
    place = _place(entry)
    return str(next(filter(None, (place.get(name) for name in ("municipality", "province", "region"))), ""))


def _state(entry: Entry, _: str) -> str | None:
    place = _place(entry)
    return place.get("province") or place.get("region")


def _country(entry: Entry, _: str) -> str:
    return str(_place(entry).get("country", ""))


def _postal_code(entry: Entry, _: str) -> str | None:
    return _place(entry).get("postalCode")


def _description(entry: Entry, language: str) -> str:
    """Return the description as HTML; without one, the title is all there is to tell."""
    found = entry.data.get("description")
    return as_html(in_words(found, language)) if found else as_paragraph(_text(entry, language))


def _salary(entry: Entry, language: str) -> str | None:
    pay = entry.data.get("pay", {})
    amounts = dict.fromkeys(_amount(pay[name]) for name in ("min", "max") if name in pay)
    if not amounts:
        return None
    per = f" / {_periods(language).get(pay['per'], pay['per'])}" if "per" in pay else ""
    return f"{' - '.join(amounts)} {pay['currency']}{per}"


def _amount(value: float) -> str:
    return f"{value:.2f}".removesuffix(".00")


@cache
def _periods(language: str) -> Mapping[str, str]:
    return {term.value: term.labels[language] for term in terms("pay-periods")}


def _job_type(entry: Entry, _: str) -> str | None:
    values = (*entry.data.get("workTime", ()), *entry.data.get("employmentType", ()))
    return ", ".join(dict.fromkeys(_JOB_TYPES[value] for value in values if value in _JOB_TYPES)) or None


def _expiry(entry: Entry, _: str) -> str | None:
    last: datetime | None = end_of(entry.data["expires"]) if "expires" in entry.data else None
    return in_mail_style(last) if last else None


_MEMBERS: Mapping[str, Callable[[Entry, str], str | None]] = {
    "title": _text,
    "date": _date,
    "referencenumber": lambda entry, _: entry.id,
    "requisitionid": _requisition,
    "url": _address,
    "company": _company,
    "city": _city,
    "state": _state,
    "country": _country,
    "postalcode": _postal_code,
    "description": _description,
    "salary": _salary,
    "jobtype": _job_type,
    "expirationdate": _expiry,
}
"""Each member of a job, in its order, and what reads it; one that reads None is left out."""
