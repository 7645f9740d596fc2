"""Several processes on one store: every slot once, none by who was paused, and a killed one replaced."""

import os
import signal
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from lively import LEASE_SECONDS, Worked, follow, moment, stand_still, started
from sqlalchemy import text

from hub.schedule import Claims
from hub.store import Database

SOURCES = [f"source-{number:02}" for number in range(20)]
PROCESSES = 3
_TICK_SECONDS = 0.1


def worked_by(paths: list[Path], seconds: float) -> list[Worked]:
    """Let one process for each path follow the schedule, and return what they worked on."""
    until = time.time() + 1.5 + seconds
    running = [started(follow, path, SOURCES, until) for path in paths]
    worked = [each for _, wire in running for each in wire.recv()]
    for process, _ in running:
        process.join(10)
    return worked


def doubled(worked: list[Worked]) -> int:
    counted = Counter((source, due) for source, due, _, _ in worked)
    return sum(count - 1 for count in counted.values())


def overlaps(worked: list[Worked]) -> int:
    spans = defaultdict(list)
    for source, _, began, ended in worked:
        spans[source].append((began, ended))
    return sum(one[1] > other[0] for each in spans.values() for one, other in pairwise(sorted(each)))


def missed(worked: list[Worked]) -> int:
    """Return how many seconds nobody used, of those from a source's first slot to its last."""
    dues = defaultdict(set)
    for source, due, _, _ in worked:
        dues[source].add(moment(due))
    return sum(round(max(each) - min(each)) + 1 - len(each) for each in dues.values())


@pytest.mark.parametrize(
    "seconds",
    [pytest.param(20, marks=pytest.mark.slow), pytest.param(60, marks=[pytest.mark.nightly, pytest.mark.timeout(300)])],
)
def test_three_processes_use_each_slot_of_every_second_once(database: Database, seconds: int) -> None:
    worked = worked_by([database.path] * PROCESSES, seconds)
    late = sorted(began - moment(due) for _, due, began, _ in worked)
    half, last = late[len(late) // 2], late[-1]
    print(f"{len(worked)} slots; half began within {half:.2f} s, the last within {last:.2f} s")  # noqa: T201 - a figure
    assert (overlaps(worked), doubled(worked), missed(worked)) == (0, 0, 0)
    assert len(worked) >= len(SOURCES) * seconds * 0.8


@pytest.mark.slow
def test_processes_that_share_no_store_double_slots_and_overlap(tmp_path: Path) -> None:
    worked = worked_by([tmp_path / str(number) / "hub.db" for number in range(PROCESSES)], 3)
    assert doubled(worked) > 0
    assert overlaps(worked) > 0


def rows_of_a_paused_one(database: Database, *, fenced: bool) -> tuple[str, int]:
    """Pause a process past its lease, let another take over, wake it up; return what it said and the rows it wrote."""
    process, wire = started(stand_still, database.path, fenced)
    assert wire.recv() == "read"
    os.kill(process.pid or 0, signal.SIGSTOP)
    wire.send("go on")
    other, taken = Claims(database, seconds=30, owner="the other"), None
    began = time.monotonic()
    while taken is None and time.monotonic() < began + 10:
        time.sleep(_TICK_SECONDS)
        taken = other.take_slot("told", lambda _connection, last: last.due if last else None)
    os.kill(process.pid or 0, signal.SIGCONT)
    said = wire.recv()
    process.join(10)
    assert taken is not None
    with database.read() as connection:
        written = connection.execute(text("SELECT count(*) FROM listing")).scalar_one()
        outcomes = connection.execute(text("SELECT outcome FROM run")).scalars().all()
    if fenced:
        assert outcomes == ["interrupted"]
    return said, written


def cleared(database: Database) -> Database:
    with database.write() as connection:
        for table in ("slot", "run", "lease"):
            connection.execute(text(f"DELETE FROM {table}"))
    return database


@pytest.mark.parametrize(
    "times",
    [pytest.param(10, marks=pytest.mark.slow), pytest.param(50, marks=[pytest.mark.nightly, pytest.mark.timeout(600)])],
)
def test_who_was_paused_past_its_lease_writes_no_row(database: Database, times: int) -> None:
    for _ in range(times):
        assert rows_of_a_paused_one(cleared(database), fenced=True) == ("superseded", 0)


@pytest.mark.slow
def test_without_the_epoch_who_was_paused_writes_rows(database: Database) -> None:
    assert rows_of_a_paused_one(database, fenced=False) == ("complete", 30)


@pytest.mark.parametrize(
    "times", [pytest.param(10, marks=pytest.mark.slow), pytest.param(50, marks=pytest.mark.nightly)]
)
def test_who_is_killed_is_replaced_within_its_lease_and_a_tick(database: Database, times: int) -> None:
    other = Claims(database, seconds=30, owner="the other")
    for _ in range(times):
        process, wire = started(stand_still, cleared(database).path, True)
        assert wire.recv() == "read"
        process.kill()
        began, taken = time.monotonic(), None
        while taken is None:
            assert time.monotonic() < began + LEASE_SECONDS + 2 * _TICK_SECONDS + 0.5
            time.sleep(_TICK_SECONDS)
            taken = other.take_slot("told", lambda _connection, last: last.due if last else None)
        process.join(10)
