"""What belongs to a view."""

from typing import Any

import pytest
from pydantic import ValidationError

from hub.pipeline.enrich.belgium import gazetteer
from hub.views import BUILT_IN, Filter, accepts, area_name
from hub.views.areas import named

GENT = {"nis": "44021", "province": "Oost-Vlaanderen", "region": "Vlaanderen", "country": "BE"}
SAID: dict[str, Any] = {
    "title": {"nl": "Lasser", "fr": "Soudeur"},
    "places": [GENT],
    "audience": ["disability"],
    "reservedFor": ["neet"],
    "employmentType": ["permanent"],
    "listings": [{"source": "vdab", "licence": "by"}, {"source": "forem"}],
    "quality": {"score": 0.6},
}
HELD: list[dict[str, Any]] = [
    {},
    {"kinds": ["vacancy"]},
    {"places": ["44021"]},
    {"places": ["40000"]},
    {"places": ["02000", "NL"]},
    {"places": ["BE"]},
    {"audience": ["disability", "women"]},
    {"audience": ["neet"]},
    {"employment_types": ["permanent"]},
    {"sources": ["forem"]},
    {"languages": ["fr", "en"]},
    {"min_quality": 0.6},
    {"without_licences": ["by-sa"]},
    {"kinds": ["vacancy"], "places": ["44021"], "languages": ["nl"], "min_quality": 0.5},
]
LEFT_OUT: list[dict[str, Any]] = [
    {"kinds": ["programme"]},
    {"places": ["11002"]},
    {"places": ["10000", "03000", "NL"]},
    {"audience": ["women"]},
    {"programme_types": ["mentoring"]},
    {"employment_types": ["internship"]},
    {"sources": ["actiris"]},
    {"languages": ["en"]},
    {"min_quality": 0.61},
    {"without_licences": ["by"]},
    {"kinds": ["vacancy"], "places": ["11002"]},
]


@pytest.mark.parametrize("wanted", HELD)
def test_what_meets_every_key_belongs(wanted: dict[str, Any]) -> None:
    assert accepts(Filter(**wanted), "vacancy", SAID)


@pytest.mark.parametrize("wanted", LEFT_OUT)
def test_what_misses_one_key_does_not(wanted: dict[str, Any]) -> None:
    assert not accepts(Filter(**wanted), "vacancy", SAID)


def test_a_programme_belongs_where_it_serves() -> None:
    said = {**SAID, "places": [], "areaServed": [{"region": "Wallonie"}], "programmeType": "mentoring"}
    assert accepts(Filter(places={"03000"}, programme_types={"mentoring"}), "programme", said)


def test_the_dutch_limburg_is_not_the_belgian_one() -> None:
    assert not accepts(Filter(places={"70000"}), "vacancy", {"places": [{"province": "Limburg", "country": "NL"}]})
    assert accepts(Filter(places={"70000"}), "vacancy", {"places": [{"province": "Limburg", "country": "BE"}]})


@pytest.mark.parametrize("code", ["99999", "Gent", "XX", ""])
def test_what_is_no_area_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="REFNIS"):
        Filter(places={code})


def test_the_areas_are_called_as_the_places_of_the_hub_are() -> None:
    found = gazetteer().municipalities.values()
    called = {each.region for each in found} | {each.province for each in found if each.province}
    assert {name for _, name in named().values()} == called
    assert all(area_name(each.nis) for each in found)


def test_a_filter_is_written_the_same_whatever_the_order() -> None:
    one, other = Filter(places={"44021", "11002"}), Filter(places={"11002", "44021"})
    assert one.asked == other.asked == {"places": ["11002", "44021"]}


def test_every_hub_has_the_same_three_views() -> None:
    assert [(view.id, view.kind) for view in BUILT_IN] == [
        ("all", None),
        ("vacancies", "vacancy"),
        ("programmes", "programme"),
    ]
