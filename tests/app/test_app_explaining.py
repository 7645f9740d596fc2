"""The reasons of a match are told in sentences that a person can check."""

import pytest

from hub.app.explaining import sentence
from hub.matching.organisation_evidence import VETOES
from hub.matching.rules import RULES


@pytest.mark.parametrize("feature", sorted({*RULES.weights, *RULES.curves, *VETOES}))
def test_every_reason_has_a_sentence(feature: str) -> None:
    told = sentence({"feature": feature.removeprefix("agency-").removeprefix("programme-"), "said": "0.5 | 2"})
    assert told.endswith(".")
    assert "{" not in told


@pytest.mark.parametrize(
    ("feature", "said", "told"),
    [
        ("place-municipality", "44021", "Both are in the same municipality: Gent."),
        ("organisation-name", "atheneum nis41002 | atheneum nis41002", "have the same name: atheneum Aalst."),
        ("text-shared", "0.777778 | 18", "78% of the shorter text stands in the other."),
        ("hours-other", "19 | 38", "The hours a week differ: 19 and 38."),
        ("place-other", "44021 | NL Sluis", "They are in different municipalities: Gent; NL Sluis."),
        ("organisation-number", "0403019261", "same enterprise number, 0403019261."),
    ],
)
def test_what_was_found_stands_in_the_sentence(feature: str, said: str, told: str) -> None:
    assert sentence({"feature": feature, "said": said}).endswith(told)


def test_a_reason_of_older_or_newer_rules_is_told_as_it_is() -> None:
    assert sentence({"feature": "moon-phase", "said": "full"}) == "full"
