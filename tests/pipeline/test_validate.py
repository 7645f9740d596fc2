from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from hub.model.issue import Issue, Severity
from hub.model.listing import ApplyWay, Listing
from hub.model.organisation import Organisation
from hub.model.pay import Pay
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.validate import issues_of, validate

TODAY = date(2026, 11, 22)
GOOD: Mapping[str, Any] = {
    "title": {"nl": "Bakker"},
    "description": {"nl": "<p>Je bakt elke nacht brood voor drie winkels.</p>"},
    "organisation": {"name": "Bakkerij Voorbeeld"},
    "url": "https://www.example.be/bakker",
    "published": "2026-11-01",
}


def vacancy(**said: Any) -> Vacancy:
    return Vacancy.model_validate({**GOOD, **said})


def programme(**said: Any) -> Programme:
    return Programme.model_validate({**GOOD, "programmeType": "mentoring", **said})


def refused(make: Callable[..., Listing] = vacancy, **said: Any) -> dict[str, Issue]:
    """The issues the model's refusal becomes, by field."""
    with pytest.raises(ValidationError) as raised:
        make(**said)
    return {issue.field: issue for issue in issues_of(raised.value)}


def codes(listing: Listing) -> list[str]:
    return [issue.code for issue in validate(listing, TODAY)]


# What the model refuses


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"title": None}, "title", "missing-title"),
        ({"title": {"nl": "  "}}, "title", "missing-title"),
        ({"title": "Bakker"}, "title", "wrong-type"),
        ({"title": {"Nederlands": "Bakker"}}, "title", "language-unknown"),
        ({"organisation": None}, "organisation", "missing-organisation"),
        ({"organisation": {"name": ""}}, "organisation.name", "missing-organisation"),
        ({"organisation": {"name": "A", "kbo": "0999999100"}}, "organisation.kbo", "kbo-invalid"),
        ({"url": "www.example.be"}, "url", "url-not-absolute"),
        ({"url": "ftp://example.be"}, "url", "url-not-absolute"),
        ({"url": "https://example.be/" + "x" * 2000}, "url", "too-long"),
        ({"places": [{"country": "België"}]}, "places.0.country", "country-unknown"),
        ({"places": [{"latitude": 510.5}]}, "places.0.latitude", "out-of-range"),
        ({"languages": [{"language": "Frans"}]}, "languages.0.language", "language-unknown"),
        ({"pay": {"min": 1, "currency": "EURO"}}, "pay.currency", "currency-unknown"),
        ({"pay": {"min": 3000, "max": 2000, "currency": "EUR"}}, "pay", "minimum-above-maximum"),
        ({"employmentType": ["vast"]}, "employmentType.0", "not-in-vocabulary"),
        ({"education": 9}, "education", "out-of-range"),
        ({"published": "31/12/2026"}, "published", "wrong-type"),
        ({"hours_per_week": "38 uur"}, "hoursPerWeek", "wrong-type"),
        ({"occupations": [{"scheme": "own", "value": "1"}]}, "occupations.0.scheme", "wrong-type"),
        ({"colour": "blue"}, "colour", "field-unknown"),
    ],
)
def test_a_refusal_of_the_model_becomes_an_issue_with_its_code_and_field(
    said: dict[str, Any], field: str, code: str
) -> None:
    found = refused(**said)[field]
    assert found.code == code
    assert found.severity is Severity.error


def test_a_sentence_of_the_refusal_has_nothing_left_to_fill_in() -> None:
    found = refused(employmentType=["vast"], education=9, published="gisteren", url="x", openings="veel")
    for issue in found.values():
        for language in ("nl", "fr", "en"):
            assert "{" not in issue.sentence(language) + issue.fix(language)


def test_the_allowed_values_are_named() -> None:
    assert "permanent, fixedTerm, temporaryAgency" in refused(employmentType=["vast"])["employmentType.0"].sentence(
        "nl"
    )


def test_one_field_is_told_once_even_where_several_forms_are_allowed() -> None:
    assert list(refused(education="master")) == ["education"]


def test_a_missing_field_is_named() -> None:
    found = refused(programme, programmeType=None, capacity={})
    assert found["capacity.status"].code == "missing-field"
    assert "capacity.status" in found["capacity.status"].sentence()


def test_a_block_made_on_its_own_is_told_where_it_stands() -> None:
    with pytest.raises(ValidationError) as raised:
        Organisation(name="", url="x")
    assert {issue.field: issue.code for issue in issues_of(raised.value)} == {
        "organisation.name": "missing-organisation",
        "organisation.url": "url-not-absolute",
    }


def test_ways_to_reach_somebody_are_never_shown() -> None:
    found = refused(
        how_to_apply=[{"channel": "jan@example.be", "value": 5}],
        url="jan@example.be",
        description="<p>Bel Jan.</p>",
    )
    assert {issue.value for issue in found.values()} == {""}


def test_a_long_value_is_shortened() -> None:
    assert len(refused(published="x" * 500)["published"].value) == 120


# What becomes clear from the parts together


def test_a_good_listing_has_no_issues() -> None:
    assert validate(vacancy(), TODAY) == validate(programme(), TODAY) == ()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"expires": "2026-11-21"}, ["already-expired"]),
        ({"expires": "2026-11-22"}, []),
        ({"published": "2026-12-02", "expires": "2026-12-01"}, ["expires-before-published", "published-in-future"]),
        ({"published": "2026-11-23"}, ["published-in-future"]),
        ({"description": None}, ["description-missing"]),
        ({"description": {"nl": "<p>Bakker</p>"}}, ["description-repeats-title"]),
        ({"description": {"fr": "Bakker"}}, []),
        ({"title": {"nl": "B�cker"}}, ["text-damaged"]),
        ({"description": {"nl": "<p>Caf� met zicht op zee, keuken en zaal.</p>"}}, ["text-damaged"]),
        ({"url": None}, ["no-way-to-apply"]),
    ],
)
def test_both_kinds_are_held_to_the_same_rules(said: dict[str, Any], found: list[str]) -> None:
    assert codes(vacancy(**said)) == found
    assert codes(programme(**said)) == found


@pytest.mark.parametrize(
    ("pay", "believed"),
    [
        (Pay(min=15, currency="EUR", per="hour"), True),
        (Pay(min=2500, currency="EUR", per="hour"), False),
        (Pay(min=15, max=3000, currency="EUR", per="month"), False),
        (Pay(min=2500, max=3000, currency="EUR", per="month"), True),
        (Pay(min=2500, currency="EUR"), True),
        (Pay(min=2500, currency="JPY", per="hour"), True),
    ],
)
def test_pay_that_cannot_be_is_told(pay: Pay, believed: bool) -> None:
    assert codes(vacancy(pay=pay)) == ([] if believed else ["pay-implausible"])


def test_the_sentence_about_pay_shows_amount_and_period() -> None:
    (found,) = validate(vacancy(pay=Pay(max=2500, currency="EUR", per="hour")), TODAY)
    assert found.sentence("nl") == "Een loon van 2500 EUR / hour is onwaarschijnlijk."
    assert found.severity is Severity.warning


def test_a_way_to_apply_or_join_beside_the_url_is_enough() -> None:
    way = ApplyWay(channel="phone", value="+32 2 000 00 00")
    assert codes(vacancy(url=None, how_to_apply=[way])) == []
    assert codes(programme(url=None, how_to_join=[way])) == []
    assert codes(programme(url=None, roles=[{"role": "mentor", "how_to_join": [way]}])) == []


def test_ages_the_wrong_way_round_refuse_a_programme() -> None:
    (found,) = validate(programme(eligibility={"minAge": 30, "maxAge": 18}), TODAY)
    assert (found.code, found.severity) == ("minimum-above-maximum", Severity.error)
