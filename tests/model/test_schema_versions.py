"""What is published stays readable for who reads it now: a schema may grow, and nothing is taken from it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schema_changes import changes

from hub.model.schema import MAJOR, VERSION, json_schema, pinned_schema
from hub.model.vocabulary import Kind

KEPT = Path(__file__).parent / "schemas"
ADDRESS = "https://hub.example.org"


def kept(kind: str) -> dict[str, Any]:
    return dict(json.loads((KEPT / f"{kind}.json").read_text("utf-8")))


@pytest.mark.parametrize("kind", Kind)
def test_nothing_was_taken_from_the_schema_that_readers_keep(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = changes(kept(kind), pinned_schema(kind, ADDRESS))
    added = [f"{change.path} {change.what}" for change in found if not change.breaking]
    if added:
        with capsys.disabled():
            print(f"\n{kind}: {'; '.join(added)}. Keep it: raise VERSION in hub/model/schema.py, run keep_schemas.py")  # noqa: T201
    assert [change for change in found if change.breaking] == []


@pytest.mark.parametrize("kind", Kind)
def test_a_schema_says_its_version_and_the_kept_one_is_not_newer(kind: str) -> None:
    assert json_schema(kind, ADDRESS)["version"] == pinned_schema(kind, ADDRESS)["version"] == VERSION
    before, now = (tuple(map(int, version.split("."))) for version in (kept(kind)["version"], VERSION))
    assert before[0] == now[0]
    assert before <= now
    assert pinned_schema(kind, ADDRESS)["$id"] == f"{ADDRESS}/schemas/{MAJOR}/{kind}.json"


@pytest.mark.parametrize("kind", Kind)
def test_the_schema_to_rely_on_lets_pass_what_is_added_later_and_nothing_else(kind: str) -> None:
    example = json.loads((Path(__file__).parents[2] / f"docs/reference/examples/{kind}.json").read_text("utf-8"))
    validator = Draft202012Validator(pinned_schema(kind, ADDRESS))
    later = copy.deepcopy(example)
    later["colour"] = later["organisation"]["colour"] = "blue"
    assert not list(validator.iter_errors(later))
    assert list(Draft202012Validator(json_schema(kind, ADDRESS)).iter_errors(later))
    assert list(validator.iter_errors({**example, "title": "text"}))


def taken(schema: dict[str, Any]) -> None:
    del schema["properties"]["url"]


def retyped(schema: dict[str, Any]) -> None:
    schema["properties"]["url"] = {"type": "integer"}


def no_longer_sure(schema: dict[str, Any]) -> None:
    schema["required"].remove("title")


def value_taken(schema: dict[str, Any]) -> None:
    schema["$defs"]["Audience"]["enum"].remove("women")


def taken_within(schema: dict[str, Any]) -> None:
    del schema["$defs"]["Organisation"]["properties"]["kbo"]


def retyped_items(schema: dict[str, Any]) -> None:
    schema["properties"]["audience"]["items"] = {"type": "string"}


def added(schema: dict[str, Any]) -> None:
    schema["properties"]["colour"] = {"type": "string"}


def value_added(schema: dict[str, Any]) -> None:
    schema["$defs"]["Audience"]["enum"].append("everybody")


def reworded(schema: dict[str, Any]) -> None:
    schema["properties"]["url"]["description"] = "Where it is."


@pytest.mark.parametrize("change", [taken, retyped, no_longer_sure, value_taken, taken_within, retyped_items])
def test_what_would_break_a_reader_is_noticed(change: Any) -> None:
    before = pinned_schema("vacancy", ADDRESS)
    after = copy.deepcopy(before)
    change(after)
    assert any(each.breaking for each in changes(before, after))


@pytest.mark.parametrize(("change", "told"), [(added, True), (value_added, True), (reworded, False)])
def test_what_is_added_is_told_and_breaks_nobody(change: Any, told: bool) -> None:
    before = pinned_schema("vacancy", ADDRESS)
    after = copy.deepcopy(before)
    change(after)
    found = changes(before, after)
    assert bool(found) == told
    assert not any(each.breaking for each in found)
