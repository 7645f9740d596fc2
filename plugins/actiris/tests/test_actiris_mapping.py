"""The table of codes and labels, the options, and what the README says of them."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hub_actiris import Actiris
from hub_actiris.facts import MAPPING
from hub_actiris.options import ActirisOptions

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_table_names_its_owner_and_the_day_of_its_last_review() -> None:
    assert "@" in MAPPING.owner
    assert date.fromisoformat(MAPPING.date) <= date(2100, 1, 1)


def test_every_entry_states_something_or_says_why_not() -> None:
    entries = [entry for table in MAPPING.tables.values() for entry in table.entries]
    assert [entry for entry in entries if not entry.note and not entry.facts] == []


def test_words_of_labels_are_written_as_they_are_compared() -> None:
    assert [key for key in sorted(MAPPING["typeContratLibelle"].keys()) if key != key.casefold().strip()] == []


def test_what_a_source_declares_is_among_the_mappings() -> None:
    adapter = Actiris(ActirisOptions.model_validate({"contracts": {"X7": {"social_economy": True}}}))
    assert [mapping.file for mapping in adapter.mappings()] == ["hub_actiris/mapping.toml", "options"]
    assert adapter.mappings()[1]["contracts"].find("x7") == {"social_economy": True}


@pytest.mark.parametrize(
    "wrong",
    [
        {"page_sise": 50},
        {"base_url": "actiris.brussels"},
        {"list_path": "offers"},
        {"pages": {"fr": "https://example.org/"}},
        {"passes": {"vdab": {"provenance": "vdab"}}},
        {"contracts": {"CDI": {"employment_type": ["vast"]}}},
    ],
)
def test_a_wrong_option_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        ActirisOptions.model_validate(wrong)


def test_a_header_is_never_shown() -> None:
    assert "geheim" not in repr(ActirisOptions.model_validate({"headers": {"X-Key": "geheim"}}))


def test_every_option_stands_in_the_readme() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE))
    assert documented == set(ActirisOptions.model_fields)


def test_the_example_of_the_readme_is_right() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    options = tomllib.loads(example)["options"]
    assert ActirisOptions.model_validate(options | {"headers": {"X-Api-Key": "geheim"}}).regimes["NO"].work_time


def test_the_readme_says_what_is_not_known() -> None:
    assert "## Known limitations" in README
    assert "no official public contract" in README
