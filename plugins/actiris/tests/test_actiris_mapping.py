"""The table of codes and labels, the options, and what the README says of them."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hub_actiris.facts import FIELDS, Facts, combined, table
from hub_actiris.options import ActirisOptions

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_table_names_its_owner_and_the_day_of_its_last_review() -> None:
    assert "@" in table().owner
    assert date.fromisoformat(table().date) <= date(2100, 1, 1)


def test_every_entry_states_something_or_says_why_not() -> None:
    entries = [*table().contracts.values(), *table().regimes.values(), *table().labels]
    assert [entry for entry in entries if not entry.note and not combined([entry])] == []


def test_words_of_labels_are_written_as_they_are_compared() -> None:
    assert [entry.contains for entry in table().labels if entry.contains != entry.contains.casefold().strip()] == []


def test_the_first_to_state_a_fact_wins() -> None:
    first, second = Facts(social_economy=False), Facts(social_economy=True, adapted_work=True)
    assert combined([first, second]) == {"social_economy": False, "adapted_work": True}


def test_facts_name_fields_of_the_table_only() -> None:
    assert set(FIELDS) < set(Facts.model_fields)


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
