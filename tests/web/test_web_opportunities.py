"""One opportunity: JSON-LD for programs, a page for people, a reason when it is gone."""

from typing import Any

import httpx
import pytest

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HUB = "https://hub.example"


@pytest.fixture
def vacancy(shelf: Any, examples: dict[str, Any]) -> str:
    return f"/opportunities/{shelf.put(1, 1, examples['vacancy'])}"


@pytest.fixture
def programme(shelf: Any, examples: dict[str, Any]) -> str:
    return f"/opportunities/{shelf.put(2, 2, examples['programme'])}"


def page(visitor: httpx.Client, path: str, language: str = "nl") -> str:
    return visitor.get(path, headers={"accept": BROWSER, "accept-language": language}).text


def test_an_opportunity_is_json_ld_unless_asked_otherwise(visitor: httpx.Client, vacancy: str) -> None:
    answer = visitor.get(vacancy)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    assert (answer.json()["@id"], answer.json()["@type"]) == (HUB + vacancy, "JobPosting")
    assert answer.headers["etag"]
    assert "Accept" in answer.headers["vary"].split(", ")


def test_it_is_the_same_data_as_in_the_feed(visitor: httpx.Client, vacancy: str) -> None:
    assert visitor.get("/feeds/all").json()["items"][0]["data"] == visitor.get(vacancy).json()


def test_the_address_with_json_at_its_end_is_json_for_browsers_too(visitor: httpx.Client, vacancy: str) -> None:
    answer = visitor.get(f"{vacancy}.json", headers={"accept": BROWSER})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == visitor.get(vacancy).json()


def test_what_is_gone_says_why(visitor: httpx.Client, shelf: Any) -> None:
    answer = visitor.get(f"/opportunities/{shelf.end(3, 3, reason='expired')}")
    assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
    assert answer.json()["reason"] == "expired"


def test_what_was_merged_says_into_what(visitor: httpx.Client, shelf: Any, vacancy: str) -> None:
    gone = shelf.end(3, 3, reason="merged", into=vacancy.rpartition("/")[2])
    assert visitor.get(f"/opportunities/{gone}").json()["mergedInto"] == HUB + vacancy


@pytest.mark.parametrize("name", ["0191d7a2-0000-5000-8000-000000000077", "x", "%00", "' OR 1=1", "..%2f"])
def test_what_never_was_is_not_found(visitor: httpx.Client, name: str) -> None:
    answer = visitor.get(f"/opportunities/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_browser_gets_a_page_with_the_facts_in_its_language(visitor: httpx.Client, vacancy: str) -> None:
    shown = page(visitor, vacancy, "fr-BE,fr;q=0.9")
    assert '<html lang="fr">' in shown
    told = ("Soudeur", "Sans diplôme", "Travail adapté", "9000 Gent", "personnes en situation de handicap")
    assert [fact for fact in told if fact not in shown] == []
    assert "2\u202f100–2\u202f500 EUR / mois" in shown


def test_text_in_another_language_than_the_page_is_marked(visitor: httpx.Client, vacancy: str) -> None:
    assert '<div class="rich" lang="nl"><p>Je last' in page(visitor, vacancy, "fr")


def test_a_page_escapes_text_and_lets_no_script_through(visitor: httpx.Client, vacancy: str) -> None:
    shown = page(visitor, vacancy)
    assert "Lasser &amp; plooier" in shown
    assert "De Brug &lt;vzw&gt;" in shown
    assert shown.count("<script") == shown.count('<script type="application/ld+json">') == 1
    assert 'href="javascript:' not in shown


def test_the_page_of_a_programme_speaks_to_each_role(visitor: httpx.Client, programme: str) -> None:
    shown = page(visitor, programme, "en")
    assert '<p class="kind">programme</p>' in shown
    assert "<h3>mentor" in shown
    assert "Deux heures par semaine" in shown
    assert 'href="https://duo.example/oui"' in shown


def test_a_programme_says_for_whom_it_is_and_what_it_takes(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    more = {
        "eligibility": {"minAge": 18, "maxAge": 30, "conditions": {"fr": "<p>Habiter Liège.</p>"}},
        "intensity": {"hoursPerWeek": 2.0, "weeks": 26.0},
        "cost": {"free": True},
        "starts": "rolling",
        "languages": [{"language": "nl", "level": "A2"}],
        "areaServed": [{"country": "BE"}],
    }
    shown = page(visitor, f"/opportunities/{shelf.put(4, 4, {**examples['programme'], **more})}", "fr")
    told = ("de 18 à 30 ans", "Habiter Liège", "heures par semaine : 2", "semaines : 26", "gratuit", "à tout moment")
    assert [fact for fact in told if fact not in shown] == []
    assert "Néerlandais A2" in shown
    assert "Belgique" in shown


def test_a_browser_reads_that_an_opportunity_is_gone_and_why(visitor: httpx.Client, shelf: Any) -> None:
    gone = shelf.end(5, 5, reason="expired")
    answer = visitor.get(f"/opportunities/{gone}", headers={"accept": BROWSER, "accept-language": "nl"})
    assert (answer.status_code, answer.headers["content-type"]) == (410, "text/html; charset=utf-8")
    assert "bestaat niet meer" in answer.text
    assert visitor.get("/opportunities/never", headers={"accept": BROWSER}).status_code == 404


def test_who_asks_again_for_what_is_gone_or_never_was_reads_it_again(visitor: httpx.Client, shelf: Any) -> None:
    for path in (f"/opportunities/{shelf.end(5, 5)}", "/opportunities/never"):
        first = visitor.get(path, headers={"accept": BROWSER})
        again = visitor.get(path, headers={"accept": BROWSER, "if-none-match": first.headers.get("etag", "*")})
        assert (again.status_code, again.text) == (first.status_code, first.text)
        assert "<h1" in again.text
