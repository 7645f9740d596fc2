"""`hub key` as an admin uses it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from hub.errors import ConfigError, StoreError

VIEW = 'title = { en = "Youth" }\naccess = "key"\n'
MAIL = ("--owner", "it@portal.example")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "views").mkdir(parents=True)
    (folder / "hub.toml").write_text('public_url = "https://hub.example.org"\ndata = "../data"\n')
    (folder / "views" / "youth.toml").write_text(VIEW)
    (folder / "views" / "ghent.toml").write_text('title = { en = "Ghent" }\n')
    (folder / "views" / "listings.toml").write_text('access = "key"\n')
    return folder


def invoke(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["key", *arguments, "--config", str(config)], catch_exceptions=False)


def run(config: Path, *arguments: str) -> str:
    done = invoke(config, *arguments)
    assert done.exit_code == 0, done.output
    return done.output


def given(config: Path, *arguments: str) -> Any:
    return orjson.loads(run(config, "add", "Portaal", *MAIL, "--view", "youth", *arguments, "--json"))


def listed(config: Path, *arguments: str) -> Any:
    return orjson.loads(run(config, "list", *arguments, "--json"))["keys"]


def test_a_key_is_shown_once_and_never_again(config: Path) -> None:
    shown = run(config, "add", "Portaal Gent", *MAIL, "--view", "youth", "--expires", "2999-06-30")
    (key,) = re.findall(r"schakel_\w{10}_[\w-]{43}", shown)
    later = run(config, "list") + run(config, "list", "--json")
    assert "Shown this once" in shown
    assert "2999-06-30T22:00:00Z" in shown
    assert "Portaal Gent" in later
    assert key[-43:] not in later
    assert not any(key[-43:].encode() in path.read_bytes() for path in config.parent.rglob("*.db*"))


def test_a_key_lasts_a_year_unless_told_otherwise(config: Path) -> None:
    end = datetime.fromisoformat(given(config)["expires"]) - datetime.now(UTC)
    assert timedelta(days=364) < end < timedelta(days=367)
    assert given(config, "--expires", "never")["expires"] is None


def test_a_key_says_what_it_is_for(config: Path) -> None:
    key = given(config, "--view", "ghent", "--rate", "1200/minute")
    assert (key["views"], key["rate"]) == (["ghent", "youth"], {"calls": 1200, "seconds": 60})
    every = orjson.loads(run(config, "add", "Ander", *MAIL, "--every-view", "--json"))
    assert (every["views"], every["rate"]) == (None, None)
    assert "'ghent' is public" in run(config, "add", "Ander", *MAIL, "--view", "ghent")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "P", *MAIL), "--every-view"),
        (("add", "P", *MAIL, "--view", "youth", "--every-view"), "--every-view"),
        (("add", "P", "--owner", "nobody", "--view", "youth"), "mail address"),
        (("add", " ", *MAIL, "--view", "youth"), "line of text"),
        (("add", "P", *MAIL, "--view", "youth", "--expires", "soon"), "must be a day"),
        (("add", "P", *MAIL, "--view", "youth", "--rate", "often"), "60/minute"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(config: Path, arguments: tuple[str, ...], said: str) -> None:
    done = invoke(config, *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())


def test_a_view_that_is_not_there_and_a_day_that_has_passed_are_mistakes(config: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean youth"):
        run(config, "add", "P", *MAIL, "--view", "yuoth")
    with pytest.raises(ConfigError, match="has passed"):
        run(config, "add", "P", *MAIL, "--view", "youth", "--expires", "2020-01-01")


def test_a_key_is_for_the_feeds_that_every_hub_has_too(config: Path) -> None:
    said = run(config, "add", "Portaal", *MAIL, "--view", "listings", "--view", "all")
    assert "opens all, listings to Portaal" in " ".join(said.split())
    assert "'all' is public" in said
    assert "'listings' is public" not in said


def test_two_keys_work_while_a_portal_changes_over(config: Path) -> None:
    old = given(config)
    new = orjson.loads(run(config, "rotate", old["id"], "--json"))
    left = datetime.fromisoformat(new["oldEnds"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    assert {each["id"]: each["state"] for each in listed(config)} == {old["id"]: "replaced", new["id"]: "live"}
    assert (new["replaces"], new["views"], new["expires"][:10]) == (old["id"], ["youth"], old["expires"][:10])
    with pytest.raises(StoreError, match="at most two"):
        run(config, "rotate", old["id"])


def test_a_key_that_ends_soon_is_pointed_out(config: Path) -> None:
    soon = given(config, "--expires", f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%d}")
    given(config)
    assert f"about to end: {soon['id']};" in run(config, "list")


def test_a_revoked_key_is_listed_only_among_all(config: Path) -> None:
    key = given(config)
    assert "opens nothing any more" in run(config, "revoke", key["id"])
    assert [each["state"] for each in listed(config, "--all")] == ["revoked"]
    assert run(config, "list") == "nobody has a key\n"
    with pytest.raises(StoreError, match="already"):
        run(config, "revoke", key["id"])
    with pytest.raises(StoreError, match="hub key list"):
        run(config, "revoke", "nothing")
