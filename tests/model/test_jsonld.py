import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pyld import jsonld

from hub.model.jsonld import CONTEXT, NAMESPACE, schema_type, served
from hub.model.opportunity import ProgrammeOpportunity, VacancyOpportunity
from hub.model.organisation import Organisation
from hub.model.programme import Programme
from hub.model.vocabulary import ProgrammeType

EXAMPLES = Path(__file__).parents[2] / "docs/reference/examples"
MODELS: dict[str, type[BaseModel]] = {"vacancy": VacancyOpportunity, "programme": ProgrammeOpportunity}
SCHEMA = "https://schema.org/"


def example(kind: str) -> dict[str, Any]:
    return dict(json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8")))


def expanded(kind: str) -> dict[str, Any]:
    (node,) = jsonld.expand(example(kind))
    return dict(node)


def leaves(value: object) -> Iterator[object]:
    """Every text, number and address of the published JSON."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def told(value: object) -> Iterator[object]:
    """The same of the expanded form, without what the expansion adds."""
    if isinstance(value, list):
        for part in value:
            yield from told(part)
    elif isinstance(value, dict):
        if "@value" in value:
            yield from leaves(value["@value"])
        else:
            for name, part in value.items():
                yield from (part if name == "@type" else told(part)) if name != "@id" else [part]


@pytest.mark.parametrize("kind", MODELS)
def test_nothing_of_an_example_is_lost_on_expansion(kind: str) -> None:
    published = example(kind)
    published.pop("@context")
    wanted = [f"{SCHEMA}{leaf}" if leaf == published["@type"] else leaf for leaf in leaves(published)]
    assert sorted(map(str, told(expanded(kind)))) == sorted(map(str, wanted))


@pytest.mark.parametrize("kind", MODELS)
def test_the_id_is_the_absolute_address_and_the_type_one_of_schema_org(kind: str) -> None:
    node = expanded(kind)
    assert node["@id"] == example(kind)["@id"]
    assert node["@type"] == [SCHEMA + example(kind)["@type"]]


@pytest.mark.parametrize(("kind", "term"), [("vacancy", "title"), ("programme", "name")])
def test_language_maps_become_texts_with_their_language(kind: str, term: str) -> None:
    titles = {text["@language"]: text["@value"] for text in expanded(kind)[SCHEMA + term]}
    assert titles == example(kind)["title"]


def test_a_language_that_is_not_known_is_und() -> None:
    (node,) = jsonld.expand({"@context": CONTEXT["vacancy"], "@id": "https://a.example/1", "title": {"und": "Bakker"}})
    assert node[SCHEMA + "title"] == [{"@language": "und", "@value": "Bakker"}]


def test_days_and_moments_are_typed() -> None:
    node = expanded("vacancy")
    assert node[SCHEMA + "datePosted"][0]["@type"] == SCHEMA + "Date"
    assert node[SCHEMA + "isBasedOn"][0][SCHEMA + "dateModified"][0]["@type"] == SCHEMA + "DateTime"


def test_a_name_means_what_it_means_where_it_stands() -> None:
    vacancy, programme = expanded("vacancy"), expanded("programme")
    assert NAMESPACE + "value" in vacancy[SCHEMA + "applicationContact"][0]
    assert SCHEMA + "codeValue" in vacancy[SCHEMA + "relevantOccupation"][0]
    assert programme[NAMESPACE + "capacity"][0][SCHEMA + "maximumEnrollment"] == [{"@value": 4}]
    assert SCHEMA + "location" in programme


def described(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Every published name of a model and its blocks, with its description."""
    made = model.model_json_schema()
    for definition in made["$defs"].values():
        yield from ((name, field.get("description", "")) for name, field in definition.get("properties", {}).items())
    yield from ((name, field.get("description", "")) for name, field in made["properties"].items())


@pytest.mark.parametrize("kind", MODELS)
def test_what_the_model_says_of_schema_org_is_what_the_context_does(kind: str) -> None:
    context = jsonld.JsonLdProcessor().process_context(
        {"mappings": {}}, {"@context": CONTEXT[kind]}, options={"processingMode": "json-ld-1.1"}
    )
    untold = {"country", "places", "value", "url", "@context", "@type", "@id"}
    for name, description in described(MODELS[kind]):
        _, says_so, terms = description.partition("schema.org: ")
        if says_so and name not in untold:
            wanted = {term.split(" ")[0] for term in terms.rstrip(".").split(", ")}
            mapped = context["mappings"].get(name, {"@id": NAMESPACE + name})["@id"]
            assert mapped.removeprefix(SCHEMA) in wanted, name


@pytest.mark.parametrize("kind", MODELS)
def test_the_examples_carry_the_context_that_is_served(kind: str) -> None:
    assert example(kind)["@context"] == CONTEXT[kind]


def test_served_bytes_are_the_body_with_context_and_address_before_it() -> None:
    whole = json.loads(served(b'{"@type":"JobPosting","kind":"vacancy"}', "vacancy", "https://hub.example.org/o/1"))
    assert list(whole) == ["@context", "@id", "@type", "kind"]
    assert whole["@id"] == "https://hub.example.org/o/1"


@pytest.mark.parametrize("kind", CONTEXT)
def test_the_context_stays_small_because_every_item_carries_it(kind: str) -> None:
    assert len(served(b"{}", kind, "")) < 2_100


@pytest.mark.parametrize("programme_type", ProgrammeType)
def test_every_programme_type_has_a_schema_org_type_that_the_model_allows(programme_type: ProgrammeType) -> None:
    programme = Programme(title={"en": "Any"}, organisation=Organisation(name="Anybody"), programme_type=programme_type)
    allowed = MODELS["programme"].model_json_schema()["properties"]["@type"]["enum"]
    assert schema_type(programme) in allowed
    assert schema_type(programme) in CONTEXT["programme"]
