"""From an item of the list to a vacancy."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hub_actiris import Actiris
from hub_actiris.options import ActirisOptions

from hub import (
    Audience,
    EmploymentType,
    Normalised,
    OrganisationKind,
    PlacePrecision,
    RawRecord,
    RecordError,
    Vacancy,
    WorkTime,
)

Item = Callable[[str], dict[str, Any]]


NORMAL = ("regimeTravail", "NO")


def read(item: Mapping[str, Any], **options: Any) -> Normalised:
    adapter = Actiris(ActirisOptions.model_validate(options))
    return adapter.normalise(RawRecord(str(item["reference"]), dict(item)))


def vacancy(item: Mapping[str, Any], **options: Any) -> Vacancy:
    listing = read(item, **options).listing
    assert isinstance(listing, Vacancy)
    return listing


def test_both_titles_become_one_language_map(item: Item) -> None:
    assert vacancy(item("6100001")).title == {"fr": "Aide-ménager (H/F/X)", "nl": "Huishoudhulp (m/v/x)"}


def test_an_empty_title_is_left_out_and_entities_are_resolved(item: Item) -> None:
    assert vacancy(item("6100002")).title == {"nl": "Magazijnmedewerker (m/v/x)"}
    assert vacancy(item("6100003")).title["fr"] == "Agent d'accueil (H/F/X)"


def test_an_item_without_any_title_is_refused(item: Item) -> None:
    with pytest.raises(RecordError) as raised:
        read(item("6100001") | {"titreFr": " ", "titreNl": None})
    assert raised.value.code == "missing-title"


def test_the_employer_is_named_in_the_language_of_the_source(item: Item) -> None:
    found = vacancy(item("6100001"), language="nl").organisation
    assert (found.name, found.kbo, found.kind) == ("Huis Helder vzw", "0999000327", OrganisationKind.employer)


def test_an_unnamed_employer_leaves_actiris_as_intermediary_without_the_employers_number(item: Item) -> None:
    found = vacancy(item("6100002")).organisation
    assert (found.name, found.kbo, found.kind) == ("Actiris", None, OrganisationKind.intermediary)


def test_an_unnamed_employer_is_refused_where_nobody_may_stand_in(item: Item) -> None:
    with pytest.raises(RecordError) as raised:
        read(item("6100002"), anonymous_employer="")
    assert raised.value.code == "missing-organisation"


def test_a_wrong_enterprise_number_is_left_out_with_a_warning(item: Item) -> None:
    found = read(item("6100001") | {"numeroEntreprise": "0999000328"})
    assert found.listing.organisation.kbo is None
    assert [(issue.code, issue.value) for issue in found.warnings] == [("value-left-out", "0999000328")]


def test_the_place_keeps_both_names(item: Item) -> None:
    (place,) = vacancy(item("6100001")).places
    assert (place.postal_code, place.municipality, place.country) == ("1050", "Ixelles", "BE")
    assert (place.precision, place.original) == (PlacePrecision.municipality, "1050 Ixelles / Elsene")


def test_an_unknown_country_is_left_out_with_a_warning(item: Item) -> None:
    found = read(item("6100001") | {"codePays": "XQ"})
    assert found.listing.places[0].country is None
    assert [(issue.field, issue.value) for issue in found.warnings] == [("places.country", "XQ")]


def test_days_are_those_of_brussels(item: Item) -> None:
    found = read(item("6100005"))
    assert found.listing.published == date(2026, 10, 12)
    assert found.partner_modified == datetime(2026, 10, 12, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("empty", ["0001-01-01T00:00:00", None, ""])
def test_a_date_that_is_none_stays_empty_without_a_warning(item: Item, empty: str | None) -> None:
    found = read(item("6100001") | {"dateModification": empty})
    assert (found.partner_modified, found.warnings) == (None, ())


def test_an_unreadable_date_is_left_out_with_a_warning(item: Item) -> None:
    found = read(item("6100001") | {"dateCreation": "hier"})
    assert found.listing.published is None
    assert [issue.field for issue in found.warnings] == ["dateCreation"]


@pytest.mark.parametrize(
    ("reference", "stated"),
    [
        ("6100001", {"employment_type": (EmploymentType.permanent,)}),
        ("6100002", {"employment_type": (EmploymentType.fixed_term,)}),
        ("6100003", {"training_on_the_job": True}),
        ("6100004", {"adapted_work": True, "social_economy": True}),
    ],
)
def test_contract_codes_and_labels_become_facts(item: Item, reference: str, stated: dict[str, Any]) -> None:
    found = vacancy(item(reference))
    fields = ("employment_type", "training_on_the_job", "adapted_work", "social_economy")
    assert {name: getattr(found, name) for name in fields if getattr(found, name)} == stated


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Stage First", EmploymentType.internship),
        ("Formation en alternance", EmploymentType.apprenticeship),
        ("Convention d’immersion professionnelle", EmploymentType.internship),
        ("INTÉRIM avec option durée indéterminée", EmploymentType.temporary_agency),
        ("Onbepaalde duur", EmploymentType.permanent),
        ("Bepaalde duur", EmploymentType.fixed_term),
    ],
)
def test_labels_are_read_whatever_their_accents_and_capitals(item: Item, label: str, expected: EmploymentType) -> None:
    assert vacancy(item("6100001") | {"typeContrat": "?", "typeContratLibelle": label}).employment_type == (expected,)


@pytest.mark.parametrize(
    ("label", "stated"),
    [
        ("Contrat à horaire flexible", {}),
        ("Maître de stage", {}),
        ("Remplacement à durée indéterminée", {"employment_type": (EmploymentType.permanent,)}),
        ("Contrat de remplacement", {"employment_type": (EmploymentType.fixed_term,)}),
        ("Flexi-job", {"employment_type": (EmploymentType.flexi,)}),
        ("Statutair", {"employment_type": (EmploymentType.permanent,)}),
        ("Alternance", {"employment_type": (EmploymentType.apprenticeship,), "training_on_the_job": True}),
        ("Volontariat", {"employment_type": (EmploymentType.volunteer,)}),
        ("FPI", {"training_on_the_job": True}),
        ("IBO", {"training_on_the_job": True}),
        ("ACS", {"social_economy": True}),
        ("Article 60", {"social_economy": True}),
        ("Beschutte werkplaats", {"adapted_work": True, "social_economy": True}),
        ("Entreprise d'économie sociale", {"social_economy": True}),
    ],
)
def test_labels_are_read_by_whole_words(item: Item, label: str, stated: dict[str, Any]) -> None:
    found = vacancy(item("6100001") | {"typeContrat": "?", "typeContratLibelle": label})
    fields = ("employment_type", "training_on_the_job", "adapted_work", "social_economy")
    assert {name: getattr(found, name) for name in fields if getattr(found, name)} == stated


def test_a_label_that_contradicts_its_code_publishes_no_kind_of_contract(item: Item) -> None:
    found = read(item("6100001") | {"typeContrat": "CDI", "typeContratLibelle": "Durée déterminée"})
    assert isinstance(found.listing, Vacancy)
    assert found.listing.employment_type == ()
    assert ("typeContrat", "CDI (Durée déterminée)") in found.unknown_values


def test_codes_are_read_whatever_their_capitals(item: Item) -> None:
    found = vacancy(item("6100001") | {"typeContrat": "cdd", "typeContratLibelle": None})
    assert found.employment_type == (EmploymentType.fixed_term,)


def test_codes_that_no_table_knows_are_counted(item: Item) -> None:
    found = read(item("6100005"))
    assert set(found.unknown_values) == {("typeContrat", "X7"), ("regimeTravail", "ZZ")}


def test_what_the_tables_read_is_told(item: Item) -> None:
    found = read(item("6100001"))
    assert set(found.read_values) == {("typeContrat", "CDI"), ("typeContratLibelle", "duree indeterminee"), NORMAL}


def test_the_working_time_code_says_nothing_until_a_source_declares_it(item: Item) -> None:
    assert vacancy(item("6100001")).work_time == ()
    declared = vacancy(item("6100001"), regimes={"NO": {"work_time": ["fullTime"]}})
    assert declared.work_time == (WorkTime.full_time,)


def test_a_contract_code_that_a_source_declares_stands_over_the_table(item: Item) -> None:
    found = read(item("6100005"), contracts={"X7": {"social_economy": True}}, regimes={"ZZ": {}})
    assert isinstance(found.listing, Vacancy)
    assert found.listing.social_economy is True
    assert found.unknown_values == ()


def test_flags_say_whose_an_offer_is_and_for_whom(item: Item) -> None:
    found = read(item("6100001") | {"_flags": ["vdab-forem", "disability"]})
    assert found.provenance == "vdab-forem"
    assert isinstance(found.listing, Vacancy)
    assert found.listing.reserved_for == found.listing.audience == (Audience.disability,)


def test_an_offer_under_no_flag_is_nobodys_in_particular(item: Item) -> None:
    found = read(item("6100001"))
    assert (found.provenance, found.listing.audience) == (None, ())


def test_declared_numbers_of_other_partners_become_references(item: Item) -> None:
    told = item("6100001") | {"numeroVdab": " 70000001 ", "numeroForem": 90000001, "numeroAutre": None}
    found = read(told, references={"numeroVdab": "vdab", "numeroForem": "Le Forem", "numeroAutre": "autre"})
    assert found.references == ("vdab:70000001", "le-forem:90000001")
    assert found.unknown_fields == ()


def test_an_offer_without_declared_fields_has_no_references(item: Item) -> None:
    assert read(item("6100001")).references == ()


def test_the_page_is_in_a_language_the_offer_has(item: Item) -> None:
    french = "https://www.actiris.brussels/fr/citoyens/detail-offre-d-emploi/?reference=6100001"
    dutch = "https://www.actiris.brussels/nl/burgers/jobadvertentie/?reference=6100002"
    assert (vacancy(item("6100001")).url, vacancy(item("6100002")).url) == (french, dutch)


def test_a_page_address_may_carry_the_kind_of_offer(item: Item) -> None:
    pages = {"fr": "https://example.org/?r={reference}&t={type}"}
    assert vacancy(item("6100006"), pages=pages).url == "https://example.org/?r=6100006&t=Hrxml"


def test_the_job_domain_is_kept_as_the_partners_code(item: Item) -> None:
    (sector,) = vacancy(item("6100001")).sectors
    assert (sector.scheme, sector.value) == ("partner:actiris-imt", "Q'3")


def test_unknown_fields_are_named(item: Item) -> None:
    assert read(item("6100001") | {"_unknown": ["teletravail"]}).unknown_fields == ("teletravail",)


def test_the_other_spelling_gives_the_same_vacancy(item: Item) -> None:
    ours, theirs = item("6100001"), item("6100001")
    theirs["employer"], theirs["typeOffer"] = theirs.pop("employeur"), theirs.pop("typeOffre")
    assert vacancy(ours) == vacancy(theirs)


@pytest.mark.parametrize("value", [0, True, [], {}, "", "\x00", "x" * 5000, {"nomFr": []}])
def test_a_value_of_any_shape_never_crashes(item: Item, value: object) -> None:
    for field in item("6100001").keys() - {"reference"}:
        try:
            read(item("6100001") | {field: value})
        except (RecordError, ValueError):
            continue
