"""A backup taken while others publish is the hub as it was at one moment: a prefix of the feed, whole."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from durable import faults, round_of, started, tell, work
from sqlalchemy import text

from hub.app.backups import back_up, restore, verify
from hub.store import Database, open_store

SOURCES = ("een", "twee")
FILLER_MEGABYTES = 12
_FILL = text("INSERT INTO body (position, bytes) VALUES (:position, randomblob(1000000))")
_RUNS = text("SELECT id, source, first_position, last_position FROM run WHERE last_position <= :head ORDER BY id")


def filled(path: Path) -> None:
    """Make a store of some size, so that copying it takes longer than a run of the others."""
    with closing(open_store(path)) as database, database.write() as connection:
        for number in range(1, FILLER_MEGABYTES + 1):
            connection.execute(_FILL, {"position": -number})


@contextmanager
def at_work(path: Path) -> Iterator[None]:
    """Let two processes publish round after round as long as the block goes on."""
    working = [started(work, path, source) for source in SOURCES]
    for _, hear in working:
        assert hear.poll(20)
    yield
    for process, hear in working:
        assert process.is_alive()
        process.kill()
        process.join()
        hear.close()


def runs_up_to(path: Path, head: int) -> list[tuple[object, ...]]:
    with closing(Database(path)) as database, database.read() as connection:
        return [tuple(row) for row in connection.execute(_RUNS, {"head": head})]


def faults_of_all(path: Path) -> list[str]:
    with closing(Database(path)) as database:
        rounds = {source: round_of(database, source) for source in SOURCES}
    return [fault for source, round_ in rounds.items() for fault in faults(path, round_, source)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_backups_under_load_are_each_a_prefix_of_the_feed(tmp_path: Path) -> None:
    path, target = tmp_path / "data" / "hub.db", tmp_path / "backup"
    filled(path)
    (tmp_path / "data" / "archive").mkdir()
    heads = [0]
    with at_work(path), closing(Database(path)) as database:
        for number in range(50):
            made = back_up(database, tmp_path / "data" / "archive", target)
            assert verify(target) == made
            copy = tmp_path / f"{number}" / "hub.db"
            restore(target, copy.parent)
            assert faults_of_all(copy) == []
            assert runs_up_to(copy, made.head) == runs_up_to(path, made.head)
            heads.append(made.head)
            shutil.rmtree(copy.parent)
    tell(f"50 backups at {len(set(heads)) - 1} positions, the last at {heads[-1]}")
    assert heads == sorted(heads)
    assert len(set(heads)) > 25


@pytest.mark.slow
def test_copying_the_files_under_load_gives_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hub.db"
    filled(path)
    found: list[str] = []
    with at_work(path):
        for number in range(12):
            copy = tmp_path / f"{number}" / "hub.db"
            copy.parent.mkdir()
            shutil.copyfile(path, copy)
            time.sleep(0.4)  # what copying a larger file takes
            shutil.copyfile(path.with_name("hub.db-wal"), copy.with_name("hub.db-wal"))
            found += _judged(copy)
    tell(f"{len(found)} faults in 12 copies: {sorted({fault.partition(':')[0] for fault in found})}")
    assert found


def _judged(copy: Path) -> list[str]:
    try:
        return faults_of_all(copy)
    except Exception as error:  # a copy may be damaged in any way
        return [f"corrupt: {error}"]
