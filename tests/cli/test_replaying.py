"""Recording, replaying and looking ahead, as a person and a script meet them."""

import json
from pathlib import Path

import pytest
from small_hub import Folder
from typer.testing import CliRunner, Result

from hub.cli import app

ROWS = "nr;naam;wie;contactpersoon\n1;Taalbad;Voorbeeld vzw;Ann Canarie\n2;Buddy;Voorbeeld vzw;\n3;;Voorbeeld vzw;\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A hub with one small source that was run once."""
    made = Folder(tmp_path)
    made.file("kleine")
    (made.path / "programmes.csv").write_text(ROWS)
    monkeypatch.setenv("HUB_CONFIG", str(made.path))
    monkeypatch.setenv("COLUMNS", "80")
    hub("run")
    return made


def hub(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_replay_shows_a_record_before_and_after_in_80_columns(folder: Folder) -> None:
    shown = hub("replay", "kleine", "--record", "1")
    assert shown.exit_code == 0
    for said in ("as the partner sent it", '"naam": "Taalbad"', "as it would be published", '"nl": "Taalbad"'):
        assert said in shown.output
    assert "would be refused              1 (missing-title 1)" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 80


def test_a_refused_record_is_shown_with_its_reason(folder: Folder) -> None:
    shown = hub("replay", "kleine", "--record", "3")
    assert "refused" in shown.output
    assert "error missing-title  The title is missing." in shown.output


def test_a_replay_for_a_script_is_one_json_object(folder: Folder) -> None:
    said = json.loads(hub("replay", "kleine", "--json", "--limit", "1").output)
    assert [each["localId"] for each in said["records"]] == ["1"]
    assert (said["summary"]["records"], said["summary"]["published"], said["summary"]["refused"]) == (3, 2, 1)
    assert said["records"][0]["listing"]["title"] == {"nl": "Taalbad"}


def test_a_record_that_is_not_there_is_told(folder: Folder) -> None:
    shown = hub("replay", "kleine", "--record", "99")
    assert shown.exit_code == 1
    assert "has the local id '99'" in shown.output


def test_a_run_that_is_not_there_is_told(folder: Folder) -> None:
    assert "no run of 'kleine' has the number 99" in str(hub("replay", "kleine", "--run", "99").exception)


def test_a_recording_is_written_and_replayed(folder: Folder, tmp_path: Path) -> None:
    written = hub("record", "kleine", "--into", str(tmp_path / "recording"))
    assert written.exit_code == 0
    assert "1 answers" in written.output
    body = (tmp_path / "recording" / "001-programmes.csv").read_text()
    assert "Canarie" not in body
    assert body.startswith("nr;naam;wie;contactpersoon\n1;Taalbad;Voorbeeld vzw;Persoon 1\n")
    (folder.path / "programmes.csv").unlink()
    shown = hub("replay", "kleine", "--recordings", str(tmp_path / "recording"), "--limit", "0")
    assert "complete: 3 rows read" in " ".join(shown.output.split())


def test_unchanged_code_has_no_impact(folder: Folder) -> None:
    (said,) = json.loads(hub("impact", "--json").output)["sources"]
    assert (said["id"], said["read"], said["same"], said["gaps"]) == ("kleine", 3, 3, [])


def test_the_impact_of_a_changed_mapping_is_told_field_by_field(folder: Folder) -> None:
    source = folder.path / "sources" / "kleine.toml"
    source.write_text(source.read_text().replace('"title.nl" = "naam"', '"title.nl" = ["naam", "wie"]'))
    shown = hub("impact")
    assert shown.exit_code == 0
    words = shown.output.split("kleine\n")[-1]
    assert "title.nl" in words
    assert "Taalbad" in words
    assert "would be published: 1, such as 3" in words
