"""What is out of the ordinary with a source, and what is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import Formatter
from typing import Any

import pytest

from hub.alarms import LANGUAGES, Facts, Kind, RunFacts, conditions, sentence
from hub.alarms.alarm import catalogue

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = RunFacts("complete", "everything", fetched=1000, changed=10, refused=5, read=2000, reasons={"missing-title": 5})


def facts(*runs: RunFacts, **said: Any) -> Facts:
    usual: dict[str, Any] = {"last_good": NOW - timedelta(hours=1), "norm": timedelta(hours=6), "runs": runs}
    return Facts("vdab", NOW, **{**usual, **said})


def found(*runs: RunFacts, **said: Any) -> set[Kind]:
    """Return the kinds of what holds; every sentence about it can be said in each language."""
    holding = conditions(facts(*runs, **said))
    for each in holding:
        assert all(sentence(each.kind, each.params, language) for language in LANGUAGES)
    return {each.kind for each in holding}


def test_an_ordinary_source_raises_nothing() -> None:
    assert found(*[GOOD] * 20) == set()
    assert found() == set()


def test_no_good_run_for_longer_than_the_norm_is_stale() -> None:
    assert found(GOOD, last_good=NOW - timedelta(hours=7)) == {Kind.stale}
    assert found(GOOD, last_good=NOW - timedelta(hours=5)) == set()
    assert found(GOOD, last_good=NOW - timedelta(days=90), norm=None) == set()


@pytest.mark.parametrize("outcome", ["failed", "incomplete", "interrupted"])
def test_three_bad_runs_in_a_row_are_a_failing_source(outcome: str) -> None:
    bad = RunFacts(outcome, reason="the partner answered 500")
    assert Kind.failing in found(bad, bad, bad, GOOD)
    assert Kind.failing not in found(bad, bad, GOOD, bad)


def test_a_plan_that_waits_is_told() -> None:
    assert found(replace(GOOD, outcome="held"), waiting="it would withdraw 900 of 1,000") == {Kind.held}


def test_silence_is_told_only_where_changes_are_usual() -> None:
    quiet = replace(GOOD, changed=0)
    assert found(*[quiet] * 10, *[GOOD] * 5) == {Kind.silent}
    assert found(*[quiet] * 9, *[GOOD] * 5) == set()
    assert found(*[quiet] * 30) == set()


def test_a_list_that_suddenly_grows_is_told() -> None:
    assert found(replace(GOOD, fetched=1501), *[GOOD] * 4) == {Kind.volume}
    assert found(replace(GOOD, fetched=1500), *[GOOD] * 4) == set()
    small = replace(GOOD, fetched=10, refused=0)
    assert found(replace(small, fetched=25), *[small] * 4) == set()


def test_more_refusals_than_usual_are_told_with_the_reason() -> None:
    worse = replace(GOOD, refused=100, reasons={"missing-title": 20, "url-not-absolute": 80})
    (told,) = conditions(facts(worse, *[GOOD] * 4))
    assert (told.kind, told.params["reason"], told.params["usual"]) == (Kind.refusals, "url-not-absolute", "0.5%")
    assert found(worse, *[worse] * 4) == set()
    assert found(replace(GOOD, refused=19), *[replace(GOOD, refused=0)] * 4) == set()


def test_more_unknown_values_than_usual_are_told_with_an_example() -> None:
    new = replace(GOOD, unknown_values={"contract “zzp”": 150, "contract “flex”": 1})
    (told,) = conditions(facts(new, *[GOOD] * 4))
    assert (told.kind, told.params["example"]) == (Kind.unknown_values, "contract “zzp”")
    assert found(new, *[new] * 4) == set()


def test_a_field_that_the_partner_added_is_told_once_it_is_in_many_records() -> None:
    new = replace(GOOD, unknown_fields={"telewerk": 900, "rare": 3})
    (told,) = conditions(facts(new, *[GOOD] * 4))
    assert (told.kind, told.params["fields"]) == (Kind.unknown_fields, "telewerk, rare")
    assert found(new, new, *[GOOD] * 4) == set(), "it was told the first time"
    assert found(replace(GOOD, unknown_fields={"rare": 10}), *[GOOD] * 4) == set()


def test_too_few_runs_tell_nothing_of_what_is_usual() -> None:
    assert found(replace(GOOD, fetched=9000, refused=900), *[GOOD] * 2) == set()


def test_every_kind_has_a_sentence_in_each_language_that_mentions_the_same() -> None:
    assert set(catalogue()) == set(Kind)
    for kind, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES), kind
        assert len({frozenset(name for _, name, *_ in Formatter().parse(text) if name) for text in texts.values()}) == 1
