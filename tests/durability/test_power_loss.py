"""A hub whose power fails has everything it said was done: SQLite's every write and sync is recorded and played."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from durable import faults, run_round, tell
from recorded_disk import Log, RecordedDisk, Said, Step, Write, after_failure, driver

import hub.store.database
from hub.store import Database, open_store

FILES = ("hub.db", "hub.db-wal")
ROUNDS = 60


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """A disk that remembers, on which the hub opens its databases."""
    log = Log()
    disk = RecordedDisk(log)
    yield log
    disk.unregister()


def recorded(folder: Path, log: Log, patch: pytest.MonkeyPatch, synchronous: str) -> dict[str, bytes]:
    """Run some rounds on the recorded disk, and return the files they started from."""
    settings = hub.store.database._SETTINGS
    assert "PRAGMA synchronous = FULL" in settings
    with closing(open_store(folder / "hub.db")):
        pass
    start = {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}
    with patch.context() as patched:
        patched.setattr(hub.store.database, "sqlite", driver())
        chosen = [f"PRAGMA synchronous = {synchronous}" if "synchronous" in each else each for each in settings]
        patched.setattr(hub.store.database, "_SETTINGS", (*chosen, "PRAGMA wal_autocheckpoint = 40"))
        log.watched = frozenset(FILES)
        _run(folder, log)
    return start


def _run(folder: Path, log: Log) -> None:
    database = Database(folder / "hub.db")
    for _ in range(ROUNDS):
        round_, report = run_round(database, folder / "plans", size=12)
        assert report.outcome.value == "complete", report.reason
        log.say(round_)
    log.watched = frozenset()  # an orderly end is no part of what is played
    database.close()


def judged(folder: Path, start: dict[str, bytes], steps: list[Step], images: int, seed: int) -> dict[str, int]:
    """Let the power fail so often, and return how many disks lack what was said, hold a part, or are damaged."""
    chance = random.Random(seed)
    verdicts = {"lost": 0, "partial": 0, "corrupt": 0, "positions": 0}
    folder.mkdir()
    for _ in range(images):
        done = steps[: chance.randrange(len(steps))]
        said = max((step.round for step in done if isinstance(step, Said)), default=0)
        for leftover in folder.glob("hub.db*"):
            leftover.unlink()
        for name, held in after_failure(start, done, chance).items():
            (folder / name).write_bytes(held)
        for kind in {fault.partition(":")[0] for fault in faults(folder / "hub.db", said, size=12)}:
            verdicts[kind] += 1
    return verdicts


@pytest.mark.parametrize(
    "images", [pytest.param(1_000, marks=pytest.mark.slow), pytest.param(20_000, marks=pytest.mark.nightly)]
)
@pytest.mark.timeout(3_000)
def test_a_power_failure_takes_nothing_that_was_said_to_be_done(
    images: int, log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = recorded(tmp_path, log, monkeypatch, "FULL")
    assert {step.file for step in log.steps if isinstance(step, Write)} == set(FILES), "no checkpoint was recorded"
    verdicts = judged(tmp_path / "image", start, log.steps, images, seed=20261122)
    tell(f"FULL, {images} power failures over {len(log.steps)} steps: {verdicts}")
    assert verdicts == {"lost": 0, "partial": 0, "corrupt": 0, "positions": 0}


@pytest.mark.slow
@pytest.mark.parametrize(("synchronous", "fault"), [("NORMAL", "lost"), ("OFF", "corrupt")])
def test_with_a_weaker_setting_a_power_failure_takes_what_was_said_to_be_done(
    synchronous: str, fault: str, log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = recorded(tmp_path, log, monkeypatch, synchronous)
    verdicts = judged(tmp_path / "image", start, log.steps, 100, seed=1)
    tell(f"{synchronous}, 100 power failures: {verdicts}")
    assert verdicts[fault] > 0
