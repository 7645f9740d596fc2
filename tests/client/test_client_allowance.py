"""What partners say about asking again is read in all the forms they use, and in no other."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hub.adapter import Rate
from hub.client.allowance import Allowance, allowances, policies

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = format_datetime(NOW, usegmt=True)
THEN = NOW + timedelta(seconds=40)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"ratelimit": '"default";r=50;t=30'}, [Allowance(50, 30)]),
        ({"ratelimit": '"day";r=900;t=3600, "minute";r=0;t=7'}, [Allowance(900, 3600), Allowance(0, 7)]),
        ({"ratelimit": '"default";r=50'}, [Allowance(50, None)]),
        ({"ratelimit": "limit=100, remaining=50, reset=5"}, [Allowance(50, 5)]),
        ({"ratelimit-remaining": "3", "ratelimit-reset": "12"}, [Allowance(3, 12)]),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "12.5"}, [Allowance(3, 12.5)]),
        ({"x-rate-limit-remaining": "3", "x-rate-limit-reset": str(int(THEN.timestamp()))}, [Allowance(3, 40)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{THEN.timestamp() * 1000:.0f}"}, [Allowance(0, 40)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": THEN.isoformat()}, [Allowance(0, 40)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": format_datetime(THEN)}, [Allowance(0, 40)]),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset-after": "0.65"}, [Allowance(1, 0.65)]),
        ({"x-ratelimit-remaining-minute": "4"}, [Allowance(4, 60)]),
        ({"ratelimit-remaining-hour": "9", "ratelimit-remaining-second": "1"}, [Allowance(1, 1), Allowance(9, 3600)]),
        ({"x-ratelimit-remaining": "name=a,90;name=b,12;"}, [Allowance(12, None)]),
        ({"x-ratelimit-remaining": "5"}, [Allowance(5, None)]),
    ],
)  # fmt: skip
def test_what_is_left_is_read_in_every_usual_form(headers: dict[str, str], found: list[Allowance]) -> None:
    assert list(allowances({"date": DATE, **headers})) == found


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-limit": "100"},
        {"x-ratelimit-remaining": "-1"},
        {"x-ratelimit-remaining": "unlimited"},
        {"x-ratelimit-remaining": "9" * 5000},
        {"ratelimit": '"default";r='},
        {"ratelimit": '"default";r=-3;t=1'},
        {"ratelimit": "é" * 9000},
        {"ratelimit": "(" * 900},
    ],
)
def test_what_says_nothing_is_left_out(headers: dict[str, str]) -> None:
    assert allowances(headers) == ()


@pytest.mark.parametrize("reset", ["nan", "inf", "-5", "1e300", "soon", "99999999-01-01"])
def test_a_moment_that_is_none_is_left_out(reset: str) -> None:
    assert allowances({"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}) == (Allowance(0, None),)


def test_policies_that_count_requests_are_rates() -> None:
    value = '"burst";q=10;w=1, "daily";q=1000;w=86400;qu="requests", "size";q=9;w=1;qu="content-bytes", "none";q=0;w=1'
    assert policies({"ratelimit-policy": value}) == (Rate(10, 1), Rate(1000, 86400))
    assert policies({"ratelimit-policy": "10;w=1"}) == policies({}) == ()
