"""The feed over HTTP: a whole walk as RPDE demands it, caching, and refusals."""

import gzip
import threading
from typing import Any

import httpx
import pytest

from hub.feed import Replica, follow

VENDOR = "application/vnd.openactive.rpde+json; version=1"
HUB = "https://hub.example"


@pytest.fixture
def filled(shelf: Any, examples: dict[str, Any]) -> Any:
    """A feed of 25 items: 15 vacancies, 5 programmes, 5 tombstones; with gaps between positions."""
    for number in range(1, 26):
        said = examples["programme" if number % 5 == 1 else "vacancy"]
        if number % 5 == 0:
            shelf.end(number, number * 3)
        else:
            shelf.put(number, number * 3, said)
    return shelf


def walk(visitor: httpx.Client, path: str) -> list[dict[str, Any]]:
    """Return every page as JSON, following `next` until a page leads to itself."""
    pages, url = [], f"{HUB}{path}"
    while True:
        answer = visitor.get(url.removeprefix(HUB))
        assert answer.status_code == 200
        pages.append(answer.json())
        if pages[-1]["next"] == url:
            return pages
        url = pages[-1]["next"]


def test_a_whole_walk_is_as_rpde_demands(visitor: httpx.Client, filled: Any) -> None:
    pages = walk(visitor, "/feeds/all?limit=4")
    items = [item for page in pages for item in page["items"]]
    numbers = [item["modified"] for item in items]
    assert all(set(page) == {"next", "items", "license"} for page in pages)
    assert all(page["next"].startswith(f"{HUB}/feeds/all?") for page in pages)
    assert all(page["items"] for page in pages[:-1])
    assert pages[-1]["items"] == []
    assert all(page["next"].endswith(f"={page['items'][-1]['modified']}&limit=4") for page in pages[:-1])
    assert numbers == sorted(set(numbers)) == [number * 3 for number in range(1, 26)]
    assert len({item["id"] for item in items}) == len(items)


def test_every_item_of_a_walk_has_its_members_and_no_others(visitor: httpx.Client, filled: Any) -> None:
    items = [item for page in walk(visitor, "/feeds/all") for item in page["items"]]
    members = {"state", "kind", "id", "modified"}
    assert all(type(item["modified"]) is int for item in items)
    assert all(set(item) == members | {"data"} for item in items if item["state"] == "updated")
    assert all(set(item) == members | {"reason"} for item in items if item["state"] == "deleted")
    assert sum(item["state"] == "deleted" for item in items) == 5


def test_a_full_last_page_is_followed_by_the_empty_one(visitor: httpx.Client, filled: Any) -> None:
    assert [len(page["items"]) for page in walk(visitor, "/feeds/all?limit=5")] == [5, 5, 5, 5, 5, 0]


def test_an_empty_feed_is_one_page_that_leads_to_itself(visitor: httpx.Client) -> None:
    assert visitor.get("/feeds/vacancies").json()["next"] == f"{HUB}/feeds/vacancies"
    assert len(walk(visitor, "/feeds/vacancies")) == 1


@pytest.mark.parametrize(("name", "kind", "count"), [("vacancies", "vacancy", 20), ("programmes", "programme", 5)])
def test_a_feed_of_one_kind_holds_that_kind(
    visitor: httpx.Client, filled: Any, name: str, kind: str, count: int
) -> None:
    items = [item for page in walk(visitor, f"/feeds/{name}?limit=3") for item in page["items"]]
    assert [item["kind"] for item in items] == [kind] * count


def test_a_reader_of_ours_ends_with_what_is_live(visitor: httpx.Client, filled: Any) -> None:
    replica = Replica()
    for page in follow(lambda url: visitor.get(url.removeprefix(HUB)).json(), f"{HUB}/feeds/all?limit=7"):
        replica.apply(page)
    assert len(replica.data) == 20
    assert all(data["@id"] == f"{HUB}/opportunities/{name}" for name, data in replica.data.items())


def test_a_reader_that_reads_while_another_writes_misses_nothing(
    visitor: httpx.Client, filled: Any, examples: dict[str, Any]
) -> None:
    writer = threading.Thread(target=lambda: [filled.put(n, n, examples["vacancy"]) for n in range(100, 160)])
    replica = Replica()
    writer.start()
    while writer.is_alive() or len(replica.data) < 80:
        walk = follow(lambda url: visitor.get(url.removeprefix(HUB)).json(), replica.next or f"{HUB}/feeds/all?limit=9")
        for page in walk:
            replica.apply(page)
    writer.join()
    assert len(replica.data) == 80


@pytest.mark.parametrize("number", ["76", "9007199254740991", "9223372036854775807", "9" * 40])
def test_the_far_end_is_an_empty_page_and_its_next_is_the_same_bytes(
    visitor: httpx.Client, filled: Any, number: str
) -> None:
    first = visitor.get(f"/feeds/all?afterChangeNumber={number}")
    assert (first.status_code, first.json()["items"]) == (200, [])
    assert visitor.get(first.json()["next"].removeprefix(HUB)).content == first.content


@pytest.mark.parametrize("query", ["afterChangeNumber=-1", "afterChangeNumber=x%FF", "afterChangeNumber=", "limit=0"])
def test_nonsense_is_refused_with_a_reason(visitor: httpx.Client, query: str) -> None:
    answer = visitor.get(f"/feeds/all?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert query.partition("=")[0] in answer.json()["detail"]


def test_odd_bytes_in_the_query_come_back_as_sent(visitor: httpx.Client) -> None:
    assert visitor.get("/feeds/all?x=%FF%22").json()["next"] == f"{HUB}/feeds/all?x=%FF%22"


def test_an_unknown_feed_is_a_problem_that_names_the_known(visitor: httpx.Client) -> None:
    answer = visitor.get("/feeds/jobs")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert "vacancies" in answer.json()["detail"]


@pytest.mark.parametrize(("query", "age"), [("limit=5", 3600), ("limit=26", 8), ("afterChangeNumber=75", 8)])
def test_full_pages_may_be_kept_an_hour_and_the_end_only_seconds(
    visitor: httpx.Client, filled: Any, query: str, age: int
) -> None:
    assert visitor.get(f"/feeds/all?{query}").headers["cache-control"] == f"public, max-age={age}"


def test_a_page_one_has_already_is_not_sent_again(visitor: httpx.Client, filled: Any, examples: Any) -> None:
    tag = visitor.get("/feeds/all").headers["etag"]
    again = visitor.get("/feeds/all", headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert {"cache-control", "vary"} <= set(again.headers)
    filled.put(99, 99, examples["vacancy"])
    assert visitor.get("/feeds/all", headers={"if-none-match": tag}).status_code == 200


def test_gzip_is_for_who_accepts_it_and_has_a_tag_of_its_own(visitor: httpx.Client, filled: Any) -> None:
    bare = visitor.get("/feeds/all")
    with visitor.stream("GET", "/feeds/all", headers={"accept-encoding": "br, gzip;q=0.5"}) as packed:
        content = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert len(content) < len(bare.content) / 4
    assert gzip.decompress(content) == bare.content
    assert packed.headers["etag"] != bare.headers["etag"]
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "content-encoding" not in visitor.get("/feeds/all", headers={"accept-encoding": "gzip;q=0"}).headers


def test_head_is_get_without_the_body(visitor: httpx.Client, filled: Any) -> None:
    head, whole = visitor.head("/feeds/all?limit=5"), visitor.get("/feeds/all?limit=5")
    assert (head.status_code, head.content) == (200, b"")
    told = ("etag", "content-length", "content-type", "cache-control", "vary")
    assert [head.headers[name] for name in told] == [whole.headers[name] for name in told]


@pytest.mark.parametrize(
    ("accept", "media_type"), [("*/*", "application/json"), ("application/vnd.openactive.rpde+json", VENDOR)]
)
def test_the_media_type_is_json_or_the_one_of_rpde(visitor: httpx.Client, accept: str, media_type: str) -> None:
    assert visitor.get("/feeds/all", headers={"accept": accept}).headers["content-type"] == media_type
