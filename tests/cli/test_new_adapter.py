"""`hub new-adapter`: the project it makes works as it is, and is refused where it could do harm."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from commanding import hub

from hub.app.demonstration import demonstrate
from hub.app.scaffold import create_project
from hub.config import load
from hub.config.settings import Allowed
from hub.errors import ConfigError
from hub.pipeline import Outcome
from hub.plugins import load as load_plugins

TODAY = date(2026, 11, 22)
BIN = Path(sys.executable).parent
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n"


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def install(folder: Path, name: str) -> str:
    """Make a project known as an installed distribution, and return the distribution's name."""
    distribution = f"schakel-{name}"
    info = folder / f"schakel_{name}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA.format(name=distribution))
    (info / "entry_points.txt").write_text(f"[hub]\n{name} = hub_{name}\n")
    return distribution


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new project whose names are as long as they may be."""
    into = tmp_path_factory.mktemp("made")
    return create_project("a" * 25 + "_1234", into=into, partner="Stad met een lange naam " + "x" * 26, today=TODAY)


@pytest.mark.slow
def test_the_tests_of_a_new_project_pass(project: Path) -> None:
    done = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder=project)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
    assert int(done.stdout.strip().splitlines()[-1].split()[0]) > 40


def test_a_new_project_is_formatted_and_has_no_complaints(project: Path) -> None:
    for command in (["check", "--no-cache", "."], ["format", "--no-cache", "--check", "."]):
        done = run(BIN / "ruff", *command, folder=project)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_types_of_a_new_project_are_right(project: Path, tmp_path: Path) -> None:
    done = run(BIN / "mypy", "--cache-dir", tmp_path / "cache", folder=project)
    assert done.returncode == 0, done.stdout


def test_a_hub_loads_and_runs_a_new_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create_project("proefstad", into=tmp_path, partner="Proefstad", today=TODAY)
    monkeypatch.syspath_prepend(str(made))
    allowed = install(made, "proefstad")
    assert load_plugins([Allowed(distribution=allowed)]).statuses[0].state == "enabled"
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "config" / "hub.toml").write_text(f'public_url = "https://hub.example"\nplugins = ["{allowed}"]\n')
    (made / "proefstad.example.toml").rename(tmp_path / "config" / "sources" / "proefstad.toml")
    with demonstrate(load(tmp_path / "config"), port=0, data=tmp_path / "hub") as running:
        report = running.hub.run("proefstad")
    assert (report.outcome, report.reason) == (Outcome.complete, None)
    assert report.live > 300


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Stad-Gent", "such as stad_gent"),
        ("1gent", "such as gent"),
        ("gent__oost", "such as gent_oost"),
        ("a" * 31, "at most 30 characters"),
        ("", "such as groningen"),
        ("../gent", "such as gent"),
        ("class", "a word of Python"),
        ("vdab", "taken by the plugin of schakel-vdab"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        create_project(name, into=tmp_path, partner=None, today=TODAY)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_another_package_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hub_genk.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ConfigError, match="can already be imported"):
        create_project("genk", into=tmp_path / "new", partner=None, today=TODAY)


@pytest.mark.parametrize("partner", ["", 'Stad "Gent"', "two\nlines", "{{ 7 }}", "x" * 51, "C:\\Gent"])
def test_a_partner_that_could_spoil_a_file_is_refused(tmp_path: Path, partner: str) -> None:
    with pytest.raises(ConfigError, match="--partner"):
        create_project("gent", into=tmp_path, partner=partner, today=TODAY)


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    (tmp_path / "gent").mkdir()
    (tmp_path / "gent" / "README.md").write_text("mine")
    with pytest.raises(ConfigError, match="nothing is overwritten"):
        create_project("gent", into=tmp_path, partner=None, today=TODAY)
    assert [path.name for path in (tmp_path / "gent").iterdir()] == ["README.md"]


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="is not a folder"):
        create_project("gent", into=tmp_path / "file", partner=None, today=TODAY)


def test_nothing_of_the_template_stays_behind(tmp_path: Path) -> None:
    made = create_project("gent", into=tmp_path, partner=None, today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["gent"]
    for path in made.rglob("*"):
        assert "NAME" not in path.name
        assert path.suffix != ".jinja"
        assert path.is_dir() or "{{" not in path.read_text("utf-8")


def test_the_command_says_what_to_do_next(tmp_path: Path) -> None:
    done = hub("new-adapter", "gent", "--partner", "Stad Gent", "--into", str(tmp_path))
    assert done.returncode == 0
    assert "What to do next" in done.stdout
    assert 'add "schakel-gent" to plugins' in done.stdout
    again = hub("new-adapter", "gent", "--into", str(tmp_path))
    assert (again.returncode, "nothing is overwritten" in again.stderr) == (2, True)


def test_the_command_tells_programs_what_it_made(tmp_path: Path) -> None:
    done = hub("new-adapter", "gent", "--into", str(tmp_path), "--json")
    said = json.loads(done.stdout)
    assert Path(said["folder"]) == tmp_path / "gent"
    assert "hub_gent/adapter.py" in said["files"]


def test_the_next_steps_fit_a_narrow_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = hub("new-adapter", "stad")
    steps = done.stdout.partition("What to do next:")[2].splitlines()
    assert len(steps) > 8
    assert [line for line in steps if len(line) > 80 and str(tmp_path) not in line] == []
