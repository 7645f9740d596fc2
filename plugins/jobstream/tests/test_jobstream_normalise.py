"""What an ad becomes in the common model."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hub_jobstream.ad import normalise
from hub_jobstream.persons import without_persons
from hub_jobstream.tables import MAPPING

from hub import RawRecord, RecordError, Vacancy, ValidationError

Make = Callable[..., RawRecord]


def vacancy(record: RawRecord) -> Vacancy:
    listing = normalise(record).listing
    assert isinstance(listing, Vacancy)
    return listing


def test_an_ad_becomes_a_vacancy(record: Make) -> None:
    job = vacancy(record())
    assert job.title == {"sv": "Lagerarbetare till Exempel Logistik AB"}
    assert job.organisation.name == "Exempel Logistik AB"
    assert (job.published, job.expires) == (date(2026, 11, 18), date(2026, 12, 8))
    assert (job.employment_type, job.work_time) == (("permanent",), ("fullTime",))
    assert (job.openings, job.education, job.experience_months) == (2, 4, 0)
    assert job.driving_licences == ("B",)


def test_no_field_of_an_ad_is_left_unread(record: Make) -> None:
    found = normalise(record())
    assert found.unknown_fields == ()
    assert found.unknown_values == ()
    assert ("employment", "PFZr_Syz_cUq") in found.read_values


def test_the_timestamp_is_the_partners_clock(record: Make) -> None:
    assert normalise(record()).partner_modified == datetime(2026, 11, 18, 13, 27, 2, 220_000, UTC)


def test_days_are_those_of_sweden(record: Make) -> None:
    late = vacancy(record(last_publication_date="2026-12-08T23:30:00+00:00"))
    assert late.expires == date(2026, 12, 9)


def test_the_place_is_where_the_work_is(record: Make) -> None:
    [place] = vacancy(record()).places
    assert (place.street, place.postal_code, place.municipality) == ("Storgatan 5", "171 45", "Solna")
    assert (place.region, place.country, place.precision) == ("Stockholms län", "SE", "address")
    assert (place.latitude, place.longitude) == (59.36879, 17.99803)


@pytest.mark.parametrize(
    ("changes", "precision"),
    [
        ({"workplace_address__street_address": None}, "municipality"),
        ({"workplace_address__street_address": None, "workplace_address__municipality": None}, "region"),
        ({"workplace_address": {"country": "Norge"}}, "country"),
    ],
)
def test_a_place_is_never_more_exact_than_the_ad(record: Make, changes: dict[str, Any], precision: str) -> None:
    assert vacancy(record(**changes)).places[0].precision == precision


def test_an_ad_without_a_place_has_none(record: Make) -> None:
    assert vacancy(record(workplace_address={"coordinates": [None, None]})).places == ()


def test_a_country_that_no_table_knows_is_told_not_guessed(record: Make) -> None:
    found = normalise(record(workplace_address__country="Sagolandet"))
    assert found.unknown_values == (("country", "Sagolandet"),)
    assert found.listing.places[0].country is None


def test_occupation_and_group_keep_their_own_codes(record: Make) -> None:
    codes = [(code.scheme, code.value, code.label) for code in vacancy(record()).occupations]
    assert codes == [
        ("partner:jobtech", "itoJ_h1z_LKr", {"sv": "Lagerarbetare"}),
        ("partner:ssyk", "4322", {"sv": "Lager- och terminalpersonal"}),
    ]


def test_only_what_must_be_there_is_asked_for(record: Make) -> None:
    job = vacancy(record())
    assert [each.language for each in job.languages] == ["sv"]
    assert [each.value for each in job.skills] == ["Hy2W_ycF_1Xk"]


def test_a_licence_that_is_only_wished_for_is_not_asked(record: Make) -> None:
    assert vacancy(record(driving_license_required=False)).driving_licences == ()


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"min": 100, "max": 100}, ("fullTime",)),
        ({"min": 50, "max": 100}, ("fullTime", "partTime")),
        ({"min": 20, "max": 75}, ("partTime",)),
        ({"min": None, "max": None}, ()),
        ({"min": 0, "max": 0}, ()),
    ],
)
def test_the_scope_says_what_the_hours_do_not(record: Make, scope: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert vacancy(record(working_hours_type=None, scope_of_work=scope)).work_time == expected


def test_the_form_of_employment_counts_before_the_duration(record: Make) -> None:
    summer = {"concept_id": "Jh8f_q9J_pbJ", "label": "Sommarjobb / feriejobb"}
    assert vacancy(record(employment_type=summer)).employment_type == ("fixedTerm",)
    assert vacancy(record(duration=None)).employment_type == ()


def test_a_label_is_known_where_the_id_is_not(record: Make) -> None:
    said = {"concept_id": "xxxx_xxx_xxx", "label": "vikariat"}
    found = normalise(record(employment_type=said))
    assert found.listing.employment_type == ("fixedTerm",)  # type: ignore[union-attr]
    assert found.unknown_values == ()


def test_a_value_that_no_table_knows_is_told_not_guessed(record: Make) -> None:
    said = {"concept_id": "xxxx_xxx_xxx", "label": "Gigarbete"}
    found = normalise(record(employment_type=said, label='["rekryteringsutbildning", "nytt"]'))
    assert found.unknown_values == (("label", "nytt"), ("employment", "Gigarbete"))
    assert found.listing.employment_type == ("permanent",)  # type: ignore[union-attr]


def test_a_new_field_is_noticed(record: Make) -> None:
    found = normalise(record(workplace_address__floor="3", telework=True))
    assert set(found.unknown_fields) == {"workplace_address.floor", "telework"}


def test_one_applies_at_an_address_with_the_reference(record: Make) -> None:
    ways = [(way.channel, way.value, way.note) for way in vacancy(record()).how_to_apply]
    note = {"sv": "Ange referens L-17."}
    assert ways == [("url", "https://logistik.example/jobb/17", note), ("mail", "jobs@logistik.example", note)]


def test_bare_text_becomes_paragraphs(record: Make) -> None:
    said = vacancy(record(description__text_formatted=None)).description
    assert said == {
        "sv": "<p>Vi söker en lagerarbetare som vill arbeta hos oss.</p><p>Du plockar &amp; packar order.</p>"
    }


def test_an_english_ad_is_not_called_swedish(record: Make) -> None:
    job = vacancy(record("english_ad.json"))
    assert (set(job.title), set(job.description or {})) == ({"und"}, {"und"})


def test_an_ad_that_says_little_is_published_with_what_it_says(record: Make) -> None:
    found = normalise(record("english_ad.json"))
    job = found.listing
    assert isinstance(job, Vacancy)
    assert (job.organisation.name, job.organisation.url) == ("Lager Exempel", None)
    assert [(each.code, each.value) for each in found.warnings] == [("value-left-out", "www.lager.example")]
    assert (job.work_time, job.employment_type, job.openings) == (("fullTime", "partTime"), ("fixedTerm",), None)
    assert [place.country for place in job.places] == ["DK"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"headline": " "}, "missing-title"),
        ({"employer": {"name": None, "workplace": ""}}, "missing-organisation"),
        ({"publication_date": "i morgon"}, "value-unreadable"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_reason(record: Make, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RecordError) as refusal:
        normalise(record(**changes))
    assert refusal.value.code == code


def test_a_page_without_an_absolute_address_is_refused_by_the_model(record: Make) -> None:
    with pytest.raises(ValidationError, match="url"):
        normalise(record(webpage_url="/annonser/1"))


def test_every_contract_code_of_the_stand_in_is_in_the_tables() -> None:
    assert {"PFZr_Syz_cUq", "kpPX_CNN_gDU", "sTu5_NBQ_udq", "gro4_cWF_6D7"} <= set(MAPPING["employment"].keys())


def test_persons_are_dropped_before_the_record_is_made(record: Make) -> None:
    said = record(
        description__text="Fråga Vera Exempelsson, 0701740658 eller vera@logistik.example, växel 08-123 45 67.",
        application_details__email="vera.exempelsson@logistik.example",
        employer__phone_number="070-174 06 58",
    ).payload
    kept = str(without_persons(said))  # type: ignore[arg-type]
    for personal in ("Vera", "vera", "174 06 58", "0701740658", "5560000001", "application_contacts"):
        assert personal not in kept
    assert "08-123 45 67" in kept


def test_a_contact_named_like_a_department_leaves_no_hole_in_the_text(record: Make) -> None:
    said = record(application_contacts=[{"name": "Lager", "email": None, "telephone": 7}]).payload
    assert without_persons(said)["headline"] == "Lagerarbetare till Exempel Logistik AB"  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["070-174 06 58", "+46 70 174 06 58", "0046701740658", "+46 (0)70-174 06 58"])
def test_swedish_mobile_numbers_are_left_out_of_texts(record: Make, number: str) -> None:
    kept = without_persons(record(headline=f"Ring {number} nu").payload)  # type: ignore[arg-type]
    assert kept["headline"] == "Ring  nu"
