"""A listing made of what fits the model."""

from typing import Any

import pytest
from pydantic import ValidationError

from hub import Vacancy, fit_listing

VALUES: dict[str, Any] = {"title": {"nl": "Kok"}, "organisation": {"name": "De Linde"}}


def test_what_fits_passes_without_a_warning() -> None:
    listing, warnings = fit_listing(Vacancy, VALUES, {})
    assert (listing.title, warnings) == ({"nl": "Kok"}, ())


def test_an_optional_value_that_does_not_fit_is_left_out_with_what_is_expected() -> None:
    listing, [warning] = fit_listing(Vacancy, VALUES | {"hours_per_week": 80}, {"hours_per_week": ()})
    assert listing.hours_per_week is None
    assert (warning.code, warning.field, warning.value) == ("value-left-out", "hours_per_week", "80")
    assert warning.sentence("en") == ("“80” in hours_per_week was left out; expected is less than or equal to 60.")


def test_what_is_not_optional_still_refuses_the_record() -> None:
    wrong = VALUES | {"hours_per_week": 80, "organisation": {"name": ""}}
    with pytest.raises(ValidationError, match="organisation"):
        fit_listing(Vacancy, wrong, {"hours_per_week": ()})


def test_of_a_list_only_the_wrong_items_go() -> None:
    ways = [{"channel": "url", "value": value} for value in ("no", "https://a.example", "neither")]
    listing, warnings = fit_listing(Vacancy, VALUES | {"how_to_apply": ways}, {"how_to_apply": ()})
    assert [way.value for way in listing.how_to_apply] == ["https://a.example"]
    assert len(warnings) == 2


def test_what_goes_with_a_value_goes_too_and_the_rest_of_the_place_stays() -> None:
    places = ({"municipality": "Gent", "latitude": 95, "longitude": 3.7}, {"municipality": "Aalst", "latitude": 50.9})
    listing, _ = fit_listing(Vacancy, VALUES | {"places": places}, {"places.latitude": ("longitude",)})
    assert [(place.municipality, place.latitude, place.longitude) for place in listing.places] == [
        ("Gent", None, None),
        ("Aalst", 50.9, None),
    ]


def test_a_block_that_contradicts_itself_goes_as_a_whole() -> None:
    pay = {"min": 3000, "max": 2000, "currency": "EUR"}
    listing, [warning] = fit_listing(Vacancy, VALUES | {"pay": pay}, {"pay": ()})
    assert (listing.pay, warning.field, warning.value) == (None, "pay", "3000, 2000, EUR")


def test_the_values_that_came_are_not_changed() -> None:
    values = VALUES | {"organisation": {"name": "De Linde", "kbo": "1"}}
    fit_listing(Vacancy, values, {"organisation.kbo": ()})
    assert values["organisation"]["kbo"] == "1"
