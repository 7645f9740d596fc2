"""`hub codelists`, as a person and a script meet it."""

import json
from pathlib import Path

import pytest
from small_esco import tables, write_esco
from typer.testing import CliRunner, Result

from hub.cli import app
from hub.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "config" / "hub.toml").write_text('public_url = "https://hub.example.org"\ndata = "../data"\n')
    return tmp_path / "config"


def hub(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["codelists", *words, "--config", str(folder)], env={"COLUMNS": "120"})


def test_esco_is_imported_listed_shown_and_removed(folder: Path, tmp_path: Path) -> None:
    assert "no code list is imported" in hub(folder, "list").output
    done = hub(folder, "import", "esco", str(write_esco(tmp_path / "esco")), "--version", "1.2.0")
    assert done.exit_code == 0, done.output
    assert "reads every record anew" in done.output
    listed = json.loads(hub(folder, "list", "--json").stdout)["codelists"]
    assert [(each["name"], each["version"]) for each in listed] == [("esco", "1.2.0")]
    shown = json.loads(hub(folder, "show", "esco", "--json").stdout)
    assert shown["intact"]
    assert shown["counts"]["occupations"]["nl"] == len(tables()["occupations"]) - 1
    assert hub(folder, "remove", "esco").exit_code == 0
    assert json.loads(hub(folder, "list", "--json").stdout) == {"codelists": []}


def test_a_crosswalk_is_imported_and_told_with_what_is_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "walk.csv").write_text("from,to\nA,7212\nB,5120\nB,7212\n")
    words = ("import", "crosswalk", str(tmp_path / "walk.csv"), "--from", "partner:vdab", "--to", "isco-08")
    said = hub(folder, *words).output
    assert "1 codes of partner:vdab to isco-08" in said
    assert "1 codes lead to several" in said
    assert "partner-vdab-to-isco-08" in hub(folder, "list").output


def test_a_damaged_list_is_told(folder: Path, tmp_path: Path) -> None:
    hub(folder, "import", "esco", str(write_esco(tmp_path / "esco", ["nl"])))
    path = tmp_path / "data" / "codelists" / "esco.list"
    path.write_bytes(path.read_bytes()[:100] + b"?" + path.read_bytes()[101:])
    shown = hub(folder, "show", "esco")
    assert shown.exit_code == 1
    assert "is damaged" in shown.output


def test_an_unknown_list_or_a_wrong_folder_is_wrong_usage(folder: Path) -> None:
    for words in (("remove", "esco"), ("show", "rome"), ("import", "esco", str(folder))):
        assert isinstance(hub(folder, *words).exception, ConfigError)
