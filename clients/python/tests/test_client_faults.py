"""Whatever a hub or what stands before it answers, a follower never takes half a page, and loses nothing."""

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler as Handler
from typing import Any

import pytest
from schakel_client import (
    FollowError,
    Malformed,
    MemoryState,
    Patience,
    Refused,
    Unavailable,
    Upsert,
    follow,
)
from schakel_client.patience import retry_after
from schakel_client.testing import Fault, StandIn, failing, send

HASTY = Patience(connect=1, page=0.3, tries=1, first=0.01, megabytes=1)
JSON = {"content-type": "application/json"}


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with StandIn(limit=4) as hub:
        for number in range(10):
            hub.put(f"v{number}", {"title": {"nl": "x" * 500}})
        yield hub


def cut(handler: Handler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def cut_without_length(handler: Handler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.wfile.write(body[:-1])
    handler.close_connection = True


def cut_chunk(handler: Handler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
    handler.close_connection = True


def cut_gzip(handler: Handler, body: bytes) -> None:
    send(handler, 200, gzip.compress(body)[:-20], {**JSON, "content-encoding": "gzip"})


def wrong_gzip(handler: Handler, body: bytes) -> None:
    send(handler, 200, body, {**JSON, "content-encoding": "gzip"})


def hang_up(handler: Handler, _: bytes) -> None:
    handler.close_connection = True


def html(handler: Handler, _: bytes) -> None:
    send(handler, 200, b"<html><h1>Onderhoud</h1></html>", {"content-type": "text/html"})


def drip_body(handler: Handler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    drip(handler, body)


def drip_headers(handler: Handler, _: bytes) -> None:
    drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000)


def drip(handler: Handler, text: bytes) -> None:
    handler.close_connection = True
    with suppress(OSError):
        for byte in text:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.02)


def endless(handler: Handler, _: bytes) -> None:
    handler.close_connection = True
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        for _number in range(100):
            handler.wfile.write(b" " * 100_000)


def changed(**members: Any) -> Fault:
    def answer(handler: Handler, body: bytes) -> None:
        send(handler, 200, json.dumps({**json.loads(body), **members}).encode(), JSON)

    return answer


def without_the_last(handler: Handler, body: bytes) -> None:
    page = json.loads(body)
    send(handler, 200, json.dumps({**page, "items": page["items"][:-1]}).encode(), JSON)


def back(handler: Handler, body: bytes) -> None:
    feed = json.loads(body)["next"].partition("?")[0]
    changed(items=[], next=f"{feed}?afterChangeNumber=0")(handler, body)


def deep(handler: Handler, _: bytes) -> None:
    send(handler, 200, b"[" * 200_000, JSON)


def whole(handler: Handler, _: bytes) -> None:
    send(handler, 304, b"", {})


FAULTS: dict[str, tuple[Fault, type[FollowError]]] = {
    "cut": (cut, Unavailable),
    "cut without a length": (cut_without_length, Malformed),
    "cut chunk": (cut_chunk, Unavailable),
    "cut gzip": (cut_gzip, Malformed),
    "wrong gzip": (wrong_gzip, Malformed),
    "hung up": (hang_up, Unavailable),
    "page of a proxy": (html, Malformed),
    "drips its body": (drip_body, Unavailable),
    "drips its headers": (drip_headers, Unavailable),
    "endless": (endless, Malformed),
    "deep": (deep, Malformed),
    "304 to who has nothing": (whole, Refused),
    "500": (failing(500), Unavailable),
    "502": (failing(502), Unavailable),
    "503": (failing(503), Unavailable),
    "429": (failing(429), Unavailable),
    "301": (failing(301, location="http://evil.example/"), Refused),
    "307": (failing(307, location="/feeds/all2"), Refused),
    "400": (failing(400), Refused),
    "401": (failing(401), Refused),
    "403": (failing(403), Refused),
    "404": (failing(404), Refused),
    "410": (failing(410), Refused),
    "no items": (changed(items=None), Malformed),
    "leads back": (back, Malformed),
    "next elsewhere": (changed(next="http://evil.example/feeds/all?afterChangeNumber=4"), Malformed),
    "relative next": (changed(next="/feeds/all?afterChangeNumber=4"), Malformed),
    "next too far": (without_the_last, Malformed),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("page", [0, 1])
def test_a_fault_moves_nothing_and_the_next_following_misses_nothing(hub: StandIn, name: str, page: int) -> None:
    fault, error = FAULTS[name]
    state, came, started = MemoryState(), [], time.monotonic()
    taken = follow(hub.feed, state, patience=HASTY)
    for _ in range(page):
        came += list(next(taken))
    hub.faults.append(fault)
    with pytest.raises(error) as raised:
        next(taken)
    assert "http://127.0.0.1" in str(raised.value)
    assert time.monotonic() - started < 3
    came += [change for batch in follow(hub.feed, state, patience=HASTY) for change in batch]
    assert [change.modified for change in came if isinstance(change, Upsert)] == list(range(1, 11))


@pytest.mark.parametrize("name", sorted(name for name, (_, error) in FAULTS.items() if error is not Refused))
def test_what_may_pass_is_tried_again(hub: StandIn, name: str) -> None:
    hub.faults.append(FAULTS[name][0])
    patience = Patience(connect=1, page=0.3, tries=2, first=0.01, megabytes=1)
    came = [change for batch in follow(hub.feed, MemoryState(), patience=patience) for change in batch]
    assert sum(isinstance(change, Upsert) for change in came) == 10


def test_a_hub_that_asks_to_wait_is_waited_for(hub: StandIn) -> None:
    hub.faults.extend([failing(503, retry_after="1"), failing(429, retry_after="1")])
    started = time.monotonic()
    next(follow(hub.feed, MemoryState(), patience=Patience(tries=3, first=0.01)))
    assert 2 <= time.monotonic() - started < 5


def test_a_hub_that_asks_for_too_long_a_wait_ends_a_reading_that_does_not_poll(hub: StandIn) -> None:
    hub.faults.append(failing(503, retry_after="3600"))
    with pytest.raises(Unavailable) as raised:
        next(follow(hub.feed, MemoryState()))
    assert raised.value.after == 3600


def test_whoever_polls_outlasts_any_number_of_failures(hub: StandIn) -> None:
    hub.faults.extend([failing(503)] * 12)
    patience = Patience(tries=2, first=0.001, longest=0.01)
    assert len(next(follow(hub.feed, MemoryState(), wait=1, patience=patience))) == 4


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("2", 2),
        (" 30 ", 30),
        ("Mon, 23 Nov 2099 00:00:00 GMT", 1e6),
        ("Mon, 23 Nov 1999 00:00:00 GMT", 0),
        ("9" * 40, 1e6),
    ],
)
def test_a_wait_may_be_seconds_or_a_date(said: str, seconds: float) -> None:
    found = retry_after(said)
    assert found is not None
    assert min(found, 1e6) == seconds


@pytest.mark.parametrize("said", [None, "", "soon", "-1", "1.5", "٣", "Mon, 23 Nov 99999999999999999999 11:19:16 GMT"])
def test_another_wait_is_none(said: str | None) -> None:
    assert retry_after(said) is None


def test_waits_double_and_are_not_all_the_same() -> None:
    patience = Patience(first=1, longest=60)
    waits = [patience.pause(number, None) for number in (1, 2, 3, 4, 100)]
    assert all(0.75 * mean <= wait <= 1.25 * mean for wait, mean in zip(waits, (1, 2, 4, 8, 60), strict=True))
    assert len({patience.pause(3, None) for _ in range(20)}) > 10
    assert patience.pause(1, 90) == 90
    assert patience.pause(1, 10_000) == 3600
