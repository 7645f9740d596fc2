"""From an item to the model: what each option does with the partner's values."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hub_generic_json import FieldMap, GenericJson, GenericJsonOptions

from hub import JsonValue, KindName, Normalised, Noticed, RawRecord, RecordError

GOOD: dict[str, Any] = {
    "url": "https://api.example.org/jobs",
    "kind": "vacancy",
    "id": "id",
    "language": "nl",
    "constants": {"title": "Lasser", "organisation.name": "Voorbeeld"},
}


def normalised(item: dict[str, JsonValue], adapter: type[GenericJson] = GenericJson, **options: Any) -> Normalised:
    constants = {**GOOD["constants"], **options.pop("constants", {})}
    given = GenericJsonOptions.model_validate({**GOOD, "constants": constants, **options})
    return adapter(given).normalise(RawRecord("1", item))


def listing(item: dict[str, JsonValue], **fields: Any) -> Any:
    return normalised(item, fields=fields).listing


def path(name: str, **more: Any) -> dict[str, Any]:
    return {"path": name, **more}


def test_paths_lead_into_objects_and_lists() -> None:
    item: dict[str, JsonValue] = {"id": 1, "job": {"hours": [{"week": 38}, {"week": 40}]}, "pay": {"low": 2500}}
    found = normalised(
        item,
        fields={"hoursPerWeek": "job.hours[0].week", "pay.min": "pay.low"},
        constants={"pay.currency": "EUR", "pay.per": "month"},
    ).listing
    assert (found.hours_per_week, found.pay and found.pay.min) == (38, Decimal(2500))  # type: ignore[union-attr]


def test_a_text_may_be_an_object_of_languages() -> None:
    item: dict[str, JsonValue] = {"t": {"nl": "Lasser", "fr": "Soudeur", "version": 3}}
    options = {**GOOD, "constants": {"organisation.name": "Voorbeeld"}, "fields": {"title": "t"}}
    found = GenericJson(GenericJsonOptions.model_validate(options)).normalise(RawRecord("1", item))
    assert found.listing.title == {"nl": "Lasser", "fr": "Soudeur"}
    assert found.unknown_fields == ("title.version",)


def test_an_object_with_the_models_shape_fills_a_block_and_what_it_has_more_is_told() -> None:
    places: list[JsonValue] = [
        {"municipality": "Gent", "postalCode": "9000", "mayor": "x"},
        {"country": "NL", "street": None},
    ]
    found = normalised({"p": places}, fields={"places": "p"})
    assert [each.municipality for each in found.listing.places] == ["Gent", None]
    assert found.unknown_fields == ("places.mayor",)


def test_objects_of_another_shape_are_given_the_models_names_by_the_path() -> None:
    item: dict[str, JsonValue] = {"tongues": [{"code": "nl", "cefr": "B1"}, {"code": "fr"}]}
    found = listing(item, languages="tongues[*].{language: code, level: cefr}")
    assert [(each.language, each.level) for each in found.languages] == [("nl", "B1"), ("fr", None)]


# Lists side by side -------------------------------------------------------------------------------------------------


def test_lists_side_by_side_make_one_item_for_each_position() -> None:
    item: dict[str, JsonValue] = {"towns": ["Gent", "Namur"], "geo": [None, {"lat": 50.4}], "land": "BE"}
    found = listing(item, **{
        "places.municipality": "towns", "places.latitude": "map(&lat, geo)", "places.country": "land",
    })  # fmt: skip
    assert [(p.municipality, p.latitude, p.country) for p in found.places] == [
        ("Gent", None, "BE"),
        ("Namur", 50.4, "BE"),
    ]


def uneven(policy: str, codes: list[JsonValue]) -> list[tuple[str, str | None]]:
    item: dict[str, JsonValue] = {"towns": ["Gent", "Namur"], "codes": codes}
    fields = {"places.municipality": "towns", "places.postalCode": path("codes", uneven=policy)}
    return [(each.municipality, each.postal_code) for each in listing(item, **fields).places]


def test_lists_of_unequal_length_refuse_the_record_unless_said_otherwise() -> None:
    with pytest.raises(RecordError, match="ambiguous-value"):
        uneven("refuse", ["9000"])
    assert uneven("skip", ["9000"]) == [("Gent", None), ("Namur", None)]
    assert uneven("share", ["9000"]) == [("Gent", "9000"), ("Namur", "9000")]
    assert uneven("share", ["9000", "5000", "1000"]) == [("Gent", None), ("Namur", None)]


def test_texts_of_a_list_go_with_its_items() -> None:
    fields = {"occupations.value": "jobs[*].code", "occupations.label.fr": "jobs[*].name"}
    found = normalised(
        {"jobs": [{"code": "A", "name": "Soudeur"}, {"code": "B", "name": "Maçon"}]},
        fields=fields,
        constants={"occupations.scheme": "partner:test"},
    )
    assert [(each.value, each.label) for each in found.listing.occupations] == [
        ("A", {"fr": "Soudeur"}),
        ("B", {"fr": "Maçon"}),
    ]


def test_a_list_where_one_value_is_due_refuses_the_record() -> None:
    assert listing({"u": ["https://x.example/1"]}, url="u").url == "https://x.example/1"
    with pytest.raises(RecordError, match="ambiguous-value"):
        listing({"u": ["https://x.example/1", "https://x.example/2"]}, url="u")


@pytest.mark.parametrize("value", [{"a": 1}, [[1]]])
def test_an_object_where_a_text_is_due_refuses_the_record(value: JsonValue) -> None:
    with pytest.raises(RecordError, match="value-unreadable"):
        listing({"u": value}, url="u")


def test_a_text_that_holds_several_values_is_parted_as_is_each_text_of_a_list() -> None:
    table = {"tables": {"w": {"jongeren": "neet", "vrouwen": "women", "ouderen": "age50plus"}}}
    fields = {"audience": path("who", separator=",", table="w")}
    one, several = {"who": "jongeren, vrouwen"}, {"who": ["jongeren,vrouwen", "ouderen"]}
    assert normalised(one, fields=fields, **table).listing.audience == ("neet", "women")  # type: ignore[arg-type]
    assert len(normalised(several, fields=fields, **table).listing.audience) == 3  # type: ignore[arg-type]


# Values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("yyyy-mm-dd", "2026-11-30T23:30:00Z", date(2026, 12, 1)),
        ("yyyy-mm-dd", "2026-11-30T23:30:00", date(2026, 11, 30)),
        ("dd/mm/yyyy", "30/11/2026", date(2026, 11, 30)),
        ("milliseconds", 1796083200000, date(2026, 12, 1)),
        ("seconds", "1796083200", date(2026, 12, 1)),
    ],
)
def test_days_are_read_in_brussels_however_they_are_written(written: str, value: JsonValue, expected: date) -> None:
    assert listing({"d": value}, starts=path("d", format=written)).starts == expected


@pytest.mark.parametrize("value", ["soon", 20261130, True, "1e400", {"day": 1}])
def test_a_day_written_otherwise_refuses_the_record(value: JsonValue) -> None:
    with pytest.raises(RecordError, match="value-unreadable"):
        listing({"d": value}, starts="d")


def test_numbers_and_plain_texts_are_read_as_the_partner_writes_them() -> None:
    found = listing(
        {"h": "37,5", "y": 2, "text": "Je las & soldeert.\n\nElke dag < 8 uur."},
        hoursPerWeek=path("h", decimal=","),
        experienceMonths=path("y", factor=12),
        description="text",
    )
    assert (found.hours_per_week, found.experience_months) == (37.5, 24)
    assert found.description == {"nl": "<p>Je las &amp; soldeert.</p><p>Elke dag &lt; 8 uur.</p>"}


def test_a_function_of_the_path_that_cannot_take_the_value_refuses_the_record_but_not_for_nothing() -> None:
    assert listing({}, places="map(&{municipality: town}, sites)").places == ()
    with pytest.raises(RecordError, match="value-unreadable"):
        listing({"sites": "Gent"}, places="map(&{municipality: town}, sites)")


# Tables and facts ---------------------------------------------------------------------------------------------------

FACTS: dict[str, Any] = {
    "facts": {"contract": "contracts"},
    "tables": {
        "contracts": {
            "Vast": {"employmentType": "permanent", "workTime": "fullTime"},
            "Flexi": {"employmentType": ["flexi"]},
            "-": "",
        }
    },
}


def test_a_table_of_facts_says_several_things_about_one_value() -> None:
    found = normalised({"contract": "VAST"}, **FACTS)
    assert (found.listing.employment_type, found.listing.work_time) == (("permanent",), ("fullTime",))  # type: ignore[union-attr]
    assert normalised({"contract": "-"}, **FACTS).unknown_values == ()


def test_a_value_that_the_table_lacks_is_told_once() -> None:
    found = normalised({"contract": "interim"}, **FACTS)
    assert found.unknown_values == (("contracts", "interim"),)
    assert found.read_values == (("contracts", "interim"),)


def test_the_tables_of_the_options_are_the_hubs_own() -> None:
    (mapping,) = GenericJson(GenericJsonOptions.model_validate({**GOOD, **FACTS})).mappings()
    assert mapping["contracts"].find("vast") == {"employmentType": "permanent", "workTime": "fullTime"}


@pytest.mark.parametrize(("unknown", "told"), [("report", 1), ("skip", 0)])
def test_unknown_values_of_a_closed_list_are_left_out(unknown: str, told: int) -> None:
    found = normalised({"w": ["fullTime", "halftijds"]}, fields={"workTime": path("w", unknown=unknown)})
    assert found.listing.work_time == ("fullTime",)  # type: ignore[union-attr]
    assert len(found.unknown_values) == told


def test_an_unknown_value_may_refuse_the_record() -> None:
    with pytest.raises(RecordError, match="value-unreadable"):
        normalised({"w": "halftijds"}, fields={"workTime": path("w", unknown="refuse")})


def test_flags_add_their_values() -> None:
    flags = {"audience": {"for.youth": "neet", "for.women": "women"}}
    assert normalised({"for": {"youth": True, "women": "nee"}}, flags=flags).listing.audience == ("neet",)


# The item as a whole ------------------------------------------------------------------------------------------------


def test_fields_neither_used_nor_ignored_are_told_with_their_path() -> None:
    item: dict[str, JsonValue] = {
        "id": 1,
        "job": {"hours": 38, "remote": "yes", "empty": ""},
        "sites": [{"town": "Gent", "floor": 2}],
        "x": {"y": 1},
    }
    found = normalised(item, fields={"hoursPerWeek": "job.hours", "places.municipality": "sites[].town"}, ignore=["x"])
    assert found.unknown_fields == ("job.remote", "sites.floor")


def test_a_list_of_both_kinds_says_which_an_item_is() -> None:
    kind = {"path": "k", "values": {"Job": "vacancy", "Opleiding": "programme"}}
    options: dict[str, Any] = {"kind": kind, "fields": {"openings": "n"}, "constants": {"programmeType": "training"}}
    assert normalised({"k": "job", "n": 2}, **options).listing.openings == 2  # type: ignore[union-attr]
    assert normalised({"k": "opleiding", "n": 2}, **options).listing.kind == "programme"
    with pytest.raises(RecordError, match="value-unreadable"):
        normalised({"k": "event"}, **options)


def test_the_partners_moment_and_whose_offer_it_is_are_kept() -> None:
    found = normalised(
        {"m": 1796083200000, "from": "Jobat", "ref": ""},
        modified={"path": "m", "format": "milliseconds"},
        provenance="ref && join(' ', [from, ref]) || from",
    )
    assert found.partner_modified == datetime(2026, 12, 1, tzinfo=UTC)
    assert found.provenance == "Jobat"


def test_the_names_an_offer_has_elsewhere_are_kept_as_partner_and_id() -> None:
    several = normalised(
        {"from": "VDAB", "ref": "68123456", "more": ["Jobat: 7", "Jobat:7", ""]},
        references=["ref && join(':', [from, ref])", "more"],
    )
    assert several.references == ("vdab:68123456", "jobat:7")
    assert normalised({"from": "VDAB", "ref": ""}, references="ref && join(':', [from, ref])").references == ()


# Moving to code one part at a time ----------------------------------------------------------------------------------


class WithCode(GenericJson):
    """A partner whose working hours no configuration can tell."""

    name = "with_code"

    def values(self, kind: KindName, item: dict[str, JsonValue], noticed: Noticed) -> dict[str, Any]:
        """Return the configured values, with the hours of a week worked out."""
        found = super().values(kind, item, noticed)
        return {**found, "hoursPerWeek": float(str(item["minutes"])) / 60}


def test_a_plugin_overrides_one_step_and_keeps_the_rest() -> None:
    found = normalised({"minutes": 2280, "o": 2}, WithCode, fields={"openings": "o"}, ignore=["minutes"]).listing
    assert (found.hours_per_week, found.openings) == (38, 2)  # type: ignore[union-attr]


def test_the_field_map_is_a_part_that_any_adapter_may_use() -> None:
    fields = FieldMap(GenericJsonOptions.model_validate({**GOOD, "fields": {"openings": "o"}}))
    item: dict[str, JsonValue] = {"o": 3}
    assert fields.values("vacancy", item, Noticed())["openings"] == 3


def test_an_enterprise_number_that_is_none_is_left_out_and_the_offer_kept() -> None:
    found = normalised({"id": 1, "vat": "0403019262"}, fields={"organisation.kbo": "vat"})
    assert found.listing.organisation.kbo is None
    assert [(each.code, each.value) for each in found.warnings] == [("value-left-out", "0403019262")]
