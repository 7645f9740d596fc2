"""`hub organisation` as an admin uses it."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.organisations import Sighting
from hub.store import open_store
from hub.store.organisations import sight
from hub.store.organisations.tables import metadata

A = "0403170701"
MENTIONS = (
    Sighting("flemish", "Vermorgen Staelens nv", A, "44021"),
    Sighting("walloon", "VERMORGEN STAELENS", None, "41002"),
    Sighting("flemish", "De Brug", None, "44021"),
    Sighting("walloon", "Vermorgen Staelens", None, agency=True),
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text('public_url = "https://hub.example.org"\ndata = "../data"\n')
    database = open_store(tmp_path / "data" / "hub.db")
    with database.write() as connection:
        metadata.create_all(connection)
        sight(connection, MENTIONS, now="2026-11-23T06:00:00Z")
    database.close()
    return folder


def run(config: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["organisation", *arguments, "--config", str(config)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_organisations_are_found_by_name_and_shown_by_number(config: Path) -> None:
    listed = orjson.loads(run(config, "list", "vermorgen", "--json"))["organisations"]
    assert [(each["kbo"], each["mentions"]) for each in listed] == [(A, 2), (None, 1)]
    shown = orjson.loads(run(config, "show", A, "--json"))
    assert [each["reason"] for each in shown["mentions"]] == ["distinctive-name", "kbo-same"]
    assert "distinctive-name" in run(config, "show", listed[0]["id"])


def test_what_is_uncertain_is_listed_until_it_is_decided(config: Path) -> None:
    [pair] = orjson.loads(run(config, "review", "--json"))["pairs"]
    assert pair["reasons"] == ["agency-or-employer"]
    assert "from now on" in run(config, "merge", A, pair["other"], "--why", "one site", "--by", "an admin")
    assert "no pair is uncertain" in run(config, "review")
    shown = orjson.loads(run(config, "show", pair["other"], "--json"))
    assert (shown["kbo"], shown["otherIds"], shown["decisions"][0]["why"]) == (A, [pair["other"]], "one site")


def test_a_name_is_split_off_and_a_merge_taken_back(config: Path) -> None:
    made = orjson.loads(
        run(config, "split", A, "--name", "Vermorgen Staelens", "--place", "41002", "--why", "x", "--json")
    )
    assert made["mentions"] == 1
    brug = orjson.loads(run(config, "list", "De Brug", "--json"))["organisations"][0]["id"]
    run(config, "merge", A, "De Brug", "--why", "x")
    run(config, "split", A, brug, "--why", "no")
    assert orjson.loads(run(config, "show", brug, "--json"))["id"] == brug


def test_splitting_says_what_it_needs(config: Path) -> None:
    done = CliRunner().invoke(app, ["organisation", "split", A, "--why", "x", "--config", str(config)])
    assert done.exit_code == 2
