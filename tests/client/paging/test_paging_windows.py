"""Windows of time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.client.paging import TimeWindows

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPANS = st.timedeltas(timedelta(seconds=1), timedelta(days=90))


@given(SPANS, st.timedeltas(timedelta(hours=1), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(hours=3)))
def test_windows_follow_each_other_without_a_hole_and_none_is_too_long(
    span: timedelta, step: timedelta, overlap: timedelta
) -> None:
    found = list(TimeWindows(NOW - span, NOW, step, overlap))
    assert (found[0][0], found[-1][1]) == (NOW - span - overlap, NOW)
    assert all(end == start for (_, end), (start, _) in pairwise(found))
    assert all(timedelta() < end - start <= step for start, end in found)


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert list(TimeWindows(NOW, NOW, timedelta(days=1))) == []
    assert list(TimeWindows(NOW + timedelta(days=1), NOW, timedelta(days=1), timedelta(hours=1))) == []


@pytest.mark.parametrize(
    ("since", "step", "overlap"),
    [
        (NOW.replace(tzinfo=None), timedelta(days=1), timedelta()),
        (NOW, timedelta(), timedelta()),
        (NOW, timedelta(days=1), timedelta(seconds=-1)),
    ],
)
def test_windows_that_cannot_work_are_refused(since: datetime, step: timedelta, overlap: timedelta) -> None:
    with pytest.raises(ValueError, match="TimeWindows needs"):
        TimeWindows(since, NOW, step, overlap)
