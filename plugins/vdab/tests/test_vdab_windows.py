"""Where a run continues."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hub_vdab.options import VdabOptions
from hub_vdab.windows import stamp, windows
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def options(**more: object) -> VdabOptions:
    return VdabOptions.model_validate({"client_id": "id", "client_secret": "secret", **more})


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    brussels = datetime(2026, 2, 13, 13, 0, 0, 7_900, tzinfo=timezone(timedelta(hours=1)))
    assert stamp(brussels) == "2026-02-13T12:00:00.007Z"


@pytest.mark.parametrize("cursor", [None, "", "yesterday", "2026-11-19T12:00:00", stamp(NOW + timedelta(seconds=1))])
def test_without_a_usable_cursor_everything_is_read(cursor: str | None) -> None:
    assert windows(cursor, NOW, options()) == []


def test_a_window_reaches_a_little_back() -> None:
    assert windows(stamp(NOW - timedelta(hours=2)), NOW, options()) == [
        ("2026-11-20T09:55:00.000Z", "2026-11-20T12:00:00.000Z")
    ]


@given(gap=st.floats(min_value=0.001, max_value=4.9), days=st.floats(min_value=0.05, max_value=5))
def test_windows_follow_each_other_without_a_hole_and_none_is_too_long(gap: float, days: float) -> None:
    start = NOW - timedelta(days=gap)
    steps = windows(stamp(start), NOW, options(window_days=days, overlap_seconds=0))
    moments = [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in steps]
    assert steps[0][0] == stamp(start)
    assert steps[-1][1] == stamp(NOW)
    assert all(end == begin for (_, end), (begin, _) in pairwise(steps))
    assert all(end - begin <= timedelta(days=days, milliseconds=1) for begin, end in moments)


@pytest.mark.parametrize("days", [5.0, 5.1, 30])
def test_a_gap_beyond_the_partners_memory_reads_everything(days: float) -> None:
    assert windows(stamp(NOW - timedelta(days=days)), NOW, options()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"window_days": 6},
        {"page_size": 2001},
        {"base_url": "api.vdab.be"},
        {"public_url": "https://x.be/"},
        {"initial_path": "vacatures"},
        {"gap_days": 0.5, "overlap_seconds": 86_400},
        {"pagesize": 10},
    ],
)
def test_options_that_cannot_work_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        options(**wrong)


def test_secrets_are_never_shown() -> None:
    shown = repr(options(client_id="idee", client_secret="geheim")) + str(options().credentials())
    assert "geheim" not in shown
    assert "idee" not in shown
