"""`hub serve` as a process among others: its runs, its end, and the end of adapters that know none."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from misbehaving import DISTRIBUTION, install
from small_hub import NIGHTLY, Folder
from sqlalchemy import text

from hub.store import Database, open_store

HUB = str(Path(sys.executable).parent / "hub")
Serve = Callable[[], subprocess.Popen[str]]
SETTINGS = """
[schedule]
at_once = {at_once}
lease_seconds = 2
memory_megabytes = 400
grace_seconds = 1
drain_seconds = {drain}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    install(tmp_path / "plugins")
    folder.set(f'plugins = ["{DISTRIBUTION}", "schakel-generic-csv"]')
    return folder


def configure(folder: Folder, *, at_once: int = 4, drain: int = 5, run_seconds: int = 60) -> None:
    file = folder.path / "hub.toml"
    settings = SETTINGS.format(at_once=at_once, drain=drain)
    file.write_text(file.read_text().replace("[limits]", f"[limits]\nrun_seconds = {run_seconds}") + settings)


def misbehave(folder: Folder, name: str, how: str, file: Path | None = None) -> None:
    folder.source(name, f'how = "{how}"\nfile = "{file or ""}"\n', adapter="misbehaving", more=NIGHTLY)


@pytest.fixture
def serve(folder: Folder, tmp_path: Path) -> Iterator[Serve]:
    """Return what starts a `hub serve` on the folder."""
    started: list[subprocess.Popen[str]] = []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "plugins"), *_paths()])}

    def start() -> subprocess.Popen[str]:
        command = [HUB, "serve", "--config", str(folder.path), "--port", str(free_port())]
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        print(each.communicate()[1])  # noqa: T201 - what it logged, for a test that failed


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _paths() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


@pytest.fixture
def database(folder: Folder) -> Iterator[Database]:
    with closing(open_store(folder.path.parent / "data" / "hub.db")) as database:
        yield database


def rows(database: Database, query: str) -> Any:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def wait_until(true: Callable[[], object], seconds: float = 40) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def outcomes(database: Database) -> dict[str, str | None]:
    return dict(rows(database, "SELECT source, outcome FROM run ORDER BY id"))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def children(process: int) -> list[int]:
    """Return the ids of all processes below a process."""
    found = {int(stat.parent.name): _parent(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
    below = [process]
    for each in below:
        below += [child for child, parent in found.items() if parent == each]
    return below[1:]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


@pytest.mark.slow
def test_adapters_that_hang_spin_and_leak_are_ended_and_disturb_no_other(
    folder: Folder, serve: Serve, database: Database
) -> None:
    configure(folder, at_once=20, run_seconds=5)
    for how in ("hang", "spin", "leak"):
        misbehave(folder, f"a-{how}", how)
    for number in range(17):
        folder.file(f"good-{number}")
    running = serve()
    wait_until(lambda: list(outcomes(database).values()).count("complete") == 17)
    (late,) = rows(database, "SELECT max(unixepoch(claimed) - unixepoch(due)) FROM slot WHERE source LIKE 'good%'")
    (began,) = rows(
        database,
        "SELECT max(unixepoch(moment, 'subsec')) - (SELECT unixepoch(min(due)) FROM slot) FROM run "
        "WHERE source LIKE 'good%'",
    )
    print(f"taken up within {late[0]} s, running within {began[0]} s")  # noqa: T201 - a figure for the record
    wait_until(lambda: None not in outcomes(database).values())
    assert {outcome for source, outcome in outcomes(database).items() if str(source).startswith("a-")} == {"failed"}
    said: dict[str, str] = dict(rows(database, "SELECT source, reason FROM run"))
    assert "ended at its deadline (it was at fetch, 500 records)" in str(said["a-hang"])
    assert "ended at its deadline" in str(said["a-spin"])
    assert rows(database, "SELECT DISTINCT source FROM listing WHERE source LIKE 'a-%'") == []
    assert not list((folder.path.parent / "data" / "plans").iterdir())
    running.terminate()
    assert running.wait(20) == 0
    assert float(str(late[0])) <= 2


@pytest.mark.slow
def test_serving_ends_with_exit_code_0_after_the_runs_that_go_on(
    folder: Folder, serve: Serve, database: Database, tmp_path: Path
) -> None:
    configure(folder)
    misbehave(folder, "trage", "wait", tmp_path / "gate")
    running = serve()
    wait_until((tmp_path / "gate.reached").exists)
    running.terminate()
    time.sleep(1)
    (tmp_path / "gate").touch()
    assert running.wait(20) == 0
    assert outcomes(database) == {"trage": "complete"}
    assert rows(database, "SELECT count(*) FROM listing WHERE live") == [(600,)]


@pytest.mark.slow
@pytest.mark.parametrize("drain", [0, 1])
def test_a_run_that_outlasts_the_end_of_the_hub_is_ended_and_runs_again_on_return(
    folder: Folder, serve: Serve, database: Database, tmp_path: Path, drain: int
) -> None:
    configure(folder, drain=drain)
    misbehave(folder, "trage", "wait", tmp_path / "gate")
    running = serve()
    wait_until((tmp_path / "gate.reached").exists)
    below = children(running.pid)
    running.terminate()
    assert running.wait(20) == 0
    wait_until(lambda: not [child for child in below if alive(child)], 5)
    assert outcomes(database) == {"trage": "interrupted"}
    assert rows(database, "SELECT count(*) FROM listing") == [(0,)]
    (tmp_path / "gate").touch()
    serve()
    wait_until(lambda: outcomes(database) == {"trage": "complete"})
    wait_until(lambda: rows(database, "SELECT state, tries FROM slot") == [("done", 2)])


@pytest.mark.slow
def test_when_a_serving_process_is_killed_another_takes_over_within_the_lease_and_a_tick(
    folder: Folder, serve: Serve, database: Database, tmp_path: Path
) -> None:
    configure(folder)
    misbehave(folder, "trage", "wait", tmp_path / "gate")
    first = serve()
    wait_until((tmp_path / "gate.reached").exists)
    (tmp_path / "gate.reached").unlink()
    second = serve()
    assert second.stderr is not None
    assert "Serving" in second.stderr.readline() + second.stderr.readline()
    below = children(first.pid)
    first.send_signal(signal.SIGKILL)
    took = wait_until(lambda: rows(database, "SELECT tries FROM slot") == [(2,)])
    assert took < 2 + 1 + 1
    wait_until(lambda: not [child for child in below if alive(child)])
    (tmp_path / "gate").touch()
    wait_until(lambda: outcomes(database) == {"trage": "complete"})
    assert rows(database, "SELECT outcome FROM run ORDER BY id") == [("interrupted",), ("complete",)]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_run_by_hand_stops_when_asked_and_leaves_nothing_behind(
    folder: Folder, database: Database, tmp_path: Path, ending: signal.Signals
) -> None:
    configure(folder)
    misbehave(folder, "trage", "wait", tmp_path / "gate")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "plugins"), *_paths()])}
    command = [HUB, "run", "--config", str(folder.path)]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    wait_until((tmp_path / "gate.reached").exists)
    running.send_signal(ending)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Stopping" in said
    assert outcomes(database) == {"trage": "interrupted"}
    assert rows(database, "SELECT count(*) FROM slot") == [(0,)]
    assert not list((folder.path.parent / "data" / "plans").iterdir())
