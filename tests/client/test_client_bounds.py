"""Time and bytes are bounded whatever the partner does; a naive client shows that the partner is hostile indeed."""

import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import httpx
import pytest

from hub.client import Limits
from hub.errors import SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner

DRIP_SECONDS = 1.6
MEGABYTE = 1_000_000


def drip(call: "Call") -> None:
    call.head(200, "Content-Length: 16")
    for _ in range(16):
        call.write(b"7")
        time.sleep(DRIP_SECONDS / 16)


def drip_head(call: "Call") -> None:
    call.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(16):
        call.write(b"a")
        time.sleep(DRIP_SECONDS / 16)
    call.write(b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def slow(call: "Call") -> None:
    time.sleep(0.2)
    call.json(b"1")


def announce(call: "Call") -> None:
    call.head(200, "Content-Length: 5000000")
    time.sleep(2)


def endless(call: "Call") -> None:
    call.head(200, "Transfer-Encoding: chunked")
    while True:
        call.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def bomb(call: "Call") -> None:
    call.answer(200, explosive(), "Content-Encoding: gzip")


@cache
def explosive() -> bytes:
    """128 MB in 125 kB."""
    squeeze = zlib.compressobj(9, wbits=31)
    return b"".join(squeeze.compress(bytes(MEGABYTE)) for _ in range(128)) + squeeze.flush()


@contextmanager
def rise(most_megabytes: float) -> Iterator[None]:
    """The peak of resident memory inside the block rises by no more than this."""
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    yield
    assert peak() - before <= most_megabytes * MEGABYTE


def peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.parametrize("script", [drip, drip_head], ids=["body", "head"])
def test_a_partner_that_drips_is_left_at_the_deadline(
    partner: "Partner", desk: "Desk", script: Callable[["Call"], None]
) -> None:
    url = partner.says("/drip", script)
    started = monotonic()
    with pytest.raises(SourceUnavailable, match="not complete within the seconds allowed"):
        desk.job(Limits(request_seconds=0.5)).connect().get(url)
    assert monotonic() - started < 1.2


def test_a_naive_client_waits_as_long_as_the_partner_drips(partner: "Partner") -> None:
    started = monotonic()
    httpx.get(partner.says("/drip", drip), timeout=0.5, trust_env=False)
    assert monotonic() - started > 1.2


def test_a_download_has_its_own_deadline(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/drip", drip)
    client = desk.job(Limits(request_seconds=0.1, file_seconds=5)).connect()
    assert client.download(url).size == 16


def test_the_run_has_a_deadline_over_all_its_requests(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/slow", slow)
    client = desk.job(Limits(run_seconds=0.7)).connect()
    with pytest.raises(SourceUnavailable, match=r"the run is over its 0\.7 seconds"):
        list(map(client.get, [url] * 20))
    assert 2 <= len(partner.calls) <= 4


def test_a_silent_partner_is_asked_again_but_not_beyond_the_deadline(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/silent", lambda call: time.sleep(1.5))
    started = monotonic()
    with pytest.raises(SourceUnavailable, match="not complete within"):
        desk.job(Limits(request_seconds=0.7, silence_seconds=0.3)).connect().get(url)
    assert monotonic() - started < 1.4
    assert len(partner.calls) == 3


def test_a_partner_that_is_silent_once_is_heard_the_second_time(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/silent", lambda call: time.sleep(1), lambda call: call.json(b"[1]"))
    assert desk.job(Limits(request_seconds=3, silence_seconds=0.2)).connect().get(url).json() == [1]


def test_closing_the_job_ends_a_read_that_waits(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/silent", lambda call: time.sleep(3))
    job = desk.job(Limits())
    client = job.connect()
    started = monotonic()
    with pytest.raises(SourceUnavailable, match="the run was ended"):
        list(client.map(lambda ask: client.get(url) if ask else stop_soon(job.close), [True, False], at_once=2))
    assert monotonic() - started < 1.5


def stop_soon(close: Callable[[], None]) -> None:
    time.sleep(0.2)
    close()


@pytest.mark.parametrize("ask", ["get", "download"])
def test_an_endless_body_is_stopped_without_memory(partner: "Partner", desk: "Desk", ask: str) -> None:
    url = partner.says("/endless", endless)
    client = desk.job(Limits(body_megabytes=30, file_megabytes=30)).connect()
    with rise(20), pytest.raises(UnexpectedAnswer, match="more than the 30 MB allowed"):
        getattr(client, ask)(url)
    assert len(partner.calls) == 1
    assert desk.archive.size() == 0


def test_a_body_announced_too_large_is_not_even_read(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/large", announce)
    started = monotonic()
    with pytest.raises(UnexpectedAnswer, match="5,000,000 bytes, more than the 2 MB allowed"):
        desk.job(Limits(body_megabytes=2)).connect().get(url)
    assert monotonic() - started < 1


@pytest.mark.parametrize("ask", ["get", "download"])
def test_a_gzip_bomb_is_stopped_while_it_inflates(partner: "Partner", desk: "Desk", ask: str) -> None:
    url = partner.says("/bomb", bomb)
    client = desk.job(Limits()).connect()
    with rise(20), pytest.raises(UnexpectedAnswer, match="200 times what was sent, as a bomb does"):
        getattr(client, ask)(url)
    assert desk.archive.size() == 0


def test_a_naive_client_swallows_the_bomb(partner: "Partner") -> None:
    url = partner.says("/bomb", bomb)
    with pytest.raises(AssertionError), rise(64):
        httpx.get(url, trust_env=False)


def test_a_body_may_be_as_large_as_allowed_and_no_byte_larger(partner: "Partner", desk: "Desk") -> None:
    client = desk.job(Limits(body_megabytes=1)).connect()
    assert len(client.get(partner.says("/fits", lambda call: call.gzipped(bytes(MEGABYTE)))).body) == MEGABYTE
    with pytest.raises(UnexpectedAnswer, match="more than the 1 MB allowed"):
        client.get(partner.says("/over", lambda call: call.gzipped(bytes(MEGABYTE + 1))))


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(partner: "Partner", desk: "Desk", coding: str) -> None:
    url = partner.says("/coded", lambda call: call.answer(200, b"...", f"Content-Encoding: {coding}"))
    with pytest.raises(UnexpectedAnswer, match="only gzip was asked for"):
        desk.job().connect().get(url)
    assert partner.calls[0].headers["accept-encoding"] == "gzip"


def test_a_partner_that_takes_a_long_question_in_bit_by_bit_is_left(desk: "Desk") -> None:
    def take(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(65_536):
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: take(server.accept()[0]), daemon=True).start()
        client, started = desk.job(Limits(request_seconds=0.5, retries=0)).connect(), monotonic()
        with pytest.raises(SourceUnavailable, match="was not complete within"):
            client.post(f"http://127.0.0.1:{server.getsockname()[1]}/", json="a" * 20_000_000)
        assert monotonic() - started < 2.5
