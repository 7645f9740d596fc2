from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hub_generic_csv import GenericCsv, GenericCsvOptions

from hub import JsonValue, LanguageRequirement, Normalised, RawRecord, RecordError

BASE: dict[str, Any] = {
    "path": "jobs.csv",
    "kind": "vacancy",
    "id": "id",
    "constants": {"title.nl": "Bakker", "organisation.name": "Brood NV"},
}


def normalise(row: dict[str, JsonValue], **options: Any) -> Normalised:
    whole = {**BASE, **options, "constants": {**BASE["constants"], **options.get("constants", {})}}
    return GenericCsv(GenericCsvOptions.model_validate(whole)).normalise(RawRecord("1", {"id": "1", **row}))


def listing(row: dict[str, JsonValue], **options: Any) -> Any:
    return normalise(row, **options).listing


def test_texts_in_several_languages_become_one_language_map() -> None:
    fields = {"description.nl": "a", "description.fr": "b", "description.de": "c"}
    assert listing({"a": " Dag ", "b": "Jour", "c": ""}, fields=fields).description == {"nl": "Dag", "fr": "Jour"}


def test_the_language_of_a_text_comes_from_path_field_or_file() -> None:
    options: dict[str, Any] = {"fields": {"description": "a"}, "language": "fr"}
    assert listing({"a": "x"}, **options).description == {"fr": "x"}
    options["fields"] = {"description": {"column": "a", "language": "en"}}
    assert listing({"a": "x"}, **options).description == {"en": "x"}


@pytest.mark.parametrize(
    ("cell", "markup", "expected"),
    [
        ("R&D <b>nu</b>", "plain", "R&amp;D &lt;b&gt;nu&lt;/b&gt;"),
        ("een\r\ntwee\n\n drie", "plain", "<p>een<br>twee</p><p>drie</p>"),
        ("<p>een<script>x</script></p>", "html", "<p>een</p>"),
    ],
)
def test_descriptions_are_plain_text_unless_said_to_be_html(cell: str, markup: str, expected: str) -> None:
    found = listing({"a": cell}, fields={"description.nl": {"column": "a", "markup": markup}})
    assert found.description == {"nl": expected}


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("yyyy-mm-dd", "2026-02-01"),
        ("dd/mm/yyyy", "01/02/2026"),
        ("d-m-yyyy", "1-2-2026"),
        ("dd.mm.yyyy HH:MM", "01.02.2026 23:59"),
        ("dd/mm/yyyy", "2026-02-01T10:00:00"),
        ("yyyymmdd", "20260201"),
    ],
)
def test_days_are_read_as_the_source_writes_them(written: str, cell: str) -> None:
    assert listing({"d": cell}, fields={"starts": "d"}, formats={"date": written}).starts == date(2026, 2, 1)


@pytest.mark.parametrize("cell", ["1/2/2026", "31/02/2026", "01/02/26", "1 februari 2026", "2026-02"])
def test_a_day_written_otherwise_refuses_the_record(cell: str) -> None:
    with pytest.raises(RecordError) as refused:
        listing({"d": cell}, fields={"starts": {"column": "d", "format": "dd/mm/yyyy"}})
    assert (refused.value.code, refused.value.field, refused.value.value) == ("value-unreadable", "starts", cell)
    assert refused.value.params == {"expected": "a day written dd/mm/yyyy"}


@pytest.mark.parametrize(
    ("cell", "formats", "expected"),
    [
        ("19.5", {}, 19.5),
        ("19,5", {"decimal": ","}, 19.5),
        (19.5, {"decimal": ","}, 19.5),
        ("38", {"decimal": ","}, 38.0),
    ],
)
def test_numbers_are_read_as_the_source_writes_them(cell: JsonValue, formats: Any, expected: float) -> None:
    assert listing({"n": cell}, fields={"hoursPerWeek": "n"}, formats=formats).hours_per_week == expected


@pytest.mark.parametrize(
    ("decimal", "cell"),
    [(".", "19,5"), (",", "1.950"), (".", "€ 20"), (".", "1e3"), (".", True), (".", "9" * 1_000_000)],
    ids=lambda value: str(value)[:9],
)
def test_a_number_that_could_be_another_refuses_the_record(decimal: str, cell: JsonValue) -> None:
    with pytest.raises(RecordError, match="value-unreadable"):
        listing({"n": cell}, fields={"hoursPerWeek": "n"}, formats={"decimal": decimal})


def test_amounts_keep_their_cents_and_thousands_are_read_where_declared() -> None:
    options: dict[str, Any] = {"fields": {"pay.min": "p"}, "formats": {"decimal": ",", "thousands": "."}}
    options["constants"] = {"pay.currency": "EUR", "pay.per": "month"}
    assert listing({"p": "2.500,10"}, **options).pay.min == Decimal("2500.10")
    assert listing({"p": ""}, **options).pay is None
    with pytest.raises(RecordError):
        listing({"p": "25.00,10"}, **options)


def test_a_factor_turns_years_into_months() -> None:
    fields = {"experienceMonths": {"column": "y", "factor": 12, "decimal": ","}}
    assert listing({"y": "1,5"}, fields=fields).experience_months == 18
    with pytest.raises(RecordError):
        listing({"y": "0,3"}, fields=fields)


@pytest.mark.parametrize(("cell", "expected"), [("ja", True), ("NEE", False), ("", None), (True, True), ("x", True)])
def test_yes_and_no_are_read_in_several_languages(cell: JsonValue, expected: bool | None) -> None:
    assert listing({"c": cell}, fields={"directApply": "c"}).direct_apply is expected


def test_a_yes_or_no_that_is_neither_refuses_the_record() -> None:
    with pytest.raises(RecordError, match=r"value-unreadable \(directApply\)"):
        listing({"c": "misschien"}, fields={"directApply": "c"})


def test_words_that_stand_for_a_value_are_kept() -> None:
    assert listing({"c": "none"}, fields={"education": "c"}).education == "none"
    assert listing({"c": "4"}, fields={"education": "c"}).education == 4


# Value tables -------------------------------------------------------------------------------------------------

TABLE: dict[str, Any] = {
    "tables": {"t": {"Vast": "permanent", "Tijdelijk of vast": ["fixedTerm", "permanent"], "-": ""}}
}


def contract(unknown: str = "report") -> dict[str, Any]:
    return {"fields": {"employmentType": {"column": "c", "table": "t", "unknown": unknown}}, **TABLE}


@pytest.mark.parametrize(
    ("cell", "expected"), [("VAST ", ("permanent",)), ("tijdelijk of vast", ("fixedTerm", "permanent")), ("-", ())]
)
def test_a_value_table_translates_in_any_case(cell: str, expected: tuple[str, ...]) -> None:
    assert listing({"c": cell}, **contract()).employment_type == expected


def test_a_value_that_the_table_lacks_is_left_out_and_reported() -> None:
    found = normalise({"c": "Flexi"}, **contract())
    assert found.unknown_values == (("t", "Flexi"),)
    assert found.listing.employment_type == ()  # type: ignore[union-attr]


def test_a_value_that_the_table_lacks_is_skipped_or_refused_where_the_source_says_so() -> None:
    assert normalise({"c": "Flexi"}, **contract("skip")).unknown_values == ()
    with pytest.raises(RecordError) as refused:
        normalise({"c": "Flexi"}, **contract("refuse"))
    assert refused.value.params == {"expected": "one of the values in table t"}


def test_a_closed_list_without_table_takes_its_own_values_only() -> None:
    found = normalise({"c": "permanent;Vast"}, fields={"employmentType": {"column": "c", "separator": ";"}})
    assert found.unknown_values == (("employmentType", "Vast"),)
    assert found.listing.employment_type == ("permanent",)  # type: ignore[union-attr]


def test_a_table_can_keep_what_it_does_not_know() -> None:
    fields = {"places.municipality": {"column": "c", "table": "t", "unknown": "keep"}}
    tables = {"t": {"values": {"Brussels": "Brussel"}, "owner": "a team", "checked": "2026-11-22"}}
    assert listing({"c": "Gent"}, fields=fields, tables=tables).places[0].municipality == "Gent"
    assert listing({"c": "brussels"}, fields=fields, tables=tables).places[0].municipality == "Brussel"


def test_a_table_can_give_whole_blocks() -> None:
    options = {
        "fields": {"places": {"column": "c", "table": "t"}},
        "tables": {"t": {"VL": {"region": "V", "country": "BE"}}},
    }
    (place,) = listing({"c": "VL"}, **options).places
    assert (place.region, place.country) == ("V", "BE")


# Lists --------------------------------------------------------------------------------------------------------


def test_columns_that_say_yes_add_up_to_a_list() -> None:
    flags = {"audience": {"disabled": "disability", "young": ["youngLowSkilled", "neet"], "older": "age50plus"}}
    assert listing({"disabled": "x", "young": "ja", "older": "nee"}, flags=flags).audience == (
        "disability",
        "youngLowSkilled",
        "neet",
    )


def test_flags_a_column_and_constants_unite_in_one_list() -> None:
    found = listing(
        {"disabled": "1", "a": "women, disability"},
        flags={"audience": {"disabled": "disability"}},
        fields={"audience": {"column": "a", "separator": ","}},
        constants={"audience": ["students"]},
    )
    assert found.audience == ("students", "women", "disability")


def test_a_flag_that_is_neither_yes_nor_no_names_its_column() -> None:
    with pytest.raises(RecordError, match=r"audience \(disabled\)"):
        listing({"disabled": "?"}, flags={"audience": {"disabled": "disability"}})


def test_one_cell_of_several_values_makes_several_items_that_share_the_rest() -> None:
    found = listing(
        {"talen": "nl; fr ;"},
        fields={"languages.language": {"column": "talen", "separator": ";"}},
        constants={"languages.learnableOnTheJob": True},
    )
    assert found.languages == (
        LanguageRequirement(language="nl", learnable_on_the_job=True),
        LanguageRequirement(language="fr", learnable_on_the_job=True),
    )
    assert normalise({"talen": ""}, fields={"languages.language": "talen"}).listing.languages == ()


def test_cells_of_several_values_side_by_side_pair_up_or_refuse() -> None:
    fields = {
        "languages.language": {"column": "t", "separator": ";"},
        "languages.level": {"column": "l", "separator": ";"},
    }
    found = listing({"t": "nl;fr", "l": "B1;A2"}, fields=fields).languages
    assert [(each.language, each.level) for each in found] == [("nl", "B1"), ("fr", "A2")]
    with pytest.raises(RecordError, match="ambiguous-value"):
        listing({"t": "nl;fr", "l": "B1"}, fields=fields)


def test_numbered_items_come_from_columns_side_by_side() -> None:
    fields = {"places.municipality": "a", "places.1.municipality": "b", "places.2.municipality": "c"}
    found = listing({"a": "Gent", "b": "", "c": "Mons"}, fields=fields).places
    assert [place.municipality for place in found] == ["Gent", "Mons"]


def test_several_columns_are_put_together_without_the_empty_ones() -> None:
    fields = {"places.street": {"column": ["straat", "nr", "bus"]}}
    assert listing({"straat": "Kerkstraat", "nr": 5, "bus": ""}, fields=fields).places[0].street == "Kerkstraat 5"


# What is missing, and what is left over -----------------------------------------------------------------------


def test_a_missing_title_or_organisation_has_its_own_code() -> None:
    options = {"path": "x", "kind": "vacancy", "id": "id", "fields": {"title": "t", "organisation.name": "o"}}
    adapter = GenericCsv(GenericCsvOptions.model_validate(options))
    for row, code in (({"t": "", "o": "x"}, "missing-title"), ({"t": "x", "o": " "}, "missing-organisation")):
        with pytest.raises(RecordError, match=code):
            adapter.normalise(RawRecord("1", {"id": "1", **row}))


def test_a_block_lacking_what_it_must_have_is_refused() -> None:
    with pytest.raises(RecordError, match=r"missing-field \(languages\.language\)"):
        listing({"t": "", "l": "B1"}, fields={"languages.language": "t", "languages.level": "l"})


def test_values_that_mean_nothing_are_empty() -> None:
    assert listing({"u": "NULL"}, fields={"url": "u"}, formats={"empty": ["NULL", "-"]}).url is None


def test_filled_columns_that_nothing_uses_are_reported() -> None:
    found = normalise({"new": "x", "blank": "", "known": "y"}, ignore=["known"])
    assert found.unknown_fields == ("new",)


@pytest.mark.parametrize(
    ("cell", "hours"), [("22/11/2026 10:30:00", 1), ("2026-11-22T10:30:00Z", 0), ("2026-11-22 10:30:00", 1)]
)
def test_the_moment_of_change_is_read_in_brussels_time(cell: str, hours: int) -> None:
    found = normalise({"m": cell}, modified={"column": "m", "format": "dd/mm/yyyy HH:MM:SS"}).partner_modified
    assert found == datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=hours)))


def test_the_same_row_gives_the_same_listing() -> None:
    options: Any = {"fields": {"description.nl": "a"}}
    assert normalise({"a": "x"}, **options) == normalise({"a": "x"}, **options)


@pytest.mark.parametrize("cell", ["onbekend", "0403019262", "RPR Gent 0403"])
def test_an_enterprise_number_that_is_none_is_left_out_and_the_offer_kept(cell: str) -> None:
    found = normalise({"k": cell}, fields={"organisation.kbo": "k"})
    assert found.listing.organisation.kbo is None
    assert [(each.code, each.value) for each in found.warnings] == [("value-left-out", cell)]
