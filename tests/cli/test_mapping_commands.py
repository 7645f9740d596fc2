"""`hub mapping` and `hub sources show`, as a script and a person meet them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.app.demonstration import demonstrate
from hub.app.linting import lint_hub
from hub.cli import app
from hub.config import load
from hub.mapping.finding import Weight

HUB = """
public_url = "https://hub.example.org"
data = "../data"
plugins = ["schakel-generic-csv", "schakel-vdab"]
"""
SOURCE = """
adapter = "generic_csv"
partner = "Voorbeeld vzw"
owner = "integrations@example.org"
[options]
path = "programmes.csv"
kind = "programme"
id = "nr"
file = { whole = true }
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
"programmeType" = { column = "soort", table = "kinds", unknown = "refuse" }
"audience" = { column = "voor", table = "groups" }
[options.tables.kinds]
buddy = "mentoring"
stage = "internship"
[options.tables.groups]
nieuwkomers = "newcomersRefugees"
jongeren = "youngLowSkilled"
"""
VDAB = """
adapter = "vdab"
partner = "VDAB"
owner = "integrations@example.org"
sandbox = true
"""
ROWS = """nr;naam;wie;soort;voor;telewerk
1;Taalbad;Linde;buddy;nieuwkomers;ja
2;Buddy;Linde;buddy;nieuwkommers;
3;Maatje;Linde;buddy;nieuwkommers;nee
"""

Hub = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text(HUB)
    (folder / "programmes.csv").write_text(ROWS)
    (folder / "sources" / "linde.toml").write_text(SOURCE)
    return folder


@pytest.fixture
def hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setenv("HUB_CONFIG", str(folder))
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def shown(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_source_shows_the_fields_and_values_that_nobody_knows(hub: Hub) -> None:
    hub("run", "linde")
    found = shown(hub("sources", "show", "linde", "--json"))
    assert found["unknownFields"] == [{"field": "telewerk", "records": 2, "examples": ["1", "3"]}]
    [value] = found["unknownValues"]
    assert (value["value"], value["records"], value["nearest"]) == ("nieuwkommers", 2, "nieuwkomers")
    assert value["examples"] == ["2", "3"]


def test_a_person_reads_the_same(hub: Hub) -> None:
    assert "nothing read yet" in hub("sources", "show", "linde").output
    hub("run", "linde")
    said = hub("sources", "show", "linde").output
    assert all(word in said for word in ("telewerk", "nieuwkommers", "hub mapping coverage linde"))


def test_the_list_of_sources_is_as_it_was(hub: Hub) -> None:
    assert [source["id"] for source in shown(hub("sources", "--json"))["sources"]] == ["linde"]


def test_coverage_counts_the_records_and_suggests_the_nearest_value(hub: Hub) -> None:
    hub("run", "linde")
    kinds, groups = shown(hub("mapping", "coverage", "linde", "--json"))["tables"]
    assert (kinds["share"], kinds["met"], kinds["entries"]) == (1.0, 1, 2)
    assert (groups["values"], groups["known"]) == (3, 1)
    assert groups["unknown"][0]["suggestion"]["key"] == "nieuwkomers"
    said = hub("mapping", "coverage", "linde").output
    assert all(word in said for word in ("33.3%", "nieuwkommers", "run 1"))


def test_records_that_did_not_change_are_counted_once(hub: Hub, folder: Path) -> None:
    hub("run", "linde")
    (folder / "programmes.csv").write_text(ROWS + "4;Nieuw;Linde;buddy;nieuwkommers;\n")
    hub("run", "linde")
    found = shown(hub("mapping", "coverage", "linde", "--json"))
    assert (found["runs"], found["tables"][1]["values"]) == ([2, 1], 4)


def test_a_mended_table_reads_all_records_anew_and_starts_the_count_again(hub: Hub, folder: Path) -> None:
    hub("run", "linde")
    mended = SOURCE.replace("jongeren =", 'nieuwkommers = "newcomersRefugees"\njongeren =')
    (folder / "sources" / "linde.toml").write_text(mended)
    hub("run", "linde")
    found = shown(hub("mapping", "coverage", "linde", "--json"))
    assert (found["runs"], found["tables"][1]["share"], found["tables"][1]["values"]) == ([2], 1.0, 3)


def test_a_source_that_never_ran_says_what_to_do(hub: Hub) -> None:
    assert "hub run linde" in hub("mapping", "coverage", "linde").output


def test_lint_of_everything_that_is_bundled_finds_no_error(hub: Hub) -> None:
    assert hub("mapping", "lint", "vdab").exit_code == 0
    assert "0 errors" in hub("mapping", "lint").output


def test_lint_tells_what_no_record_met(hub: Hub) -> None:
    hub("run", "linde")
    findings = shown(hub("mapping", "lint", "linde", "--json"))["findings"]
    assert [(each["weight"], each["entry"]) for each in findings] == [("note", "stage"), ("note", "jongeren")]
    assert "1 entry met by none of the 3 values" in hub("mapping", "lint", "linde").output


@pytest.mark.slow
def test_lint_tells_which_entries_of_an_adapters_own_tables_no_record_met(hub: Hub, folder: Path) -> None:
    (folder / "sources" / "vdab.toml").write_text(VDAB)
    with demonstrate(load(folder), port=0, data=folder.parent / "data") as demonstration:
        demonstration.hub.run("vdab")
        found = lint_hub(demonstration.hub, "vdab", date(2026, 11, 22))
    notes = [each for each in found if each.code == "unused"]
    assert {(each.weight, each.file) for each in notes} == {(Weight.note, "hub_vdab/mapping.toml")}


def test_lint_of_a_file_tells_every_mistake_before_the_plugin_can_be_loaded(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text('owner = "a@example.org"\n[tables.t.values]\nA = { employment_type = ["vast"], x = 1 }\n')
    result = hub("mapping", "lint", str(file))
    assert result.exit_code == 1
    assert all(word in result.output for word in ('t."A".employment_type', "3 errors", "has no date"))


@pytest.mark.parametrize("arguments", [("lint", "nobody"), ("coverage", "nobody"), ("lint", "no/mapping.toml")])
def test_a_name_that_nobody_has_is_told(hub: Hub, arguments: tuple[str, ...]) -> None:
    result = hub("mapping", *arguments)
    assert result.exit_code != 0
