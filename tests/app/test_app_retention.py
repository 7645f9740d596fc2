"""What partners sent is kept as long as it is said, what is published can always be replayed, the rest goes."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_hub import Folder
from sqlalchemy import text

from hub.app.hub import Hub
from hub.app.replaying import Tally, of_run
from hub.app.retention import clean, clean_daily, status
from hub.app.serving import Runner
from hub.errors import StoreError
from hub.store import runs

Open = Callable[..., Hub]
LATER = datetime.now(UTC) + timedelta(days=91)


def say(folder: Folder, *names: str) -> None:
    rows = "".join(f"{name};{name};Voorbeeld vzw\n" for name in names)
    (folder.path / "programmes.csv").write_text(f"nr;naam;wie\n{rows}")


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    """A hub that ran twice: the first answer is needed no more, the second is what is published."""
    folder.file("programmes")
    hub = opened()
    for names in (("Taalbad",), ("Taalbad", "Buddy")):
        say(folder, *names)
        assert hub.run("programmes").outcome.value == "complete"
    return hub


def age(hub: Hub, days: int) -> None:
    """Make the files of the archive as old."""
    for body in (hub.data / "archive").glob("??/*.zst"):
        os.utime(body, (time.time() - days * 86_400,) * 2)


def test_an_old_answer_goes_and_the_one_that_what_is_published_rests_on_stays(hub: Hub) -> None:
    assert (status(hub).bodies, status(hub).going, clean(hub).going) == (2, 0, 0)
    (kept,) = status(hub, LATER).sources
    assert (kept.source, kept.bodies, kept.going) == ("programmes", 2, 1)
    went = clean(hub, LATER)
    assert (went.going, went.old.answers, status(hub, LATER).bodies) == (1, 1, 1)
    tally = Tally()
    assert [shown.local_id for shown in of_run(hub, "programmes", None).records(tally)] == ["Taalbad", "Buddy"]
    with hub.database.read() as connection:
        assert [len(runs.exchanges(connection, number)) for number in (1, 2)] == [0, 1]


def test_what_is_needed_stays_for_years(hub: Hub) -> None:
    clean(hub, LATER)
    assert clean(hub, LATER + timedelta(days=4_000)).going == 0


def test_an_answer_of_a_run_that_goes_on_stays(hub: Hub) -> None:
    with hub.database.write() as connection:
        connection.execute(text("UPDATE run SET outcome = NULL WHERE id = 1"))
    assert clean(hub, LATER).going == 0


def test_an_answer_that_nobody_names_goes_when_it_is_old_and_not_when_it_came_again(hub: Hub) -> None:
    hub.archive.put(b"of a run that was killed")
    age(hub, days=91)
    assert status(hub).going == 1
    hub.archive.put(b"of a run that was killed")
    assert clean(hub).going == 0


def test_a_refused_record_goes_when_it_was_not_met_for_long(hub: Hub, folder: Folder) -> None:
    (folder.path / "programmes.csv").write_text("nr;naam;wie\nTaalbad;Taalbad;Voorbeeld vzw\nBuddy;;Voorbeeld vzw\n")
    hub.run("programmes")
    assert status(hub).sources[0].quarantined == 1
    assert clean(hub, LATER).old.records == 0
    assert clean(hub, datetime.now(UTC) + timedelta(days=181)).old.records == 1


def test_runs_that_changed_nothing_are_forgotten_beyond_the_latest(hub: Hub, folder: Folder) -> None:
    with hub.database.write() as connection:
        for _ in range(1_100):
            number = runs.start(connection, "programmes", "2020-01-01T00:00:00Z")
            runs.finish(connection, number, outcome="failed")
    assert clean(hub, LATER).old.runs == 100
    with hub.database.read() as connection:
        assert [run.id for run in runs.applied(connection, "programmes")] == [2]
    assert clean(hub, LATER).old.runs == 0


def test_cleaning_happens_once_a_day_however_often_it_is_asked_for(hub: Hub) -> None:
    assert clean_daily(hub) is not None
    assert clean_daily(hub) is None
    os.utime(hub.data / "cleaned", (time.time() - 90_000,) * 2)
    assert clean_daily(hub) is not None


def test_a_run_whose_answer_is_not_on_the_disk_is_not_applied(
    hub: Hub, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_digests: object) -> None:
        raise StoreError("the archive cannot be written: Input/output error; see to its disk and rights")

    monkeypatch.setattr(hub.archive, "settle", refuse)
    say(folder, "Taalbad", "Buddy", "Stage")
    report = hub.run("programmes")
    assert (report.outcome.value, report.counts.created, report.positions) == ("failed", 0, None)
    assert "see to its disk" in (report.reason or "")


def test_the_bodies_of_a_run_are_on_the_disk_before_it_is_applied(
    hub: Hub, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    plain = os.fsync

    def fsync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        plain(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    say(folder, "Taalbad", "Buddy", "Stage")
    hub.run("programmes")
    with hub.database.read() as connection:
        (digest,) = [row.digest or "" for row in runs.exchanges(connection, 3)]
    assert synced[:3] == [f"{digest[2:]}.zst", digest[:2], "archive"]


def test_a_hub_that_serves_cleans_after_its_runs(folder: Folder, opened: Open) -> None:
    folder.file("programmes", 'schedule = "* * * * *"')
    hub = opened()
    runner = Runner(hub)
    runner.start()
    try:
        for _ in range(300):
            if (hub.data / "cleaned").exists():
                break
            time.sleep(0.1)
    finally:
        runner.stop(seconds=10)
    assert (hub.data / "cleaned").exists()
