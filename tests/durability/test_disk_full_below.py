"""A hub that serves says that it is read-only when a run in another process finds the disk full, until one fits."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from misbehaving import DISTRIBUTION, install
from small_hub import NIGHTLY, Folder

SERVING = Path(__file__).parents[1] / "soaking.py"
PATIENCE_SECONDS = 60


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """While this file is there, the files of a run may not grow."""
    gate = tmp_path / "full"
    gate.touch()
    return gate


@pytest.fixture
def health(tmp_path: Path, gate: Path) -> Iterator[str]:
    """Serve a hub with a source that runs every second, and give the address that tells its health."""
    folder = Folder(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    folder.set(f'plugins = ["{DISTRIBUTION}"]\nport = {port}')
    folder.source("groot", f'how = "fill"\nfile = "{gate}"\n', adapter="misbehaving", more=NIGHTLY)
    paths = [str(install(tmp_path / "plugins")), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, str(SERVING), "1", "0", "serve", "--config", str(folder.path)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})
    yield f"http://127.0.0.1:{port}/health"
    process.terminate()
    assert process.wait(PATIENCE_SECONDS) == 0


def await_status(health: str, status: str) -> int:
    """Wait until the hub says that this is its status, and return the head of its feed."""
    end = time.monotonic() + PATIENCE_SECONDS
    said: dict[str, object] = {}
    while said.get("status") != status:
        assert time.monotonic() < end, said
        time.sleep(0.1)
        try:
            said = httpx.get(health, trust_env=False).json()
        except httpx.TransportError:
            continue
    return int(str(said["head"]))


@pytest.mark.slow
def test_what_a_run_finds_out_about_the_disk_is_told_by_the_hub_that_serves(health: str, gate: Path) -> None:
    assert await_status(health, "read-only") == 0
    gate.unlink()
    assert await_status(health, "ok") == 600
