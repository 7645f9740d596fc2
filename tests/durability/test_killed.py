"""A hub that is killed at any moment has everything it said was done, and nothing by halves."""

import random
import shutil
import time
from collections.abc import Callable
from multiprocessing.connection import Connection as Wire
from pathlib import Path

import pytest
from durable import faults, run_round, started, tell, told_done, work
from sqlalchemy import text

from hub.store import open_store

PATIENCE_SECONDS = 60


class Pace:
    """How long a round takes here and now, so that a kill falls into the middle of one on a busy machine too."""

    seconds = 0.05


def killed(target: Callable[..., None], path: Path, chance: random.Random, said: int, pace: Pace) -> tuple[int, bool]:
    """Let a process work and kill it at a random moment; return the last round it said, and whether it was at work."""
    process, hear = started(target, path)
    assert hear.poll(PATIENCE_SECONDS)
    assert hear.recv() == 0
    began, rounds = time.monotonic(), chance.randrange(4)
    for _ in range(rounds):
        assert hear.poll(PATIENCE_SECONDS)
        said = max(said, hear.recv())
    if rounds:
        pace.seconds = (time.monotonic() - began) / rounds
    time.sleep(chance.uniform(0, pace.seconds))
    at_work = process.is_alive()
    process.kill()
    last = max([said, *told_done(hear)])
    process.join()
    process.close()
    hear.close()
    return last, at_work


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its first round."""
    path = tmp_path_factory.mktemp("begun") / "hub.db"
    database = open_store(path)
    run_round(database, path.parent / "plans")
    database.close()
    return path


def kill(times: int, path: Path, target: Callable[..., None], seed: int) -> tuple[list[str], int, int]:
    """Kill so often, going on each time; return the faults, how many rounds there were, and how many were cut off."""
    chance, pace, said, found = random.Random(seed), Pace(), 1, []
    for _ in range(times):
        said, at_work = killed(target, path, chance, said, pace)
        assert at_work
        found += faults(path, said)
        said = max(said, _stands(path))
    return found, said, _cut_off(path)


def _stands(path: Path) -> int:
    """Return the round that the store has: one that was done but not said is so from now on."""
    database = open_store(path)
    with database.read() as connection:
        round_ = int(connection.execute(text("SELECT cursor FROM source WHERE id = 'told'")).scalar_one())
    database.close()
    return round_


def _cut_off(path: Path) -> int:
    database = open_store(path)
    with database.read() as connection:
        cut = connection.execute(text("SELECT count(*) FROM run WHERE finished IS NULL OR outcome = 'failed'"))
        number = int(cut.scalar_one())
    database.close()
    return number


@pytest.mark.parametrize(
    "times", [pytest.param(200, marks=pytest.mark.slow), pytest.param(2_000, marks=pytest.mark.nightly)]
)
@pytest.mark.timeout(3_000)
def test_a_hub_killed_again_and_again_loses_nothing_it_said_was_done(times: int, begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun.parent, tmp_path / "data")
    found, rounds, cut = kill(times, tmp_path / "data" / "hub.db", work, seed=20261122)
    tell(f"{times} kills, {rounds} rounds, {cut} runs cut off, {len(found)} faults")
    assert found == []
    assert cut > times / 10
    assert rounds > times / 10


def boast(path: Path, wire: Wire) -> None:
    """Say what is done before it is, and do it in pieces: what a hub must not do."""
    database = open_store(path)
    wire.send(0)
    while True:
        round_ = _stands(path) + 1
        wire.send(round_)
        for number in range(40):
            with database.write() as connection:
                title = f'{{"title":{{"nl":"Ronde {round_}"}}}}'.encode()
                position = "SELECT opportunity.position FROM opportunity JOIN listing ON opportunity = opportunity.id"
                which = f"position = ({position} WHERE local_id = 'n{number}')"
                connection.exec_driver_sql(f"UPDATE body SET bytes = ? WHERE {which}", (title,))
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE source SET cursor = ?", (str(round_),))


@pytest.mark.slow
def test_one_that_speaks_too_early_and_writes_in_pieces_is_found_out(begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun.parent, tmp_path / "data")
    found, _, _ = kill(5, tmp_path / "data" / "hub.db", boast, seed=1)
    assert {fault.partition(":")[0] for fault in found} >= {"lost", "partial"}
