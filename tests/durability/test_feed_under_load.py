"""Portals that follow the feed while several processes publish see every change, each after the one before."""

import random
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing.connection import Connection as Wire
from pathlib import Path
from typing import Any

import pytest
from durable import faults, forkserver, round_of, run_round, started, tell
from sqlalchemy import text

from hub.store import Database, open_store, pages

SECONDS = 12
SLACK_SECONDS = 60
ENOUGH = 20_000
WRITERS = 4
LISTINGS = 200
_LATE = text("SELECT position FROM opportunity WHERE position <= :position")
_BY_CLOCK = text("SELECT position, changed FROM opportunity WHERE changed > :last ORDER BY changed")


def publish(path: Path, wire: Wire, source: str, seconds: float) -> None:
    """Run round after round of a source for so long, longer on a slow machine; say how many positions it spent."""
    chance, spent = random.Random(source), 0
    with closing(open_store(path)) as database:
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end or (spent < ENOUGH / WRITERS and now < end + SLACK_SECONDS):
            _, report = run_round(database, path.parent / "plans", source, LISTINGS, now=datetime.now(UTC))
            first, last = report.positions or (0, -1)
            spent += last - first + 1
            if report.outcome.value != "complete":
                raise AssertionError(report.reason)
            time.sleep(chance.uniform(0, 0.01))
    wire.send(spent)


def follow(path: Path, wire: Wire, stop: Any) -> None:
    """Follow the feed as portals do; say the positions seen, how often they fell, and how many came late."""
    seen: set[int] = set()
    cursor, fell, late, rounds = 0, 0, 0, 0
    with closing(Database(path)) as database:
        ending = False
        while not ending:
            ending = stop.is_set()  # asked before reading: after the last writer, one whole reading follows
            rounds += 1
            with database.read() as connection:
                while found := pages.items(connection, after=cursor, limit=random.randint(1, 500)):
                    positions = [item.position for item in found]
                    fell += sum(later <= earlier for earlier, later in pairwise([cursor, *positions]))
                    seen.update(positions)
                    cursor = positions[-1]
                if rounds % 20 == 0 or ending:
                    late += len(set(connection.execute(_LATE, {"position": cursor}).scalars()) - seen)
            time.sleep(0.002)
    wire.send((seen, fell, late))


def follow_the_clock(path: Path, wire: Wire, stop: Any) -> None:
    """Follow by the moment of the change, to the second: what a feed must not do."""
    seen: set[int] = set()
    last = ""
    with closing(Database(path)) as database:
        ending = False
        while not ending:
            ending = stop.is_set()
            with database.read() as connection:
                for position, changed in connection.execute(_BY_CLOCK, {"last": last}):
                    seen.add(position)
                    last = changed
            time.sleep(0.002)
    wire.send((seen, 0, 0))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_readers_miss_nothing_of_what_four_processes_publish(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    open_store(path).close()
    stop = forkserver.Event()
    writers = [started(publish, path, f"bron{number}", float(SECONDS)) for number in range(WRITERS)]
    readers = [started(reader, path, stop) for reader in (follow, follow, follow_the_clock)]
    spent = sum(_said(each) for each in writers)
    stop.set()
    one, other, clock = (_said(each) for each in readers)
    with closing(Database(path)) as database, database.read() as connection:
        final = set(connection.execute(text("SELECT position FROM opportunity")).scalars())
        head = pages.head(connection)
    lost = len(final - clock[0])
    tell(
        f"{spent} positions by {WRITERS} writers in {SECONDS} s; readers saw {len(one[0])} and {len(other[0])}; "
        f"lost {len(final - one[0])} and {len(final - other[0])}, by the clock {lost} of {len(final)}"
    )
    assert (spent, spent >= ENOUGH) == (head, True)
    assert [(final - seen, fell, late) for seen, fell, late in (one, other)] == [(set(), 0, 0)] * 2
    assert lost > 0
    for number in range(WRITERS):
        assert _of_source(path, f"bron{number}") == []


def _said(each: tuple[Any, Wire]) -> Any:
    process, hear = each
    assert hear.poll(SECONDS + 2 * SLACK_SECONDS)
    said = hear.recv()
    process.join()
    hear.close()
    return said


def _of_source(path: Path, source: str) -> list[str]:
    with closing(Database(path)) as database:
        round_ = round_of(database, source)
    return faults(path, round_, source, LISTINGS)
