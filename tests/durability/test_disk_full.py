"""A disk that is full, wherever it shows, ends the run with a sentence and publishes nothing by halves; it passes."""

import os
import re
import resource
import shutil
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection as Wire
from pathlib import Path
from typing import cast

import pytest
from durable import faults, round_of, run_round, started, tell, told_done, words
from told import MORNING, Cursor, Told

import hub.store.database
from hub.adapter import Fetched, Job
from hub.archive import Archive
from hub.errors import StoreError, StoreFull
from hub.pipeline import Desk, Expect, Outcome, Source, run_source
from hub.store import Database, open_store, pages, runs

LARGER = 300
WEIGHT = 1_000_000
POINTS = 60
LIMITS = [48_000 + 16_384 * step for step in range(40)]
REFUSED = "no space left to write the|the (database|plan file) .* refuses: disk I/O error; see to its disk"
ENLARGE = """UPDATE body SET bytes = '{"title":{"nl":"' || hex(zeroblob(9000)) || '"}}' WHERE position = ?"""
SENTENCE = "no space left to write"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its first round, in one file, so that a limit counts from there."""
    path = tmp_path_factory.mktemp("begun") / "hub.db"
    with closing(open_store(path)) as database:
        run_round(database, path.parent / "plans", size=LARGER)
    return path


def pages_of(path: Path) -> int:
    with closing(Database(path)) as database, database.read() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def told_why(database: Database, plans: Path) -> str | None:
    """Run a round for which there may be no space; return the sentence that says so, None where it was done."""
    try:
        _, report = run_round(database, plans, size=LARGER, weight=WEIGHT)
    except StoreFull as error:
        return str(error)
    assert report.outcome in {Outcome.failed, Outcome.complete}
    return report.reason


@pytest.mark.slow
def test_a_database_that_cannot_grow_ends_the_run_and_the_next_works_when_it_can(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, size = hub.store.database._SETTINGS, pages_of(begun)
    refused = 0
    for point in range(POINTS):
        path = tmp_path / f"{point}" / "hub.db"
        path.parent.mkdir()
        shutil.copyfile(begun, path)
        with monkeypatch.context() as patch:
            patch.setattr(hub.store.database, "_SETTINGS", (*settings, f"PRAGMA max_page_count = {size + point}"))
            with closing(Database(path)) as database:
                why = told_why(database, path.parent / "plans")
                assert why is None or SENTENCE in why
                refused += why is not None
                assert database.read_only() is (why is not None)
                with database.read() as connection:
                    assert len(pages.items(connection, after=0, limit=10)) == 10
        assert faults(path, 1 if why else 2, size=LARGER) == []
        with closing(Database(path)) as database:
            assert told_why(database, path.parent / "plans") is None
            assert not database.read_only()
        assert faults(path, 2 if why else 3, size=LARGER) == []
    tell(f"{POINTS} limits of the database from {size} pages: {refused} runs refused, {POINTS - refused} fitted")
    assert refused > POINTS / 3


class Archiving(Told):
    """Keeps its answer in an archive before it says it, as the client does."""

    def __init__(self, archive: Archive, round_: int) -> None:
        super().__init__(list(words(round_, LARGER, WEIGHT)))
        self.archive = archive

    def fetch(self, job: Job) -> Iterator[Fetched]:
        body = os.urandom(300_000)
        self.archive.put(body)
        with self.archive.writer() as writer:
            for start in range(0, len(body), 10_000):
                writer.write(body[start : start + 10_000][::-1])
        yield from super().fetch(job)


def limited(path: Path, wire: Wire, most: int) -> None:
    """Run a round in a process whose files may not grow beyond so many bytes; say how it ended, and why."""
    database, archive = open_store(path), Archive(path.parent / "archive")
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    told = Archiving(archive, round_of(database) + 1)
    expect = Expect(max_drop=1, max_changed=1, max_churn=1, min_share=0, floor=1_000_000)
    desk = Desk(database, path.parent / "plans", MORNING, [])
    try:
        report = run_source(
            Source("told", told, partner="Partner", expect=expect), desk, lambda cursor: cast("Job", Cursor(cursor))
        )
        wire.send((report.outcome.value, report.reason or ""))
    except StoreError as error:
        wire.send(("failed", str(error)))


def ended(path: Path, most: int) -> tuple[str, str]:
    process, hear = started(limited, path, most)
    ((outcome, reason),) = told_done(hear)
    process.join()
    hear.close()
    return outcome, reason


@pytest.mark.slow
def test_files_that_may_not_grow_end_the_run_wherever_it_is(begun: Path, tmp_path: Path) -> None:
    places: dict[str, int] = {}
    for most in LIMITS:
        path = tmp_path / f"{most}" / "hub.db"
        path.parent.mkdir()
        shutil.copyfile(begun, path)
        outcome, reason = ended(path, most)
        refused = outcome == "failed"
        assert not refused or re.match(REFUSED, reason), reason
        place = re.findall("archive|plan file|database|$", reason)[0] or "none"
        places[place] = places.get(place, 0) + 1
        assert faults(path, 1 if refused else 2, size=LARGER) == []
        assert list((path.parent / "archive" / "incoming").glob("*")) == []
        assert list((path.parent / "plans").glob("*")) == []
        assert ended(path, 1 << 30)[0] == "complete"
        assert faults(path, 2 if refused else 3, size=LARGER) == []
    tell(f"{len(LIMITS)} limits of files: {places}")
    assert {"archive", "plan file", "database"} <= set(places)


def enlarge_one_by_one(database: Database) -> None:
    for number in range(LARGER):
        with database.write() as connection:
            connection.exec_driver_sql(ENLARGE, (number + 1,))


@pytest.mark.slow
def test_one_that_writes_in_pieces_is_found_out(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "hub.db"
    shutil.copyfile(begun, path)
    most = f"PRAGMA max_page_count = {pages_of(begun) + 3}"
    monkeypatch.setattr(hub.store.database, "_SETTINGS", (*hub.store.database._SETTINGS, most))
    with closing(Database(path)) as database, pytest.raises(StoreFull):
        enlarge_one_by_one(database)
    assert faults(path, 1, size=LARGER) != []


def test_what_a_run_could_not_write_down_is_said_by_the_one_who_started_it(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hub.db"
    shutil.copyfile(begun, path)
    with closing(Database(path)) as database:
        plain = Database.write

        def write(self: Database, plan: Path | None = None) -> object:
            if plan is not None or database.read_only():
                database._refused = True
                raise StoreFull.at("the database")
            return plain(self, plan)

        monkeypatch.setattr(Database, "write", write)
        round_, report = run_round(database, tmp_path / "plans", size=LARGER)
        assert (round_, report.outcome, report.counts.created) == (2, Outcome.failed, 0)
        assert report.reason is not None
        assert report.reason.startswith(SENTENCE)
        with database.read() as connection:
            assert runs.latest(connection, "told")[0].outcome is None
