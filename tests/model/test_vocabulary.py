import tomllib
from importlib.resources import files

import pytest

from hub.model.vocabulary import VOCABULARIES, Audience, terms


def written() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files("hub.model").joinpath("vocabulary.toml").read_text("utf-8"))


def test_the_file_holds_every_value_of_every_list_in_order_and_nothing_else() -> None:
    listed = {name: [member.value for member in values] for name, values in VOCABULARIES.items()}
    assert {name: list(values) for name, values in written().items()} == listed


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_value_has_four_labels_and_a_definition_of_one_line(name: str) -> None:
    for term in terms(name):
        assert list(term.labels) == ["nl", "fr", "en", "de"]
        assert all(label == label.strip() and label for label in term.labels.values())
        assert term.definition.endswith(".")
        assert "\n" not in term.definition


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_no_two_values_of_a_list_share_a_label(language: str) -> None:
    for name in VOCABULARIES:
        labels = [term.labels[language] for term in terms(name)]
        assert len(set(labels)) == len(labels), name


def test_a_term_keeps_its_published_value() -> None:
    term = next(term for term in terms("audiences") if term.value == Audience.young_low_skilled)
    assert term.labels["nl"] == "kortgeschoolde jongeren"


def test_a_list_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        terms("colours")
