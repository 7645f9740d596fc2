import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel, ValidationError

from hub.model.opportunity import ProgrammeOpportunity, VacancyOpportunity
from hub.model.schema import json_schema

EXAMPLES = Path(__file__).parents[2] / "docs/reference/examples"
MODELS: dict[str, type[BaseModel]] = {"vacancy": VacancyOpportunity, "programme": ProgrammeOpportunity}
ADDRESS = "https://hub.example.org"


def example(kind: str) -> dict[str, Any]:
    return dict(json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8")))


def mistakes(kind: str, published: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(json_schema(kind, ADDRESS), format_checker=FormatChecker())
    return [error.json_path for error in validator.iter_errors(published)]


@pytest.mark.parametrize("kind", MODELS)
def test_the_example_of_each_kind_validates_and_reads_back_the_same(kind: str) -> None:
    assert mistakes(kind, example(kind)) == []
    read = MODELS[kind].model_validate(example(kind))
    written = json.loads(read.model_dump_json(exclude_none=True))
    assert {name: value for name, value in written.items() if value != []}.keys() == example(kind).keys()


@pytest.mark.parametrize("kind", MODELS)
def test_the_schema_itself_is_valid_and_has_an_absolute_id(kind: str) -> None:
    schema = json_schema(kind, ADDRESS)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"https://hub.example.org/schemas/{kind}.json"
    assert schema["title"] == kind.capitalize()


@pytest.mark.parametrize(
    ("kind", "field", "broken"),
    [
        ("vacancy", "employmentType", ["forEver"]),
        ("vacancy", "education", 9),
        ("vacancy", "pay", {"min": 14.2}),
        ("vacancy", "colour", "blue"),
        ("vacancy", "openings", None),
        ("programme", "starts", "sometimes"),
        ("programme", "programmeType", "mentor"),
        ("programme", "intensity", {"hoursPerWeek": 0}),
    ],
)
def test_a_broken_example_is_refused_by_schema_and_model_alike(kind: str, field: str, broken: object) -> None:
    published = {**example(kind), field: broken}
    assert mistakes(kind, published)
    if broken is not None:
        with pytest.raises(ValidationError):
            MODELS[kind].model_validate(published)


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("field", ["title", "organisation", "kind", "status", "listings", "@id"])
def test_what_every_opportunity_has_is_required(kind: str, field: str) -> None:
    published = example(kind)
    del published[field]
    assert mistakes(kind, published) == ["$"]


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_is_described(kind: str) -> None:
    schema = json_schema(kind, ADDRESS)
    for block in (schema, *schema["$defs"].values()):
        for name, field in block.get("properties", {}).items():
            assert {"description", "$ref"} & set(field), name


@pytest.mark.parametrize("kind", MODELS)
def test_the_example_shows_every_field_of_its_kind(kind: str) -> None:
    assert set(MODELS[kind].model_json_schema()["properties"]) - set(example(kind)) <= {
        "skills",
        "sectors",
        "occupations",
    }
