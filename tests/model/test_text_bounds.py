"""Descriptions that would take minutes to clean are refused before they are."""

from time import process_time

import pytest
from pydantic import ValidationError

from hub.model.vacancy import Vacancy
from hub.pipeline.validate import issues_of

SOUND = {"title": {"nl": "Kok"}, "organisation": {"name": "De Linde"}}


@pytest.mark.parametrize("markup", ["<div>" * 200_000, "<ul><li>" * 125_000, "&" * 1_000_000, "<p>" * 6000])
def test_a_hostile_description_is_refused_at_once(markup: str) -> None:
    started = process_time()
    with pytest.raises(ValidationError) as caught:
        Vacancy.model_validate({**SOUND, "description": {"nl": markup}})
    assert process_time() - started < 1
    [issue] = issues_of(caught.value)
    assert (issue.code, issue.params) == ("too-long", {"limit": "100000"})


def test_a_long_description_of_ordinary_making_is_kept() -> None:
    markup = "<p>Je kookt voor <strong>veertig</strong> kinderen.</p>" * 1000
    assert Vacancy.model_validate({**SOUND, "description": {"nl": markup}}).description == {"nl": markup}
