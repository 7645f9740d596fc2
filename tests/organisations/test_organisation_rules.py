"""Which mentions are of one organisation: two at a time, and all together."""

from random import Random

import pytest

from hub.organisations import Home, Known, Outcome, Reason, Sighting, described, resolve, same

A, B = "0403170701", "0400378485"
GHENT, AALST = "44021", "41002"
TELLING, COMMON = "Vermorgen Staelens", "Bakkerij Peeters"


def homes(*sightings: Sighting) -> list[Home]:
    return [placed.home for placed in resolve(sightings)]


def test_one_number_is_one_organisation_whatever_its_names() -> None:
    one, other = Sighting("a", "De Brug", A, GHENT), Sighting("b", "Le Pont", A, AALST)
    assert same(one, other).outcome is Outcome.same
    assert len(set(homes(one, other))) == 1


def test_two_numbers_are_two_organisations_whatever_else_they_share() -> None:
    one, other = (Sighting("a", TELLING, kbo, GHENT, "vermorgen.be") for kbo in (A, B))
    assert same(one, other).outcome is Outcome.different
    assert len(set(homes(one, other))) == 2


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (Sighting("a", COMMON, A, GHENT), Sighting("b", "BAKKERIJ PEETERS bv", None, GHENT), Outcome.same),
        (Sighting("a", COMMON, A, GHENT), Sighting("b", COMMON, None, AALST), Outcome.different),
        (Sighting("a", COMMON, A, GHENT), Sighting("b", COMMON), Outcome.different),
        (Sighting("a", COMMON, A, GHENT, "p.be"), Sighting("b", COMMON, None, AALST, "p.be"), Outcome.same),
        (Sighting("a", TELLING, A, GHENT), Sighting("b", TELLING, None, AALST), Outcome.same),
        (Sighting("a", TELLING, A, GHENT), Sighting("b", "Vermorgen Staelns", None, GHENT), Outcome.same),
        (Sighting("a", TELLING, A, GHENT), Sighting("b", "Vermorgen Staelns", None, AALST), Outcome.different),
        (Sighting("a", TELLING, A), Sighting("b", TELLING, None, agency=True), Outcome.unsure),
        (Sighting("a", f"{TELLING} vzw", A), Sighting("b", f"{TELLING} nv"), Outcome.unsure),
        (Sighting("a", f"{TELLING} Groep", A, GHENT), Sighting("b", TELLING, None, GHENT), Outcome.unsure),
        (Sighting("a", "AD Delhaize", A, GHENT), Sighting("b", "AD Delhaize", None, GHENT), Outcome.unsure),
        (Sighting("a", "De Brug", None, GHENT), Sighting("b", "De Linde", None, GHENT), Outcome.different),
    ],
)
def test_without_two_numbers_name_and_place_decide(one: Sighting, other: Sighting, outcome: Outcome) -> None:
    verdict = same(one, other)
    assert verdict.outcome is outcome
    assert verdict == same(other, one)
    assert verdict.reasons


def test_a_name_that_two_numbers_bear_gives_neither() -> None:
    found = homes(
        Sighting("a", TELLING, A, GHENT), Sighting("a", TELLING, B, GHENT), Sighting("b", TELLING, None, GHENT)
    )
    assert found[2].kbo is None
    assert found[2].ambiguous


def test_a_common_name_takes_the_number_of_its_own_place() -> None:
    here, there = Sighting("a", COMMON, A, GHENT), Sighting("a", COMMON, B, AALST)
    found = homes(here, there, Sighting("b", COMMON, None, AALST), Sighting("b", COMMON, None, "11002"))
    assert [home.kbo for home in found] == [A, B, B, None]


def test_a_name_between_two_companies_joins_neither_with_the_other() -> None:
    first = [Sighting("a", COMMON, A, GHENT), Sighting("b", COMMON, None, GHENT, "p.be")]
    second = [Sighting("c", COMMON, None, AALST, "p.be"), Sighting("d", COMMON, B, AALST)]
    assert [home.kbo for home in homes(*first, *second)] == [A, A, B, B]


def test_a_name_seen_with_one_number_in_many_towns_has_it_in_the_next_town_too() -> None:
    towns = [Sighting("a", "Durabrik Bouw", A, place) for place in (GHENT, AALST, "11002")]
    assert homes(*towns, Sighting("b", "Durabrik Bouw", None, "31005"))[3].kbo == A
    assert homes(*towns[:2], Sighting("b", "Durabrik Bouw", None, "31005"))[2].kbo is None


def test_an_agency_gives_no_number_to_the_employer_it_names() -> None:
    agency, employer = Sighting("a", TELLING, A, agency=True), Sighting("b", TELLING, None, GHENT)
    assert homes(agency, employer)[1].kbo is None


def test_the_sign_over_a_shop_does_not_say_whose_it_is() -> None:
    found = homes(Sighting("a", "AD Delhaize", A, GHENT, "delhaize.be"), Sighting("b", "AD Delhaize", None, GHENT))
    assert (found[1].kbo, found[1].ambiguous) == (None, True)


def test_a_name_of_signs_only_is_nobodys_in_particular() -> None:
    found = homes(Sighting("a", "…", A, GHENT), Sighting("b", "***", None, GHENT))
    assert (found[1].kbo, found[1].ambiguous) == (None, True)


def test_the_order_of_mentions_makes_no_difference() -> None:
    names = [TELLING, "Vermorgen Staelns", "Vermorgen Stalens", COMMON, f"{COMMON} bv", f"{COMMON} vzw", "AD Delhaize"]
    all_of_them = [
        Sighting(source, name, kbo, place, host)
        for source, kbo, host in (("a", A, None), ("b", None, "p.be"), ("c", None, None), ("d", B, None))
        for name in names
        for place in (GHENT, AALST, None)
        if kbo is None or (kbo == A) == (place == GHENT)
    ]
    expected = dict(zip(all_of_them, resolve(all_of_them), strict=True))
    for seed in range(5):
        mixed = Random(seed).sample(all_of_them, len(all_of_them))
        assert dict(zip(mixed, resolve(mixed), strict=True)) == expected


KNOWN = Known("i", "De Brug", A, ("Le Pont",), frozenset({"de brug"}))


def test_an_offer_gets_the_id_the_number_and_the_other_names_and_says_so() -> None:
    told, derivation = described({"name": "DE BRUG vzw", "kind": "employer"}, KNOWN)
    assert told == {"name": "DE BRUG vzw", "kind": "employer", "id": "i", "kbo": A, "alternativeNames": ["Le Pont"]}
    assert derivation is not None
    assert derivation["method"] == "organisation-register"
    assert derivation["fields"] == ["organisation.kbo", "organisation.alternativeNames"]


def test_what_the_partner_says_stays() -> None:
    said = {"name": "De Brug", "kbo": B, "alternativeNames": ["Le pont"]}
    assert described(said, KNOWN) == ({**said, "id": "i"}, None)


def test_a_name_nearly_like_those_stated_with_the_number_does_not_get_it() -> None:
    told, _derivation = described({"name": "De Burg"}, KNOWN)
    assert "kbo" not in told
    told, _derivation = described({"name": "De Burg"}, Known("i", "De Brug", A, decided=True))
    assert told["kbo"] == A


def test_where_several_could_be_meant_nothing_is_said() -> None:
    assert described({"name": "De Brug"}, Known("i", "De Brug", ambiguous=True)) == ({"name": "De Brug"}, None)


def test_why_a_mention_is_where_it_is_has_a_name() -> None:
    placed = resolve([Sighting("a", COMMON, A, GHENT), Sighting("b", COMMON, None, GHENT)])
    assert [each.reason for each in placed] == [Reason.kbo_same, Reason.name_place]
