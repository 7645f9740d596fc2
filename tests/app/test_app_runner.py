"""What runs while the hub serves: what is due, each source once at a time, none disturbing another."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta

import pytest
from small_hub import Folder, Library

from hub.app.hub import Hub
from hub.app.serving import Runner
from hub.model.opportunity import utc
from hub.schedule import Ending
from hub.store import runs, slots
from hub.store.runs import RunRow
from hub.store.slots import Slot

Start = Callable[[], tuple[Hub, Runner]]


@pytest.fixture
def runner(opened: Callable[..., Hub]) -> Iterator[Start]:
    """Return what makes a runner whose clock ticks too slowly to matter."""
    runners: list[Runner] = []

    def start() -> tuple[Hub, Runner]:
        hub = opened()
        runners.append(Runner(hub))
        return hub, runners[-1]

    yield start
    for each in runners:
        each.start()
        each.stop()


def recorded(hub: Hub, source: str) -> list[RunRow]:
    with hub.database.read() as connection:
        return runs.latest(connection, source, 99)


def used(hub: Hub, source: str) -> list[Slot]:
    with hub.database.read() as connection:
        return slots.of_source(connection, source)


def run_due(runner: Runner) -> int:
    """Run what is due to its end, and return how many runs that were."""
    return len(wait(runner.run_due(), timeout=20).done)


def test_what_never_ran_is_due_and_then_waits_for_its_slot(folder: Folder, runner: Start) -> None:
    folder.file("kleine")
    hub, running = runner()
    assert (run_due(running), run_due(running)) == (1, 0)
    assert [run.outcome for run in recorded(hub, "kleine")] == ["complete"]


@pytest.mark.parametrize("more", ["", 'schedule = "0 3 * * *"\nenabled = false'])
def test_a_source_without_a_schedule_or_off_never_runs_by_itself(folder: Folder, runner: Start, more: str) -> None:
    folder.file("kleine", more=more)
    hub, running = runner()
    assert run_due(running) == 0
    assert recorded(hub, "kleine") == []


def test_slots_that_were_missed_run_once(folder: Folder, runner: Start) -> None:
    folder.file("kleine")
    hub, running = runner()
    with hub.database.write() as connection:
        runs.start(connection, "kleine", utc(datetime.now(UTC) - timedelta(days=30)))
    assert (run_due(running), run_due(running)) == (1, 0)
    assert len(recorded(hub, "kleine")) == 2


def test_a_source_that_is_running_is_not_started_again(folder: Folder, library: Library, runner: Start) -> None:
    folder.web("trage", library)
    hub, running = runner()
    library.open.clear()
    (started,) = running.run_due()
    assert running.run_due() == []
    library.open.set()
    started.result(timeout=20)
    assert library.asked == 1
    assert len(recorded(hub, "trage")) == 1


def test_a_source_that_waits_for_its_partner_does_not_hold_up_another(
    folder: Folder, library: Library, runner: Start
) -> None:
    folder.web("trage", library)
    folder.file("kleine")
    hub, running = runner()
    library.open.clear()
    started = running.run_due()
    assert len(wait(started, timeout=20, return_when="FIRST_COMPLETED").done) == 1
    assert [run.outcome for run in recorded(hub, "kleine")] == ["complete"]
    library.open.set()
    assert len(wait(started, timeout=20).done) == 2


def test_a_source_that_cannot_run_is_logged_once_and_the_others_run(
    folder: Folder, runner: Start, caplog: pytest.LogCaptureFixture
) -> None:
    folder.source("foute", 'path = "programmes.csv"\n')
    folder.file("kleine")
    hub, running = runner()
    assert (run_due(running), run_due(running)) == (1, 0)
    assert [run.outcome for run in recorded(hub, "kleine")] == ["complete"]
    assert caplog.text.count("source foute cannot run") == 1


def test_a_slot_that_failed_is_not_tried_again_before_the_next(folder: Folder, runner: Start) -> None:
    folder.file("foute")
    (folder.path / "programmes.csv").unlink()
    hub, running = runner()
    assert (run_due(running), run_due(running)) == (1, 0)
    (run,) = recorded(hub, "foute")
    assert run.outcome == "failed"
    assert [(slot.state, slot.run) for slot in used(hub, "foute")] == [("failed", run.id)]


def test_a_run_that_was_cut_off_is_told_and_its_slot_run_again(folder: Folder, runner: Start) -> None:
    folder.file("kleine")
    hub, running = runner()
    claim = hub.claims.take_slot("kleine", lambda _connection, _last: "2026-11-22T03:00:00Z")
    assert claim is not None
    with hub.database.write() as connection:
        runs.start(connection, "kleine", "2026-11-22T03:00:01Z")
    hub.claims.end(claim, Ending(slots.INTERRUPTED))
    assert (run_due(running), run_due(running)) == (1, 0)
    assert [run.outcome for run in recorded(hub, "kleine")] == ["complete", "interrupted"]


def test_starting_runs_what_is_due_and_stopping_waits_for_it(
    folder: Folder, library: Library, opened: Callable[..., Hub], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hub.app")
    folder.web("kleine", library)
    hub = opened()
    running = Runner(hub)
    running.start()
    running.stop()
    assert [run.outcome for run in recorded(hub, "kleine")] == ["complete"]
    assert "run of kleine: complete" in caplog.text
