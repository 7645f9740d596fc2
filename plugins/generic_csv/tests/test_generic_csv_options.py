import tomllib
from pathlib import Path
from typing import Any

import pytest
from hub_generic_csv import GenericCsvOptions

from hub import ValidationError

README = Path(__file__).parents[1] / "README.md"

GOOD: dict[str, Any] = {
    "path": "jobs.csv",
    "kind": "vacancy",
    "id": "id",
    "fields": {"title": "titel", "organisation.name": "firma"},
}


def mistakes(**options: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as found:
        GenericCsvOptions.model_validate({**GOOD, **options})
    return {".".join(map(str, each["loc"])): each["msg"] for each in found.value.errors()}


def fields(**more: Any) -> dict[str, Any]:
    return {"fields": {**GOOD["fields"], **{path.replace("__", "."): value for path, value in more.items()}}}


def test_every_mistake_comes_at_once_with_its_place() -> None:
    found = mistakes(
        fields={
            "titel": "titel",
            "organisation.nam": "firma",
            "starts": {"column": "s", "fromat": "dd/mm/yyyy"},
            "employmentType": {"column": "c", "table": "contract"},
        },
        file={"delimiter": ";;"},
        tables={"contracts": {"vast": "permanant"}},
    )
    assert set(found) == {
        "fields.titel",
        "fields.organisation.nam",
        "fields.starts.fromat",
        "fields.employmentType.table",
        "file.delimiter",
        "tables.contracts",
    }


def test_a_missing_id_does_not_hide_the_other_mistakes() -> None:
    with pytest.raises(ValidationError) as found:
        GenericCsvOptions.model_validate({"path": "x", "kind": "vacancy", "fields": {"titel": "t"}})
    assert [each["type"] for each in found.value.errors()] == ["missing", "option"]


@pytest.mark.parametrize(
    ("options", "place", "sentence"),
    [
        (fields(titel="x"), "fields.titel", "the model has no 'titel'; the nearest is 'title'"),
        (fields(organisation__nam="x"), "fields.organisation.nam", "the nearest is 'organisation.name'"),
        (fields(eligibility__minAge="x"), "fields.eligibility.minAge", "the model has no 'eligibility.minAge'"),
        (fields(url__nl="x"), "fields.url.nl", "url has no parts; leave out '.nl'"),
        (fields(places="x"), "fields.places", "places is a block: give a table of blocks, or name a field in it"),
        ({"language": "Dutch"}, "language", "should match pattern"),
        (fields(title__und="x"), "fields.title.und", "title is already filled by fields.title"),
        (
            {**fields(places={"column": "p", "table": "t"}, places__country="c"), "tables": {"t": {"a": {}}}},
            "fields.places",
            "filled as a whole here and in parts elsewhere",
        ),
        (
            fields(hoursPerWeek="x", hours_per_week="y"),
            "fields.hours_per_week",
            "already filled by fields.hoursPerWeek",
        ),
        (fields(url={"column": "u", "separator": ";"}), "fields.url.separator", "url holds one value, not several"),
        (fields(url={"column": "u", "format": "d/m/yyyy"}), "fields.url.format", "only for days"),
        (fields(url={"column": "u", "unknown": "keep"}), "fields.url.unknown", "give a table, or leave it out"),
        (fields(starts={"column": "s", "format": "dd/mm/jjjj"}), "fields.starts.format", "'jjjj' is not understood"),
        (fields(starts={"column": "s", "format": "mm/yyyy"}), "fields.starts.format", "it lacks the day"),
        (fields(pay__min="p"), "fields.pay.min", "pay.* needs pay.currency as well"),
        ({"formats": {"date": "dd/mm/yyyy hh:mm"}}, "formats.date", "'hh' is not understood"),
        ({"constants": {"remote": "sometimes"}}, "constants.remote", "'sometimes' does not fit remote"),
        ({"constants": {"title": "x"}}, "constants.title", "title is already filled by fields.title"),
        ({"flags": {"audience": {"c": "women "}}}, "flags.audience.c", "the nearest is 'women'"),
        ({"flags": {"url": {"c": "x"}}}, "flags.url", "url is not a list; use fields"),
        ({"tables": {"t": {"a": "b"}}}, "tables.t", "no field uses this table"),
        ({"ignore": ["titel"]}, "ignore", "column 'titel' is used"),
        ({"personal": ["titel"]}, "personal", "column 'titel' is used"),
        ({"url": "https://x.example/jobs.csv"}, "path", "give either path or url"),
        ({"headers": {"X": "y"}}, "headers", "sent with url only"),
        ({"join": {"key": "x"}}, "join", "give one of sheet, path and url"),
        ({"file": {"format": "xlsx", "quote": "'"}}, "file", "quote: a spreadsheet has none"),
        ({"file": {"encoding": "utf9"}}, "file.encoding", "'utf9' is not an encoding"),
        ({"fields": {"title": "titel"}}, "fields.organisation.name", "every vacancy needs organisation.name"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_do(options: dict[str, Any], place: str, sentence: str) -> None:
    found = mistakes(**options)
    assert sentence in found[place]


def test_a_value_outside_the_vocabulary_in_a_table_is_named() -> None:
    options = fields(employmentType={"column": "c", "table": "contracts"})
    found = mistakes(**options, tables={"contracts": {"vast": "permanant", "los": ""}})
    (sentence,) = found.values()
    assert set(found) == {"tables.contracts.vast"}
    assert sentence.startswith("'permanant' does not fit employmentType")
    assert sentence.endswith("the nearest is 'permanent'")


def test_table_keys_that_differ_only_in_case_must_agree() -> None:
    options = fields(employmentType={"column": "c", "table": "t"})
    assert (
        "differs only in case"
        in mistakes(**options, tables={"t": {"Vast": "permanent", "vast": "student"}})["tables.t.Vast"]
    )


def test_dotted_paths_may_be_written_as_nested_tables_or_with_underscores() -> None:
    options = GenericCsvOptions.model_validate(
        {**GOOD, "fields": {"title": {"nl": "t"}, "organisation": {"name": {"column": "f"}}, "hours_per_week": "h"}}
    )
    assert set(options.fields) == {"title.nl", "organisation.name", "hours_per_week"}


def test_secrets_are_not_shown() -> None:
    options = GenericCsvOptions.model_validate(
        {**GOOD, "path": None, "url": "https://x.example/a", "headers": {"Authorization": "Bearer s3cret"}}
    )
    assert "s3cret" not in repr(options)


def examples() -> list[str]:
    return [block.split("```")[0] for block in README.read_text("utf-8").split("```toml\n")[1:]]


@pytest.mark.parametrize("example", examples(), ids=lambda text: text.splitlines()[0])
def test_the_examples_of_the_readme_are_valid(example: str) -> None:
    options = tomllib.loads(example)["options"]
    GenericCsvOptions.model_validate(
        {**options, **({"headers": {"Authorization": "s"}} if "headers" in options else {})}
    )


def test_the_readme_explains_every_option() -> None:
    text = README.read_text("utf-8")
    assert len(examples()) == 2
    for name in GenericCsvOptions.model_fields:
        assert f"`{name}`" in text
