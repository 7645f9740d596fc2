"""Compressed pages are kept for as long as none of their items moves, and never served when one has."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import zstandard

from hub.store import Database, open_store
from hub.store.schema import body, opportunity
from hub.web import Server, Site, app
from hub.web.feeds import kept
from hub.web.feeds.kept import KeptPages, Page

GZIP = {"accept-encoding": "gzip"}
FIRST = ("all", 0, 3, True)
NOW = "2026-11-22T18:00:00Z"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


@pytest.fixture
def visitor(database: Database) -> Iterator[httpx.Client]:
    site = Site(database, "https://hub.example", "https://licence.example", {"nl": "Test"}, (), "0")
    with (
        Server(port=0).serving(app(site)) as server,
        httpx.Client(base_url=server.address, headers=GZIP, trust_env=False) as client,
    ):
        yield client


class Shelf:
    """Writes opportunities, each time as another process would: through a door of its own."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.position = 0

    def put(self, number: int) -> int:
        """Let this opportunity move to the end of the feed, and return its position there."""
        self.position += 1
        said = {"title": {"nl": f"{number} at {self.position} " + "x" * 900}, "listings": [], "kind": "vacancy"}
        row = {"id": f"{number:08d}-0000-5000-8000-000000000000", "kind": "vacancy", "position": self.position}
        with self.database.write() as connection:
            connection.execute(opportunity.delete().where(opportunity.c.id == row["id"]))
            connection.execute(opportunity.insert(), {**row, "changed": NOW})
            connection.execute(body.insert(), {"position": self.position, "bytes": orjson.dumps(said)})
        return self.position


@pytest.fixture
def shelf(database: Database) -> Iterator[Shelf]:
    shelf = Shelf(Path(database.path))
    for number in range(1, 10):
        shelf.put(number)
    yield shelf
    shelf.database.close()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many items each page had that was made anew."""
    pages: list[int] = []
    put = KeptPages.put

    def noting(self: KeptPages, key: Any, page: Page, coding: str | None) -> None:
        pages.append(page.count)
        put(self, key, page, coding)

    monkeypatch.setattr(KeptPages, "put", noting)
    return pages


def titles(answer: httpx.Response) -> list[str]:
    return [item["data"]["title"]["nl"].split(" x")[0] for item in answer.json()["items"]]


def test_a_page_is_made_once_however_often_it_is_asked_for(
    visitor: httpx.Client, shelf: Shelf, made: list[int]
) -> None:
    answers = [visitor.get("/feeds/all?limit=3") for _ in range(5)]
    assert made == [3]
    assert len({answer.content for answer in answers}) == len({answer.headers["etag"] for answer in answers}) == 1
    assert all(answer.headers["content-encoding"] == "gzip" for answer in answers)


def test_a_change_elsewhere_leaves_a_full_page_as_it_is(visitor: httpx.Client, shelf: Shelf, made: list[int]) -> None:
    first = visitor.get("/feeds/all?limit=3")
    shelf.put(7)
    assert visitor.get("/feeds/all?limit=3").headers["etag"] == first.headers["etag"]
    assert made == [3]


def test_a_page_goes_when_one_of_its_items_moves(visitor: httpx.Client, shelf: Shelf, made: list[int]) -> None:
    visitor.get("/feeds/all?limit=3")
    shelf.put(2)
    assert titles(visitor.get("/feeds/all?limit=3")) == ["1 at 1", "3 at 3", "4 at 4"]
    assert made == [3, 3]


def test_a_page_that_is_not_full_goes_when_something_comes_after_it(visitor: httpx.Client, shelf: Shelf) -> None:
    assert len(titles(visitor.get("/feeds/all?afterChangeNumber=6"))) == 3
    shelf.put(1)
    assert titles(visitor.get("/feeds/all?afterChangeNumber=6"))[-1] == "1 at 10"


def test_every_coding_of_a_page_says_the_same(visitor: httpx.Client, shelf: Shelf, made: list[int]) -> None:
    raw = {}
    for coding in ("gzip", "zstd", "identity"):
        with visitor.stream("GET", "/feeds/all?limit=3", headers={"accept-encoding": coding}) as answer:
            raw[coding] = b"".join(answer.iter_raw())
    assert gzip.decompress(raw["gzip"]) == zstandard.decompress(raw["zstd"]) == raw["identity"]
    assert made == [3]


@pytest.mark.parametrize("coding", ["gzip", "zstd", "identity"])
def test_who_has_the_page_is_told_so(visitor: httpx.Client, shelf: Shelf, coding: str) -> None:
    visitor.get("/feeds/all?limit=3")
    first = visitor.get("/feeds/all?limit=3", headers={"accept-encoding": coding})
    again = visitor.get(
        "/feeds/all?limit=3", headers={"accept-encoding": coding, "if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


def test_a_head_of_a_kept_page_is_its_head_only(visitor: httpx.Client, shelf: Shelf) -> None:
    full = visitor.get("/feeds/all?limit=3")
    head = visitor.head("/feeds/all?limit=3")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", full.headers["etag"])


def test_no_more_is_kept_than_there_is_room_for(database: Database, shelf: Shelf) -> None:
    pages = KeptPages(database, limit=2_000)
    for number in range(50):
        text = orjson.dumps(list(range(number, number + 300)))
        pages.put(("all", number, 3, True), Page(text, "x", 3, 3, True, 0, 0, True), "gzip")
    assert 0 < pages.count < 20
    pages.close()


def stale(visitor: httpx.Client, shelf: Shelf, rounds: int) -> int:
    """Return how often a reader, asking beside a writer, got a page older than what was written before it asked."""
    written, behind, over = [shelf.position], [], threading.Event()

    def read() -> None:
        while not over.is_set():
            known = written[0]
            answer = visitor.get("/feeds/all?limit=20").json()
            if answer["items"][-1]["modified"] < known:
                behind.append(known)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(rounds):
        written[0] = shelf.put(number % 9 + 1)
    over.set()
    for reader in readers:
        reader.join()
    return len(behind)


def test_no_reader_gets_a_page_older_than_what_was_written_before_it_asked(visitor: httpx.Client, shelf: Shelf) -> None:
    assert stale(visitor, shelf, 150) == 0


def test_a_hub_that_does_not_look_again_is_found_out(
    visitor: httpx.Client, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.KeptPages, "_holds", lambda *_: True)
    assert stale(visitor, shelf, 60) > 0
