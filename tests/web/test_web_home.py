"""The home page says what this hub holds, in three languages, and every link on it works."""

import re
from itertools import pairwise
from typing import Any

import httpx
import pytest

from hub.errors import StoreError
from hub.web import Site


@pytest.fixture
def busy(shelf: Any, examples: dict[str, Any]) -> Any:
    for number in range(1, 1235):
        shelf_row = examples["vacancy"] if number > 7 else examples["programme"]
        if number < 20 or number > 1220:
            shelf.put(number, number, shelf_row)
    shelf.end(5000, 5000)
    shelf.note_run("vdab", "complete", live=3, refused=2)
    return shelf


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def links(page: str) -> set[str]:
    return {link for link in re.findall(r'(?:href|src)="([^"]+)"', page) if link.startswith("/")}


@pytest.mark.parametrize(
    ("accept", "language", "title"),
    [("fr-BE, nl;q=0.5", "fr", "Maillon Test"), ("de, en;q=0.3", "en", "Link Test"), ("ja", "nl", "Schakel Test")],
)
def test_the_page_speaks_the_language_the_browser_prefers(
    visitor: httpx.Client, accept: str, language: str, title: str
) -> None:
    answer = visitor.get("/", headers={"accept-language": accept})
    assert (answer.headers["content-language"], answer.headers["content-type"]) == (
        language,
        "text/html; charset=utf-8",
    )
    assert f"<h1>{title}</h1>" in answer.text
    assert "Accept-Language" in answer.headers["vary"]


def test_a_chosen_language_wins_and_links_keep_it(visitor: httpx.Client, busy: Any) -> None:
    shown = visitor.get("/?lang=fr", headers={"accept-language": "nl"}).text
    assert '<html lang="fr">' in shown
    assert re.search(r'href="/opportunities/[^"]+\?lang=fr"', shown)
    assert '<a href="/?lang=fr" lang="fr" hreflang="fr" aria-current="true">Français</a>' in shown


def test_the_page_counts_what_the_hub_holds(visitor: httpx.Client, busy: Any) -> None:
    shown = visitor.get("/?lang=en").text
    assert "<dt>vacancies</dt><dd>26</dd>" in shown
    assert "<dt>programmes</dt><dd>7</dd>" in shown
    assert "<dt>refused</dt><dd>2</dd>" in shown
    assert "The last change has number 5,000." in shown


def test_the_page_shows_each_source_and_its_last_run(visitor: httpx.Client, busy: Any) -> None:
    shown = visitor.get("/?lang=nl").text
    vdab, programmes = re.findall(r'<tr role="row">\s*<th role="rowheader".*?</tr>', shown, re.DOTALL)
    assert [part for part in ("VDAB", ">3<", ">2<", "volledig", "22/11/2026 18:00 UTC") if part not in vdab] == []
    assert "nog nooit" in programmes


def test_a_run_that_has_not_ended_is_told_as_running(visitor: httpx.Client, shelf: Any) -> None:
    shelf.note_run("vdab", None)
    assert "running" in visitor.get("/?lang=en").text


def test_the_latest_of_each_kind_are_shown_newest_first(visitor: httpx.Client, busy: Any) -> None:
    shown = re.findall(r"/opportunities/[0-9a-f-]*?0*(\d+)\?", visitor.get("/?lang=en").text)
    assert [int(number) for number in shown] == [1234, 1233, 1232, 1231, 7, 6, 5, 4]


def test_the_latest_are_found_behind_many_tombstones(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    shelf.put(1, 1, examples["vacancy"])
    for number in range(2, 60):
        shelf.end(number, number)
    assert "/opportunities/0191d7a2-0000-5000-8000-000000000001" in visitor.get("/").text


def test_every_link_of_the_page_works(visitor: httpx.Client, busy: Any) -> None:
    answers = {link: visitor.get(link).status_code for link in links(visitor.get("/?lang=nl").text)}
    assert {"/feeds/all", "/schemas", "/vocabularies", "/openapi.json", "/health"} <= set(answers)
    assert set(answers.values()) == {200}


def test_an_empty_hub_says_so(visitor: httpx.Client) -> None:
    assert "Nothing yet" in visitor.get("/?lang=en").text


def test_the_page_has_what_keyboards_and_screen_readers_need(visitor: httpx.Client, busy: Any) -> None:
    shown = visitor.get("/").text
    assert shown.count("<h1") == 1
    assert '<a class="skip" href="#content">' in shown
    assert 'id="content"' in shown
    levels = [int(level) for level in re.findall(r"<h([1-6])", shown)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all('alt="' in image for image in re.findall(r"<img[^>]*>", shown))


def test_every_colour_of_text_stands_out_from_every_ground(visitor: httpx.Client) -> None:
    sheet = visitor.get("/static/style.css").text
    for theme in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL):
        colour = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", theme))
        texts, grounds = ("ink", "muted", "accent", "fine", "warn", "bad"), ("paper", "card", "tint")
        ratios = {(text, ground): contrast(colour[text], colour[ground]) for text in texts for ground in grounds}
        assert {pair for pair, ratio in ratios.items() if ratio < 4.5} == set()


def test_pages_need_no_script_and_nothing_from_elsewhere(visitor: httpx.Client, busy: Any) -> None:
    answer = visitor.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|style=|\son\w+=|src=\"http", answer.text)


def test_health_tells_the_head(visitor: httpx.Client, busy: Any) -> None:
    assert visitor.get("/health").json() == {"status": "ok", "version": "0.0.1", "head": 5000}


def test_health_is_a_problem_when_the_store_is_not_there(
    visitor: httpx.Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise StoreError("the database /secret/place/hub.sqlite refuses: disk I/O error")

    monkeypatch.setattr(site.database, "read", refuse)
    answer = visitor.get("/health")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "secret" not in answer.text
    assert visitor.get("/feeds/all?afterChangeNumber=987654321").status_code == 503  # a page that is never kept


def test_health_tells_when_nothing_can_be_written_while_the_feed_is_still_read(
    visitor: httpx.Client, site: Site, busy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.database, "read_only", lambda: True)
    answer = visitor.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "read-only")
    assert visitor.get("/feeds/all").status_code == 200
