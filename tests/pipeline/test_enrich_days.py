"""Days that stand for "none" are not published, and hide no offer."""

from datetime import date
from typing import Any

import pytest

from hub.model.derivation import Derivation
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.days import without_placeholders
from hub.pipeline.validate import validate

TODAY = date(2026, 11, 23)


def vacancy(**said: Any) -> Vacancy:
    return Vacancy.model_validate({"title": {"nl": "Kok"}, "organisation": {"name": "Brood NV"}, **said})


@pytest.mark.parametrize("field", ["published", "expires", "starts"])
@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "1970-01-01", "2099-12-31", "9999-12-31"])
def test_a_day_that_stands_for_none_is_left_out_and_told(field: str, day: str) -> None:
    listing = vacancy(**{field: day})
    assert {each.code for each in validate(listing, TODAY)} <= {"description-missing", "no-way-to-apply"}
    done = without_placeholders(listing)
    assert getattr(done.listing, field) is None
    assert done.derivations == (Derivation(fields=(field,), method="placeholder-day", said=day),)


def test_a_day_that_was_meant_is_kept() -> None:
    listing = vacancy(published="1990-01-01", expires="2079-12-31", starts="2027-01-04")
    assert without_placeholders(listing).listing is listing
    assert "already-expired" in {each.code for each in validate(vacancy(expires="1990-01-01"), TODAY)}


def test_of_several_days_those_stay_that_are_any() -> None:
    said = {"title": {"nl": "Taallessen"}, "organisation": {"name": "Stad Gent"}, "programmeType": "training"}
    starts = [date(2027, 1, 4), date(9999, 12, 31)]
    done = without_placeholders(Programme.model_validate({**said, "starts": starts}))
    assert done.listing.starts == (date(2027, 1, 4),)  # type: ignore[attr-defined]
    rolling = Programme.model_validate({**said, "starts": "rolling"})
    assert without_placeholders(rolling).listing is rolling
