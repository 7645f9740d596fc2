"""The language that a text is taken in."""

import pytest

from hub.formats import FORMATS
from hub.formats.words import words
from hub.plugins.formats import checked_formats


@pytest.mark.parametrize(
    ("there", "wanted", "taken"),
    [
        ({"nl", "fr", "en"}, "fr", "fr"),
        ({"fr", "en"}, "nl", "fr"),
        ({"en", "de", "und"}, "nl", "en"),
        ({"sv", "de"}, "nl", "de"),
        ({"sv", "ar", "und"}, "en", "ar"),
        ({"und", "sv"}, "nl", "sv"),
        ({"und"}, "nl", "und"),
        ({"nl-BE", "fr"}, "nl", "nl-BE"),
        ({"nl-BE", "nl"}, "nl", "nl"),
    ],
)
def test_a_text_is_taken_in_a_fixed_order_of_languages(there: set[str], wanted: str, taken: str) -> None:
    said = {tag: f"in {tag}" for tag in there}
    found = words(said, wanted)
    assert (found.text, found.language) == (f"in {taken}", taken)


def test_the_formats_of_the_hub_are_whole() -> None:
    assert list(checked_formats(FORMATS)) == ["jobs", "atom", "json-feed", "ndjson", "csv", "ics"]
