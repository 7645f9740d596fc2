"""The pages of vacancies as an independent validator of Google's rules for job postings reads them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from hub.app.demonstration import Demonstration
from hub.feed.job_posting import job_posting
from hub.store import pages

Node = Callable[..., Any]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

OFFER: dict[str, Any] = {
    "status": "active",
    "title": {"nl": "Lasser"},
    "description": {"nl": "<p>Je last stevig.</p>"},
    "organisation": {"name": "De Brug"},
    "published": "2026-11-20",
    "expires": "2026-12-20",
    "employmentType": ["permanent", "temporaryAgency"],
    "workTime": ["fullTime", "partTime"],
    "pay": {"min": 2100.0, "max": 2500.0, "currency": "EUR", "per": "month", "gross": True},
    "openings": 2,
    "education": 6,
    "experienceMonths": 24,
    "occupations": [{"scheme": "isco-08", "value": "7212", "label": {"nl": "Lassers"}}],
    "sectors": [{"scheme": "nace-bel", "value": "25", "label": {"nl": "Metaal"}}],
    "listings": [{"source": "vdab", "partner": "VDAB", "localId": "65123456"}],
}
GENT = {"municipality": "Gent", "postalCode": "9000", "country": "BE"}
LILLE = {"municipality": "Lille", "country": "FR"}


def written(folder: Path, markup: Mapping[str, str]) -> str:
    """Write a page for each piece of markup, and return the folder."""
    folder.mkdir(exist_ok=True)
    for name, each in markup.items():
        (folder / f"{name}.html").write_text(f'<script type="application/ld+json">{each}</script>')
    return str(folder)


def test_no_page_of_a_vacancy_in_the_demonstration_has_an_error(
    node: Node, demonstration: Demonstration, tmp_path: Path
) -> None:
    with demonstration.hub.database.read() as connection:
        live = {item.id: orjson.loads(item.body or b"") for item in pages.live(connection, "vacancies")}
    with httpx.Client(base_url=demonstration.address, headers={"accept": "text/html"}, trust_env=False) as visitor:
        for name in live:
            (tmp_path / f"{name}.html").write_bytes(visitor.get(f"/opportunities/{name}").content)
    verdicts = node("job-postings.mjs", str(tmp_path))
    assert len(verdicts) == len(live) > 4000
    assert {name: each["errors"] for name, each in verdicts.items() if each["errors"]} == {}
    marked = {name.removesuffix(".html") for name, each in verdicts.items() if len(each["postings"]) == 1}
    asked = {"title", "description", "published", "places", "organisation"}
    assert marked == {name for name, data in live.items() if asked <= data.keys()}
    assert len(marked) > 1000


def test_what_the_demonstration_lacks_has_no_error_either(node: Node, tmp_path: Path) -> None:
    offers = {
        "one-place": {**OFFER, "places": [GENT]},
        "two-places": {**OFFER, "places": [GENT, LILLE]},
        "from-home": {**OFFER, "places": [GENT, LILLE], "remote": "fully"},
    }
    postings = {name: job_posting(offer, f"https://hub.example/{name}", "nl") for name, offer in offers.items()}
    folder = written(tmp_path / "pages", {name: orjson.dumps(each).decode() for name, each in postings.items()})
    verdicts = node("job-postings.mjs", folder)
    assert [each["errors"] for each in verdicts.values()] == [[] for _ in offers]
    assert [each["postings"][0] for each in verdicts.values()] == [postings[name] for name in sorted(postings)]
    assert {warning for each in verdicts.values() for warning in each["warnings"]} == {
        f'Missing field "{name}" (optional)' for name in ("applicantLocationRequirements", "jobLocationType")
    }


def test_markup_that_is_wrong_is_told(node: Node, tmp_path: Path) -> None:
    """The control: what the pages must never be is what the validator complains of."""
    whole = job_posting({**OFFER, "places": [GENT]}, "https://hub.example/1", "nl") or {}
    broken: dict[str, dict[str, Any]] = {
        name: {key: value for key, value in whole.items() if key != name}
        for name in ("title", "description", "datePosted", "hiringOrganization", "jobLocation")
    }
    broken["addressCountry"] = {**whole, "jobLocation": [whole["jobLocation"], {"@type": "Place", "address": {}}]}
    broken["applicantLocationRequirements"] = {**whole, "jobLocationType": "TELECOMMUTE"}
    markup = {name: orjson.dumps(each).decode() for name, each in broken.items()}
    verdicts = node("job-postings.mjs", written(tmp_path / "pages", {**markup, "JSON": '{"@context": '}))
    assert {name: len(each["errors"]) for name, each in verdicts.items()} == dict.fromkeys(verdicts, 1)
    unheard = [name for name, each in verdicts.items() if name.removesuffix(".html") not in each["errors"][0]]
    assert unheard == []
