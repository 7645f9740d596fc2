"""The demonstration, as a newcomer meets it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

HUB = Path(sys.executable).parent / "hub"
ROOT = Path(__file__).parents[2]
NAMES = {"id", "kind", "outcome", "fetched", "published", "merged", "refused", "withdrawn", "seconds"}


@pytest.mark.slow
def test_the_demo_once_prints_one_json_object_that_adds_up() -> None:
    done = subprocess.run([HUB, "demo", "--once", "--json"], cwd=ROOT, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    assert {source["kind"] for source in said["sources"]} == {"vdab", "actiris", "generic_csv"}
    for source in said["sources"]:
        assert set(source) == NAMES
        assert source["outcome"] == "complete"
        assert source["fetched"] == source["published"] + source["merged"] + source["refused"] + source["withdrawn"]
        assert source["published"] > 0
    # Listings of several sources may be one opportunity.
    listings, matched = sum(source["published"] for source in said["sources"]), said["matched"]
    assert said["feed"]["opportunities"] == listings - matched["listings"] + matched["opportunities"]
    assert matched["listings"] > matched["opportunities"] > 100
    assert matched["unsure"] > 50
    assert listings <= said["feed"]["head"]


@pytest.mark.slow
def test_the_demo_once_prints_the_table_and_the_first_page_of_the_feed() -> None:
    environment = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        [HUB, "demo", "--once"], cwd=ROOT, capture_output=True, text=True, timeout=100, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    for word in (
        "fetched",
        "published",
        "merged",
        "refused",
        "withdrawn",
        "vdab",
        "actiris",
        "programmes",
        "first page",
    ):
        assert word in done.stdout
    assert re.search(r"\d{3} listings of several sources are \d{3} opportunities, each published once\.", done.stdout)


@pytest.mark.parametrize("ending", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_the_demo_serves_until_it_is_ended_and_ends_cleanly(ending: signal.Signals) -> None:
    with _demo() as running:
        address = _address(running)
        with urlopen(f"{address}/feeds/all?limit=1") as answer:
            assert json.load(answer)["items"]
        with urlopen(f"{address}/") as answer:
            assert b"Schakel" in answer.read()
        running.send_signal(ending)
        _, complaints = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "Traceback" not in complaints


@pytest.mark.slow
def test_demonstrations_that_start_at_the_same_moment_do_not_take_each_others_ports() -> None:
    with ExitStack() as stack:
        several = [stack.enter_context(_demo()) for _ in range(4)]
        assert len({_address(running) for running in several}) == 4


@contextmanager
def _demo() -> Iterator[subprocess.Popen[str]]:
    command = [str(HUB), "demo"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def _address(running: subprocess.Popen[str]) -> str:
    until = time.monotonic() + 90
    assert running.stdout is not None
    while time.monotonic() < until:
        line = running.stdout.readline()
        if found := re.search(r"Home page\s+(\S+?)/\s", line):
            return found[1]
        if not line:
            break
    running.kill()
    _, complaints = running.communicate()
    raise AssertionError(f"the demonstration did not say where its home page is: {complaints}")
