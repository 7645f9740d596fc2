"""A hub that runs the made-up partner on a real store."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from told import MORNING, Cursor, Told

from hub.adapter import Fetched, Job
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.store import Database, open_store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def run(database: Database, told: Told, tmp_path: Path) -> Callable[..., Report]:
    """Run the made-up source on what it is told to say."""

    def run_words(*words: Fetched | Exception, expect: Expect | None = None, approved: str | None = None) -> Report:
        told.words = list(words)
        desk = Desk(database, tmp_path / "plans", MORNING, [], approved=approved)
        source = Source("told", told, partner="Partner", expect=expect or Expect())
        return run_source(source, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words
