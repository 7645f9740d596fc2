"""The client stands alone: of what is not in Python it needs httpx, and nothing of the hub."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOADED = "import sys, schakel_client, schakel_client.testing; print(*{name.partition('.')[0] for name in sys.modules})"


def test_it_loads_nothing_of_the_hub() -> None:
    command = [sys.executable, "-P", "-c", LOADED]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split())
    assert "httpx" in loaded
    assert not loaded & {"hub", "sqlalchemy", "pydantic", "orjson", "starlette"}


def test_it_asks_for_one_library() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ["httpx>=0.28,<1"]


def test_its_types_are_told() -> None:
    assert (ROOT / "schakel_client/py.typed").exists()
