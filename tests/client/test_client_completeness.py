"""Half an answer is never data: it is asked for again, then reported as incomplete."""

import gzip
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from hub.client import Limits
from hub.errors import UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner

LINES = b"".join(b"%d;verkoper;Gent\n" % number for number in range(10_000))
PACKED = gzip.compress(LINES)
HALF = PACKED[: len(PACKED) // 2]


def cut_by_length(call: "Call") -> None:
    call.head(200, f"Content-Length: {len(LINES)}")
    call.write(LINES[:5000])


def cut_in_chunks(call: "Call") -> None:
    call.head(200, "Transfer-Encoding: chunked")
    call.write(b"1388\r\n" + LINES[:5000] + b"\r\n")


def cut_gzip(call: "Call") -> None:
    call.answer(200, HALF, "Content-Encoding: gzip")


def cut_gzip_to_nothing(call: "Call") -> None:
    call.head(200, "Content-Encoding: gzip")


def cut_gzip_without_length(call: "Call") -> None:
    call.head(200, "Content-Encoding: gzip")
    call.write(HALF)


def until_closed(call: "Call") -> None:
    call.head(200)
    call.write(LINES)


def until_closed_packed(call: "Call") -> None:
    call.head(200)
    call.write(PACKED)


CUTS = [cut_by_length, cut_in_chunks, cut_gzip, cut_gzip_to_nothing, cut_gzip_without_length]


@pytest.mark.parametrize("script", CUTS)
@pytest.mark.parametrize("ask", ["get", "download"])
def test_half_an_answer_is_never_data(
    partner: "Partner", desk: "Desk", script: Callable[["Call"], None], ask: str
) -> None:
    client = desk.job(Limits(retries=2)).connect()
    with pytest.raises(UnexpectedAnswer, match=r"GET 127.0.0.1:\d+/cut: an incomplete answer came .* 3 times in a row"):
        getattr(client, ask)(partner.says("/cut", script))
    assert len(partner.calls) == 3
    assert desk.archive.size() == 0


def test_a_naive_client_takes_half_a_gzip_stream_for_data(partner: "Partner") -> None:
    with httpx.stream("GET", partner.says("/cut", cut_gzip), trust_env=False) as response:
        lines = list(response.iter_lines())
    assert 1000 < len(lines) < 9000


@pytest.mark.parametrize("script", CUTS)
def test_an_answer_cut_once_is_asked_for_again(
    partner: "Partner", desk: "Desk", script: Callable[["Call"], None]
) -> None:
    url = partner.says("/cut", script, lambda call: call.answer(200, LINES))
    assert desk.job().connect().get(url).body == LINES


@pytest.mark.parametrize("members", [1, 3])
def test_a_whole_gzip_stream_is_read_whatever_its_members(partner: "Partner", desk: "Desk", members: int) -> None:
    url = partner.says("/whole", lambda call: call.answer(200, PACKED * members, "Content-Encoding: gzip"))
    client = desk.job().connect()
    assert client.get(url).body == LINES * members
    assert desk.archive.read(client.download(url).digest) == LINES * members


def test_an_empty_body_may_call_itself_gzip(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/empty", lambda call: call.answer(200, b"", "Content-Encoding: gzip"))
    assert desk.job().connect().get(url).body == b""


def test_a_broken_gzip_stream_is_refused(partner: "Partner", desk: "Desk") -> None:
    damaged = PACKED[:2000] + bytes(200) + PACKED[2200:]
    url = partner.says("/broken", lambda call: call.answer(200, damaged, "Content-Encoding: gzip"))
    with pytest.raises(UnexpectedAnswer, match="its gzip stream is broken"):
        desk.job().connect().get(url)


def test_a_file_must_prove_its_end(partner: "Partner", desk: "Desk") -> None:
    with pytest.raises(UnexpectedAnswer, match="a file whose end nothing proves"):
        desk.job().connect().download(partner.says("/list.csv", until_closed))


def test_a_file_that_says_itself_where_it_ends_needs_no_length(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list.csv.gz", until_closed_packed)
    document = desk.job().connect().download(url)
    with document.open() as stream:
        assert stream.read() == PACKED
