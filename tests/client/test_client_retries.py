"""What may pass is tried again, politely; what will not pass is not."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from hub.client import Limits
from hub.client.allowance import retry_after
from hub.client.deadline import pause
from hub.errors import AuthenticationRejected, SourceError, SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner, Script


def status(code: int, *lines: str) -> "Script":
    return lambda call: call.answer(code, b"sorry", *lines)


def fine(call: "Call") -> None:
    call.json(b'{"fine": true}')


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(partner: "Partner", desk: "Desk", code: int) -> None:
    url = partner.says("/list", status(code), status(code), fine)
    assert desk.job().connect().get(url).json() == {"fine": True}
    assert len(desk.slept) == 2


def test_a_post_is_tried_again_with_the_same_body(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/search", status(503), fine)
    desk.job().connect().post(url, json={"ids": ["a", "é"]})
    assert [call.body for call in partner.calls] == ['{"ids":["a","é"]}'.encode()] * 2
    assert partner.calls[1].headers["content-type"] == "application/json"


def test_the_waits_grow_but_not_beyond_their_cap(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503))
    with pytest.raises(SourceUnavailable):
        desk.job(Limits(retries=40, wait_seconds=6)).connect().get(url)
    assert len(desk.slept) == 40
    assert max(desk.slept[:2]) <= 1
    assert 2 < max(desk.slept) <= 6
    assert len(set(desk.slept)) == 40


def test_the_last_failure_says_what_happened_where_and_what_follows(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503))
    with pytest.raises(SourceUnavailable) as caught:
        desk.job(Limits(retries=2)).connect().get(url, params={"key": "secret"})
    assert str(caught.value) == (
        f"GET {partner.host}/list: the partner answered 503 3 times in a row; the next run tries again."
    )


@pytest.mark.parametrize("clock", [True, False], ids=["partner's clock", "our clock"])
def test_a_date_to_come_back_at_is_kept(partner: "Partner", desk: "Desk", clock: bool) -> None:
    theirs = datetime.now(UTC) + (timedelta(days=3) if clock else timedelta())
    lines = [f"Retry-After: {format_datetime(theirs + timedelta(seconds=40), usegmt=True)}"]
    lines += [f"Date: {format_datetime(theirs, usegmt=True)}"] if clock else []
    desk.job().connect().get(partner.says("/list", status(429, *lines), fine))
    assert 38 <= desk.slept[0] <= 40.5


def test_seconds_to_come_back_after_are_kept(partner: "Partner", desk: "Desk") -> None:
    desk.job().connect().get(partner.says("/list", status(429, "Retry-After: 17"), fine))
    assert 17 <= desk.slept[0] <= 17.5


def test_those_who_were_told_the_same_moment_do_not_come_back_at_once(partner: "Partner", desk: "Desk") -> None:
    client = desk.job().connect()
    for number in range(3):
        client.get(partner.says(f"/{number}", status(503, "Retry-After: 7"), fine))
    assert len({seconds for seconds in desk.slept if 7 < seconds <= 7.5}) == 3


@pytest.mark.parametrize("value", ["180", "3600", "1000000000", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_a_partner_that_asks_for_more_than_a_run_can_wait_is_left_alone(
    partner: "Partner", desk: "Desk", value: str
) -> None:
    with pytest.raises(SourceUnavailable, match=r"answered 429 and asks to wait [\d,]+ seconds; the next run"):
        desk.job().connect().get(partner.says("/list", status(429, f"Retry-After: {value}")))
    assert (desk.slept, len(partner.calls)) == ([], 1)


def test_no_wait_is_begun_that_would_outlast_the_run(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503, "Retry-After: 30"))
    with pytest.raises(SourceUnavailable, match="asks to wait 30 seconds"):
        desk.job(Limits(run_seconds=20)).connect().get(url)
    assert desk.slept == []


@pytest.mark.parametrize(
    ("value", "seconds"), [("", None), ("soon", None), ("-5", None), ("0", 0), ("120", 120), ("1.5", None)]
)
def test_a_wish_to_wait_is_read_or_ignored(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_a_moment_that_is_over_means_at_once() -> None:
    assert retry_after({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0


def test_waiting_does_not_use_up_the_time_of_the_request(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503), fine)
    job = desk.job(Limits(request_seconds=0.4), sleep=lambda _: time.sleep(0.6))
    assert job.connect().get(url).status == 200


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (400, UnexpectedAnswer, "answered 400, which this adapter does not expect"),
        (401, AuthenticationRejected, "it refuses our credentials; check the source's secrets"),
        (403, AuthenticationRejected, "it refuses our credentials"),
        (410, UnexpectedAnswer, "answered 410"),
        (206, UnexpectedAnswer, "answered 206"),
        (304, UnexpectedAnswer, "answered 304"),
        (501, SourceUnavailable, "answered 501; the next run tries again"),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    partner: "Partner", desk: "Desk", code: int, kind: type[SourceError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        desk.job().connect().get(partner.says("/list", status(code)))
    assert (len(partner.calls), desk.slept) == (1, [])


def test_not_found_is_an_answer_but_not_a_file(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/gone", status(404))
    client = desk.job().connect()
    assert (client.get(url).status, client.post(url).status) == (404, 404)
    with pytest.raises(UnexpectedAnswer, match="answered 404"):
        client.download(url)


def test_a_host_that_is_not_there_is_unavailable(desk: "Desk") -> None:
    with pytest.raises(SourceUnavailable, match=r"GET 127\.0\.0\.1:1/list: no connection came about 5 times in a row"):
        desk.job().connect().get("http://127.0.0.1:1/list")


def test_a_name_that_is_not_known_is_unavailable(desk: "Desk") -> None:
    with pytest.raises(SourceUnavailable, match="no connection came about"):
        desk.job(Limits(retries=0)).connect().get("http://no-such-host.invalid/list")


def test_a_connection_that_breaks_off_is_tried_again(partner: "Partner", desk: "Desk") -> None:
    assert desk.job().connect().get(partner.says("/list", lambda call: None, fine)).status == 200


def test_a_flood_of_headers_is_unavailable(partner: "Partner", desk: "Desk") -> None:
    flood = [f"X-{number}: {'a' * 1000}" for number in range(400)]
    with pytest.raises(SourceUnavailable, match="broke the rules of HTTP, 2 times"):
        desk.job(Limits(retries=1)).connect().get(partner.says("/list", status(200, *flood)))


def test_ending_the_run_wakes_what_waits(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", status(503, "Retry-After: 60"))
    job = desk.job(sleep=pause)
    client = job.connect()
    started = monotonic()
    with pytest.raises(SourceUnavailable, match="the run was ended"):
        list(client.map(lambda ask: client.get(url) if ask else job.close(), [True, False], at_once=2))
    assert monotonic() - started < 20
