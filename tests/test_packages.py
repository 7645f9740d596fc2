"""The distributions as a stranger installs them: built, installed elsewhere, run without the checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (ROOT, ROOT / "clients/python", *sorted((ROOT / "plugins").iterdir()))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the built hub and its plugins in it, and nothing of the checkout."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    for package in PACKAGES:
        _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(package)])
    built = sorted(wheels.iterdir())
    assert len(built) == len(PACKAGES)
    _run([*pip, "install", "--no-deps", "--no-index", "--target", str(target), *map(str, built)])
    return target


def _run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def _hub(installed: Path, *arguments: str) -> str:
    # -P keeps the checkout off the path; PYTHONPATH puts what was installed before the editable checkout.
    code = "import sys; from hub.cli import main; sys.argv = ['hub', *sys.argv[1:]]; main()"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return _run([sys.executable, "-P", "-c", code, *arguments], cwd=installed, env=environment)


@pytest.mark.slow
def test_what_is_built_holds_everything_the_demo_needs(installed: Path) -> None:
    where = _run(
        [
            sys.executable,
            "-P",
            "-c",
            "import hub, hub_vdab, schakel_client as c; print(hub.__file__, hub_vdab.__file__, c.__file__)",
        ],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
    )
    assert str(ROOT) not in where
    said = json.loads(_hub(installed, "demo", "--once", "--json", "--config", str(ROOT / "config")))
    assert {source["outcome"] for source in said["sources"]} == {"complete"}
    assert said["feed"]["opportunities"] > 4000
