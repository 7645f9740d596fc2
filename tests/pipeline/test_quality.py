import json
from typing import Any

import pytest

from hub.model.issue import issue
from hub.model.listing import Listing
from hub.model.opportunity import Quality
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.quality import quality, quality_json

BARE: dict[str, Any] = {"title": {"und": "Bakker"}, "organisation": {"name": "Bakkerij Voorbeeld"}}
RICH: dict[str, Any] = {
    "title": {"nl": "Bakker"},
    "description": {"nl": "<p>" + "Je bakt brood. " * 30 + "</p>"},
    "organisation": {"name": "Bakkerij Voorbeeld", "kbo": "0999999130"},
    "places": [{"municipality": "Gent", "precision": "municipality"}],
    "audience": ["lowSkilled"],
    "expires": "2027-01-31",
}
WAY = {"channel": "url", "value": "https://www.example.be"}
RICH_VACANCY: dict[str, Any] = {
    **RICH,
    "occupations": [{"scheme": "isco-08", "value": "7512"}],
    "howToApply": [WAY],
    "pay": {"min": 15, "currency": "EUR", "per": "hour"},
}


def vacancy(**said: Any) -> Vacancy:
    return Vacancy.model_validate({**BARE, **said})


def programme(**said: Any) -> Programme:
    return Programme.model_validate({**BARE, "programmeType": "mentoring", **said})


def criteria(listing: Listing) -> dict[str, float]:
    return dict(quality(listing, ()).criteria)


def test_all_that_can_be_said_makes_one() -> None:
    assert quality(vacancy(**RICH_VACANCY), ()).score == 1.0
    assert quality(programme(**RICH, howToJoin=[WAY], cost={"free": True, "currency": "EUR"}), ()).score == 1.0


def test_a_bare_listing_scores_low_on_every_criterion() -> None:
    measured = quality(vacancy(), ())
    assert measured.criteria.pop("organisationIdentified") == 0.5  # type: ignore[attr-defined]
    assert set(measured.criteria.values()) == {0.0}
    assert measured.score == pytest.approx(0.5 / 9, abs=0.001)


@pytest.mark.parametrize(
    ("said", "criterion", "met"),
    [
        ({"description": {"nl": "x" * 100}}, "completeText", 0.5),
        ({"places": [{"precision": "country"}, {"precision": "province"}]}, "placePrecision", 0.5),
        ({"url": "https://www.example.be"}, "wayToApply", 0.5),
        ({"reservedFor": ["disability"]}, "audienceStated", 1.0),
        ({"occupations": [{"scheme": "partner:vdab", "value": "1"}]}, "occupationCode", 0.5),
        ({"title": {"nl": "Bakker"}}, "languageKnown", 1.0),
        ({"title": {"nl": "Bakker"}, "description": {"und": "Brood"}}, "languageKnown", 0.0),
        ({"organisation": {"name": "A", "url": "https://a.example"}}, "organisationIdentified", 0.75),
        ({"pay": {"currency": "EUR"}}, "payStated", 0.0),
    ],
)
def test_each_criterion_says_how_far_it_is_met(said: dict[str, Any], criterion: str, met: float) -> None:
    assert criteria(vacancy(**said))[criterion] == met


def test_what_does_not_apply_does_not_count() -> None:
    assert "placePrecision" not in criteria(vacancy(remote="fully"))
    assert "occupationCode" not in criteria(programme())
    assert "expiryKnown" not in criteria(programme(starts="rolling"))
    assert criteria(programme(starts=["2027-01-04"]))["expiryKnown"] == 0.0


def test_a_programme_that_serves_an_area_needs_no_place() -> None:
    assert criteria(programme(areaServed=[{"region": "Vlaanderen"}]))["placePrecision"] == 1.0


def test_warnings_are_told_once_each_with_their_field() -> None:
    found = (issue("description-missing", "description"), issue("no-way-to-apply"), issue("no-way-to-apply"))
    assert quality(vacancy(), found).warnings == ("description-missing:description", "no-way-to-apply")


@pytest.mark.parametrize("listing", [vacancy(), vacancy(**RICH_VACANCY), programme(**RICH)])
def test_the_published_json_is_the_same_quality(listing: Listing) -> None:
    found = (issue("no-way-to-apply", "howToApply"),)
    for warnings in ((), found):
        published = quality_json(listing, warnings)
        assert Quality.model_validate_json(published) == quality(listing, warnings)
        assert ("warnings" in json.loads(published)) == bool(warnings)
