"""Value tables: what they find, and what a mapping in TOML may say."""

from pathlib import Path

import pytest

from hub import Mapping, Readings
from hub.errors import ConfigError

TEXT = """
owner = "integrations@example.org"
date = "2026-11-22"
[tables.contract]
about = "Contract codes."
[tables.contract.values."V"]
label = "Studentenjob"
employment_type = ["student"]
[tables.contract.values."G"]
label = "Gewoon contract"
confidence = "A"
[tables.contract.values."IN"]
refuse = "not-an-offer"
[tables.label]
match = "words"
[tables.label.values."duree indeterminee"]
employment_type = ["permanent"]
[tables.label.values."interim*"]
unless = ["sans interim"]
employment_type = ["temporaryAgency"]
social_economy = true
"""


@pytest.fixture
def mapping() -> Mapping:
    return Mapping.read(TEXT, "partner/mapping.toml")


@pytest.mark.parametrize("value", ["V", "v", "Studentenjob", " studentenJOB "])
def test_a_value_is_found_by_key_or_label_whatever_its_capitals_and_spaces(mapping: Mapping, value: str) -> None:
    assert mapping["contract"].find(value) == {"employment_type": ("student",)}


def test_a_known_value_may_say_nothing_and_an_unknown_one_is_none(mapping: Mapping) -> None:
    assert mapping["contract"].find("G") == {}
    assert mapping["contract"].find("X") is None
    assert mapping["contract"].find(None) is None


def test_values_that_refuse_are_told(mapping: Mapping) -> None:
    assert mapping["contract"].refusing("not-an-offer") == {"IN"}


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Contrat à DURÉE indéterminée", {"employment_type": ("permanent",)}),
        ("durée indéterminées", None),
        ("Intérimaire", {"employment_type": ("temporaryAgency",), "social_economy": True}),
        ("travail sans intérim", None),
        ("intérim, puis durée indéterminée", {"employment_type": ("permanent",), "social_economy": True}),
    ],
)
def test_a_table_of_words_puts_together_what_holds_the_first_word_first(
    mapping: Mapping, label: str, found: dict[str, object] | None
) -> None:
    assert mapping["label"].find(label) == found


def test_readings_tell_what_was_read_and_what_is_unknown_each_once(mapping: Mapping) -> None:
    readings = Readings(mapping)
    assert readings.find("contract", "studentenjob")["employment_type"] == ("student",)
    for value in ("V", "X", "X", None, ""):
        readings.find("contract", value)
    assert readings.read() == (("contract", "V"), ("contract", "X"))
    assert readings.unknown() == (("contract", "X"),)


def test_asking_whether_a_value_is_known_makes_no_work_item(mapping: Mapping) -> None:
    readings = Readings(mapping)
    assert (readings.known("contract", "X"), readings.unknown()) == (None, ())


def test_the_digest_changes_with_what_shapes_a_listing_only(mapping: Mapping) -> None:
    same = TEXT.replace("2026-11-22", "2027-01-01").replace("Contract codes", "Codes")
    other = TEXT.replace('["student"]', '["flexi"]')
    assert Mapping.read(same, "x").digest == mapping.digest != Mapping.read(other, "x").digest


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            '["studant"]',
            '["student"]',
            "contract.\"V\".employment_type: ['studant'] is not allowed; allowed: a list of",
        ),
        ("employmenttype", "employment_type", "no field 'employmenttype'; did you mean 'employment_type'?"),
        ("social_economy = 1", "social_economy = true", 'label."interim*".social_economy: 1 is not allowed; '),
        ('confidence = "E"', 'confidence = "A"', "'E' is not allowed; allowed: A (official)"),
        ('refuse = "no-offer"', 'refuse = "not-an-offer"', "did you mean 'not-an-offer'?"),
        ('unless = "sans"', 'unless = ["sans interim"]', "'sans' is not allowed; allowed: a list of words"),
        ('match = "fuzzy"', 'match = "words"', "label.match: 'fuzzy' is not allowed; allowed: whole, words"),
        ("label = 3", 'label = "Studentenjob"', 'contract."V".label: 3 is not allowed; allowed: a text'),
        ("abuot", "about", "contract.abuot: it is no key of a mapping; allowed here: about, source, match, values"),
        ("onwer", "owner", "it names no owner; write owner"),
        ("2026-13-22", "2026-11-22", "it has the date '2026-13-22'; write the day"),
    ],
)
def test_each_mistake_is_one_sentence_with_its_place(wrong: str, right: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Mapping.read(TEXT.replace(right, wrong, 1), "partner/mapping.toml")
    assert all(sentence.startswith("partner/mapping.toml: ") for sentence in caught.value.mistakes)
    assert any(said in sentence for sentence in caught.value.mistakes)


def test_all_mistakes_are_told_at_once() -> None:
    wrong = TEXT.replace("student", "studant").replace("permanent", "permanant").replace("owner", "onwer")
    with pytest.raises(ConfigError) as caught:
        Mapping.read(wrong, "x")
    assert len(caught.value.mistakes) == 4


@pytest.mark.parametrize(
    "text", ["", "owner = ", "[tables]", "[tables.a]", '[tables]\na = "b"', "[tables.a.values]\nb=1"]
)
def test_a_text_that_is_no_mapping_is_refused_in_sentences(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Mapping.read(text, "x")
    assert all(sentence.startswith("x: ") for sentence in caught.value.mistakes)


def test_the_bundled_mappings_can_be_loaded() -> None:
    packages = sorted(path.parent.name for path in (Path(__file__).parents[2] / "plugins").glob("*/*/mapping.toml"))
    assert {"hub_actiris", "hub_vdab"} <= set(packages)
    assert all(Mapping.load(package).owner for package in packages)
