from typing import Any

import pytest

from hub.model.organisation import Organisation
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.nace import labelled
from hub.pipeline.enrich.organisation import mend_capitals, with_organisation
from hub.pipeline.enrich.step import Step

NUMBER = "0403170701"


def enriched(name: str, **said: Any) -> Step:
    organisation = {"name": name, **said}
    return with_organisation(Vacancy.model_validate({"title": {"nl": "Bakker"}, "organisation": organisation}))


def organisation(name: str, **said: Any) -> Organisation:
    return enriched(name, **said).listing.organisation


@pytest.mark.parametrize(
    "name",
    [
        "Linde vzw (0403.170.701)",
        "BE0403170701 - Linde vzw",
        "BE 0403.170.701 Linde vzw",
        "Linde vzw, KBO 0403.170.701",
        "Linde vzw, btw: BE 0403 170 701",
        "Linde vzw (n° d'entreprise : 0403.170.701)",
        "Linde vzw - ondernemingsnummer 0403170701",
        "Linde vzw BE403170701",
    ],
)
def test_an_enterprise_number_in_the_name_becomes_the_number(name: str) -> None:
    done = enriched(name)
    assert (done.listing.organisation.name, done.listing.organisation.kbo) == ("Linde vzw", NUMBER)
    [derivation] = done.derivations
    assert derivation.fields == ("organisation.name", "organisation.kbo")
    assert (derivation.method, derivation.said) == ("number-in-name", name)


@pytest.mark.parametrize(
    "name", ["Linde vzw 0403.170.702", "Linde vzw 0470123465", "Linde vzw tel 0403 170 701", "Bus 403 170 701 vzw"]
)
def test_wrong_check_digits_or_bare_digits_are_no_number(name: str) -> None:
    done = enriched(name)
    assert done.listing.organisation.kbo is None
    assert done.derivations == ()


def test_a_name_that_is_nothing_but_a_number_stays() -> None:
    done = enriched("KBO 0403.170.701")
    assert (done.listing.organisation.name, done.listing.organisation.kbo) == ("KBO 0403.170.701", NUMBER)
    assert done.derivations[0].fields == ("organisation.kbo",)


def test_a_stated_number_that_is_not_that_of_the_name_is_an_issue_and_stays() -> None:
    done = enriched("Linde vzw (0403.170.701)", kbo="0417497106")
    assert done.listing.organisation.kbo == "0417497106"
    assert done.listing.organisation.name == "Linde vzw (0403.170.701)"
    assert [(each.code, each.field) for each in done.issues] == [
        ("enterprise-number-contradicts-name", "organisation.kbo")
    ]
    assert enriched("Linde vzw (0403.170.701)", kbo=NUMBER).derivations[0].fields == ("organisation.name",)


@pytest.mark.parametrize(
    "name",
    ["Linde vzw (voorheen De Boom)", "Linde vzw, handelend onder de naam De Boom", "Linde vzw (anciennement De Boom)"],
)
def test_another_name_that_the_name_tells_is_kept_as_one(name: str) -> None:
    found = organisation(name, alternative_names=["De Linde"])
    assert (found.name, found.alternative_names) == ("Linde vzw", ("De Linde", "De Boom"))


@pytest.mark.parametrize("name", ["Ex-Machina", "Linde (Gent)", "Dit is het vzw", "Alias", "De vroegere post"])
def test_words_that_only_look_like_another_name_stay(name: str) -> None:
    assert enriched(name).derivations == ()


@pytest.mark.parametrize(
    ("shouted", "mended"),
    [
        ("BAKKERIJ DE LINDE NV", "Bakkerij De Linde NV"),
        ("GARAGE VAN DAMME BVBA", "Garage Van Damme BVBA"),
        ("L'OISEAU BLEU ASBL", "L'Oiseau Bleu asbl"),
        ("CPAS DE LIÈGE", "CPAS de Liège"),
        ("AZ SINT-LUCAS", "AZ Sint-Lucas"),
        ("D'IETEREN NV", "D'Ieteren NV"),
        ("VDAB ANTWERPEN", "VDAB Antwerpen"),
        ("BNP PARIBAS FORTIS", "BNP Paribas Fortis"),
        ("ACME GMBH & CO. KG LOGISTIK", "Acme GmbH & CO. KG Logistik"),
        ("MCDONALD'S RESTAURANTS", "McDonald's Restaurants"),
        ("COLRUYT", "Colruyt"),
    ],
)
def test_a_name_that_shouts_is_mended(shouted: str, mended: str) -> None:
    assert mend_capitals(shouted) == mended
    [derivation] = enriched(shouted).derivations
    assert (derivation.method, derivation.said) == ("capitals-mended", shouted)


@pytest.mark.parametrize("name", ["IKEA", "KBC BANK NV", "H&M", "OCMW GENT", "Linde vzw", "iDEAAL", "De LINDE", "ZNA"])
def test_a_name_that_may_be_an_abbreviation_or_does_not_shout_stays(name: str) -> None:
    done = enriched(name)
    assert done.listing.organisation.name == name
    assert done.derivations == ()


def test_all_of_a_name_is_read_and_what_the_partner_said_is_told_once() -> None:
    done = enriched("BAKKERIJ DE LINDE NV (0403.170.701) (voorheen BAKKERIJ DE BOOM)")
    found = done.listing.organisation
    assert (found.name, found.kbo, found.alternative_names) == (
        "Bakkerij De Linde NV",
        NUMBER,
        ("Bakkerij De Boom",),
    )
    assert [each.method for each in done.derivations] == ["number-in-name", "other-name-in-name", "capitals-mended"]
    assert [each.said is not None for each in done.derivations] == [True, False, False]


def sector(value: str) -> dict[str, str]:
    return {"scheme": "nace-bel", "value": value}


def test_sectors_without_a_name_get_the_one_of_nace_bel() -> None:
    listing = Vacancy.model_validate(
        {
            "title": {"nl": "Poetshulp"},
            "organisation": {"name": "Linde", "sectors": [sector("81.210")]},
            "sectors": [{"scheme": "partner:forem", "value": "x"}, sector("78200"), sector("00000")],
        }
    )
    done = with_organisation(listing)
    [own] = done.listing.organisation.sectors
    assert own.value == "81.210"
    assert own.label is not None
    assert own.label["nl"] == "Algemene reiniging van gebouwen"
    assert set(own.label) == {"nl", "fr", "de", "en"}
    assert [each.label is None for each in done.listing.sectors] == [True, False, True]
    assert [each.fields for each in done.derivations] == [("organisation.sectors[0].label",), ("sectors[1].label",)]


@pytest.mark.parametrize(
    ("value", "method", "confidence"),
    [
        ("81210", "nace-bel-2025-label", 1.0),  # the same in both editions
        ("78200", "nace-bel-2025-label", 0.8),  # another meaning in 2008
        ("62010", "nace-bel-2008-label", 0.95),  # gone in 2025
    ],
)
def test_the_edition_of_2025_comes_first_and_doubt_is_told(value: str, method: str, confidence: float) -> None:
    listing = Vacancy.model_validate(
        {"title": {"nl": "x"}, "organisation": {"name": "Linde"}, "sectors": [sector(value)]}
    )
    [derivation] = with_organisation(listing).derivations
    assert (derivation.method, derivation.confidence) == (method, confidence)


def test_sections_do_not_shout() -> None:
    listing = Vacancy.model_validate({"title": {"nl": "x"}, "organisation": {"name": "L"}, "sectors": [sector("A")]})
    found = labelled(listing.sectors[0])
    assert found is not None
    assert found.code.label is not None
    assert found.code.label["nl"] == "Landbouw, bosbouw en visserij"
    assert found.code.label["de"] == "Land- und Forstwirtschaft, Fischerei"


def test_a_listing_about_which_nothing_is_derived_is_the_same_object() -> None:
    listing = Vacancy.model_validate({"title": {"nl": "x"}, "organisation": {"name": "Linde vzw"}})
    assert with_organisation(listing).listing is listing
