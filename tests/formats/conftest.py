"""Entries and an edition for formats to write."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from hub.format import Edition, Entry

HUB = "https://hub.example"
MOMENT = "2026-11-22T18:00:00Z"
SHARED: dict[str, Any] = {
    "organisation": {"name": "Maatwerkbedrijf De Brug <vzw> & co", "kbo": "0403019261"},
    "places": [
        {
            "postalCode": "9000", "municipality": "Gent", "nis": "44021", "province": "Oost-Vlaanderen",
            "country": "BE", "latitude": 51.05, "longitude": -3.72,
        },
        {"municipality": "Aalst", "country": "BE"},
    ],
    "status": "active",
    "listings": [
        {"source": "vdab", "partner": "VDAB", "localId": "65", "firstSeen": MOMENT, "contentChanged": MOMENT},
        {"source": "actiris", "localId": "a/9", "firstSeen": "2026-11-21T07:00:00Z", "contentChanged": MOMENT},
    ],
    "quality": {"score": 0.5, "criteria": {"complete": 0.5}},
}  # fmt: skip
VACANCY: dict[str, Any] = {
    "kind": "vacancy",
    "title": {"nl": "Lasser & plooier <m/v>", "fr": "Soudeur"},
    "description": {"nl": "<p>Je last caf&eacute;s&nbsp;&amp; <strong>tuinen</strong>.</p><script>x()</script>"},
    "employmentType": ["permanent"],
    "workTime": ["fullTime", "partTime"],
    "hoursPerWeek": 36.5,
    "pay": {"min": 2100.0, "max": 2500.5, "currency": "EUR", "per": "month"},
    "noDiplomaRequired": True,
    "published": "2026-11-20",
    "expires": "2026-12-31",
    "url": "https://partner.example/65",
    "howToApply": [{"channel": "mail", "value": "jobs@brug.example"}, {"channel": "url", "value": "https://a.example"}],
    **SHARED,
}
PROGRAMME: dict[str, Any] = {
    "kind": "programme",
    "title": {"und": "Startdag", "de": "Beginn", "sv": "Start"},
    "description": {"fr": "<p>Deux jours; un, deux.</p>"},
    "programmeType": "training",
    "audience": ["newcomersRefugees"],
    "starts": ["2027-01-11", "2027-03-01", "2027-01-11"],
    **SHARED,
}


def identifier(number: int) -> str:
    return f"0191d7a2-0000-5000-8000-{number:012d}"


def live(said: dict[str, Any], number: int = 1, **more: Any) -> Entry:
    """Return a live entry; a field that is None is left out."""
    body = {name: value for name, value in {**said, **more}.items() if value is not None}
    address = f"{HUB}/opportunities/{identifier(number)}"
    return Entry(identifier(number), said["kind"], number, MOMENT, address, orjson.dumps(body))


@pytest.fixture
def edition() -> Callable[..., Edition]:
    def make(language: str = "nl", **more: Any) -> Edition:
        said: dict[str, Any] = {
            "view": "all",
            "title": {"nl": "Alle kansen", "fr": "Toutes les offres & plus", "en": "All; really, all"},
            "url": f"{HUB}/views/all/file?lang={language}",
            "home": HUB,
            "feed": f"{HUB}/feeds/all",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "position": 4711,
            "made": datetime(2026, 11, 22, 19, 30, tzinfo=UTC),
            "operator": "Stad Gent & partners",
        }
        return Edition(language=language, **{**said, **more})

    return make


@pytest.fixture
def vacancy() -> Callable[..., Entry]:
    return lambda number=1, **more: live(VACANCY, number, **more)


@pytest.fixture
def programme() -> Callable[..., Entry]:
    return lambda number=2, **more: live(PROGRAMME, number, **more)


@pytest.fixture
def gone() -> Callable[..., Entry]:
    def make(number: int = 3, reason: str = "withdrawn") -> Entry:
        address = f"{HUB}/opportunities/{identifier(number)}"
        return Entry(identifier(number), "vacancy", number, MOMENT, address, None, reason)

    return make
