from typing import Any

import pytest

from hub.model.derivation import Derivation
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.titles import with_bare_titles


def vacancy(title: dict[str, str], **said: Any) -> Vacancy:
    return Vacancy.model_validate({"title": title, "organisation": {"name": "Bakkerij Janssens"}, **said})


def test_a_suffix_is_moved_out_of_the_title_into_what_the_partner_said() -> None:
    done = with_bare_titles(vacancy({"nl": "Kok (m/v/x)", "fr": "Cuisinier"}))
    assert done.listing.title == {"nl": "Kok", "fr": "Cuisinier"}
    assert done.issues == ()
    assert done.derivations == (
        Derivation(fields=("title.nl",), method="gender-suffix", confidence=0.99, said="Kok (m/v/x)"),
    )


def test_a_title_in_capitals_keeps_the_names_that_the_offer_tells() -> None:
    places = [{"municipality": "SINT-NIKLAAS"}, {"municipality": "Brussel / Bruxelles"}]
    said = "VERKOPER BIJ BAKKERIJ JANSSENS - SINT-NIKLAAS M/V"
    done = with_bare_titles(vacancy({"nl": said}, places=places))
    assert done.listing.title == {"nl": "Verkoper bij Bakkerij Janssens - Sint-Niklaas"}
    assert [each.method for each in done.derivations] == ["gender-suffix", "capitals-mended"]
    assert {each.said for each in done.derivations} == {said}


@pytest.mark.parametrize("title", ["Kok", "HR", "Verkoper/-ster", "Medewerk(st)er onthaal", "H&M verkoper", "VDAB"])
def test_a_title_that_needs_nothing_leaves_the_listing_the_same_object(title: str) -> None:
    listing = vacancy({"nl": title})
    assert with_bare_titles(listing).listing is listing


def test_what_is_done_is_done_once() -> None:
    once = with_bare_titles(vacancy({"und": "ONDERHOUDSTECHNICUS CNC (V/M/X) REF 12345"})).listing
    assert once.title == {"und": "Onderhoudstechnicus CNC ref 12345"}
    assert with_bare_titles(once).listing is once
