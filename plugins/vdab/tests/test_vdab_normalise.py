"""Vacancies of VDAB in the common model, from recordings."""

import time
from typing import Any

import pytest
from hub_vdab.adapter import Vdab
from hub_vdab.tables import MAPPING

from hub import (
    Audience,
    DrivingLicence,
    EmploymentType,
    Normalised,
    OrganisationKind,
    PlacePrecision,
    RawRecord,
    RecordError,
    Vacancy,
    WorkSchedule,
    WorkTime,
)


def left_out(normalised: Normalised) -> list[str]:
    assert {warning.code for warning in normalised.warnings} <= {"value-left-out"}
    return [warning.field for warning in normalised.warnings]


def vacancy(normalised: Normalised) -> Vacancy:
    assert isinstance(normalised.listing, Vacancy)
    return normalised.listing


def test_every_recording_becomes_a_vacancy_with_its_page(adapter: Vdab, record: Any, recording: str) -> None:
    read = record(recording)
    listing = vacancy(adapter.normalise(read))
    number = read.payload["vacatureReferentie"]["vdabReferentie"]
    assert listing.url == f"https://www.vdab.be/vindeenjob/vacatures/{number}"
    assert listing.title == {"und": read.payload["functie"]["functieTitel"]}
    assert adapter.normalise(read).references == (f"vdab:{number}",)


def test_collectief_maatwerk_is_adapted_work_in_the_social_economy(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("collectief_maatwerk.json")))
    assert (listing.adapted_work, listing.social_economy, listing.training_on_the_job) == (True, True, None)
    assert listing.employment_type == (EmploymentType.permanent,)
    assert (listing.education, listing.no_diploma_required, listing.experience_months) == ("none", True, 0)


def test_the_parts_of_a_text_become_one_description(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("collectief_maatwerk.json")))
    assert listing.description == {
        "und": "<p>Je sorteert linnen en vult de machines.</p><p>Je werkt graag samen.</p>"
        "<ul><li>Opleiding op de werkvloer</li></ul>"
    }


def test_working_time_and_pay_are_as_stated(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("collectief_maatwerk.json")))
    assert (listing.work_time, listing.hours_per_week) == ((WorkTime.part_time,), 28.5)
    assert listing.schedule == (WorkSchedule.day, WorkSchedule.weekend)
    assert listing.pay is not None
    assert (float(listing.pay.min or 0), float(listing.pay.max or 0), listing.pay.per) == (2100, 2350.5, None)


def test_a_place_is_as_precise_as_its_address(adapter: Vdab, record: Any) -> None:
    [exact] = vacancy(adapter.normalise(record("collectief_maatwerk.json"))).places
    [rough] = vacancy(adapter.normalise(record("alleen_labels.json"))).places
    assert (exact.street, exact.municipality, exact.original) == (
        "Industrielaan 12 bus 3",
        "Sint-Niklaas",
        "9100 SINT-NIKLAAS",
    )
    assert (exact.precision, rough.precision) == (PlacePrecision.address, PlacePrecision.province)
    assert rough.province == "Limburg"


def test_languages_have_a_level_only_where_vdab_gives_one(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("collectief_maatwerk.json")))
    assert [(asked.language, asked.level) for asked in listing.languages] == [("nl", None), ("fr", "A2")]


def test_the_partners_own_codes_are_kept(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("collectief_maatwerk.json")))
    codes = [
        (code.scheme, code.value, code.label) for code in (*listing.occupations, *listing.sectors, *listing.skills)
    ]
    assert codes == [
        ("partner:vdab", "P8157", {"nl": "Medewerker wasserij"}),
        ("partner:vdab", "JOBCAT17", {"nl": "Onderhoud"}),
        ("partner:vdab", "C-100", {"nl": "Linnen sorteren"}),
    ]


def test_labels_without_codes_are_understood(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("alleen_labels.json")))
    assert listing.employment_type == (EmploymentType.temporary_agency,)
    assert listing.organisation.kind is OrganisationKind.intermediary
    assert [code.value for code in listing.sectors] == ["JOBCAT13"]
    assert listing.driving_licences == (DrivingLicence.CE,)


def test_limited_experience_says_no_number_of_months(adapter: Vdab, record: Any) -> None:
    assert vacancy(adapter.normalise(record("alleen_labels.json"))).experience_months is None


def test_bare_codes_are_understood(adapter: Vdab, record: Any) -> None:
    listing = vacancy(adapter.normalise(record("kale_codes.json")))
    assert listing.reserved_for == listing.audience == (Audience.disability,)
    assert (listing.employment_type, listing.openings) == ((EmploymentType.fixed_term,), 3)
    assert listing.work_time == (WorkTime.full_time, WorkTime.part_time)
    assert (listing.education, listing.experience_months) == (4, 24)


def test_unknown_fields_are_named(adapter: Vdab, record: Any) -> None:
    new = record("alleen_labels.json", keurmerk="groen", functie__telewerk="NEEN")
    assert adapter.normalise(new).unknown_fields == ("keurmerk", "functie.telewerk")
    assert adapter.normalise(record("kale_codes.json")).unknown_fields == ()


def test_unknown_values_are_named_with_their_table_and_left_out(adapter: Vdab, record: Any) -> None:
    normalised = adapter.normalise(record("alleen_labels.json"))
    assert set(normalised.unknown_values) == {
        ("language", "Klingon"),
        ("requirement", "hobby"),
        ("schedule", "Zelf te kiezen"),
    }
    assert vacancy(normalised).schedule == (WorkSchedule.day,)
    assert adapter.normalise(record("kale_codes.json")).unknown_values == (("domain", "JOBCAT99"),)


@pytest.mark.parametrize(
    ("contract", "field", "value"),
    [
        ("LD", "social_economy", True),
        ("IBO", "training_on_the_job", True),
        ("LP", "training_on_the_job", True),
        ("GA", "reserved_for", (Audience.disability,)),
        ("PMABJOB", "reserved_for", (Audience.disability,)),
        ("V", "employment_type", (EmploymentType.student,)),
        ("FL", "employment_type", (EmploymentType.flexi,)),
        ("VW", "employment_type", (EmploymentType.volunteer,)),
        ("AL", "audience", (Audience.long_term_unemployed,)),
    ],
)
def test_contract_codes_become_facts(adapter: Vdab, record: Any, contract: str, field: str, value: Any) -> None:
    read = record("kale_codes.json", arbeidsovereenkomst__arbeidsContract=contract)
    assert getattr(vacancy(adapter.normalise(read)), field) == value


def test_an_ordinary_contract_alone_does_not_say_that_a_job_is_permanent(adapter: Vdab, record: Any) -> None:
    read = record("kale_codes.json", arbeidsovereenkomst={"arbeidsContract": "G"})
    assert vacancy(adapter.normalise(read)).employment_type == ()


@pytest.mark.parametrize("value", ["31/02/2026", "2026-02-31", "20261110", "2026-W45-2", 20261110, "2026-11-10T00:00"])
def test_a_date_in_another_form_is_left_out_with_a_warning(adapter: Vdab, record: Any, value: Any) -> None:
    normalised = adapter.normalise(record("kale_codes.json", publicatieDatum=value))
    assert vacancy(normalised).published is None
    assert left_out(normalised) == ["publicatieDatum"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"functie__functieTitel": " "}, "missing-title"),
        ({"functie": None}, "missing-title"),
        ({"leverancier__naam": None}, "missing-organisation"),
    ],
)
def test_what_cannot_be_published_without_refuses_the_record(
    adapter: Vdab, record: Any, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(RecordError, match=code):
        adapter.normalise(record("kale_codes.json", **change))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"leverancier__kboNummer": "0123456789"}, "organisation.kbo"),
        ({"arbeidsovereenkomst__aantalUur": 3800}, "hours_per_week"),
        ({"arbeidsovereenkomst__aantalUur": "38 uur"}, "hours_per_week"),
        ({"arbeidsovereenkomst__minimumBrutoLoon": "vanaf 2.100"}, "pay"),
        ({"aantalJobs": -1}, "openings"),
        ({"tewerkstellingsadres__landCode": "België"}, "places.country"),
        ({"tewerkstellingsadres__locatie": {"latitude": "51,1", "longitude": 4.1}}, "places.latitude"),
        ({"sollicitatieprocedure__sollicitatieVia__webformulier": "https://"}, "how_to_apply"),
    ],
)
def test_an_optional_value_that_the_model_does_not_take_is_left_out_with_a_warning(
    adapter: Vdab, record: Any, change: dict[str, Any], field: str
) -> None:
    normalised = adapter.normalise(record("collectief_maatwerk.json", **change))
    assert left_out(normalised) == [field]
    assert vacancy(normalised).adapted_work


def test_half_a_position_is_none(adapter: Vdab, record: Any) -> None:
    change = {"tewerkstellingsadres__locatie": {"latitude": "51,1", "longitude": 4.1}}
    [place] = vacancy(adapter.normalise(record("collectief_maatwerk.json", **change))).places
    assert (place.latitude, place.longitude, place.municipality) == (None, None, "Sint-Niklaas")


def test_pay_the_wrong_way_round_is_left_out_with_a_warning(adapter: Vdab, record: Any) -> None:
    read = record("collectief_maatwerk.json", arbeidsovereenkomst__minimumBrutoLoon=3000)
    normalised = adapter.normalise(read)
    assert vacancy(normalised).pay is None
    assert [(warning.code, warning.field) for warning in normalised.warnings] == [("value-left-out", "pay")]


@pytest.mark.parametrize("payload", [None, [], "x", 3])
def test_a_record_that_is_no_object_is_unreadable(adapter: Vdab, payload: Any) -> None:
    with pytest.raises(RecordError, match="unreadable-record"):
        adapter.normalise(RawRecord("x", payload))


NOT_OPEN = {"IN", "BEVORD", "HORIZMOB", "GRDVER", "HERPL", "GD", "GS"}


@pytest.mark.parametrize("contract", sorted(NOT_OPEN))
def test_what_is_closed_to_most_is_never_published_as_open_to_all(adapter: Vdab, record: Any, contract: str) -> None:
    read = record("kale_codes.json", arbeidsovereenkomst__arbeidsContract=contract)
    with pytest.raises(RecordError, match=r"not-an-offer|group-unknown"):
        adapter.normalise(read)


def test_a_code_beside_a_label_that_nobody_knows_says_nothing(adapter: Vdab, record: Any) -> None:
    value = {"code": "GA", "label": "Gewoon arbeiderscontract"}
    normalised = adapter.normalise(record("kale_codes.json", arbeidsovereenkomst__arbeidsContract=value))
    assert vacancy(normalised).reserved_for == ()
    assert ("contract", "Gewoon arbeiderscontract") in normalised.unknown_values


def test_every_fact_of_the_mapping_fits_the_model(adapter: Vdab, record: Any) -> None:
    for code in sorted({*MAPPING["contract"].keys()} - NOT_OPEN):
        normalised = adapter.normalise(record("kale_codes.json", arbeidsovereenkomst__arbeidsContract=code))
        assert "contract" not in dict(normalised.unknown_values)
    for code in sorted(MAPPING["education"].keys()):
        entry = {"vereisten": [{"type": "studie", "diplomaNiveau": code}]}
        assert vacancy(adapter.normalise(record("kale_codes.json", profiel=entry))).education is not None


def test_the_mapping_names_its_owner_and_the_day_of_its_review() -> None:
    assert "@" in MAPPING.owner
    assert MAPPING.date >= "2026-11-22"


def test_a_label_decides_before_the_code(adapter: Vdab, record: Any) -> None:
    value = {"code": "GA", "label": " studentenJOB"}
    normalised = adapter.normalise(record("kale_codes.json", arbeidsovereenkomst__arbeidsContract=value))
    assert vacancy(normalised).employment_type == (EmploymentType.student,)
    assert ("contract", "V") in normalised.read_values


def test_a_record_is_read_in_well_under_a_millisecond(adapter: Vdab, record: Any) -> None:
    read = record("collectief_maatwerk.json")
    start = time.process_time()
    for _ in range(500):
        adapter.normalise(read)
    assert (time.process_time() - start) / 500 < 0.001
