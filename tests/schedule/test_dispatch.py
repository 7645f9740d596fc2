"""What is started when: each slot once, as far as there is room, and none disturbing another."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.schedule import Claim, Claims, Dispatcher, Ending, due_slot
from hub.store import Database, runs, slots

Process = Callable[..., Claims]
Make = Callable[..., Dispatcher]


def minutely(last: datetime | None, now: datetime) -> datetime | None:
    return due_slot("* * * * *", last=last, now=now, timezone="Europe/Brussels")


def daily(last: datetime | None, now: datetime) -> datetime | None:
    return due_slot("0 3 * * *", last=last, now=now, timezone="Europe/Brussels")


class Work:
    """Work whose endings a test decides; it lasts as long as `open` is not set."""

    def __init__(self) -> None:
        self.state = slots.DONE
        self.open = threading.Event()
        self.open.set()
        self.begun: list[str] = []

    def __call__(self, claim: Claim) -> Ending:
        self.begun.append(claim.source)
        while not self.open.wait(0.01):
            if claim.unwanted.is_set():
                return Ending(slots.INTERRUPTED)
        if self.state == "crash":
            raise OSError("no space left on device")
        return Ending(self.state)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def made(process: Process, work: Work) -> Iterator[Make]:
    dispatchers: list[Dispatcher] = []

    def make(*sources: str, due: Any = minutely, at_once: int = 4, owner: str = "one") -> Dispatcher:
        found = Dispatcher(process(owner), dict.fromkeys(sources, due), lambda _source: work, at_once=at_once)
        dispatchers.append(found)
        return found

    yield make
    work.open.set()
    for dispatcher in dispatchers:
        dispatcher.drain(5)


def finish(dispatcher: Dispatcher) -> int:
    """Start what is due, wait for it, and return how many that were."""
    return len(wait(dispatcher.dispatch(), timeout=10).done)


def states(database: Database, source: str = "a") -> list[tuple[str, int]]:
    with database.read() as connection:
        return [(slot.state, slot.tries) for slot in slots.of_source(connection, source)]


def test_of_two_processes_one_starts_what_is_due(made: Make, work: Work, clock: Any) -> None:
    one, other = made("a", "b"), made("a", "b", owner="other")
    for _ in range(3):
        assert finish(one) + finish(other) == 2
        clock.now += 60
    assert sorted(work.begun) == ["a", "a", "a", "b", "b", "b"]


def test_a_hub_that_was_off_for_hours_runs_each_source_once(made: Make, work: Work, clock: Any) -> None:
    dispatcher = made("a")
    finish(dispatcher)
    clock.now += 6 * 3600
    assert (finish(dispatcher), finish(dispatcher)) == (1, 0)
    assert work.begun == ["a", "a"]


def test_a_source_that_goes_on_is_not_started_again_and_what_it_missed_runs_once_after(
    made: Make, work: Work, clock: Any
) -> None:
    dispatcher = made("a")
    work.open.clear()
    (started,) = dispatcher.dispatch()
    clock.now += 600
    assert dispatcher.dispatch() == []
    work.open.set()
    started.result(timeout=10)
    wait_until(lambda: len(work.begun) == 2)
    assert dispatcher.dispatch() == []


def test_what_finds_no_room_stays_unclaimed_so_that_another_process_may_take_it(made: Make, work: Work) -> None:
    one, other = made("a", "b", "c", at_once=1), made("a", "b", "c", owner="other")
    work.open.clear()
    assert (len(one.dispatch()), len(one.dispatch()), len(other.dispatch())) == (1, 0, 2)


def test_room_that_is_made_is_used_at_once(made: Make, work: Work) -> None:
    dispatcher = made("a", "b", "c", at_once=1)
    dispatcher.dispatch()
    wait_until(lambda: len(work.begun) == 3)


def test_where_there_is_more_to_do_than_room_every_source_has_its_turn(
    made: Make, work: Work, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lasts_a_minute(claim: Claim) -> Ending:
        clock.now += 60
        return Work.__call__(work, claim)

    dispatcher = made("a", "b", "c", at_once=1)
    monkeypatch.setattr(dispatcher, "_prepare", lambda _source: lasts_a_minute)
    dispatcher.dispatch()
    wait_until(lambda: len(work.begun) >= 9)
    dispatcher.drain(5)
    assert work.begun[:9] == ["a", "b", "c"] * 3


@pytest.mark.parametrize("state", [slots.FAILED, "crash"])
def test_a_slot_that_failed_waits_for_the_next(
    made: Make, work: Work, database: Database, clock: Any, state: str
) -> None:
    dispatcher = made("a")
    work.state = state
    assert (finish(dispatcher), finish(dispatcher)) == (1, 0)
    clock.now += 60
    assert finish(dispatcher) == 1
    assert states(database) == [("failed", 1), ("failed", 1)]


def test_a_slot_that_was_cut_off_is_begun_three_times_at_most(made: Make, work: Work, database: Database) -> None:
    dispatcher = made("a", due=daily)
    work.state = slots.INTERRUPTED
    dispatcher.dispatch()
    wait_until(lambda: states(database) == [("interrupted", 3)])
    assert finish(dispatcher) == 0
    assert len(work.begun) == 3


def test_a_source_whose_runs_are_older_than_slots_waits_for_its_next_one(
    made: Make, database: Database, clock: Any
) -> None:
    ran = datetime.fromtimestamp(clock.now).astimezone() - timedelta(minutes=5)
    with database.write() as connection:
        runs.finish(connection, runs.start(connection, "a", ran.isoformat()), outcome="complete")
    dispatcher = made("a", due=daily)
    assert finish(dispatcher) == 0
    clock.now += 86400
    assert finish(dispatcher) == 1


def test_draining_lets_work_finish_and_starts_nothing_more(
    made: Make, work: Work, database: Database, clock: Any
) -> None:
    dispatcher = made("a")
    work.open.clear()
    dispatcher.dispatch()
    threading.Timer(0.2, work.open.set).start()
    clock.now += 60
    dispatcher.drain(10)
    assert states(database) == [("done", 1)]
    assert dispatcher.dispatch() == []


def test_draining_ends_what_does_not_finish_so_that_it_runs_on_return(
    made: Make, work: Work, database: Database
) -> None:
    dispatcher = made("a", due=daily)
    work.open.clear()
    dispatcher.dispatch()
    dispatcher.drain(0.1)
    assert states(database) == [("interrupted", 1)]
    work.open.set()
    assert finish(made("a", due=daily, owner="returned")) == 1
    assert states(database) == [("done", 2)]


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")
