"""Where search engines find every page: complete, without what is gone, in parts that are not too large."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from lxml import etree
from sqlalchemy import insert

from hub.store.schema import opportunity
from hub.web import Server, Site
from hub.web.sitemap import MOST_BYTES, part_size, routes

HUB = "https://hub.example"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def bounded(site: Site) -> Iterator[Callable[[int], httpx.Client]]:
    """Return visitors to a hub whose parts name at most so many addresses."""
    opened: list[tuple[Server, httpx.Client]] = []

    def visit(most: int) -> httpx.Client:
        web, server = FastAPI(), Server(port=0)
        web.include_router(routes(site, most))
        server.start(web)
        client = httpx.Client(base_url=server.address, trust_env=False)
        opened.append((server, client))
        return client

    yield visit
    for server, client in opened:
        client.close()
        server.stop()


def entries(answer: httpx.Response) -> dict[str, str | None]:
    """Return the addresses of a sitemap or an index, with when each changed."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    found = etree.fromstring(answer.content)
    return {str(entry.findtext(f"{SPACE}loc")): entry.findtext(f"{SPACE}lastmod") for entry in found}


def named(visitor: httpx.Client) -> list[list[str]]:
    """Return the addresses named by each part, as a crawler reads them: from the index on."""
    parts = entries(visitor.get("/sitemap.xml"))
    return [list(entries(visitor.get(part.removeprefix(HUB)))) for part in parts]


def fill(site: Site, count: int, first: int = 1) -> None:
    rows = [
        {
            "id": f"{number:036d}",
            "kind": "vacancy",
            "position": number,
            "changed": f"2026-11-{number % 28 + 1:02d}T08:00:00Z",
        }
        for number in range(first, first + count)
    ]
    with site.database.write() as connection:
        connection.execute(insert(opportunity), rows)


def test_an_empty_hub_names_its_home_page(visitor: httpx.Client, shelf: Any) -> None:
    assert entries(visitor.get("/sitemap.xml")) == {f"{HUB}/sitemap-1.xml": None}
    assert entries(visitor.get("/sitemap-1.xml")) == {f"{HUB}/": None}


def test_one_opportunity_is_named_with_when_it_changed(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    name = shelf.put(1, 1, examples["vacancy"])
    assert entries(visitor.get("/sitemap.xml")) == {f"{HUB}/sitemap-1.xml": "2026-11-22T18:00:00Z"}
    found = entries(visitor.get("/sitemap-1.xml"))
    assert found == {f"{HUB}/": None, f"{HUB}/opportunities/{name}": "2026-11-22T18:00:00Z"}
    assert visitor.get(f"/opportunities/{name}", headers={"accept": "text/html"}).status_code == 200


def test_what_is_live_is_in_it_and_what_is_gone_is_not(visitor: httpx.Client, shelf: Any, examples: Any) -> None:
    kinds = [examples["vacancy"], examples["programme"], {**examples["vacancy"], "status": "likelyExpired"}]
    live = {f"{HUB}/opportunities/{shelf.put(number, number, said)}" for number, said in enumerate(kinds, start=1)}
    shelf.end(4, 4)
    shelf.end(5, -5, reason="expired")
    (part,) = named(visitor)
    assert set(part) == {f"{HUB}/", *live}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 20])
def test_parts_name_each_once_and_never_too_many(
    bounded: Callable[[int], httpx.Client], site: Site, shelf: Any, count: int
) -> None:
    fill(site, count)
    parts = named(bounded(3))
    assert max(map(len, parts)) <= 3
    assert [name for part in parts for name in part] == [
        f"{HUB}/", *(f"{HUB}/opportunities/{number:036d}" for number in range(1, count + 1))
    ]  # fmt: skip


def test_the_index_tells_when_each_part_changed(bounded: Callable[[int], httpx.Client], site: Site, shelf: Any) -> None:
    fill(site, 6)
    visitor = bounded(3)
    for part, moment in entries(visitor.get("/sitemap.xml")).items():
        changed = entries(visitor.get(part.removeprefix(HUB))).values()
        assert moment == max(filter(None, changed))


def test_more_than_fifty_thousand_take_two_parts(visitor: httpx.Client, site: Site, shelf: Any) -> None:
    fill(site, 60_000)
    parts = named(visitor)
    assert [len(part) for part in parts] == [50_000, 10_001]
    assert len({name for part in parts for name in part}) == 60_001
    assert len(visitor.get("/sitemap-1.xml").content) < MOST_BYTES


def test_long_addresses_make_smaller_parts() -> None:
    assert part_size(HUB, 50_000) == 49_999
    long = f"{HUB}/{'x' * 2000}"
    size = part_size(long, 50_000)
    entry = f"<url><loc>{long}/opportunities/{'0' * 36}</loc><lastmod>2026-11-22T18:00:00Z</lastmod></url>\n"
    assert MOST_BYTES - 2 * len(entry) - 200 < (size + 1) * len(entry) <= MOST_BYTES


@pytest.mark.parametrize("part", ["0", "2", "01", "x", "-1", "1.5", "99999999999999999999", "²"])
def test_a_part_that_is_none_is_not_found(visitor: httpx.Client, shelf: Any, part: str) -> None:
    answer = visitor.get(f"/sitemap-{part}.xml")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-1.xml", "/robots.txt"])
def test_what_has_not_changed_is_not_sent_again(visitor: httpx.Client, shelf: Any, examples: Any, path: str) -> None:
    tag = visitor.get(path).headers["etag"]
    assert visitor.get(path, headers={"if-none-match": tag}).status_code == 304
    shelf.put(1, 1, examples["vacancy"])
    changed = visitor.get(path, headers={"if-none-match": tag}).status_code
    assert changed == (304 if path == "/robots.txt" else 200)


def test_crawlers_may_read_everything_and_learn_of_the_sitemap(visitor: httpx.Client) -> None:
    answer = visitor.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == ["User-agent: *", "Disallow:", "", f"Sitemap: {HUB}/sitemap.xml"]


def test_the_description_of_the_interface_names_them(visitor: httpx.Client) -> None:
    paths = visitor.get("/openapi.json").json()["paths"]
    assert {"/robots.txt", "/sitemap.xml", "/sitemap-{part}.xml"} <= set(paths)
    assert visitor.head("/sitemap.xml").status_code == 200
