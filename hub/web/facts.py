"""One opportunity as a page tells it: its published JSON turned into labelled sentences in one language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from hub.model.text import pick, sanitise
from hub.model.vocabulary import Role, terms

Json = Mapping[str, Any]
Reader = Callable[[Any, str], Sequence[str]]

_INCLUSION = ("noDiplomaRequired", "trainingOnTheJob", "adaptedWork", "socialEconomy", "languageLearnableOnTheJob")
_LINKS = {"mail": "mailto:", "phone": "tel:"}
_MARKS = {
    "nl": str.maketrans(" .", ".,"),
    "fr": str.maketrans(" .", "\u202f,"),
    "en": str.maketrans(" .", ",."),
}  # between thousands, and before decimals
_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language it is in, for the page to mark; rich text as safe HTML."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: the name of its label in the catalogue, and its values."""

    label: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to apply or to join, with its address where there is one, and what to say."""

    text: str
    link: str | None
    note: Words | None


@dataclass(frozen=True, slots=True)
class Origin:
    """One source it comes from: who supplies it, its page there, the credit and the terms asked for."""

    name: str
    url: str | None
    attribution: str | None
    licence: str | None


@dataclass(frozen=True, slots=True)
class View:
    """What the page of one opportunity shows."""

    kind: str
    title: Words
    description: Words | None
    organisation: str
    organisation_url: str | None
    inclusion: Sequence[str]
    facts: Sequence[Fact]
    ways: Sequence[Way]
    roles: Sequence[tuple[str, Words | None, Sequence[Way]]]
    origins: Sequence[Origin]
    url: str | None


def opportunity_view(data: Json, language: str) -> View:
    """Return what to show of an opportunity; ``data`` is its published JSON."""
    organisation = data["organisation"]
    return View(
        kind=label("kinds", data["kind"], language),
        title=words(data["title"], language),
        description=rich(data.get("description"), language),
        organisation=organisation["name"],
        organisation_url=organisation.get("url"),
        inclusion=[name for name in _INCLUSION if data.get(name) is True],
        facts=list(_facts(data, language)),
        ways=_ways([*data.get("howToApply", ()), *data.get("howToJoin", ())], language),
        roles=[_role(offer, language) for offer in data.get("roles", ())],
        origins=[_origin(one) for one in data.get("listings", ())],
        url=data.get("url"),
    )


def words(value: Mapping[str, str], language: str) -> Words:
    """Return the text in this language, or else in another, with the language it really is in."""
    text = pick(value, (language, "en", "nl", "fr"))
    return Words(text, next(tag for tag, candidate in value.items() if candidate == text))


def rich(value: Mapping[str, str] | None, language: str) -> Words | None:
    """Return rich text as HTML that is safe to show: sanitised when it came in, and here once more."""
    if not value:
        return None
    found = words(value, language)
    return Words(Markup(sanitise(found.text)), found.language)  # noqa: S704  # sanitised just here


def label(vocabulary: str, value: str, language: str) -> str:
    """Return the label of a value of a vocabulary; the value itself where it is newer than this hub."""
    return _labels(vocabulary, language).get(value, value)


def place(value: Json, _language: str = "") -> str:
    """Return a place on one line, from exact to rough."""
    town = " ".join(filter(None, (value.get("postalCode"), value.get("municipality"))))
    parts = [value.get("street"), town]
    rough = [value.get("province") or value.get("region") or value.get("country")]
    return ", ".join(filter(None, parts)) or next(filter(None, rough), value.get("original", ""))


def amount(value: float, language: str) -> str:
    """Return a number as the language writes it, with two decimals at most and none when it is whole."""
    written = f"{value:,.2f}".removesuffix(".00").replace(",", " ")
    if "." in written and value * 10 == int(value * 10):
        written = written[:-1]
    return written.translate(_MARKS[language])


@cache
def _labels(vocabulary: str, language: str) -> Mapping[str, str]:
    return {term.value: term.labels[language] for term in terms(vocabulary)}


def _terms(vocabulary: str) -> Reader:
    def read(value: Any, language: str) -> Sequence[str]:
        values = [value] if isinstance(value, str) else value
        return [label(vocabulary, one, language) for one in values]

    return read


def _said(value: Any, language: str) -> Sequence[str]:
    return [value if isinstance(value, str) else amount(value, language)]


def _dates(value: Any, _language: str) -> Sequence[str]:
    values = [value] if isinstance(value, str) else value
    return ["/".join(reversed(one.split("-"))) for one in values]


def _places(value: Any, _language: str) -> Sequence[str]:
    return [shown for one in value if (shown := place(one))]


def _codes(value: Any, language: str) -> Sequence[str]:
    return [words(one["label"], language).text if one.get("label") else one["value"] for one in value]


def _languages(value: Any, _language: str) -> Sequence[str]:
    return [" ".join(filter(None, (one["language"].upper(), one.get("level")))) for one in value]


def _pay(value: Json, language: str) -> Sequence[str]:
    amounts = "–".join(amount(value[name], language) for name in ("min", "max") if name in value)
    per = f" / {label('pay-periods', value['per'], language)}" if "per" in value else ""
    return [f"{amounts} {value['currency']}{per}"] if amounts else []


def _text(value: Any, language: str) -> Sequence[str]:
    return [words(value, language).text]


def _capacity(value: Json, language: str) -> Sequence[str]:
    return [label("capacity-statuses", value["status"], language)]


_FACTS: Mapping[str, Reader] = {
    "reservedFor": _terms("audiences"),
    "audience": _terms("audiences"),
    "places": _places,
    "areaServed": _places,
    "remote": _terms("remote"),
    "programmeType": _terms("programme-types"),
    "employmentType": _terms("employment-types"),
    "workTime": _terms("work-times"),
    "hoursPerWeek": _said,
    "schedule": _terms("work-schedules"),
    "pay": _pay,
    "openings": _said,
    "occupations": _codes,
    "languages": _languages,
    "drivingLicences": _terms("driving-licences"),
    "capacity": _capacity,
    "leadsTo": _text,
    "initiative": _said,
    "starts": lambda value, language: () if value == "rolling" else _dates(value, language),
    "published": _dates,
    "expires": _dates,
}
"""Each field shown as a fact, in the order shown, and how it is read."""

FACT_NAMES = tuple(_FACTS)
"""The fields shown as facts; each has a label in the catalogue."""
INCLUSION_NAMES = _INCLUSION
"""The inclusion facts shown as marks; each has a label in the catalogue."""


def _facts(data: Json, language: str) -> Iterator[Fact]:
    for name, read in _FACTS.items():
        if name in data and (values := read(data[name], language)):
            yield Fact(name, list(dict.fromkeys(values)))


def _ways(ways: Sequence[Json], language: str) -> Sequence[Way]:
    return [_way(one, language) for one in ways]


def _way(way: Json, language: str) -> Way:
    value = way.get("value") or ""
    scheme = _LINKS.get(way["channel"])
    link = scheme + value if scheme and value else value if value.startswith(_WEB) else None
    note = words(way["note"], language) if way.get("note") else None
    return Way(value or label("channels", way["channel"], language), link, note)


def _origin(reference: Json) -> Origin:
    name = reference.get("partner") or reference["source"]
    return Origin(name, reference.get("url"), reference.get("attribution"), reference.get("licence"))


def _role(offer: Json, language: str) -> tuple[str, Words | None, Sequence[Way]]:
    name = label("roles", Role(offer["role"]), language)
    return name, rich(offer.get("asks"), language), _ways(offer.get("howToJoin", ()), language)
