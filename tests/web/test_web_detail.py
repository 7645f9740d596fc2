"""The page of an opportunity as search engines read it."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from hub.web import Server, Site

HUB = "https://hub.example"
CANARY = "</script><script>alert(1)</script><!--<script>&amp;\u2028"
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def vacancy(shelf: Any, examples: dict[str, Any]) -> str:
    return f"/opportunities/{shelf.put(1, 1, examples['vacancy'])}"


def shown(visitor: httpx.Client, path: str, language: str | None = None, **headers: str) -> httpx.Response:
    params = {"lang": language} if language else {}
    return visitor.get(path, params=params, headers={"accept": "text/html", **headers})


def told(page: str) -> dict[str, Any]:
    """Return what a page says to search engines: its only block of data."""
    (block,) = DATA.findall(page)
    data: dict[str, Any] = json.loads(block)
    return data


def found(page: str, path: str) -> list[Any]:
    """Return what an XPath finds on a page."""
    values = etree.fromstring(page, etree.HTMLParser()).xpath(path)
    assert isinstance(values, list)
    return values


def links(page: str) -> dict[str, str]:
    """Return the alternates of a page by language, and its canonical address."""
    alternates = zip(found(page, "//link/@hreflang"), found(page, "//link[@hreflang]/@href"), strict=True)
    (canonical,) = found(page, "//link[@rel='canonical']/@href")
    return {**dict(alternates), "canonical": canonical}


def visible(page: str) -> str:
    """Return the text a person sees, in one line."""
    return " ".join("".join(found(page, "//body//text()")).split())


def test_the_page_of_a_vacancy_carries_the_words_of_google(visitor: httpx.Client, vacancy: str) -> None:
    data = told(shown(visitor, vacancy).text)
    assert (data["@context"], data["@type"], data["url"]) == ("https://schema.org/", "JobPosting", HUB + vacancy)
    assert (data["title"], data["datePosted"]) == ("Lasser & plooier", "2026-11-20")
    assert data["jobLocation"]["address"]["addressCountry"] == "BE"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_what_it_tells_google_a_person_sees_too(visitor: httpx.Client, vacancy: str, language: str) -> None:
    page = shown(visitor, vacancy, language).text
    data, seen = told(page), visible(page)
    address = data["jobLocation"]["address"]
    description = visible(data["description"])
    number = data["identifier"]["value"]
    said = (data["title"], data["hiringOrganization"]["name"], description, number, *map(address.get, _TOWN))
    assert [text for text in said if text not in seen] == []
    assert "/".join(reversed(data["datePosted"].split("-"))) in seen


_TOWN = ("postalCode", "addressLocality")


def test_nothing_a_partner_writes_ends_the_block_of_data(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    said = {"title": {"nl": CANARY}, "organisation": {"name": CANARY}, "description": {"nl": f"<p>Ja {CANARY}</p>"}}
    page = shown(visitor, f"/opportunities/{shelf.put(2, 2, {**examples['vacancy'], **said})}").text
    data = told(page)
    assert (data["title"], data["hiringOrganization"]["name"]) == (CANARY, CANARY)
    assert page.count("<script") == 1
    assert html.escape(CANARY) in page


def test_a_vacancy_that_lacks_a_required_fact_and_a_programme_carry_no_data(
    visitor: httpx.Client, shelf: Any, examples: Any
) -> None:
    nowhere = {name: value for name, value in examples["vacancy"].items() if name != "places"}
    pages = [shelf.put(2, 2, nowhere), shelf.put(3, 3, examples["programme"])]
    answers = [shown(visitor, f"/opportunities/{page}") for page in pages]
    assert [(answer.status_code, "<script" in answer.text) for answer in answers] == [(200, False)] * 2


def test_what_is_likely_over_carries_no_data_and_says_so(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    doubted = {**examples["vacancy"], "status": "likelyExpired"}
    page = shown(visitor, f"/opportunities/{shelf.put(2, 2, doubted)}", "fr").text
    assert "<script" not in page
    assert "probablement plus valable" in visible(page)
    assert "probablement plus valable" not in visible(shown(visitor, "/", "fr").text)


@pytest.mark.parametrize("accept", ["text/html", "application/ld+json"])
def test_what_is_gone_is_to_be_forgotten(visitor: httpx.Client, shelf: Any, accept: str) -> None:
    answer = visitor.get(f"/opportunities/{shelf.end(3, 3, reason='expired')}", headers={"accept": accept})
    assert (answer.status_code, answer.headers["x-robots-tag"]) == (410, "noindex")
    assert ('<meta name="robots" content="noindex">' in answer.text) == (accept == "text/html")
    assert "JobPosting" not in answer.text


def test_what_is_live_may_be_remembered(visitor: httpx.Client, vacancy: str) -> None:
    answer = shown(visitor, vacancy)
    assert "x-robots-tag" not in answer.headers
    assert 'name="robots"' not in answer.text


def test_search_engines_learn_of_the_languages_the_partner_wrote_in(
    visitor: httpx.Client, shelf: Any, examples: Any
) -> None:
    both = {"title": {"fr": "Soudeur", "en": "Welder"}, "description": {"fr": "<p>Oui.</p>", "en": "<p>Yes.</p>"}}
    path = f"/opportunities/{shelf.put(2, 2, {**examples['vacancy'], **both})}"
    own, english = HUB + path, f"{HUB}{path}?lang=en"
    expected = {"fr": own, "en": english, "x-default": own}
    assert links(shown(visitor, path).text) == {**expected, "canonical": own}
    assert links(shown(visitor, path, "fr").text) == {**expected, "canonical": own}
    assert links(shown(visitor, path, "en").text) == {**expected, "canonical": english}
    assert links(shown(visitor, path, "nl").text) == {**expected, "canonical": own}
    assert told(shown(visitor, path, "en").text)["url"] == english


def test_a_language_with_a_title_but_no_description_is_no_page_of_its_own(visitor: httpx.Client, vacancy: str) -> None:
    assert links(shown(visitor, vacancy, "fr").text) == dict.fromkeys(("nl", "x-default", "canonical"), HUB + vacancy)


def test_who_prefers_no_language_gets_that_of_the_partner(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    path = f"/opportunities/{shelf.put(2, 2, examples['programme'])}"
    asked = {None: "fr", "en": "en", "de,fr;q=0.1": "fr", "nl-BE": "nl"}
    answers = {wanted: shown(visitor, path, **({"accept-language": wanted} if wanted else {})) for wanted in asked}
    assert {wanted: answer.headers["content-language"] for wanted, answer in answers.items()} == asked
    assert '<html lang="fr">' in answers[None].text
    assert shown(visitor, path, "en", **{"accept-language": "nl"}).headers["content-language"] == "en"


def test_a_text_of_unknown_language_is_shown_at_one_address(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    unknown = {**examples["vacancy"], "title": {"und": "Lasser"}, "description": {"und": "<p>Ja.</p>"}}
    path = f"/opportunities/{shelf.put(2, 2, unknown)}"
    assert links(shown(visitor, path, "en").text) == dict.fromkeys(("nl", "x-default", "canonical"), HUB + path)


def test_page_and_json_lead_to_each_other(visitor: httpx.Client, vacancy: str) -> None:
    page, data = shown(visitor, vacancy), visitor.get(f"{vacancy}.json")
    assert page.links["alternate"] == {"url": f"{HUB}{vacancy}.json", "rel": "alternate", "type": "application/json"}
    assert data.links["alternate"] == {"url": HUB + vacancy, "rel": "alternate", "type": "text/html"}
    assert page.links["canonical"]["url"] == data.links["canonical"]["url"] == HUB + vacancy


def test_a_page_is_summed_up_in_a_line_of_its_own(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    long = {**examples["vacancy"], "description": {"nl": '<p>Je last "stevig".</p>' + "<p>Veel tekst.</p>" * 50}}
    page = shown(visitor, f"/opportunities/{shelf.put(2, 2, long)}").text
    (summary,) = found(page, "//meta[@name='description']/@content")
    assert summary.startswith('Maatwerkbedrijf De Brug <vzw>: Je last "stevig". Veel')
    assert 100 < len(summary) <= 155


def test_a_list_is_there_only_where_something_is_in_it(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    url = examples["vacancy"]["url"]
    only = {**examples["vacancy"], "howToApply": [{"channel": "url", "value": url}]}
    page = shown(visitor, f"/opportunities/{shelf.put(2, 2, only)}").text
    assert found(page, "//ul[not(li)]") == []
    assert len(found(page, "//h1")) == 1


def test_the_page_not_changed_is_not_sent_again(visitor: httpx.Client, vacancy: str) -> None:
    first = shown(visitor, vacancy)
    again = shown(visitor, vacancy, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers["link"]) == (304, first.headers["link"])
    assert set(first.headers["vary"].split(", ")) >= {"Accept", "Accept-Language"}


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium found; install the package chromium to run this")
def test_a_browser_refuses_nothing_of_the_page(server: Server, site: Site, vacancy: str, tmp_path: Path) -> None:
    """A block of data is no script: the policy that forbids every script lets it be."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
    command = [str(BROWSER), *options, "--enable-logging=stderr", "--v=0", f"--user-data-dir={tmp_path}", "--dump-dom"]
    opened = [*command, f"{server.address}{vacancy}?lang=fr"]
    done = subprocess.run(opened, capture_output=True, text=True, timeout=60, check=True)
    assert re.findall(r"CONSOLE.*|Refused to .*|.*Content.Security.Policy.*", done.stderr, re.IGNORECASE) == []
    assert told(done.stdout)["title"] == "Soudeur"
    assert '<html lang="fr"' in done.stdout
