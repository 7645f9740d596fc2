"""Rules of the house that no linter knows."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FACADE = re.compile(r"^\s*(from hub import (?!hookspecs)|import hub\s*$)", re.MULTILINE)
SOURCES = sorted((ROOT / "hub").rglob("*.py"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_inside_the_hub_imports_the_facade(path: Path) -> None:
    assert not FACADE.search(path.read_text())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_small_enough_to_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 420


def test_no_tracked_file_names_where_packages_are_served_from() -> None:
    served = re.compile(r"https?://[^\s\"']*(?:/simple\b|\.whl\b|\.tgz\b|\.tar\.gz\b)|--(?:extra-)?index-url\b")
    own = Path(__file__)
    assert [path for path in tracked() if path != own and served.search(_text(path))] == []


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


def test_every_requirement_is_pinned_with_its_hashes() -> None:
    lines = (ROOT / "requirements.txt").read_text().split("\n")
    pins = [index for index, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
    assert len(pins) > 50
    assert all("==" in lines[index] and "--hash=sha256:" in lines[index + 1] for index in pins)


LIBRARIES = {"generic_json": ["jmespath>=1.1"], "parquet": ["pyarrow>=17"]}
"""What plugins need besides the hub."""


def test_every_plugin_is_a_distribution_of_its_own_that_depends_on_the_hub_and_little_else() -> None:
    for folder in (ROOT / "plugins").iterdir():
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        assert project["dependencies"] == ["schakel", *LIBRARIES.get(folder.name, [])]
        assert project["entry-points"]["hub"] == {folder.name: f"hub_{folder.name}"}
        assert (folder / "README.md").read_text().count("\n") > 10
