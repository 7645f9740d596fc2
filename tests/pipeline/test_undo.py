"""What runs did, and undoing it."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from told import EVERYTHING, MORNING, Told, job

from hub.adapter import Complete, Duplicate, Fetched, Withdrawal
from hub.errors import StoreError
from hub.pipeline import Expect, Report
from hub.pipeline.expiry import expire_due
from hub.pipeline.undo import undo
from hub.store import Database, pages, runs, undoing

Run = Callable[..., Report]
ANYTHING = Expect(max_drop=1, max_changed=1, max_churn=1, min_share=0, floor=1000)
CHANGES = Complete("the test says so", covers="changes", cursor="monday")


def state(database: Database) -> dict[str, tuple[Any, ...]]:
    """Return all that readers can see, but for the positions."""
    with database.read() as connection:
        found = pages.items(connection, after=0, limit=1000)
    return {item.id: (item.kind, item.reason, item.merged_into, item.body) for item in found}


def live(database: Database) -> dict[str, tuple[Any, ...]]:
    return {name: said for name, said in state(database).items() if said[3]}


def back(database: Database, tmp_path: Path, run: int | None) -> tuple[int, int]:
    return undo(database, tmp_path / "plans", "told", run or 0, now=MORNING)


def test_an_undone_run_leaves_the_state_before_it_at_new_positions(
    run: Run, database: Database, tmp_path: Path
) -> None:
    run(job("1", "Kok"), job("2"), EVERYTHING)
    before = state(database)
    bad = run(job("1", "Fout"), job("3"), EVERYTHING)
    assert state(database) != before  # the control
    made, count = back(database, tmp_path, bad.run)
    with database.read() as connection:
        items = pages.items(connection, after=0, limit=10)
        undone = runs.get(connection, made)
    after = state(database)
    assert {name: after[name] for name in before} == before
    assert [said[1] for name, said in after.items() if name not in before] == ["withdrawn"]
    assert count == 3
    assert all(item.position > (bad.positions or (0, 0))[1] for item in items)
    assert undone is not None
    assert (undone.kind, undone.counts["undone"]) == ("undo", 3)


def test_an_undoing_can_be_undone(run: Run, database: Database, tmp_path: Path) -> None:
    run(job("1", "Kok"), job("2"), EVERYTHING)
    second = run(job("1", "Chef"), job("3"), EVERYTHING)
    after = state(database)
    made, _ = back(database, tmp_path, second.run)
    back(database, tmp_path, made)
    assert state(database) == after


def test_what_was_merged_or_expired_is_so_again(run: Run, database: Database, tmp_path: Path) -> None:
    run(job("1"), job("2"), job("3", expires="2026-11-22"), EVERYTHING)
    run(job("1"), Duplicate("2", of="1"), CHANGES)
    expire_due(database, tmp_path / "plans", MORNING + timedelta(days=1))
    before = state(database)
    bad = run(job("1"), job("2"), job("3", expires="2027-01-01"), EVERYTHING)
    assert len(live(database)) == 3
    back(database, tmp_path, bad.run)
    assert state(database) == before
    assert sorted(str(said[1]) for said in before.values()) == ["None", "expired", "merged"]


def test_the_next_run_asks_the_partner_again_for_what_was_undone(
    run: Run, told: Told, database: Database, tmp_path: Path
) -> None:
    run(job("1"), Complete("all", cursor="sunday"))
    bad = run(job("2"), CHANGES)
    back(database, tmp_path, bad.run)
    run(job("2"), CHANGES)
    assert told.cursors[-1] == "sunday"


@pytest.mark.parametrize(
    "seed", [seed if seed < 20 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(100)]
)
def test_any_run_of_any_history_can_be_undone(run: Run, database: Database, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    states, numbers = [], []
    for round_ in range(5):
        states.append(live(database))
        numbers.append(run(*words(chance), now=MORNING + round_ * timedelta(hours=2), expect=ANYTHING).run)
        if chance.random() < 0.2:
            back(database, tmp_path, numbers[-1])
    to = chance.randrange(len(numbers))
    with database.read() as connection:
        head = pages.head(connection)
    back(database, tmp_path, numbers[to])
    assert live(database) == states[to]
    assert not faults(database, head)


def words(chance: random.Random) -> list[Fetched]:
    """Say something about up to eight listings, each once."""
    said: list[Fetched] = []
    for number in chance.sample(range(8), chance.randint(1, 8)):
        local_id = str(number)
        say = chance.choice(["listed", "listed", "changed", "withdrawn", "double"])
        if say == "withdrawn":
            said.append(Withdrawal(local_id))
        elif say == "double":
            said.append(Duplicate(local_id, of=str((number + 1) % 8)))
        else:
            said.append(job(local_id, "Kok" if say == "listed" else f"Kok {chance.randint(1, 3)}"))
    return [*said, job("8", f"Chef {chance.random()}"), chance.choice([EVERYTHING, CHANGES])]


def faults(database: Database, head: int) -> list[str]:
    """Say what is wrong with the positions and the history of a store."""
    with database.read() as connection:
        spent = connection.execute(text("SELECT position FROM history ORDER BY position")).scalars().all()
        bodies = connection.execute(
            text(
                "SELECT count(*) FROM body AS b LEFT JOIN opportunity AS o ON o.position = b.position "
                "WHERE o.reason IS NOT NULL OR o.id IS NULL"
            )
        ).scalar_one()
        last = pages.head(connection)
    dense = list(spent) == list(range(1, last + 1))
    return [said for said, wrong in (("gap", not dense), ("orphan", bodies > 0), ("old", last < head)) if wrong]


def test_a_run_too_old_to_be_undone_is_refused_and_the_oldest_kept_one_is_not(
    run: Run, database: Database, tmp_path: Path
) -> None:
    made = [run(job("1", f"Kok {number}"), EVERYTHING).run for number in range(undoing.KEPT + 2)]
    with pytest.raises(StoreError, match="too old"):
        back(database, tmp_path, made[1])
    with database.read() as connection:
        kept = set(connection.execute(text("SELECT run FROM before")).scalars())
    assert kept == set(made[2:])
    assert back(database, tmp_path, made[2])[1] == 1


def test_a_run_that_applied_nothing_or_is_of_another_source_cannot_be_undone(
    run: Run, database: Database, tmp_path: Path
) -> None:
    failed = run(job("1"), RuntimeError("boom"))
    with pytest.raises(StoreError, match="applied nothing"):
        back(database, tmp_path, failed.run)
    with pytest.raises(StoreError, match="has no run 99"):
        back(database, tmp_path, 99)
