import re
import string

import pytest

from hub.model.issue import LANGUAGES, Severity, catalogue, issue

CODES = sorted(catalogue())
PARTS = {"severity", *LANGUAGES, *(f"fix_{language}" for language in LANGUAGES)}


def mentioned(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_severity_and_its_sentences_in_three_languages(code: str) -> None:
    entry = catalogue()[code]
    assert set(entry) == PARTS
    assert entry["severity"] in set(Severity)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)


@pytest.mark.parametrize("code", CODES)
def test_the_three_languages_mention_the_same_things(code: str) -> None:
    entry = catalogue()[code]
    for part in ("{}", "fix_{}"):
        assert len({frozenset(mentioned(entry[part.format(language)])) for language in LANGUAGES}) == 1
    for language in LANGUAGES:
        assert entry[language].endswith(".")
        assert entry[f"fix_{language}"].endswith(".")


def test_a_sentence_tells_field_value_and_params() -> None:
    found = issue("row-length", line="7", expected="12", found="11")
    assert found.sentence("nl") == "Regel 7 heeft 11 kolommen, maar er worden er 12 verwacht."
    assert found.severity is Severity.error


def test_a_param_that_is_not_given_stays_visible() -> None:
    assert "{allowed}" in issue("not-in-vocabulary", "kind", "x").sentence("en")


def test_a_long_value_is_shortened() -> None:
    assert len(issue("unknown-value", "kind", "x" * 500, table="kinds").value) == 120


def test_a_code_outside_the_catalogue_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError, match=r"no-such-code.*issues\.toml"):
        issue("no-such-code")
