"""News of the feeds: how far they have come, at once, to everybody who listens."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from httpx_sse import ServerSentEvent, connect_sse

from hub.store import Database, open_store
from hub.store.schema import opportunity
from hub.views import BUILT_IN, Filter, View
from hub.web import Server, Site, app
from hub.web.feeds import events

SECONDS = 20


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


@pytest.fixture
def visitor(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setattr(events, "_LOOK_SECONDS", 0.02)
    views = (*BUILT_IN, View("gent", {"nl": "Gent"}, Filter(places={"44021"})))
    site = Site(database, "https://hub.example", "https://licence.example", {"nl": "Test"}, (), "0", views=views)
    with (
        Server(port=0).serving(app(site)) as server,
        httpx.Client(base_url=server.address, timeout=SECONDS, trust_env=False) as client,
    ):
        yield client


def put(database: Database, position: int, kind: str = "vacancy") -> None:
    row = {"id": str(position), "kind": kind, "position": position, "reason": "expired", "changed": "2026-11-22"}
    with database.write() as connection:
        connection.execute(opportunity.insert(), row)


def listen(visitor: httpx.Client, feed: str, count: int, known: str | None = None) -> list[ServerSentEvent]:
    """Return the first so many events that say something."""
    headers = {"last-event-id": known} if known else {}
    with connect_sse(visitor, "GET", f"/feeds/{feed}/events", headers=headers) as source:
        found = []
        for event in source.iter_sse():
            if event.data:
                found.append(event)
            if len(found) == count:
                break
        return found


def test_who_begins_to_listen_is_told_at_once_where_the_feed_stands(visitor: httpx.Client, database: Database) -> None:
    put(database, 7)
    (event,) = listen(visitor, "all", 1)
    assert (event.event, event.id) == ("feed.advanced", "7")
    assert event.json() == {"view": "all", "position": 7, "next": "https://hub.example/feeds/all"}


def test_who_knows_it_already_is_told_when_there_is_more(visitor: httpx.Client, database: Database) -> None:
    put(database, 7)
    later = threading.Timer(0.2, put, (database, 9))
    later.start()
    (event,) = listen(visitor, "all", 1, known="7")
    later.join()
    assert event.json()["position"] == 9
    assert event.json()["next"] == "https://hub.example/feeds/all?afterChangeNumber=7"


def test_what_happens_in_another_feed_is_no_news(visitor: httpx.Client, database: Database) -> None:
    def happen() -> None:
        for position, kind in ((1, "programme"), (2, "vacancy"), (3, "programme"), (4, "vacancy")):
            time.sleep(0.1)
            put(database, position, kind)

    later = threading.Thread(target=happen)
    later.start()
    assert [event.id for event in listen(visitor, "vacancies", 2)] == ["2", "4"]
    later.join()


def test_a_line_that_is_quiet_is_kept_alive(visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_ALIVE_SECONDS", 0.1)
    with visitor.stream("GET", "/feeds/all/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(line for line in lines if line) == "retry: 5000"
        assert next(line for line in lines if line).startswith(":")


def test_a_head_does_not_begin_to_listen(visitor: httpx.Client) -> None:
    assert visitor.head("/feeds/all/events").status_code == 200


def test_there_is_no_news_of_what_is_no_feed(visitor: httpx.Client) -> None:
    assert visitor.get("/feeds/nothing/events").status_code == 404


def test_too_many_listeners_are_refused_and_places_become_free_again(
    visitor: httpx.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_MOST", 1)
    put(database, 1)
    with visitor.stream("GET", "/feeds/all/events") as answer:
        lines = answer.iter_lines()  # kept, as the connection closes with it
        next(lines)
        assert visitor.get("/feeds/gent/events").status_code == 503
    patience = time.monotonic() + SECONDS
    while visitor.head("/feeds/gent/events").status_code == 503:
        assert time.monotonic() < patience
        time.sleep(0.05)
    assert [event.id for event in listen(visitor, "all", 1)] == ["1"]
