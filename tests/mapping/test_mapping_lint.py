"""What lint finds in a mapping."""

from datetime import date

import pytest

from hub.mapping import Mapping
from hub.mapping.finding import Weight
from hub.mapping.lint import lint_text, unused

HEAD = 'owner = "a@example.org"\ndate = "2026-11-22"\n'
TODAY = date(2026, 11, 23)


def found(body: str, head: str = HEAD, today: date = TODAY) -> list[tuple[str, str, str]]:
    return [(each.weight.value, each.code, each.where) for each in lint_text(head + body, "m.toml", today)]


def test_a_mapping_in_order_gives_nothing() -> None:
    assert found('[tables.t.values]\nA = { label = "a one", social_economy = true }\nB = { label = "two" }') == []


def test_values_that_differ_in_capitals_or_spaces_only_are_doubles() -> None:
    assert found('[tables.t.values]\nAB = {}\n"ab" = { social_economy = true }') == [("error", "duplicate", 't."ab"')]


def test_labels_that_are_the_same_are_an_error_where_they_contradict_and_a_note_where_not() -> None:
    one, two = 'A = { label = "Job", social_economy = true }', 'B = { label = " job", social_economy = '
    assert found(f"[tables.t.values]\n{one}\n{two}false }}") == [("error", "duplicate", 't."B"')]
    assert found(f"[tables.t.values]\n{one}\n{two}true }}") == [("note", "duplicate", 't."B"')]


@pytest.mark.parametrize(
    ("first", "second", "reached"),
    [
        ('"duree"', '"duree determinee"', False),
        ('"duree"', '"durees"', True),
        ('"dur*"', '"duree"', False),
        ('"dur"', '"dur*"', True),
        ('"stage"', '"maitre de stage"', False),
    ],
)
def test_words_that_earlier_words_always_cover_are_out_of_reach(first: str, second: str, reached: bool) -> None:
    fact = "= { social_economy = true }"
    body = f'[tables.t]\nmatch = "words"\n[tables.t.values]\n{first} {fact}\n{second} {fact}'
    assert [code for _, code, _ in found(body)] == ([] if reached else ["unreachable"])


def test_words_that_say_more_than_those_that_cover_them_are_in_reach() -> None:
    body = '[tables.t]\nmatch = "words"\n[tables.t.values]\n"stage" = { }\n"first stage" = { social_economy = true }'
    assert found(body) == []


@pytest.mark.parametrize(("today", "codes"), [(date(2027, 11, 22), []), (date(2027, 11, 23), ["stale"])])
def test_a_review_is_due_after_a_year(today: date, codes: list[str]) -> None:
    assert [code for _, code, _ in found("[tables.t.values]\nA = {}", today=today)] == codes


def test_what_lacks_owner_or_date_is_an_error() -> None:
    assert [code for _, code, _ in found("[tables.t.values]\nA = {}", head="")] == ["no-owner", "no-date"]


def test_entries_that_nobody_met_are_notes_in_the_tables_that_were_used() -> None:
    body = (
        '[tables.t.values]\nA = { label = "een" }\nB = {}\nC = { refuse = "not-an-offer" }\n[tables.u.values]\nD = {}'
    )
    notes = list(unused(Mapping.read(HEAD + body, "m"), {"t": {"EEN": 3}}))
    assert [(each.weight, each.where) for each in notes] == [(Weight.note, 't."B"')]
