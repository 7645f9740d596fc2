"""`hub snapshot`, as a person and a script use it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from small_hub import Folder
from typer.testing import CliRunner

from hub.app.hub import Hub
from hub.cli.snapshot import app


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.file("kleine")
    with Hub.open(folder.path) as hub:
        hub.run("kleine")
    return folder


def hub(folder: Folder, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--config", str(folder.path)])


def test_the_files_of_every_view_are_written(folder: Folder) -> None:
    said = json.loads(hub(folder, "--json").output)
    assert [(view["view"], view["count"], view["position"]) for view in said["views"]] == [
        ("all", 1, 1),
        ("vacancies", 0, 0),
        ("programmes", 1, 1),
    ]
    assert (Path(said["folder"]) / "all" / "snapshot.json").exists()


def test_a_person_reads_what_was_written_and_that_nothing_is_to_be(folder: Folder) -> None:
    first = hub(folder, "--view", "all")
    assert first.exit_code == 0
    assert re.search(r"all\s+1\s+1\s+\d+", first.output)
    again = hub(folder, "--view", "all")
    assert again.output == "nothing to write: no view moved since its files were written\n"
    assert "all" in hub(folder, "--view", "all", "--anyway").output


def test_a_view_that_is_not_there_is_a_mistake(folder: Folder) -> None:
    refused = hub(folder, "--view", "gent")
    assert refused.exit_code == 1
    assert str(refused.exception) == "gent: no such view; there are all, vacancies, programmes"
