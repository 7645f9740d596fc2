"""Hints about the change feed of listings, written in the transaction in which a listing moves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Fetched, Job
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.store import Database, open_store, pages
from hub.store.push import subscribers
from hub.store.push.subscribers import Wanted

Run = Callable[..., Report]
NOW = "2026-11-22T07:00:00Z"
CLEANER: dict[str, Any] = {
    "title": "Poetshulp met dienstencheques in de wijk",
    "employer": "Helder Huis nv",
    "kbo": "0403170701",
    "postal_codes": ["9000"],
    "published": "2026-11-20",
    "description": {"nl": "Je poetst bij vaste klanten in en rond Gent, vier of vijf dagen in de week, overdag."},
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(tmp_path / "hub.db")
    with opened.write() as connection:
        for view in ("listings", "all"):
            wanted = Wanted(f"https://portal.example/{view}", view, ("feed.advanced",))
            subscribers.add(connection, view, wanted, token=view, secret=b"sealed", now=NOW)
            subscribers.activate(connection, view, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    def run_words(source: str, *words: Fetched, progress: Any = lambda *_: None) -> Report:
        desk = Desk(database, tmp_path / "plans", MORNING, [], progress)
        ready = Source(source, Told(words), partner=source.title(), expect=Expect(absence_runs=2))
        return run_source(ready, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words


def hints(database: Database, subscriber: str) -> list[int]:
    """Return the positions that a subscriber is told of, the first when it began."""
    said = "SELECT e.data FROM delivery AS d JOIN event AS e ON e.id = d.event WHERE d.subscriber = ? ORDER BY d.id"
    with database.read() as connection:
        found = connection.exec_driver_sql(said, (subscriber,)).scalars().all()
    return [orjson.loads(data)["position"] for data in found]


def heads(database: Database) -> tuple[int, int]:
    with database.read() as connection:
        return pages.head(connection, "listings"), pages.head(connection, "all")


def test_a_listing_that_moves_alone_is_told_to_who_follows_the_listings_only(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **CLEANER), job("b", "Bakker"), EVERYTHING)
    before, told = heads(database), hints(database, "all")
    run("south", job("b", "Bakker"), EVERYTHING)  # its "a" is missed; the opportunity lives on by north's "1"
    assert heads(database) == (before[0] + 1, before[1])
    assert hints(database, "listings")[-1] == before[0] + 1
    assert hints(database, "all") == told


def test_a_run_that_breaks_off_while_it_publishes_tells_nobody(database: Database, run: Run) -> None:
    steps: list[int] = []

    def progress(step: str, done: int, total: int | None) -> None:
        if step == "apply":
            steps.append(done)
            if done == total:  # the listings moved, and their followers have been told
                raise RuntimeError

    assert run("north", job("1", **CLEANER), EVERYTHING, progress=progress).outcome == "failed"
    assert (len(steps) > 1, heads(database), hints(database, "listings")) == (True, (0, 0), [0])


def test_a_run_in_which_nothing_moves_tells_nobody(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    told = hints(database, "listings")
    run("north", job("1", **CLEANER), EVERYTHING)
    assert (len(told), hints(database, "listings")) == (2, told)
