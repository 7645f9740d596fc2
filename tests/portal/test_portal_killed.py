"""A portal that is killed at any moment while a real hub changes ends with exactly what the hub holds."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from changing_hub import PORTALS, ChangingHub, kill_one, read
from durable import tell

SIZE = 300
ROUNDS, KILLS = 5, 40


@dataclass(frozen=True)
class Story:
    """What became of a portal: whether it holds what the hub holds, how many kills hit, and what came how often."""

    equal: bool
    missing: int
    hit: int
    twice: int
    readings: int


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ChangingHub]:
    (tmp_path / "hub").mkdir()
    hub = ChangingHub(tmp_path / "hub", size=SIZE, seed=20)
    with hub.serving():
        yield hub


def story(name: str, folder: Path, hub: ChangingHub, *, rounds: int, away: bool) -> Story:
    """Kill a portal again and again while the hub changes, and let it read to the end at last.

    Args:
        name: which portal.
        folder: where it keeps what it holds.
        hub: what it follows.
        rounds: how often 40 kills.
        away: whether it is away after each round until the hub has forgotten what went meanwhile.
    """
    chance, hit = random.Random(name), 0
    for _ in range(rounds):
        with hub.changing():
            hit += sum(kill_one(name, folder, hub.feed, chance.uniform(0, 0.15)) for _ in range(KILLS))
        if away:
            read(name, folder, hub.feed)
            for _ in range(5):
                hub.change()
            hub.forget()
    read(name, folder, hub.feed)
    with closing(PORTALS[name](folder)) as portal:
        held, due = portal.held(), hub.held()
        missing = sum(portal_data != due.get(key) for key, portal_data in held.items()) + len(due.keys() - held.keys())
        told = Story(held == due, missing, hit, portal.twice(), portal.readings())
    tell(f"{name}: {rounds * KILLS} kills, {told}")
    return told


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["file", "sqlite"])
def test_a_portal_killed_200_times_ends_equal_to_the_hub(name: str, tmp_path: Path, hub: ChangingHub) -> None:
    told = story(name, tmp_path, hub, rounds=ROUNDS, away=True)
    assert told.hit == ROUNDS * KILLS
    assert told.readings > 2
    assert told.equal, told
    assert told.twice == 0 or name != "sqlite"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_portal_that_saves_its_position_first_loses_what_it_had_not_stored(tmp_path: Path, hub: ChangingHub) -> None:
    """The control: the same story, in which one line stands elsewhere."""
    told = story("hasty", tmp_path, hub, rounds=2, away=False)
    assert told.missing > 0
