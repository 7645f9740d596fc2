"""Leases and slots: one at a time, each slot once, and nothing by who lost its lease."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import SourceBusy, Superseded
from hub.schedule import Claim, Claims, Ending
from hub.store import Database, leases, runs, slots

Process = Callable[..., Claims]
DUE = "2026-11-18T12:00:00Z"


def take(claims: Claims, due: str = DUE) -> Claim | None:
    return claims.take_slot("vdab", lambda _connection, _last: due)


def used(database: Database) -> list[tuple[str, str, int]]:
    with database.read() as connection:
        return [(slot.due, slot.state, slot.tries) for slot in slots.of_source(connection, "vdab")]


def test_a_source_is_worked_on_by_one_process_at_a_time(process: Process) -> None:
    one, other = process("one"), process("other")
    with one.holding("vdab"):
        assert take(other) is None
        with pytest.raises(SourceBusy, match="'vdab' is being worked on by one"):
            other.take("vdab")
        other.take("actiris")
    assert take(other) is not None


def test_a_slot_is_used_once(process: Process, database: Database) -> None:
    one, other = process("one"), process("other")
    claim = take(one)
    assert claim is not None
    one.end(claim, Ending(slots.DONE))
    assert (take(one), take(other)) == (None, None)
    assert used(database) == [(DUE, "done", 1)]


def test_a_slot_that_was_not_taken_leaves_the_source_free(process: Process) -> None:
    one = process()
    assert one.take_slot("vdab", lambda _connection, _last: None) is None
    with one.holding("vdab"):
        pass


def test_a_lease_that_ran_out_goes_to_another_and_its_run_is_called_interrupted(
    process: Process, database: Database, clock: Any
) -> None:
    one, other = process("one"), process("other")
    assert take(one)
    with database.write() as connection:
        number = runs.start(connection, "vdab", DUE)
    clock.now += 29.9
    assert take(other) is None
    clock.now += 0.1
    assert take(other)
    with database.read() as connection:
        run = runs.get(connection, number)
    assert run is not None
    assert run.outcome == "interrupted"
    assert used(database) == [(DUE, "running", 2)]


def test_a_lease_that_is_renewed_does_not_run_out(process: Process, clock: Any) -> None:
    one, other = process("one"), process("other")
    assert take(one)
    for _ in range(5):
        clock.now += 20
        one.renew(one.held)
        assert take(other) is None
    assert not one.held[0].lost


def test_who_lost_its_lease_learns_it_and_can_write_nothing(process: Process, database: Database, clock: Any) -> None:
    one, other = process("one"), process("other")
    claim = take(one)
    clock.now += 31
    assert take(other)
    one.renew(one.held)
    assert claim is not None
    assert claim.lost
    with pytest.raises(Superseded, match="another took over"), database.write() as connection:
        claim.fence(connection)
    with pytest.raises(Superseded):
        one.end(claim, Ending(slots.DONE))
    assert used(database) == [(DUE, "running", 2)]


def test_a_lease_that_ran_out_while_nobody_else_came_is_still_ours(
    process: Process, database: Database, clock: Any
) -> None:
    one = process()
    claim = take(one)
    assert claim is not None
    clock.now += 3600
    one.end(claim, Ending(slots.DONE))
    assert used(database) == [(DUE, "done", 1)]


def test_every_lease_has_a_higher_epoch(process: Process) -> None:
    one = process()
    epochs = []
    for _ in range(3):
        with one.holding("vdab") as claim:
            epochs.append(claim.lease.epoch)
    assert epochs == [1, 2, 3]


def test_a_run_by_hand_counts_as_use_of_that_moment_unless_it_was_cut_off(process: Process, database: Database) -> None:
    one = process()
    with pytest.raises(KeyboardInterrupt), one.holding("vdab"):
        raise KeyboardInterrupt
    assert used(database) == []
    with one.holding("vdab"):
        pass
    assert [(state, tries) for _, state, tries in used(database)] == [("by hand", 1)]


def test_the_plan_of_a_run_that_was_cut_off_is_put_away(database: Database, clock: Any) -> None:
    cleared: list[int] = []
    one = Claims(database, clock=clock, clear=cleared.append)
    claim = one.take("vdab")
    with database.write() as connection:
        number = runs.start(connection, "vdab", DUE)
    one.end(claim, Ending(slots.INTERRUPTED))
    assert cleared == [number]


def test_the_heart_beats_in_a_thread_of_its_own_as_long_as_something_is_held(database: Database) -> None:
    before = set(threading.enumerate())
    one, other = Claims(database, seconds=0.3), Claims(database, seconds=0.3)
    with one.holding("vdab"):
        assert [thread.name for thread in set(threading.enumerate()) - before] == ["heartbeat"]
        assert not threading.Event().wait(0.7)
        with pytest.raises(SourceBusy):
            other.take("vdab")
    assert one.held == ()


def test_of_many_that_claim_at_once_one_has_the_slot(database: Database) -> None:
    claims = [Claims(database, owner=str(number)) for number in range(8)]
    got: list[Claim | None] = []
    threads = [threading.Thread(target=lambda each=each: got.append(take(each))) for each in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([claim for claim in got if claim]) == 1
    assert len(used(database)) == 1


def test_old_slots_are_forgotten(process: Process, database: Database, clock: Any) -> None:
    one = process()
    for due in ("2026-01-01T00:00:00Z", DUE):
        claim = take(one, due)
        assert claim is not None
        one.end(claim, Ending(slots.DONE))
    assert [due for due, *_ in used(database)] == [DUE]
    with database.read() as connection:
        assert leases.holders(connection, clock.now) == {}
