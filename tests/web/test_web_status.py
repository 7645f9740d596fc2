"""The status tells people and portals how the hub and its sources do, and nothing of its inside."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from hub.alarms import Kind
from hub.views import View
from hub.web import Server, Site, app
from hub.web.pages.status import span
from hub.web.state import Health, LastRun, Overall, SourceState, Status, overall

RUN = LastRun("2026-11-22T17:40:00Z", "2026-11-22T17:42:00Z", "complete", {"fetched": 1200, "created": 3, "absent": 2})
FINE = SourceState(
    id="vdab", health=Health.fine, partner="VDAB", adapter="vdab", tier="gold", live=1195,
    last_complete="2026-11-22T17:40:00Z", age_minutes=20, expected_minutes=180, last_run=RUN, quality=0.724,
)  # fmt: skip
STALE = replace(FINE, id="duo", partner="Duo <vzw>", health=Health.stale, age_minutes=4400, alarms=tuple(Kind))
NEW = SourceState(
    id="new", health=Health.new, partner=None, adapter="generic_csv", tier=None, live=0,
    last_complete=None, age_minutes=None, expected_minutes=None, last_run=None, quality=None,
)  # fmt: skip
STATUS = Status(Overall.degraded, "0.0.1", (FINE, STALE, NEW), {"all": 48213, "vacancies": 48200, "programmes": 17})


@pytest.fixture(scope="module")
def reader(site: Site) -> Iterator[httpx.Client]:
    told = app(replace(site, status=lambda: STATUS))
    with Server(port=0).serving(told) as server, httpx.Client(base_url=server.address, trust_env=False) as client:
        yield client


def test_portals_read_how_each_source_does(reader: httpx.Client) -> None:
    told = reader.get("/status.json").json()
    assert (told["status"], told["version"]) == ("degraded", "0.0.1")
    assert told["feeds"]["vacancies"] == {"url": "https://hub.example/feeds/vacancies", "head": 48200}
    first, second, third = told["sources"]
    assert first == {
        "id": "vdab", "health": "fine", "partner": "VDAB", "adapter": "vdab", "tier": "gold", "live": 1195,
        "lastComplete": "2026-11-22T17:40:00Z", "ageMinutes": 20, "expectedMinutes": 180, "quality": 0.724,
        "lastRun": {
            "started": RUN.started, "finished": RUN.finished, "outcome": "complete", "counts": dict(RUN.counts),
        },
        "alarms": [],
    }  # fmt: skip
    assert set(second["alarms"][0]["said"]) == {"nl", "fr", "en"}
    assert third == {"id": "new", "health": "new", "adapter": "generic_csv", "live": 0, "alarms": []}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["in orde", "verouderd", "nog niet gelezen", "3 dagen geleden", "goud", "1.195", "72"]),
        ("fr", ["en ordre", "périmée", "pas encore lue", "il y a 3 jours", "or", "72"]),
        ("en", ["fine", "stale", "not read yet", "3 days ago", "expected within 3 hours", "gold", "1,195"]),
    ],
)
def test_people_read_it_in_their_language(reader: httpx.Client, language: str, words: list[str]) -> None:
    answer = reader.get(f"/status?lang={language}")
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    assert [word for word in words if word not in answer.text] == []
    assert "Duo &lt;vzw&gt;" in answer.text


def test_who_has_it_is_told_that_nothing_changed(reader: httpx.Client) -> None:
    tag = reader.get("/status.json").headers["etag"]
    assert reader.get("/status.json", headers={"if-none-match": tag}).status_code == 304


def test_without_anybody_who_knows_it_says_that_the_hub_answers(visitor: httpx.Client) -> None:
    assert visitor.get("/status.json").json() == {"status": "ok", "version": "0.0.1", "feeds": {}, "sources": []}
    assert visitor.get("/status").status_code == 200


def test_a_disk_that_takes_no_writes_counts_before_the_sources() -> None:
    assert overall([FINE, NEW], read_only=False) is Overall.ok
    assert overall([FINE, STALE], read_only=False) is Overall.degraded
    assert overall([FINE, STALE], read_only=True) is Overall.read_only


def test_spans_are_told_in_the_unit_that_fits() -> None:
    assert [span(minutes, "en") for minutes in (0, 119, 120, 2879, 2880)] == [
        "0 min", "119 min", "2 hours", "47 hours", "2 days",
    ]  # fmt: skip


def test_a_view_is_called_by_the_title_it_has(site: Site) -> None:
    view = View("gent", {"nl": "Kansen in Gent"})
    told = replace(site, views=(view,), status=lambda: replace(STATUS, heads={"gent": 5}))
    with Server(port=0).serving(app(told)) as server:
        page = httpx.get(f"{server.address}/status?lang=fr", trust_env=False).text
    assert "Kansen in Gent" in page
