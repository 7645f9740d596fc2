"""A run may cost so many requests and so many bytes, whatever they carry."""

import gzip
from typing import TYPE_CHECKING

import pytest

from hub.client import Limits
from hub.errors import SourceError

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner

BODY = bytes(range(256)) * 400  # 102,400 bytes that do not compress away
ZEROS = gzip.compress(bytes(1_000_000))


def test_a_run_makes_as_many_requests_as_allowed_and_no_more(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    job = desk.job(Limits(requests=5))
    for _ in range(5):
        job.connect().get(url)
    with pytest.raises(SourceError) as caught:
        job.connect().get(url)
    assert str(caught.value) == (
        f"GET {partner.host}/list: the run has used up its 5 requests; see in the log what it asked for, and where"
        " that is right, raise limits.requests in hub.toml."
    )
    assert len(partner.calls) == 5


def test_attempts_and_redirects_count(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/down", lambda call: call.answer(503))
    around = partner.says("/around", lambda call: call.answer(302, b"", "Location: /around"))
    for address in (url, around):
        with pytest.raises(SourceError, match="used up its 3 requests"):
            desk.job(Limits(requests=3)).connect().get(address)
        assert len(partner.asked(address.removeprefix(partner.address))) == 3


def test_bytes_count_over_all_answers(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.answer(200, BODY))
    client = desk.job(Limits(megabytes=0.35)).connect()
    for _ in range(3):
        client.get(url)
    with pytest.raises(SourceError, match=r"used up its 0\.35 MB on the wire.*raise limits\.megabytes"):
        client.get(url)
    with pytest.raises(SourceError, match="used up"):
        client.download(url)


def test_bytes_count_as_they_are_on_the_wire(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/zeros", lambda call: call.answer(200, ZEROS, "Content-Encoding: gzip"))
    client = desk.job(Limits(megabytes=0.1)).connect()
    assert sum(len(client.get(url).body) for _ in range(20)) == 20_000_000


def test_bytes_that_carry_nothing_count_too(partner: "Partner", desk: "Desk") -> None:
    def chatter(call: "Call") -> None:
        while True:
            call.write(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000)

    with pytest.raises(SourceError, match="used up its 2 MB on the wire"):
        desk.job(Limits(megabytes=2)).connect().get(partner.says("/chatter", chatter))
