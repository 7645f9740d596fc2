"""A hub that runs for long with partners that fail takes no more of its machine than at first, and ends with the truth.

SOAK_SECONDS sets how long the nightly test goes on.
"""

import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from durable import tell
from misbehaving import DISTRIBUTION, install
from small_hub import NIGHTLY, Folder
from sqlalchemy import text
from wavering import FAULTY, Wavering, listening

from hub.feed.reader import Replica, follow
from hub.store import Database

LONG_SECONDS = float(os.environ.get("SOAK_SECONDS", "900"))
SHORT_SECONDS = 40.0
SERVING = Path(__file__).parents[1] / "soaking.py"
PARTNERS = 19
HANGING = "hangt"
AT_ONCE = 3
LOOK_SECONDS = 1.0
FILES_OF_A_RUN = 4
"""The descriptors that a process holds open here as long as it goes on: its wire and its ends, on both sides."""
SETTINGS = """
[schedule]
at_once = {at_once}
lease_seconds = 10
grace_seconds = 1
drain_seconds = 20
"""
ROUND = f"{NIGHTLY}\nexpect = {{ absence_hours = 0 }}"
UNHANDLED = re.compile(r"Traceback|\b(ERROR|CRITICAL)\b|an unexpected ")
SAID = re.compile(r"ERROR hub\.app\.working: run of hangt: ")
"""A process that was ended at its deadline is told, and is no error of the hub."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a hub takes of its machine at one moment.

    Args:
        seconds: since it serves.
        memory: resident megabytes of the process that serves, and of the lasting ones below it, which fork the others.
        files: their open descriptors, without those of the runs that go on.
        threads: their threads.
        children: how many processes are below them.
        wal: megabytes of the write-ahead log.
    """

    seconds: float
    memory: float
    files: float
    threads: float
    children: float
    wal: float


BOUNDS = Look(seconds=0, memory=12, files=6, threads=3, children=2, wal=8)
"""By how much the middle of the last third may lie above that of the middle third, in a short run."""
LONG_BOUNDS = replace(BOUNDS, memory=4)
"""The same in a long one, whose caches are filled by then."""


class Soaked:
    """A hub that serves, its partners, and what was seen of it."""

    def __init__(self, folder: Folder, partners: Wavering, gate: Path, process: subprocess.Popen[bytes]) -> None:
        self.data = folder.path.parent / "data"
        self.partners = partners
        self.gate = gate
        self.process = process
        self.log = folder.path.parent / "log"
        self.address = ""
        self.looks: list[Look] = []

    def soak(self, seconds: float, chance: random.Random) -> None:
        """Look at it every second for so long, while one source hangs in a share of its runs."""
        began = time.monotonic()
        hangs_until = 0.0
        while (passed := time.monotonic() - began) < seconds:
            time.sleep(LOOK_SECONDS)
            if passed > hangs_until:
                self.gate.touch()
                if chance.random() < FAULTY:
                    self.gate.unlink()
                    hangs_until = passed + 2 * LOOK_SECONDS
            self.looks.append(look(self.process.pid, self.data / "hub.db-wal", passed))
            assert self.process.poll() is None
        self.gate.touch()

    def query(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with closing(Database(self.data / "hub.db")) as database, database.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def settle(self) -> None:
        """Wait until every source has read its partner three times since it is calm."""
        self.partners.calm = True
        ((last,),) = self.query("SELECT max(id) FROM run")
        done = "SELECT count(*) FROM run WHERE id > :last AND outcome = 'complete' GROUP BY source"
        began = time.monotonic()
        while len([1 for (count,) in self.query(done, last=last) if count >= 3]) < PARTNERS + 1:
            assert time.monotonic() - began < 300, self.query(
                "SELECT source, outcome, reason FROM run ORDER BY id DESC"
            )
            time.sleep(LOOK_SECONDS)

    def published(self) -> set[str]:
        """Return the titles that a reader of the feed ends with, those of the hanging source left out."""
        replica = Replica()
        with httpx.Client(trust_env=False) as client:
            for page in follow(lambda url: client.get(url).json(), f"{self.address}/feeds/programmes"):
                replica.apply(page)
        titles = {data["title"]["nl"] for data in replica.data.values()}
        return {each for each in titles if each.startswith("Traject bron")}

    def unhandled(self) -> list[str]:
        """Return the lines of the log that tell of an error nobody took care of."""
        lines = self.log.read_text("utf-8").splitlines()
        return [line for line in lines if UNHANDLED.search(line) and not SAID.search(line)]


def look(process: int, wal: Path, passed: float) -> Look:
    below = descendants(process)
    lasting = [process, *below.get(1, [])]
    status = [dict(line.split(":", 1) for line in _read(each, "status").splitlines()) for each in lasting]
    return Look(
        passed,
        sum(int(each.get("VmRSS", "0 kB").split()[0]) for each in status) / 1024,
        sum(_files(each) for each in lasting) - FILES_OF_A_RUN * len(below.get(2, [])),
        sum(int(each.get("Threads", "0")) for each in status),
        sum(map(len, below.values())),
        wal.stat().st_size / 2**20 if wal.exists() else 0,
    )


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except OSError:
        return ""


def _files(process: int) -> int:
    with suppress(OSError):
        return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    return 0


def descendants(process: int) -> dict[int, list[int]]:
    """Return the processes below a process, by how far below they are."""
    parents = {int(each.parent.name): _parent(each) for each in Path("/proc").glob("[0-9]*/stat")}
    below: dict[int, list[int]] = {0: [process]}
    while found := [child for child, parent in parents.items() if parent in below[len(below) - 1]]:
        below[len(below)] = found
    return {far: found for far, found in below.items() if far}


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def growth(looks: Sequence[Look]) -> Look:
    """Return by how much the middle of the last third of the looks lies above that of the third before it."""
    third = len(looks) // 3
    before, after = looks[third : 2 * third], looks[-third:]
    return Look(
        *(
            statistics.median(late) - statistics.median(early)
            for early, late in zip(_columns(before), _columns(after), strict=True)
        )
    )


def _columns(looks: Sequence[Look]) -> Iterator[tuple[float, ...]]:
    return zip(*map(astuple, looks), strict=True)


def slope(looks: Sequence[Look]) -> float:
    """Return by how many megabytes an hour the memory grows after the first third."""
    after = looks[len(looks) // 3 :]
    seconds, memory = [each.seconds for each in after], [each.memory for each in after]
    return statistics.linear_regression(seconds, memory).slope * 3600


def grown(looks: Sequence[Look], bounds: Look = BOUNDS) -> set[str]:
    """Return what of the hub did not stay flat."""
    found = growth(looks)
    return {name for name in ("memory", "files", "threads", "children", "wal") if _above(found, bounds, name)}


def _above(found: Look, bounds: Look, name: str) -> bool:
    return float(getattr(found, name)) > float(getattr(bounds, name))


@contextmanager
def soaking(tmp_path: Path, *, pause: float, leaks: bool = False) -> Iterator[Soaked]:
    """Serve twenty sources whose partners fail, each due so many seconds after its last slot."""
    partners = Wavering(PARTNERS, seed=20261122)
    folder, gate, port = Folder(tmp_path), tmp_path / "gate", free_port()
    plugins = f'plugins = ["{DISTRIBUTION}", "schakel-generic-csv", "schakel-generic-json"]'
    file = folder.path / "hub.toml"
    limits = "[limits]\nrequest_seconds = 2\nfile_seconds = 2\nrun_seconds = 5"
    settings = file.read_text().replace("https://hub.example.org", f"http://127.0.0.1:{port}")
    file.write_text(
        f"{plugins}\nport = {port}\n{settings.replace('[limits]', limits)}" + SETTINGS.format(at_once=AT_ONCE)
    )
    with listening(partners) as address, (tmp_path / "log").open("wb") as log:
        for name in partners.shelves:
            adapter, options = partners.options(name, address)
            folder.source(name, options, adapter=adapter, more=ROUND)
        folder.source(HANGING, f'how = "wait"\nfile = "{gate}"\n', adapter="misbehaving", more=ROUND)
        gate.touch()
        paths = [str(install(tmp_path / "plugins")), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = subprocess.Popen(
            [sys.executable, str(SERVING), f"{pause}", f"{leaks:d}", "serve", "--config", str(folder.path)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stderr=log,
        )
        soaked = Soaked(folder, partners, gate, process)
        soaked.address = f"http://127.0.0.1:{port}"
        try:
            yield soaked
            process.terminate()
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def report(soaked: Soaked) -> None:
    """Tell the figures."""
    outcomes = dict(soaked.query("SELECT coalesce(outcome, 'going'), count(*) FROM run GROUP BY outcome"))
    most = Look(*map(max, _columns(soaked.looks)))
    tell(
        f"{len(soaked.looks)} looks, {soaked.partners.asked} answers, faults {soaked.partners.failed}, "
        f"runs {outcomes}; growth {_named(growth(soaked.looks))}, memory {slope(soaked.looks):+.1f} MB/h, "
        f"most {_named(most)}"
    )


def _named(looked: Look) -> dict[str, float]:
    return {name: round(value, 1) for name, value in asdict(looked).items()}


@pytest.mark.parametrize(
    ("seconds", "pause", "bounds"),
    [
        pytest.param(SHORT_SECONDS, 5.0, BOUNDS, marks=pytest.mark.slow, id="short"),
        pytest.param(LONG_SECONDS, 10.0, LONG_BOUNDS, marks=pytest.mark.nightly, id="long"),
    ],
)
@pytest.mark.timeout(LONG_SECONDS + 600)
def test_a_hub_with_failing_partners_stays_as_it_is_and_ends_with_what_they_list(
    tmp_path: Path, seconds: float, pause: float, bounds: Look
) -> None:
    with soaking(tmp_path, pause=pause) as soaked:
        soaked.soak(seconds, random.Random(1))
        report(soaked)
        soaked.settle()
        listed = set().union(*(shelf.titles for shelf in soaked.partners.shelves.values()))
        assert soaked.published() == listed
    assert sum(soaked.partners.failed.values()) > 0
    assert soaked.unhandled() == []
    assert grown(soaked.looks, bounds) == set()
    assert not list((soaked.data / "plans").iterdir())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_hub_that_keeps_something_of_every_run_is_found_out(tmp_path: Path) -> None:
    with soaking(tmp_path, pause=5.0, leaks=True) as soaked:
        soaked.soak(SHORT_SECONDS, random.Random(1))
        report(soaked)
    assert grown(soaked.looks) >= {"memory", "files", "threads", "wal"}
