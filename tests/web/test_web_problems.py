"""Every refusal is an RFC 9457 problem with a type of its own, which says what it means and what to do."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from hub.web import Site
from hub.web.access import _CHALLENGES, LEAKED, MALFORMED, SEVERAL, UNKNOWN
from hub.web.negotiation import LANGUAGES
from hub.web.problems.problem_types import problem_types, usual_type

REFUSED = {
    "/nope": "not-found",
    "/feeds/all/": "not-found",
    "/static/x": "not-found",
    "/schemas/x.json": "not-found",
    "/schemas/v1/x.json": "not-found",
    "/vocabularies/x": "not-found",
    "/problems/x": "not-found",
    "/feeds/nope": "no-such-feed",
    "/feeds/nope/events": "no-such-feed",
    "/feeds/all?limit=0": "wrong-parameter",
    "/feeds/all?afterChangeNumber=x": "wrong-parameter",
    "/opportunities/nope": "no-such-opportunity",
}


@pytest.mark.parametrize(("address", "code"), REFUSED.items())
def test_each_refusal_has_a_type_whose_address_leads_to_what_it_means(
    visitor: httpx.Client, address: str, code: str
) -> None:
    answer = visitor.get(address)
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == f"https://hub.example/problems/{code}"
    assert told["status"] == answer.status_code == problem_types()[code].status
    meant = visitor.get(urlsplit(told["type"]).path, headers={"accept": "application/json"}).json()
    assert (meant["type"], meant["title"]["en"]) == (told["type"], told["title"])


def test_what_is_gone_and_what_cannot_be_done_have_types_too(visitor: httpx.Client, shelf: Any) -> None:
    gone = visitor.get(f"/opportunities/{shelf.end(1, 1)}").json()
    assert (gone["type"], gone["reason"]) == ("https://hub.example/problems/gone", "withdrawn")
    posted = visitor.post("/feeds/all")
    assert posted.json()["type"] == "https://hub.example/problems/method-not-allowed"
    assert posted.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("asked", "language", "title"),
    [
        ("fr-BE, en;q=0.5", "fr", "Il n'y a rien ici"),
        ("nl", "nl", "Hier is niets"),
        ("de", "en", "There is nothing here"),
        (None, "en", "There is nothing here"),
    ],
)
def test_the_title_is_in_the_language_asked_for(
    visitor: httpx.Client, asked: str | None, language: str, title: str
) -> None:
    answer = visitor.get("/nope", headers={"accept-language": asked} if asked else {})
    assert (answer.json()["title"], answer.headers["content-language"]) == (title, language)
    assert "Accept-Language" in answer.headers["vary"]
    assert answer.json()["detail"].startswith(usual_type(404).means[language])


def test_a_sentence_about_this_very_request_says_in_which_language_it_is(visitor: httpx.Client) -> None:
    answer = visitor.get("/feeds/all?limit=0&lang=fr")
    assert (answer.json()["title"], answer.headers["content-language"]) == ("Un paramètre est incorrect", "fr, en")
    assert answer.json()["detail"] == "limit is 0; it must be a whole number from 1 to 1000."


def test_the_instance_is_the_address_without_what_was_asked(visitor: httpx.Client) -> None:
    assert visitor.get("/no pe?secret=1").json()["instance"] == "https://hub.example/no%20pe"


def test_a_mistake_of_ours_is_a_problem_with_a_type(
    visitor: httpx.Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.pages.home.pages.head", lambda _: 1 / 0)
    answer = visitor.get("/health")
    assert (answer.status_code, answer.json()["type"]) == (500, "https://hub.example/problems/internal-error")


@pytest.mark.parametrize("code", problem_types())
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_type_has_a_page_in_each_language(visitor: httpx.Client, code: str, language: str) -> None:
    answer = visitor.get(f"/problems/{code}?lang={language}", headers={"accept": "text/html"})
    kind = problem_types()[code]
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    assert f"{kind.status} {code}" in answer.text
    assert len(re.findall("<h1>", answer.text)) == 1


def test_the_list_leads_to_every_type(visitor: httpx.Client) -> None:
    page = visitor.get("/problems", headers={"accept": "text/html"}).text
    assert set(re.findall(r'href="/problems/([a-z-]+)"', page)) == set(problem_types())
    assert set(visitor.get("/problems", headers={"accept": "application/json"}).json()) == set(problem_types())


def test_every_type_says_the_same_things_in_three_languages_and_no_status_means_two() -> None:
    for code, kind in problem_types().items():
        assert re.fullmatch("[a-z]+(-[a-z]+)*", code)
        assert set(kind.title) == set(kind.means) == set(kind.do) == set(LANGUAGES), code
    usual = [kind.status for kind in problem_types().values() if kind.usual]
    assert len(usual) == len(set(usual))
    assert {kind.status for kind in problem_types().values()} == set(usual)


def test_a_status_without_a_type_has_that_of_its_family() -> None:
    assert (usual_type(418).code, usual_type(599).code) == ("bad-request", "internal-error")


def test_every_reason_to_refuse_a_key_has_a_type_of_the_same_status() -> None:
    kinds = problem_types()
    assert {each.kind for each in (LEAKED, SEVERAL, MALFORMED, UNKNOWN)} | set(_CHALLENGES) <= set(kinds)
    assert all(kinds[each.kind].status == each.status for each in (LEAKED, SEVERAL, MALFORMED, UNKNOWN))


def test_every_type_that_the_code_names_is_there() -> None:
    modules = list(Path(str(files("hub.web"))).rglob("*.py"))
    named = {code for each in modules for code in re.findall(r'\bcode="([^"]+)"', each.read_text("utf-8"))}
    assert "no-such-feed" in named
    assert named <= set(problem_types())


def test_no_type_was_taken_away_or_given_another_status() -> None:
    kept = tomllib.loads(files("hub.web.problems").joinpath("problems.toml").read_text("utf-8"))
    assert {code: kept[code]["status"] for code in KEPT} == KEPT


KEPT = {
    "bad-request": 400,
    "wrong-parameter": 400,
    "key-in-address": 400,
    "key-repeated": 400,
    "key-required": 401,
    "key-malformed": 401,
    "key-unknown": 401,
    "key-expired": 401,
    "key-revoked": 401,
    "key-elsewhere": 403,
    "not-allowed": 403,
    "not-found": 404,
    "no-such-feed": 404,
    "no-such-opportunity": 404,
    "no-such-listing": 404,
    "no-such-subscriber": 404,
    "no-such-delivery": 404,
    "token-required": 401,
    "gone": 410,
    "method-not-allowed": 405,
    "conflict": 409,
    "too-large": 413,
    "unsupported-media-type": 415,
    "range-not-satisfiable": 416,
    "invalid-content": 422,
    "quota-exceeded": 429,
    "internal-error": 500,
    "unavailable": 503,
}
"""What portals may rely on: the addresses of types, and the status each comes with."""
