"""A partner's pace is kept: declared or learned, over threads and runs, and never longer than a run can wait."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from hub.adapter import Rate
from hub.client import Limits, Paces
from hub.client.deadline import pause
from hub.client.pace import BELIEVED_SECONDS, Pace, TooLong
from hub.errors import SourceUnavailable

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner, Script


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def left(number: int, reset: float) -> "Script":
    lines = [f"X-RateLimit-Remaining: {number}", f"X-RateLimit-Reset: {reset}"]
    return lambda call: call.answer(200, b"[]", *lines)


def turn(pace: Pace, clock: Clock, *rates: Rate, most: float = 1e9, patience: float = 120) -> float:
    """Take a turn and wait for it; return the moment."""
    clock.sleep(pace.take(rates, most=most, patience=patience))
    return clock.now


def test_no_window_ever_holds_more_than_declared() -> None:
    clock, random = Clock(), Random(7)
    pace, rates = Pace(clock), (Rate(5, 10), Rate(30, 100))
    moments = []
    for _ in range(400):
        moments.append(turn(pace, clock, *rates))
        clock.sleep(random.choice([0, 0, 0, 0.5, 3, 40]))
    for rate in rates:
        assert all(moments[at + rate.calls] - moments[at] >= rate.seconds for at in range(400 - rate.calls))


def test_the_pace_is_no_slower_than_it_must_be() -> None:
    clock = Clock()
    pace = Pace(clock)
    moments = [turn(pace, clock, Rate(60, 60)) for _ in range(601)]
    assert 600 <= moments[-1] - moments[0] <= 610


def test_runs_and_threads_share_the_pace(partner: "Partner", desk: "Desk") -> None:
    clock = Clock()
    paces = Paces(clock)
    url = partner.says("/list", lambda call: call.json(b"[]"))
    for _ in range(2):
        client = desk.job(paces=paces, source="vdab", sleep=desk.slept.append).connect(rate=Rate(4, 60))
        list(client.map(client.get, [url] * 4, at_once=4))
    assert len(desk.slept) == 4
    assert min(desk.slept) >= 60


def test_sources_do_not_share_the_pace(partner: "Partner", desk: "Desk") -> None:
    paces = Paces(Clock())
    url = partner.says("/list", lambda call: call.json(b"[]"))
    for source in ("vdab", "actiris"):
        desk.job(paces=paces, source=source).connect(rate=Rate(1, 60)).get(url)
    assert desk.slept == []


@pytest.mark.parametrize(("of_source", "of_adapter"), [(Rate(2), Rate(1)), (Rate(1), Rate(2)), (Rate(1), None)])
def test_the_stricter_rate_wins(partner: "Partner", desk: "Desk", of_source: Rate, of_adapter: Rate | None) -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    client = desk.job(rate=of_source, paces=Paces(Clock())).connect(rate=of_adapter)
    client.get(url)
    assert desk.slept == []
    client.get(url)
    assert desk.slept == [60.25]


def test_a_real_pace_over_real_sockets(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    client = desk.job(Limits(request_seconds=0.4), sleep=pause).connect(rate=Rate(5, 0.5))
    started = monotonic()
    list(client.map(client.get, [url] * 16, at_once=4))
    assert 1.5 <= monotonic() - started < 10, "and waiting does not use up the time of a request"


def test_a_turn_that_the_run_has_no_time_for_is_not_waited_for(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    client = desk.job(Limits(run_seconds=20)).connect(rate=Rate(1, 60))
    client.get(url)
    with pytest.raises(
        SourceUnavailable, match=r"/list: keeping the partner's pace would take 60 seconds, longer than"
    ):
        client.get(url)
    assert (desk.slept, len(partner.calls)) == ([], 1)


def test_ending_the_run_ends_the_wait_for_a_turn(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    job = desk.job(sleep=pause)
    client = job.connect(rate=Rate(1, 60))
    client.get(url)
    started = monotonic()
    with pytest.raises(SourceUnavailable, match="the run was ended"):
        list(client.map(lambda ask: client.get(url) if ask else job.close(), [True, False], at_once=2))
    assert monotonic() - started < 20
    assert len(partner.calls) == 1


def test_the_first_wait_of_a_run_is_told_once(
    partner: "Partner", desk: "Desk", caplog: pytest.LogCaptureFixture
) -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    client = desk.job(paces=Paces(Clock())).connect(rate=Rate(1, 60))
    with caplog.at_level(logging.INFO, "hub.client"):
        for _ in range(4):
            client.get(url)
    told = [record.message for record in caplog.records if "pace" in record.message]
    assert told == [f"keeping the pace of {partner.host}: 60 seconds to wait, and now and then from here on"]


# Learned ------------------------------------------------------------------------------------------------------


def test_when_nothing_is_left_the_next_request_waits_until_there_is(partner: "Partner", desk: "Desk") -> None:
    clock = Clock()
    client = desk.job(paces=Paces(clock), sleep=clock.sleep).connect()
    url = partner.says("/list", left(1, 30), left(0, 29), left(9, 60))
    for _ in range(3):
        client.get(url)
    assert clock.now == 1029


def test_a_partner_with_a_quota_never_has_to_refuse() -> None:
    """A fixed window of ten in a minute, kept by the partner itself, which tells what is left."""
    clock = Clock()
    pace, used, window = Pace(clock), 0, clock.now
    for _ in range(100):
        turn(pace, clock)
        if clock.now >= window + 60:
            used, window = 0, clock.now
        used += 1
        assert used <= 10
        with pace.flight():
            told = {"x-ratelimit-remaining": str(10 - used), "x-ratelimit-reset": str(window + 60 - clock.now)}
            pace.learn(200, told)
    assert clock.now < 1000 + 60 * 11


def test_requests_under_way_are_taken_off_what_is_left() -> None:
    clock = Clock()
    pace = Pace(clock)
    with pace.flight(), pace.flight(), pace.flight():
        pace.learn(200, {"x-ratelimit-remaining": "3", "x-ratelimit-reset": "50"})
    assert [pace.take((), most=99, patience=99) for _ in range(2)] == [0, 50]


def test_a_stated_policy_is_kept_where_what_is_left_is_not_said() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.learn(200, {"ratelimit-policy": '"default";q=2;w=10'})
    assert [round(pace.take((), most=99, patience=99)) for _ in range(3)] == [0, 0, 10]


def test_a_reset_too_far_away_is_tried_and_then_not_believed_any_more() -> None:
    clock = Clock()
    pace = Pace(clock)
    waits = []
    for _ in range(4):
        waits.append(pace.take((), most=9999, patience=120))
        clock.sleep(waits[-1])
        with pace.flight():
            pace.learn(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "3000"})
    assert waits == [0, 120, 0, 0]


def test_who_is_asked_to_wait_waits_in_all_threads_and_runs(partner: "Partner", desk: "Desk") -> None:
    paces = Paces(Clock())
    url = partner.says("/list", lambda call: call.answer(429, b"", "Retry-After: 900"))
    for words in ("answered 429 and asks to wait 900 seconds", "asked to be left alone for 900 seconds more"):
        with pytest.raises(SourceUnavailable, match=words):
            desk.job(paces=paces).connect().get(url)
    assert len(partner.calls) == 1


@pytest.mark.parametrize("asked", ["1000000000", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_no_partner_can_stop_a_source_for_longer_than_an_hour(asked: str) -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.learn(429, {"retry-after": asked})
    with pytest.raises(TooLong, match="3,600 seconds more"):
        pace.take((), most=9999, patience=120)
    clock.sleep(BELIEVED_SECONDS)
    assert pace.take((), most=9999, patience=120) == 0


@pytest.mark.parametrize("script", [left(0, 0), left(5, 0)])
def test_a_reset_that_is_over_stops_nothing(partner: "Partner", desk: "Desk", script: Callable[["Call"], None]) -> None:
    client = desk.job().connect()
    for _ in range(5):
        client.get(partner.says("/list", script))
    assert desk.slept == []


def test_ever_new_hosts_do_not_fill_the_memory() -> None:
    paces = Paces()
    for number in range(30_000):
        paces.circuit("bron", f"{number}.example.be")
        paces.pace("bron", f"{number}.example.be")
    assert max(len(paces._circuits), len(paces._paces)) <= 10_001
    assert paces.pace("bron", "29999.example.be") is paces.pace("bron", "29999.example.be")
