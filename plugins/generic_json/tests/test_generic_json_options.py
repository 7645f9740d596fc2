"""Every mistake in the options is told at start-up, with its place and a way out."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hub_generic_json import GenericJsonOptions

from hub import ValidationError

README = Path(__file__).parents[1] / "README.md"
SOURCES = Path(__file__).parents[3] / "config" / "sources"

GOOD: dict[str, Any] = {
    "url": "https://api.example.org/jobs",
    "kind": "vacancy",
    "id": "id",
    "fields": {"title": "title", "organisation.name": "firm"},
}


def mistakes(**options: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as found:
        GenericJsonOptions.model_validate({**GOOD, **options})
    return {".".join(map(str, each["loc"])): each["msg"] for each in found.value.errors()}


def fields(**more: Any) -> dict[str, Any]:
    return {"fields": {**GOOD["fields"], **{path.replace("__", "."): value for path, value in more.items()}}}


def test_every_mistake_comes_at_once_with_its_place() -> None:
    found = mistakes(
        url="jobs",
        records="a..b",
        paging={"style": "cursor", "next": "next["},
        fields={"titel": "title", "organisation.nam": "firm", "starts": {"path": "s", "fromat": "d/m/yyyy"}},
        tables={"contracts": {"vast": "permanant"}},
    )
    assert set(found) == {
        "url",
        "records",
        "paging.cursor.next",
        "fields.titel",
        "fields.organisation.nam",
        "fields.starts.fromat",
        "tables.contracts",
    }


@pytest.mark.parametrize(
    ("options", "place", "sentence"),
    [
        ({"url": "ftp://x.example/a"}, "url", "must be an http(s) address"),
        ({"url": "https://me:secret@x.example/a"}, "url", "without a password"),
        ({"records": "data["}, "records", "'data[' is not a JMESPath expression"),
        ({"id": "job-id"}, "id.0", "needs double quotes"),
        ({"total": "lenght(items)"}, "total", "Unknown function: lenght()"),
        (fields(titel="x"), "fields.titel", "the nearest is 'title'"),
        (fields(url="a..b"), "fields.url.path.0", "not a JMESPath expression"),
        (fields(url={"path": "u", "uneven": "skip"}), "fields.url.uneven", "only for a field of the items of a list"),
        (fields(url={"path": "u", "separator": ";"}), "fields.url.separator", "url holds one value"),
        (fields(places="p", places__street="s"), "fields.places", "filled as a whole here and in parts elsewhere"),
        (fields(pay__min="p"), "fields.pay.min", "needs pay.currency as well: name its path, or give a constant"),
        ({"fields": {"title": "t"}}, "fields.organisation.name", "every vacancy needs organisation.name"),
        ({"kind": "job"}, "kind.literal['programme','vacancy']", "Input should be"),
        ({"body": {"a": 1}}, "body", "a GET has no body"),
        ({"parameters_in": "body"}, "parameters_in", "a GET has no body"),
        ({"headers_shown": {"Authorization": "x"}}, "headers_shown.Authorization", "carries a secret"),
        ({"paging": {"style": "pages"}}, "paging", "does not match any of the expected tags"),
        ({"paging": {"style": "download"}, "method": "POST"}, "method", "fetched with GET"),
        ({"paging": {"style": "download"}, "records": "a[*].b"}, "records", "names with dots between them only"),
        ({"paging": {"style": "download"}, "total": "count"}, "total", "proves itself by its end"),
        ({"access": {"type": "basic", "user": "me"}}, "access.basic.password", "Field required"),
        ({"changes": {"by": "moment", "parameter": "since"}}, "changes", "nothing would ever be withdrawn"),
        ({"changes": {"by": "next", "whole_every_days": 1}}, "changes.by", 'needs paging.style = "next"'),
        ({"detail": {"url": "https://x.example/job"}}, "detail.url", "must hold {id}"),
        ({"modified": {"path": "m", "format": "jjjj"}}, "modified.format", "'jjjj' is not understood"),
        ({"ignore": ["title"]}, "ignore", "'title' is used"),
        ({"personal": ["firm"]}, "personal", "'firm' is used; take 'firm' out of personal"),
        ({"flags": {"audience": {"a-b": "neet"}}}, "flags.audience.a-b", "needs double quotes"),
        ({"facts": {"contract": "c"}}, "facts.contract", "there is no table 'c'"),
        (
            {"facts": {"c": "contract"}, "tables": {"contracts": {"x": {"employmentType": "other"}}}},
            "facts.c",
            "there is no table 'contract'; the nearest is 'contracts'",
        ),
        ({"facts": {"c": "t"}, "tables": {"t": {"x": "y"}}}, "tables.t.x", "a table of facts says"),
        (
            {"facts": {"c": "t"}, "tables": {"t": {"x": {"employmentType": "permanant"}}}},
            "tables.t.x",
            "the nearest is 'permanent'",
        ),
        (
            {"facts": {"c": "t"}, "tables": {"t": {"x": {"employmentTyp": "permanent"}}}},
            "tables.t.x.employmentTyp",
            "the nearest is 'employmentType'",
        ),
    ],
)
def test_a_mistake_is_told_with_a_way_out(options: dict[str, Any], place: str, sentence: str) -> None:
    found = mistakes(**options)
    assert place in found, found
    assert sentence in found[place]


def test_a_field_that_only_one_of_two_kinds_has_is_no_mistake() -> None:
    both = {"path": "k", "values": {"job": "vacancy", "course": "programme"}}
    options = {**GOOD, "kind": both, **fields(openings="n", programmeType="type")}
    assert GenericJsonOptions.model_validate(options).kinds == ("vacancy", "programme")
    assert "every programme needs programmeType" in mistakes(kind=both)["fields.programmeType"]


@pytest.mark.parametrize(
    "access",
    [
        {"type": "api_key", "key": "s3cret"},
        {"type": "basic", "user": "me", "password": "s3cret"},
        {"type": "bearer", "token": "s3cret"},
        {"type": "client_credentials", "token_url": "https://x.example/t", "client_id": "i", "client_secret": "s3cret"},
        {
            "type": "login",
            "login_url": "https://x.example/l",
            "body": {"user": "me"},
            "secrets": {"password": "s3cret"},
        },
    ],
)
def test_every_kind_of_access_hands_its_secret_on_and_never_shows_it(access: dict[str, Any]) -> None:
    options = GenericJsonOptions.model_validate({**GOOD, "access": access})
    assert options.access is not None
    sent = options.access.authentication()
    assert "s3cret" in str([getattr(sent, name) for name in sent.__slots__])
    assert "s3cret" not in repr(options)
    assert "s3cret" not in repr(sent)


@pytest.mark.parametrize("source", ["forem", "another-hub"])
def test_the_example_sources_are_off_and_valid(source: str) -> None:
    file = tomllib.loads((SOURCES / f"{source}.toml").read_text("utf-8"))
    assert file["enabled"] is False
    GenericJsonOptions.model_validate(file["options"])


def test_the_readme_explains_every_option() -> None:
    text = README.read_text("utf-8")
    for name in GenericJsonOptions.model_fields:
        assert f"`{name}`" in text, name
