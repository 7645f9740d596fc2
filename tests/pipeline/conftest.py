"""A hub that runs the made-up partner on a real store."""

from collections.abc import Callable, Iterator
from datetime import datetime
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
    """Run the made-up source on what it is told to say; by default, what a list lacks is gone at once."""

    def run_words(*words: Fetched | Exception, expect: Expect | None = None, now: datetime = MORNING) -> Report:
        told.words = list(words)
        desk = Desk(database, tmp_path / "plans", now, [])
        source = Source("told", told, partner="Partner", expect=expect or Expect(absence_runs=1))
        return run_source(source, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words
