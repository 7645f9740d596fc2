"""A partner that is down is left alone, asked gently, and believed at its first answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from threading import Event
from typing import TYPE_CHECKING

import pytest

from hub.client import Limits, Paces
from hub.client.circuit import FAILED_REQUESTS, Circuit, Resting
from hub.errors import SourceError, SourceUnavailable

if TYPE_CHECKING:
    from client.conftest import Desk, Partner, Script

HOUR = 3600.0
BUDGET_OF_A_DAY = 75
FEW = Limits(retries=1)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def status(code: int) -> "Script":
    return lambda call: call.answer(code, b"sorry")


def fail(circuit: Circuit) -> None:
    with circuit.request():
        circuit.missed()
        raise SourceUnavailable


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(SourceError):
        yield


def open_it(circuit: Circuit) -> None:
    for _ in range(FAILED_REQUESTS):
        with refused():
            fail(circuit)


def test_a_partner_that_is_down_for_a_day_is_asked_within_the_budget(partner: "Partner", desk: "Desk") -> None:
    """Runs every quarter of an hour; a virtual clock, real sockets."""
    clock = Clock()
    paces = Paces(clock)
    url = partner.says("/list", status(503))
    while clock.now < 24 * HOUR:
        with refused():
            desk.job(paces=paces, source="vdab").connect().get(url)
        clock.now += HOUR / 4
    assert 40 <= len(partner.calls) <= BUDGET_OF_A_DAY
    partner.says("/list", lambda call: call.json(b"[]"))
    clock.now += HOUR / 2
    client = desk.job(paces=paces, source="vdab").connect()
    calls = len(partner.calls)
    list(client.map(client.get, [url] * 8, at_once=1))
    assert len(partner.calls) == calls + 8, "the first success closes it"


def test_without_it_the_same_day_costs_many_more(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503))
    for _ in range(96):
        with refused():
            desk.job().connect().get(url)
    assert len(partner.calls) == 96 * 5


def test_requests_given_up_in_a_row_open_it_and_the_message_says_so(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503))
    client = desk.job(FEW, paces=Paces(Clock())).connect()
    for _ in range(FAILED_REQUESTS):
        with pytest.raises(SourceUnavailable, match="answered 503 2 times in a row"):
            client.get(url)
    with pytest.raises(SourceUnavailable) as caught:
        client.get(url)
    assert str(caught.value) == (
        f"GET {partner.host}/list: the partner did not answer 3 requests in a row; it is left alone for 60 seconds"
        " more, then asked once."
    )
    assert len(partner.calls) == 2 * FAILED_REQUESTS


def test_a_trial_is_one_attempt_and_rests_double_up_to_half_an_hour(partner: "Partner", desk: "Desk") -> None:
    clock = Clock()
    client = desk.job(FEW, paces=Paces(clock)).connect()
    url = partner.says("/list", status(503))
    asked = []
    for _ in range(2 * 3600):
        calls = len(partner.calls)
        with refused():
            client.get(url)
        asked += [clock.now] * (len(partner.calls) > calls)
        clock.now += 1
    gaps = [later - sooner for sooner, later in pairwise(asked[2:])]
    assert gaps == [60, 120, 240, 480, 960, 1800, 1800]
    assert len(partner.calls) == 2 * FAILED_REQUESTS + len(gaps)


@pytest.mark.parametrize("code", [404, 400, 401, 429, 200])
def test_any_answer_shows_that_the_partner_is_up(partner: "Partner", desk: "Desk", code: int) -> None:
    client = desk.job(FEW, paces=Paces(Clock())).connect()
    down, up = partner.says("/down", status(500)), partner.says("/up", status(code))
    for _ in range(4):
        for url in (down, down, up):
            try:
                client.get(url)
            except SourceError as error:
                assert "left alone" not in str(error)  # noqa: PT017


def test_silence_and_refused_connections_count(desk: "Desk", partner: "Partner") -> None:
    client = desk.job(Limits(retries=0, silence_seconds=0.1), paces=Paces(Clock())).connect()
    silent = partner.says("/silent", lambda call: time.sleep(0.3))
    for url in (silent, "http://127.0.0.1:1/list"):
        for _ in range(FAILED_REQUESTS):
            with refused():
                client.get(url)
        with pytest.raises(SourceUnavailable, match="left alone"):
            client.get(url)


def test_a_run_that_ends_meanwhile_says_nothing_about_the_partner(desk: "Desk", partner: "Partner") -> None:
    paces = Paces(Clock())
    url = partner.says("/silent", lambda call: time.sleep(0.5))
    for _ in range(FAILED_REQUESTS + 2):
        with pytest.raises(SourceUnavailable, match="the run is over"):
            desk.job(Limits(run_seconds=0.1), paces=paces).connect().get(url)


def test_one_source_opens_no_circuit_of_another(desk: "Desk", partner: "Partner") -> None:
    paces = Paces(Clock())
    url = partner.says("/list", status(503))
    for source in ["vdab"] * FAILED_REQUESTS + ["actiris"]:
        with pytest.raises(SourceUnavailable, match="answered 503"):
            desk.job(FEW, paces=paces, source=source).connect().get(url)


def test_only_one_request_at_a_time_is_a_trial() -> None:
    clock = Clock()
    circuit = Circuit(clock)
    open_it(circuit)
    clock.now = 60
    with circuit.request() as trial:
        assert trial
        with pytest.raises(Resting), circuit.request():
            pass
        circuit.heard()
    with circuit.request() as trial:
        assert not trial


def test_a_trial_that_shows_nothing_is_followed_by_another() -> None:
    clock = Clock()
    circuit = Circuit(clock)
    open_it(circuit)
    clock.now = 60
    with pytest.raises(KeyboardInterrupt), circuit.request():
        raise KeyboardInterrupt
    with circuit.request() as trial:
        assert trial


def test_requests_at_once_are_not_held_up_by_it(desk: "Desk", partner: "Partner") -> None:
    together = Event()

    def wait(call: object) -> None:
        if len(partner.calls) == 4:
            together.set()
        assert together.wait(3)
        call.json(b"[]")  # type: ignore[attr-defined]

    client = desk.job().connect()
    urls: list[str] = [partner.says("/list", wait)] * 4
    ask: Callable[[str], object] = client.get
    assert len(list(client.map(ask, urls, at_once=4))) == 4
