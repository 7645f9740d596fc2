"""When windows of changes are enough, and when a snapshot is due."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hub_jobstream.options import JobstreamOptions
from hub_jobstream.position import Position, local, read_cursor

from hub import ValidationError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MORNING = NOON - timedelta(hours=6)


def windows(since: datetime, now: datetime, *, snapshot: datetime = MORNING, **options: Any) -> list[Any]:
    return Position(since, snapshot).windows(now, JobstreamOptions.model_validate(options))


def test_a_window_reaches_back_before_the_last_one() -> None:
    assert windows(NOON, NOON + timedelta(minutes=20)) == [(NOON - timedelta(minutes=5), NOON + timedelta(minutes=20))]


def test_long_stretches_are_cut_into_windows_without_a_hole() -> None:
    found = windows(MORNING, NOON, window_hours=2)
    assert found[0][0] == MORNING - timedelta(minutes=5)
    assert found[-1][1] == NOON
    assert all(end - start <= timedelta(hours=2) for start, end in found)
    assert all(one[1] == other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("since", "now", "snapshot", "options"),
    [
        (MORNING, MORNING + timedelta(hours=12, seconds=1), MORNING, {}),
        (NOON, NOON, NOON - timedelta(hours=8), {"reconcile_hours": 8}),
        (datetime(2026, 11, 20, 22, 50, tzinfo=UTC), datetime(2026, 11, 20, 23, 1, tzinfo=UTC), MORNING, {}),
        (NOON, NOON - timedelta(seconds=1), MORNING, {}),
        (NOON, NOON + timedelta(minutes=1), NOON + timedelta(hours=1), {}),
    ],
    ids=[
        "the gap is too long",
        "the snapshot is too old",
        "a day begins in Sweden",
        "the clock went back",
        "the future",
    ],
)
def test_a_snapshot_is_due(since: datetime, now: datetime, snapshot: datetime, options: dict[str, Any]) -> None:
    assert windows(since, now, snapshot=snapshot, **options) == []


def test_the_day_may_pass_when_only_the_age_of_the_snapshot_counts() -> None:
    late, after_midnight = NOON + timedelta(hours=10), NOON + timedelta(hours=12)
    assert windows(late, after_midnight, reconcile_each_day=False)


def test_the_hour_that_clocks_repeat_is_asked_for_twice() -> None:
    second_time = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    [(start, _)] = windows(second_time, second_time + timedelta(minutes=40), snapshot=second_time)
    assert local(second_time) == "2026-10-25T02:30:00"
    assert start == second_time - timedelta(hours=1, minutes=5)


def test_a_cursor_is_read_as_it_was_written() -> None:
    position = Position(NOON, MORNING)
    assert read_cursor(position.cursor()) == position


@pytest.mark.parametrize(
    "cursor", [None, "", "2026-11-20", "[]", '{"until": 3}', '{"until": "2026-11-20T12:00:00", "snapshot": "x"}', "{}"]
)
def test_a_cursor_that_cannot_be_read_means_everything_again(cursor: str | None) -> None:
    assert read_cursor(cursor) is None


def test_times_are_written_as_swedish_clocks_show_them() -> None:
    assert local(datetime(2026, 7, 1, 10, tzinfo=UTC)) == "2026-07-01T12:00:00"
    assert local(NOON) == "2026-11-20T13:00:00"


def test_an_overlap_as_long_as_the_gap_is_refused() -> None:
    with pytest.raises(ValidationError, match="must be shorter than gap_hours"):
        JobstreamOptions(gap_hours=1)
