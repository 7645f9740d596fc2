"""What a view would hold, and would have told, before it is set up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Fetched, Job
from hub.feed.preview import preview, read_filter
from hub.pipeline import Desk, Expect, Source, run_source
from hub.store import Database, open_store
from hub.views import Filter

Run = Callable[..., Any]
GENT, ANTWERP = {"postal_codes": ["9000"]}, {"postal_codes": ["2000"]}


@pytest.fixture
def database(tmp_path: Path) -> Any:
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    def run_words(now: datetime, *words: Fetched) -> None:
        desk = Desk(database, tmp_path / "plans", now, [])
        source = Source("told", Told(words), partner="Partner", expect=Expect(absence_runs=1))
        run_source(source, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words


@pytest.fixture
def past(run: Run) -> datetime:
    """Let forty days pass, and return the moment after them."""
    run(MORNING, job("old", "Kok", **GENT), job("far", "Lasser", **ANTWERP), job("ends", "Bakker", **GENT), EVERYTHING)
    later = MORNING + timedelta(days=38)
    run(later, job("old", "Kok", **GENT), job("far", "Lasser", **ANTWERP), job("new", "Poets", **GENT), EVERYTHING)
    run(
        later + timedelta(hours=3),
        job("old", "Kok", **GENT),
        job("far", "Lasser", **ANTWERP),
        job("new", "Poetshulp", **GENT),
        EVERYTHING,
    )
    return later + timedelta(days=2)


def test_it_says_what_the_view_would_hold_and_have_told(database: Database, past: datetime) -> None:
    with database.read() as connection:
        found = preview(connection, Filter(places={"44021"}), past)
    assert found.live == {"vacancy": 2}
    assert (found.delivered, found.changes, found.gone) == (1, 2, 1)
    assert [each.title["nl"] for each in found.newest] == ["Poetshulp", "Kok"]


def test_another_filter_tells_of_others(database: Database, past: datetime) -> None:
    with database.read() as connection:
        found = preview(connection, Filter(places={"11002"}), past)
    assert (found.live, found.delivered, found.changes, found.gone) == ({"vacancy": 1}, 0, 0, 0)


def test_a_filter_is_read_from_names_and_values() -> None:
    wanted = read_filter({"places": ["44021,11002"], "kinds": ["vacancy"], "min_quality": ["0.5"]})
    assert wanted == Filter(places={"44021", "11002"}, kinds={"vacancy"}, min_quality=0.5)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"place": ["44021"]}, "place is nothing a view can ask"),
        ({"places": ["99999"]}, "places is '99999': must be a REFNIS code"),
        ({"kinds": ["course"]}, "kinds is 'course'"),
        ({"min_quality": ["2"]}, "min_quality is '2'"),
        ({"min_quality": ["a", "b"]}, "min_quality"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(said: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ValueError, match="^" + words):
        read_filter(said)
