"""A tier follows from evidence: what is missing is named, nothing is claimed, and the bundled adapters are gold."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hub_generic_csv import GenericCsv

from hub.app.tiers import RULES, Evidence, History, Inspector, Tier, grade
from hub.testing import PROMISES, Result

HUB = Path(sys.executable).parent / "hub"
ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
GOOD = Evidence(
    results=tuple(Result(promise.__name__, "", kept=True) for promise in PROMISES),
    sandbox=True,
    recordings=2,
    headings=("Known limitations", "Update rate"),
    tables=1,
    met=100,
    known=95,
)


def breaking(subject: str) -> Evidence:
    """Return the evidence with one broken promise about this subject."""
    name = next(each.__name__ for each in PROMISES if each.__module__.endswith(f".{subject}"))
    results = [
        replace(each, kept=False, message="seen: x\nWhat to do: y") if each.promise == name else each
        for each in GOOD.results
    ]
    return replace(GOOD, results=tuple(results))


def test_an_adapter_that_lacks_nothing_is_gold() -> None:
    assert grade(GOOD) == grade(replace(GOOD, history=History(20, 16)))
    assert (grade(GOOD).tier, grade(GOOD).missing) == (Tier.gold, ())


@pytest.mark.parametrize(
    ("evidence", "tier", "rule"),
    [
        (breaking("card"), None, "describes-itself"),
        (breaking("records"), None, "reads-records"),
        (breaking("ids"), None, "reads-records"),
        (breaking("fetching"), None, "reads-the-partner"),
        (replace(GOOD, results=()), None, "describes-itself"),
        (replace(GOOD, sandbox=False), Tier.bronze, "has-a-sandbox"),
        (breaking("faults"), Tier.bronze, "survives-faults"),
        (breaking("persons"), Tier.bronze, "keeps-persons-out"),
        (breaking("running"), Tier.bronze, "is-quiet"),
        (replace(GOOD, headings=("Known limitations",)), Tier.bronze, "tells-its-limits"),
        (breaking("strictness"), Tier.silver, "notices-news"),
        (replace(GOOD, recordings=0), Tier.silver, "has-recordings"),
        (replace(GOOD, unexplained=("base_url",)), Tier.silver, "explains-its-options"),
        (replace(GOOD, lint=("x: stale",)), Tier.silver, "keeps-its-tables"),
        (replace(GOOD, known=89), Tier.silver, "knows-the-values"),
        (replace(GOOD, history=History(20, 15)), Tier.silver, "runs-well"),
    ],
)
def test_what_is_missing_costs_the_tier_that_asks_for_it(evidence: Evidence, tier: Tier | None, rule: str) -> None:
    graded = grade(evidence)
    assert (graded.tier, graded.missing[0][0].name) == (tier, rule)
    assert graded.missing[0][1]


def test_every_rule_can_be_missed() -> None:
    hopeless = Evidence(unexplained=("x",), lint=("y",), met=10, known=1, history=History(9, 1))
    assert {rule.name for rule, _ in grade(hopeless).missing} == {rule.name for rule in RULES}


def test_a_few_runs_that_failed_are_no_history() -> None:
    assert grade(replace(GOOD, history=History(4, 0))).tier is Tier.gold


def test_what_was_found_is_kept_as_long_as_the_code_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector = Inspector(tmp_path, TODAY)
    assert inspector.known(GenericCsv, History()) is None
    found = inspector.inspect(GenericCsv, "schakel-generic-csv", History())
    assert inspector.known(GenericCsv, History(5, 5)) == replace(found, history=History(5, 5))
    monkeypatch.setattr(GenericCsv, "version", "changed")
    assert inspector.known(GenericCsv, History()) is None


def test_a_readme_that_was_mended_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inspector, mended = Inspector(tmp_path / "tiers", TODAY), tmp_path / "README.md"
    mended.write_text("## Update rate\n")
    inspector.inspect(GenericCsv, "schakel-generic-csv", History())
    monkeypatch.setattr("hub.app.tiers.inspection._readme_beside", lambda _: mended)
    assert inspector.known(GenericCsv, History()) is None


@pytest.mark.slow
def test_an_adapter_that_breaks_a_promise_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert grade(Inspector(None, TODAY).inspect(GenericCsv, "schakel-generic-csv", History())).tier is Tier.gold
    monkeypatch.setattr(GenericCsv, "limitations", ())
    graded = grade(Inspector(None, TODAY).inspect(GenericCsv, "schakel-generic-csv", History()))
    assert graded.tier is None
    assert "limitations" in graded.missing[0][1]


@pytest.mark.slow
def test_the_bundled_adapters_are_gold() -> None:
    done = subprocess.run([HUB, "plugins", "--again", "--json"], cwd=ROOT, capture_output=True, timeout=110, check=True)
    tiers = json.loads(done.stdout)["tiers"]
    assert {each["adapter"] for each in tiers} == {"vdab", "actiris", "generic_csv", "generic_json", "jobstream"}
    lacking = [(each["adapter"], lack["said"]) for each in tiers for lack in each["missing"]]
    assert [each for each in lacking if "last reviewed on" not in each[1]] == []  # a review falls due by the calendar
