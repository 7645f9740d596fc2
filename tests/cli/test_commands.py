"""The command line as a script meets it: arguments in, exit code, standard output and standard error out."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commanding import hub

from hub.cli import COMMANDS
from hub.config import BUNDLED

HUB = Path(sys.executable).parent / "hub"

PROGRAMMES = "id;naam;wie\n1;Taalbad;Voorbeeld vzw\n2;Buddy;Voorbeeld vzw\n"

SOURCE = """
adapter = "generic_csv"
partner = "Voorbeeld vzw"
owner = "integrations@example.org"
schedule = "0 3 * * *"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return the folder of a hub with one small source."""
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text('public_url = "https://hub.example.org"\n')
    (folder / "programmes.csv").write_text(PROGRAMMES)
    options = """
[options]
path = "programmes.csv"
kind = "programme"
id = "id"
file = { whole = true }
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
[options.constants]
"programmeType" = "mentoring"
"""
    (folder / "sources" / "kleine.toml").write_text(SOURCE + options)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    shown = hub(command, "--help")
    assert shown.returncode == 0
    assert len(shown.stdout) > 200


def test_a_word_the_hub_does_not_know_is_wrong_usage() -> None:
    assert hub("nothing").returncode == 2
    assert hub("run", "--nothing").returncode == 2


def test_a_missing_configuration_says_how_to_choose_one() -> None:
    refused = hub("run")
    assert refused.returncode == 2
    assert "--config" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_every_mistake_of_the_configuration_is_told_at_once(config: Path) -> None:
    source = config / "sources" / "kleine.toml"
    (config / "sources" / "andere.toml").write_text(source.read_text().replace('"naam"', '"naam", x = 1'))
    (config / "sources" / "derde.toml").write_text(source.read_text().replace('kind = "programme"', 'kind = "course"'))
    source.write_text(source.read_text().replace("0 3 * * *", "0 25 * * *").replace("owner =", "ownr ="))
    refused = hub("check", config=config)
    assert refused.returncode == 2
    assert "andere.toml" in refused.stderr
    assert "derde.toml: options.kind" in refused.stderr
    assert "kleine.toml: schedule" in refused.stderr
    assert "owner" in refused.stderr


def test_a_run_prints_one_json_object_and_a_second_run_changes_nothing(config: Path) -> None:
    first, second = (json.loads(hub("run", "--json", config=config).stdout)["sources"][0] for _ in range(2))
    assert (first["id"], first["kind"], first["outcome"], first["created"], first["published"]) == (
        "kleine",
        "generic_csv",
        "complete",
        2,
        2,
    )
    assert (second["created"], second["unchanged"], second["positions"]) == (0, 2, None)


def test_a_run_prints_a_table_with_the_commonest_reasons(config: Path) -> None:
    (config / "programmes.csv").write_text(PROGRAMMES + "3;;Voorbeeld vzw\n")
    shown = hub("run", config=config)
    assert shown.returncode == 0
    assert "missing-title" in shown.stdout


def test_a_run_that_fails_says_why_and_exits_with_one(config: Path) -> None:
    (config / "programmes.csv").unlink()
    failed = hub("run", config=config)
    assert failed.returncode == 1
    assert "programmes.csv" in failed.stderr


def test_a_held_run_exits_with_three_and_is_applied_once_approved(config: Path) -> None:
    rows = "".join(f"{number};Taalbad {number};Voorbeeld vzw\n" for number in range(100))
    (config / "programmes.csv").write_text("id;naam;wie\n" + rows)
    hub("run", config=config)
    (config / "programmes.csv").write_text(PROGRAMMES)
    assert hub("run", "--json", config=config).returncode == 3
    number = str(json.loads(hub("hold", "list", "--json", config=config).stdout)["holds"][0]["id"])
    assert "expect.max_drop" in hub("hold", "show", number, config=config).stdout
    assert hub("hold", "approve", number, "--by", "wim", "--why", "it closed", config=config).returncode == 0
    assert hub("hold", "approve", number, config=config).returncode == 1
    assert "approved" in hub("hold", "list", "--all", config=config).stdout


def test_a_source_that_is_set_up_wrongly_stops_only_itself(config: Path) -> None:
    wrong = (
        (config / "sources" / "kleine.toml").read_text().replace("programmes.csv", "x.csv").replace("\nkind", "\nkund")
    )
    (config / "sources" / "foute.toml").write_text(wrong)
    done = hub("run", "--json", config=config)
    said = {source["id"]: source for source in json.loads(done.stdout)["sources"]}
    assert done.returncode == 2
    assert (said["kleine"]["outcome"], said["foute"]["outcome"], said["foute"]["run"]) == ("complete", "failed", None)
    assert "kund" in said["foute"]["reason"]


def test_an_unknown_source_is_refused_with_those_there_are(config: Path) -> None:
    refused = hub("run", "grote", config=config)
    assert refused.returncode == 2
    assert "kleine" in refused.stderr


def test_sources_and_config_speak_json(config: Path) -> None:
    hub("run", config=config)
    source = json.loads(hub("sources", "--json", config=config).stdout)["sources"][0]
    assert (source["live"], source["last"]["outcome"]) == (2, "complete")
    settings = json.loads(hub("config", "show", config=config).stdout)["settings"]
    assert settings["public_url"] == "https://hub.example.org"


@pytest.mark.slow
def test_plugins_speak_json(config: Path) -> None:
    plugins = json.loads(hub("plugins", "--json", config=config).stdout)["plugins"]
    assert {plugin["state"] for plugin in plugins if plugin["distribution"] in BUNDLED} == {"enabled"}


def test_check_finds_everything_fine_and_then_what_is_not(config: Path) -> None:
    assert hub("check", config=config).returncode == 0
    (config / "programmes.csv").unlink()
    wrong = hub("check", "--json", config=config)
    assert wrong.returncode == 1
    assert [each["what"] for each in json.loads(wrong.stdout)["findings"] if not each["fine"]] == ["source kleine"]


def test_the_quarantine_tells_the_reason_in_three_languages(config: Path) -> None:
    (config / "programmes.csv").write_text(PROGRAMMES + "3;;Voorbeeld vzw\n")
    hub("run", config=config)
    listed = json.loads(hub("quarantine", "list", "--json", config=config).stdout)
    (record,) = listed["records"]
    assert (listed["total"], record["localId"]) == (1, "3")
    assert set(record["issues"][0]["sentence"]) == {"nl", "fr", "en"}
    shown = hub("quarantine", "show", str(record["number"]), config=config)
    assert record["issues"][0]["sentence"]["nl"][:20] in shown.stdout
    assert "generic_csv 1, the tables of the source" in shown.stdout


def test_the_head_of_the_feed_is_the_last_position(config: Path) -> None:
    hub("run", config=config)
    head = json.loads(hub("feed", "head", "--json", config=config).stdout)
    assert head["heads"] == {"all": 2, "programmes": 2, "vacancies": 0, "listings": 2}


def test_the_version_is_told() -> None:
    told = hub("--version")
    assert told.returncode == 0
    assert told.stdout.startswith("schakel 0.")


def test_a_process_of_its_own_says_the_same(config: Path) -> None:
    environment = os.environ | {"COLUMNS": "200", "HUB_CONFIG": str(config)}
    command = ["quarantine", "list", "--lang", "de"]
    alone = subprocess.run([HUB, *command], capture_output=True, text=True, timeout=100, env=environment, check=False)
    assert (alone.returncode, alone.stdout, alone.stderr) == hub(*command, config=config)


def test_a_source_without_a_file_is_named_with_what_it_left_in_the_feed(config: Path) -> None:
    hub("run", config=config)
    (config / "sources" / "kleine.toml").unlink()
    told = hub("sources", config=config)
    assert re.search(r"kleine +not configured +2", told.stdout)
    assert "put the file back" in told.stdout
    assert json.loads(hub("sources", "--json", config=config).stdout)["notConfigured"] == {"kleine": 2}


def test_a_damaged_database_is_told_with_the_way_back(config: Path) -> None:
    (config.parent / "var").mkdir()
    (config.parent / "var" / "hub.db").write_bytes(b"no database at all " * 1000)
    told = hub("sources", config=config)
    assert told.returncode == 1
    assert "hub.db" in told.stderr
    assert "hub restore FOLDER" in told.stderr


def test_advice_fits_where_no_next_run_comes(config: Path) -> None:
    ticked = hub("sandbox", "tick", "--port", "9", config=config)
    assert "start the sandboxes with `hub sandbox`" in ticked.stderr
    followed = hub("feed", "follow", "--once", "http://127.0.0.1:9/feeds/all", config=config)
    assert (ticked.returncode, followed.returncode) == (1, 1)
    assert "hub serve" in followed.stderr
    assert "next run" not in followed.stderr


def test_a_language_that_reasons_do_not_have_is_refused(config: Path) -> None:
    told = hub("quarantine", "list", "--lang", "de", config=config)
    assert told.returncode == 2
    assert "--lang de: must be nl, fr, en" in told.stderr


def test_an_empty_quarantine_says_so(config: Path) -> None:
    ended = hub("quarantine", "list", config=config)
    assert (ended.returncode, ended.stdout) == (0, "nothing is kept aside\n")
