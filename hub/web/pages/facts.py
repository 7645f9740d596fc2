"""One opportunity as a page tells it: its published JSON turned into labelled sentences in one language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from hub.model.markup import plain
from hub.model.vocabulary import Role, Status
from hub.web.pages import values
from hub.web.pages.values import Json, Reader, Words, label, rich, words

_INCLUSION = ("noDiplomaRequired", "trainingOnTheJob", "adaptedWork", "socialEconomy", "languageLearnableOnTheJob")
_LINKS = {"mail": "mailto:", "phone": "tel:"}
_SUMMARY = 155
_WEB = ("https://", "http://")


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
    """One source it comes from: who supplies it under which number, its page there, the credit and the terms."""

    name: str
    number: str
    url: str | None
    attribution: str | None
    licence: str | None


@dataclass(frozen=True, slots=True)
class View:
    """What the page of one opportunity shows."""

    kind: str
    doubted: bool
    title: Words
    summary: str
    description: Words | None
    conditions: Words | None
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
        doubted=data["status"] == Status.likely_expired,
        title=words(data["title"], language),
        summary=_summary(data, language),
        description=rich(data.get("description"), language),
        conditions=rich(data.get("eligibility", {}).get("conditions"), language),
        organisation=organisation["name"],
        organisation_url=organisation.get("url"),
        inclusion=[name for name in _INCLUSION if data.get(name) is True],
        facts=list(_facts(data, language)),
        ways=_ways([*data.get("howToApply", ()), *data.get("howToJoin", ())], language),
        roles=[_role(offer, language) for offer in data.get("roles", ())],
        origins=[_origin(one) for one in data.get("listings", ())],
        url=data.get("url"),
    )


def _summary(data: Json, language: str) -> str:
    """Return in a line what search engines show below the title."""
    told = plain(words(data["description"], language).text) if data.get("description") else ""
    return shorten(": ".join(filter(None, (data["organisation"]["name"], told))), _SUMMARY, placeholder=" …")


_FACTS: Mapping[str, Reader] = {
    "reservedFor": values.of_vocabulary("audiences"),
    "audience": values.of_vocabulary("audiences"),
    "places": values.places,
    "areaServed": values.places,
    "remote": values.of_vocabulary("remote"),
    "programmeType": values.of_vocabulary("programme-types"),
    "employmentType": values.of_vocabulary("employment-types"),
    "workTime": values.of_vocabulary("work-times"),
    "hoursPerWeek": values.said,
    "schedule": values.of_vocabulary("work-schedules"),
    "pay": values.pay,
    "openings": values.said,
    "sectors": values.codes,
    "occupations": values.codes,
    "skills": values.codes,
    "languages": values.languages,
    "education": values.education,
    "experienceMonths": values.experience,
    "drivingLicences": values.of_vocabulary("driving-licences"),
    "eligibility": values.ages,
    "intensity": values.intensity,
    "cost": values.cost,
    "capacity": values.capacity,
    "leadsTo": values.in_words,
    "initiative": values.said,
    "starts": values.starts,
    "published": values.dates,
    "expires": values.dates,
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
    return Origin(
        name, reference["localId"], reference.get("url"), reference.get("attribution"), reference.get("licence")
    )


def _role(offer: Json, language: str) -> tuple[str, Words | None, Sequence[Way]]:
    name = label("roles", Role(offer["role"]), language)
    return name, rich(offer.get("asks"), language), _ways(offer.get("howToJoin", ()), language)
