"""The hub put together: what opens, what runs, and what two hubs do to each other."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_hub import Folder, Library

from hub.app.hub import Hub
from hub.app.running import run_all
from hub.errors import ConfigError, SourceBusy, SourceError
from hub.pipeline import Outcome
from hub.store import listings, runs

Opened = Callable[..., Hub]


def test_a_hub_keeps_its_data_beside_its_configuration(folder: Folder, opened: Opened) -> None:
    folder.file("kleine")
    hub = opened()
    assert hub.data == folder.path.parent / "data"
    assert (hub.data / "hub.db").exists()
    assert hub.enabled() == ("kleine",)


def test_a_source_that_is_off_does_not_count_as_one_that_runs(folder: Folder, opened: Opened) -> None:
    folder.file("kleine")
    folder.file("oude", more="enabled = false")
    assert opened().enabled() == ("kleine",)


def test_a_run_publishes_and_names_the_archived_answer_it_rests_on(folder: Folder, opened: Opened) -> None:
    folder.file("kleine")
    hub = opened()
    told: list[str] = []
    report = hub.run("kleine", progress=lambda step, _done, _total: told.append(step))
    assert (report.outcome, report.live) == (Outcome.complete, 1)
    assert {"fetch", "plan", "apply"} <= set(told)
    assert list((hub.data / "archive").rglob("*.*")) or list((hub.data / "archive").iterdir())
    assert not list((hub.data / "plans").glob("*.plan"))


def test_a_sandbox_is_refused_where_the_adapter_has_none(folder: Folder) -> None:
    folder.source("kleine", 'path = "programmes.csv"\n', more="sandbox = true")
    with pytest.raises(ConfigError, match=r"kleine\.toml: sandbox = true: the adapter 'generic_csv' has no sandbox"):
        Hub.open(folder.path)


def test_an_unknown_adapter_is_told_when_the_source_runs_and_the_hub_opens(folder: Folder, opened: Opened) -> None:
    folder.source("kleine", adapter="generic_cvs", more="sandbox = true")
    with pytest.raises(ConfigError, match="generic_cvs"):
        opened().run("kleine")


def test_a_source_that_cannot_run_does_not_keep_the_others_from_running(folder: Folder, opened: Opened) -> None:
    folder.file("kleine")
    folder.file("grote")
    folder.source("foute", 'path = "programmes.csv"\n')
    hub = opened()
    reports = {report.source: report for report in run_all(hub, hub.enabled(), lambda _source: lambda *_: None)}
    assert reports.pop("foute").outcome is Outcome.failed
    assert {source: report.outcome for source, report in reports.items()} == {
        "grote": Outcome.complete,
        "kleine": Outcome.complete,
    }


def test_a_source_that_cannot_run_says_which_file_to_mend(folder: Folder, opened: Opened) -> None:
    folder.source("foute", 'path = "programmes.csv"\n')
    hub = opened()
    (report,) = run_all(hub, hub.enabled(), lambda _source: lambda *_: None)
    assert "foute.toml" in str(report.reason)
    assert "kind" in str(report.reason)


def test_a_source_that_one_hub_runs_is_refused_to_another_which_says_who_has_it(
    folder: Folder, opened: Opened, library: Library
) -> None:
    folder.web("kleine", library)
    library.open.clear()
    first, second = opened(), opened()
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(first.run, "kleine")
        wait_until(lambda: library.asked == 1)
        with pytest.raises(SourceBusy, match=f"'kleine' is being worked on by process {os.getpid()} on"):
            second.run("kleine")
        library.open.set()
        assert started.result().outcome is Outcome.complete
    assert library.asked == 1
    assert second.run("kleine").counts.unchanged == 2


def test_a_busy_source_does_not_keep_the_others_from_running(folder: Folder, opened: Opened) -> None:
    folder.file("kleine")
    folder.file("grote")
    hub, other = opened(), opened()
    with other.claims.holding("kleine"):
        reports = {report.source: report for report in run_all(hub, hub.enabled(), lambda _source: lambda *_: None)}
    assert reports["kleine"].outcome is Outcome.interrupted
    assert "is being worked on" in str(reports["kleine"].reason)
    assert reports["grote"].outcome is Outcome.complete


def test_runs_that_are_stopped_apply_nothing_even_when_they_hang(
    folder: Folder, opened: Opened, library: Library
) -> None:
    folder.web("trage", library)
    folder.file("kleine")
    library.open.clear()
    hub = opened()
    running = run_all(hub, hub.enabled(), lambda _source: lambda *_: None)
    assert next(running).source == "kleine"
    running.close()
    library.open.set()
    wait_until(lambda: not any(thread.name.startswith("run_") for thread in threading.enumerate()))
    with hub.database.read() as connection:
        assert listings.count_live(connection, "trage") == 0
        (run,) = runs.latest(connection, "trage")
    assert (run.outcome, run.reason) == ("interrupted", "the command was stopped; nothing of it was applied")
    assert not list((hub.data / "plans").iterdir())


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_runs_of_a_closed_store_leave_no_thread(folder: Folder, tmp_path: Path) -> None:
    folder.file("kleine")
    before = set(threading.enumerate())
    with Hub.open(folder.path) as hub:
        list(run_all(hub, hub.enabled(), lambda _source: lambda *_: None))
    assert set(threading.enumerate()) <= before


def test_a_source_reaches_no_private_host_that_the_settings_do_not_name(
    folder: Folder, library: Library, opened: Opened
) -> None:
    file = folder.path / "hub.toml"
    file.write_text(file.read_text().replace("127.0.0.1", "10.1.2.3"))
    folder.web("kleine", library)
    report = opened().run("kleine")
    assert report.outcome is Outcome.failed
    assert "this machine itself" in str(report)
    assert library.asked == 0


def test_a_source_on_its_sandbox_reaches_that_and_no_other_private_host(
    folder: Folder, library: Library, opened: Opened
) -> None:
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    hub = opened(sandbox_address="http://127.0.0.1:9")
    with hub.job("actiris") as job:
        for url, sentence in (
            (f"{library.address}/programmes.csv", "not called"),
            ("http://127.0.0.1:9/", "came about"),
        ):
            with pytest.raises(SourceError, match=sentence):
                job.connect().get(url)
    assert library.asked == 0
