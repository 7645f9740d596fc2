"""Plans that wait for a person: exactly that plan is applied, or nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from told import EVERYTHING, MORNING, Told, job

from hub.adapter import Incomplete
from hub.errors import StoreError
from hub.pipeline import Expect, Outcome, Report
from hub.pipeline.holding import Decision, approve, reject
from hub.store import Connection, Database, holds, listings, pages, quarantine, runs
from hub.store.holds import HoldRow

Run = Callable[..., Report]
MANY = [job(str(number)) for number in range(100)]
DECISION = Decision("an operator", "the shop closed", MORNING)
AT_ONCE = Expect(absence_runs=1)


def free(_connection: Connection) -> None:
    """Hold no lease."""


@pytest.fixture
def held(run: Run, database: Database) -> HoldRow:
    """A source of a hundred with a plan that waits: it withdraws fifty, changes one and refuses one."""
    run(*MANY, EVERYTHING)
    assert run(job("0", "Chef"), job("1", ""), *MANY[2:50], EVERYTHING).outcome is Outcome.held
    return waiting(database)[0]


def waiting(database: Database, *states: str) -> list[HoldRow]:
    with database.read() as connection:
        return holds.find(connection, "told", states=states or (holds.WAITING,))


def count(database: Database) -> int:
    with database.read() as connection:
        return listings.count_live(connection, "told")


def test_a_held_plan_publishes_nothing_and_its_refusals_are_aside(held: HoldRow, database: Database) -> None:
    with database.read() as connection:
        assert (count(database), pages.head(connection), quarantine.count(connection)) == (100, 100, 1)
    assert "expect.max_drop" in held.reason


def test_exactly_the_plan_that_was_held_is_applied_once_approved(
    held: HoldRow, run: Run, told: Told, database: Database, tmp_path: Path
) -> None:
    told.words = []  # the partner is not asked
    assert approve(database, tmp_path / "holds", held.id, DECISION, free) == (101, 151)
    with database.read() as connection:
        made = runs.get(connection, held.run)
        items = pages.items(connection, after=100, limit=100)
    assert (count(database), sum(item.reason == "withdrawn" for item in items)) == (50, 50)
    assert made is not None
    assert (made.outcome, made.first_position, made.covers) == ("complete", 101, "everything")
    (decided,) = waiting(database, holds.APPROVED)
    assert (decided.decided_by, decided.why) == ("an operator", "the shop closed")
    assert not list((tmp_path / "holds").iterdir())
    assert run(job("0", "Chef"), job("1", ""), *MANY[2:50], EVERYTHING).positions is None


def test_a_plan_is_approved_once(held: HoldRow, database: Database, tmp_path: Path) -> None:
    approve(database, tmp_path / "holds", held.id, DECISION, free)
    with pytest.raises(StoreError, match="was approved by an operator"):
        approve(database, tmp_path / "holds", held.id, DECISION, free)


@pytest.mark.parametrize("change", ["UPDATE entry SET body = '{}' WHERE action = 'updated'", "DROP TABLE entry"])
def test_a_plan_whose_file_was_changed_is_not_applied(
    held: HoldRow, database: Database, tmp_path: Path, change: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "holds" / held.file)) as file, file:
        file.execute(change)
    with pytest.raises(StoreError, match="is not the one that was held"):
        approve(database, tmp_path / "holds", held.id, DECISION, free)
    assert count(database) == 100


def test_a_plan_whose_file_is_gone_is_not_applied(held: HoldRow, database: Database, tmp_path: Path) -> None:
    (tmp_path / "holds" / held.file).unlink()
    with pytest.raises(StoreError, match="is gone"):
        approve(database, tmp_path / "holds", held.id, DECISION, free)


def test_a_rejected_plan_changes_nothing_and_cannot_be_approved_later(
    held: HoldRow, run: Run, database: Database, tmp_path: Path
) -> None:
    reject(database, tmp_path / "holds", held.id, DECISION)
    with pytest.raises(StoreError, match="was rejected by an operator"):
        approve(database, tmp_path / "holds", held.id, DECISION, free)
    again = run(job("0", "Chef"), job("1", ""), *MANY[2:50], EVERYTHING)
    assert (again.outcome, count(database), waiting(database)[0].id) == (Outcome.held, 100, held.id + 1)


def test_a_later_run_that_is_fine_is_applied_and_takes_the_place_of_the_hold(
    held: HoldRow, run: Run, database: Database, tmp_path: Path
) -> None:
    assert run(*MANY, EVERYTHING).outcome is Outcome.complete
    with pytest.raises(StoreError, match="was superseded by hub"):
        approve(database, tmp_path / "holds", held.id, DECISION, free)
    assert (count(database), waiting(database)) == (100, [])


def test_a_later_run_that_is_held_too_takes_its_place(held: HoldRow, run: Run, database: Database) -> None:
    run(*MANY[:40], EVERYTHING)
    (now,) = waiting(database)
    assert (now.id, waiting(database, holds.SUPERSEDED)[0].id) == (held.id + 1, held.id)


def test_a_later_run_that_fails_leaves_the_hold(held: HoldRow, run: Run, database: Database, tmp_path: Path) -> None:
    run(RuntimeError("boom"))
    approve(database, tmp_path / "holds", held.id, DECISION, free)
    assert count(database) == 50


def test_a_plan_is_not_applied_on_top_of_another_state(
    held: HoldRow, run: Run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "holds" / held.file
    plan = file.read_bytes()
    run(job("200"), Incomplete("cut off"))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE hold SET state = 'waiting'")
    file.write_bytes(plan)
    with pytest.raises(StoreError, match="no longer fits"):
        approve(database, tmp_path / "holds", held.id, DECISION, free)
    assert count(database) == 101


def test_after_an_approved_drop_the_shorter_list_is_usual(
    held: HoldRow, run: Run, database: Database, tmp_path: Path
) -> None:
    approve(database, tmp_path / "holds", held.id, DECISION, free)
    assert run(job("0", "Chef"), *MANY[1:50], EVERYTHING).outcome is Outcome.complete


def test_an_approved_doubt_needs_no_second_approval(run: Run, database: Database, tmp_path: Path) -> None:
    later = {"now": MORNING.replace(hour=20), "expect": Expect()}
    run(*MANY, EVERYTHING)
    run(*MANY[:50], EVERYTHING, expect=Expect())
    (held,) = waiting(database)
    approve(database, tmp_path / "holds", held.id, DECISION, free)
    assert count(database) == 100
    report = run(*MANY[:50], EVERYTHING, **later)
    assert (report.outcome, report.withdrawn, count(database)) == (Outcome.complete, 50, 50)


def test_an_empty_list_waits_and_can_be_approved(run: Run, database: Database, tmp_path: Path) -> None:
    run(job("1"), EVERYTHING)
    assert run(EVERYTHING).outcome is Outcome.held
    approve(database, tmp_path / "holds", waiting(database)[0].id, DECISION, free)
    assert count(database) == 0


@pytest.mark.parametrize(("filled", "outcome"), [(50, Outcome.held), (51, Outcome.complete)])
def test_a_key_field_that_is_filled_half_as_often_waits(run: Run, filled: int, outcome: Outcome) -> None:
    full = [job(str(number), expires="2026-12-24") for number in range(100)]
    run(*full, EVERYTHING)
    report = run(*full[:filled], *MANY[filled:], EVERYTHING, expect=Expect(max_changed=1))
    assert report.outcome is outcome
    assert ("expires (100% to 50%)" in str(report.reason)) is (outcome is Outcome.held)


def test_a_store_that_is_lost_meanwhile_applies_nothing(held: HoldRow, database: Database, tmp_path: Path) -> None:
    def lost(_connection: Connection) -> None:
        raise StoreError("the lease ran out")

    with pytest.raises(StoreError, match="ran out"):
        approve(database, tmp_path / "holds", held.id, DECISION, lost)
    assert (count(database), waiting(database)[0].id) == (100, held.id)
