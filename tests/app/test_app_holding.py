"""Deciding what waits, undoing, and ending by the clock, on an opened hub and at the command line."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_hub import Folder
from typer.testing import CliRunner

from hub.app import holding
from hub.app.alarming import facts_of
from hub.app.hub import Hub
from hub.app.serving import Runner
from hub.cli.hold import app as hold_command
from hub.cli.run import app as run_command
from hub.errors import SourceBusy
from hub.store import holds, listings, runs, slots

Open = Callable[..., Hub]
COLUMNS = 80


def say(folder: Folder, names: dict[int, str]) -> None:
    rows = "".join(f"{number};{name};Voorbeeld vzw\n" for number, name in names.items())
    (folder.path / "programmes.csv").write_text("nr;naam;wie\n" + rows)


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    """A hub with a plan that waits: of a hundred programmes sixty would change, such as to very long names."""
    folder.file("kleine")
    say(folder, {number: f"Taalbad {number}" for number in range(100)})
    hub = opened()
    assert hub.run("kleine").live == 100
    say(
        folder,
        {number: f"Bad {number} " + "zeer " * 30 if number < 60 else f"Taalbad {number}" for number in range(100)},
    )
    assert hub.run("kleine").outcome == "held"
    return hub


def told(folder: Folder, *words: str, code: int = 0) -> str:
    """Return what `hub hold` prints."""
    arguments = [*words, "--config", str(folder.path)]
    done = CliRunner(env={"COLUMNS": str(COLUMNS)}).invoke(hold_command, arguments)
    assert done.exit_code == code, done.output
    return done.stdout


def test_a_plan_is_shown_with_counts_examples_and_what_would_change(hub: Hub) -> None:
    shown = holding.show(hub, holding.number_of(hub, "kleine"))
    assert (shown.counts, shown.run["updated"]) == ({"updated": 60}, 60)
    first = shown.examples["updated"][0]
    assert first.local_id == "0"
    assert [(each.field, each.before) for each in first.differences if "title" in each.field] == [
        ("title.nl", "Taalbad 0")
    ]


def test_a_plan_can_be_read_at_eighty_columns_and_by_programs(hub: Hub, folder: Folder) -> None:
    for lines in (told(folder, "list"), told(folder, "show", "kleine")):
        assert "expect.max_changed" in lines
        assert max(map(len, lines.splitlines())) <= COLUMNS
    said = json.loads(told(folder, "show", "kleine", "--json"))
    assert (said["hold"]["state"], said["counts"]) == ("waiting", {"updated": 60})


def test_who_decided_is_the_login_name_unless_it_is_said(
    hub: Hub, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "operator")
    told(folder, "reject", "kleine", "--why", "a faulty export")
    (decided,) = json.loads(told(folder, "list", "--all", "--json"))["holds"]
    assert (decided["state"], decided["decided_by"], decided["why"]) == ("rejected", "operator", "a faulty export")
    assert os.environ["LOGNAME"] == "operator"


def test_what_waits_raises_an_alarm_that_closes_once_it_is_decided(hub: Hub) -> None:
    assert facts_of(hub, "kleine", datetime.now(UTC)).waiting
    holding.reject(hub, holding.number_of(hub, "kleine"), by="me", why=None)
    assert facts_of(hub, "kleine", datetime.now(UTC)).waiting is None


def test_a_plan_is_not_approved_while_somebody_works_on_the_source(hub: Hub) -> None:
    number = holding.number_of(hub, "kleine")
    with hub.claims.holding("kleine"), pytest.raises(SourceBusy):
        holding.approve(hub, number, by="me", why=None)
    assert holding.approve(hub, number, by="me", why=None)[1] == (101, 160)


def test_deciding_and_undoing_are_no_runs_for_the_schedule(hub: Hub) -> None:
    with hub.database.read() as connection:
        before = slots.of_source(connection, "kleine")
    holding.approve(hub, holding.number_of(hub, "kleine"), by="me", why=None)
    with hub.database.read() as connection:
        (last,) = runs.latest(connection, "kleine")
        assert slots.of_source(connection, "kleine") == before
    assert holding.undo(hub, "kleine", last.id)[1] == 60


def test_an_undone_run_is_told_and_needs_one_source(hub: Hub, folder: Folder) -> None:
    config = ["--config", str(folder.path), "--undo", "1"]
    done = CliRunner().invoke(run_command, ["kleine", *config])
    assert (done.exit_code, "100 listings are as they were before run 1" in done.stdout) == (0, True)
    with hub.database.read() as connection:
        assert listings.count_live(connection, "kleine") == 0
    assert CliRunner().invoke(run_command, config).exit_code != 0


def test_what_a_killed_process_left_in_the_folder_is_removed_and_what_waits_is_not(
    hub: Hub, folder: Folder, opened: Open
) -> None:
    orphan, old = hub.data / "holds" / "99.plan", datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    orphan.touch()
    for file in (hub.data / "holds").iterdir():
        os.utime(file, (old, old))
    again = opened()
    assert not orphan.exists()
    with again.database.read() as connection:
        (waits,) = holds.find(connection, "kleine", states=(holds.WAITING,))
    assert (again.data / "holds" / waits.file).exists()


def test_a_serving_hub_ends_what_has_passed_its_last_day(folder: Folder, opened: Open, tmp_path: Path) -> None:
    folder.file("kleine")
    say(folder, {1: "Taalbad"})
    hub = opened()
    hub.run("kleine")
    runner = Runner(hub)
    runner.run_due()
    with hub.database.write() as connection:
        assert listings.count_live(connection, "kleine") == 1  # the control: it has no last day
        connection.exec_driver_sql("UPDATE listing SET expires = '2026-01-31'")
    runner.run_due()
    with hub.database.read() as connection:
        assert listings.count_live(connection, "kleine") == 0
    runner.start()
    runner.stop()
