"""Readers and validators that others wrote, and the demonstration served for them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.app.calling import caller
from hub.app.demonstration import Demonstration, demonstrate
from hub.app.running import run_all
from hub.config import load

CONFIG = Path(__file__).parents[2] / "config"
OURS = Path(__file__).with_name("npm")
INSTALL = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
INSTALL_SECONDS, RUN_SECONDS = 240, 240

Node = Callable[..., Any]
"""Runs a script of the folder ``npm`` with arguments, and returns the JSON it prints."""


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Install the packages into a folder that is gone afterwards; skip where that cannot be."""
    npm, binary = shutil.which("npm"), shutil.which("node")
    if not npm or not binary:
        pytest.skip("no npm found; install the packages nodejs and npm to run this")
    folder = tmp_path_factory.mktemp("npm") / "tools"
    shutil.copytree(OURS, folder, ignore=shutil.ignore_patterns("node_modules"))
    if told := _installed(npm, folder):
        pytest.skip(f"npm could not install the packages of {OURS.name}/package.json: {told}")

    def run(script: str, *arguments: str) -> Any:
        command = [binary, script, *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=RUN_SECONDS, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        return orjson.loads(done.stdout)

    yield run
    shutil.rmtree(folder)


def _installed(npm: str, folder: Path) -> str:
    """Install; return what npm complained of, empty when it did not."""
    try:
        done = subprocess.run(
            [npm, *INSTALL], cwd=folder, env={**os.environ, "CI": "true"}, capture_output=True, text=True,
            timeout=INSTALL_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it took more than {INSTALL_SECONDS} s"
    return "" if done.returncode == 0 else done.stderr.strip()[-300:] or f"it ended with {done.returncode}"


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Demonstration]:
    """Serve the example after two runs of every source, between which its partners moved on."""
    with demonstrate(load(CONFIG), port=0) as running:
        _run(running)
        with caller(running.sandbox_address) as client:
            client.post(f"{running.sandbox_address}/tick")
        _run(running)
        yield running


def _run(running: Demonstration) -> None:
    list(run_all(running.hub, running.hub.enabled(), lambda _source: lambda *_: None))
