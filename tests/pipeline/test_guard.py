"""Which plans wait for a person: the decision table, for sources of every size and every share."""

import pytest

from hub.pipeline.filling import Fill
from hub.pipeline.guard import Volumes, hold_reason
from hub.pipeline.source import Expect

SIZES = (5, 50, 500, 50_000)
SHARES = range(101)


def held(expect: Expect | None = None, **volumes: int | None) -> str | None:
    return hold_reason(Volumes(**volumes), expect or Expect())  # type: ignore[arg-type]


def part(size: int, share: int) -> int:
    return size * share // 100


@pytest.mark.parametrize("size", SIZES)
def test_withdrawals_beyond_twenty_and_a_fifth_wait_and_no_others(size: int) -> None:
    waiting = [share for share in SHARES if held(live=size, going=part(size, share))]
    assert waiting == [share for share in SHARES if part(size, share) > max(20, size // 5)]
    assert waiting[:1] == {5: [], 50: [42], 500: [21], 50_000: [21]}[size]


@pytest.mark.parametrize("size", SIZES)
def test_a_list_below_four_fifths_of_its_usual_length_waits(size: int) -> None:
    waiting = [share for share in SHARES if held(live=size, listed=part(size, share), usual=size)]
    short = [share for share in SHARES if size - part(size, share) > max(20, size // 5)]
    assert waiting == [share for share in SHARES if share in short or part(size, share) == 0]  # and an empty one


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_that_changes_more_than_half_of_a_source_waits(size: int) -> None:
    waiting = [share for share in SHARES if held(live=size, changing=part(size, share))]
    assert waiting == [share for share in SHARES if part(size, share) > max(20, size // 2)]


@pytest.mark.parametrize("size", [50, 500, 50_000])
def test_new_ids_for_everything_wait_even_where_a_large_drop_is_expected(size: int) -> None:
    relaxed = Expect(max_drop=1)
    assert "new ids" in str(held(relaxed, live=size, going=size, coming=size, listed=size, usual=size))
    assert held(relaxed, live=size, going=size, coming=0, listed=size, usual=size) is None
    assert held(relaxed, live=size, going=size // 5, coming=size, listed=size, usual=size) is None


def test_what_the_source_itself_expects_is_kept() -> None:
    assert "fewer than expect.min = 100" in str(held(Expect(min=100), live=0, listed=99))
    assert "more than expect.max = 200" in str(held(Expect(max=200), live=0, listed=201))
    assert held(Expect(min=100, max=200), live=0, listed=150) is None


def test_a_list_of_changes_is_not_compared_with_whole_lists() -> None:
    assert held(Expect(min=100), live=1000, listed=None, usual=1000) is None


def test_a_first_load_and_an_ordinary_day_do_not_wait() -> None:
    assert held(live=0, coming=50_000, listed=50_000) is None
    assert held(live=50_000, going=500, coming=600, changing=1_000, listed=50_100, usual=50_000) is None


def test_every_broken_rule_is_told_with_its_numbers_and_what_to_do() -> None:
    reason = str(held(live=1000, going=900, changing=0, listed=100, usual=1000))
    assert "withdraw 900 of 1,000" in reason
    assert "usually holds 1,000" in reason
    assert reason.endswith("approve this plan or reject it")


def test_the_guard_that_knows_no_floor_would_hold_a_small_source_every_week() -> None:
    assert held(live=5, going=2) is None
    assert held(Expect(floor=0), live=5, going=2) is not None


@pytest.mark.parametrize("size", SIZES)
def test_a_key_field_filled_half_as_often_waits_but_for_a_few(size: int) -> None:
    waiting = [share for share in SHARES if filled_to(size, size, part(size, share))]
    assert waiting == [share for share in SHARES if part(size, share) <= size / 2 and size - part(size, share) > 20]
    assert waiting[:1] == {5: [], 50: [0], 500: [0], 50_000: [0]}[size]


def test_a_field_that_was_never_filled_or_listings_that_are_new_hold_nothing() -> None:
    assert filled_to(500, 0, 0) is None
    assert hold_reason(Volumes(live=0, fills=[Fill("places", 0, 0, 0, 500)]), Expect()) is None
    assert hold_reason(Volumes(live=500, fills=[Fill("places", 500, 500, 0, 0)]), Expect()) is None


def filled_to(size: int, before: int, after: int) -> str | None:
    return hold_reason(Volumes(live=size, fills=[Fill("places", before, size, after, size)]), Expect())
