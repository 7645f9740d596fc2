"""Answers are archived before they are given, and say what came when it is not JSON."""

import logging
import re
import time
from typing import TYPE_CHECKING

import httpx
import orjson
import pytest

from hub.adapter import Answer, Client, Document, Job
from hub.client import Exchange, Limits, PartnerJob
from hub.client.answer import PartnerAnswer
from hub.errors import AuthenticationRejected, SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner

PAGE = b"\n<!DOCTYPE html><html><head><title>Werken\n aan &amp; de site</title></head></html>"


def fulfils_the_contract(job: PartnerJob) -> tuple[Job, Client, Answer, Document]:
    """Checked by the type checker: what adapters receive is what the contract promises."""
    client = job.connect()
    return job, client, client.get(""), client.download("")


def test_an_answer_has_status_headers_and_body(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.answer(200, b"[1]", "X-Total: 1"))
    answer = desk.job().connect().get(url)
    assert (answer.status, answer.body, answer.headers["x-total"], answer.headers["X-TOTAL"]) == (200, b"[1]", "1", "1")


def test_parameters_extend_the_query_of_the_address(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.json(b"[]"))
    desk.job().connect().get(f"{url}?taal=nl", params={"van": "2026-02-13T12:00:00.000Z", "q": "a&b"})
    assert partner.calls[0].query == "taal=nl&van=2026-02-13T12%3A00%3A00.000Z&q=a%26b"


def test_a_question_may_have_no_body(partner: "Partner", desk: "Desk") -> None:
    desk.job().connect().post(partner.says("/list", lambda call: call.json(b"[]")))
    assert (partner.calls[0].body, partner.calls[0].headers.get("content-type")) == (b"", None)


def test_a_large_answer_is_the_same_as_a_small_one(partner: "Partner", desk: "Desk") -> None:
    rows = [{"id": number, "title": "verkoper"} for number in range(300_000)]
    url = partner.says("/list", lambda call: call.gzipped(orjson.dumps(rows)))
    answer = desk.job().connect().get(url)
    assert len(answer.body) > 8_000_000
    assert answer.json() == rows
    assert desk.archive.read(answer.digest) == answer.body


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (PAGE, "text/html", "an HTML page (“Werken aan & de site”)"),
        (b"<html><title>" + b"a" * 900 + b"</title>", "", "an HTML page (“" + "a" * 79 + "…”)"),
        (b"<html></html>", "text/html", "an HTML page where"),
        (b"", "application/json", "an empty body"),
        (b"  \n", "application/json", "an empty body"),
        (b'{"a": [1, 2', "application/json", "JSON cut off after 11 bytes"),
        (b'[{"name": "caf\xc3', "application/json", "JSON cut off after 15 bytes"),
        (b'{"a": "x', "", "JSON cut off after 8 bytes"),
        (b'{"a": tr', "", "JSON cut off after 8 bytes"),
        (b'{"a": 1,, "b": 2, "c": 3}', "", "broken JSON"),
        (b'<?xml version="1.0"?><a/>', "application/xml", "XML"),
        (b"id;titel\n1;kok", "text/csv; charset=utf-8", "text/csv where"),
        (b"oops", "", "something else where"),
    ],
)
def test_what_is_not_json_is_named(body: bytes, kind: str, words: str) -> None:
    answer = PartnerAnswer(200, httpx.Headers({"content-type": kind}), body, "GET host/list")
    with pytest.raises(UnexpectedAnswer) as caught:
        answer.json()
    assert f"GET host/list: the partner sent {words}" in str(caught.value)
    assert "where JSON was due (status 200)" in str(caught.value)


def test_json_may_begin_with_a_byte_order_mark() -> None:
    assert PartnerAnswer(200, {}, b"\xef\xbb\xbf[1]").json() == [1]


def test_no_content_of_the_answer_is_in_the_message() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        PartnerAnswer(200, {}, b'{"contact": "An Peeters", "phone": 04,, }').json()
    assert "Peeters" not in str(caught.value)


def test_every_answer_is_archived_and_recorded(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: call.gzipped(b'{"a": 1}'))
    answer = desk.job().connect().get(url, params={"q": "x"})
    exchange = desk.exchanges[0]
    assert exchange == Exchange("GET", partner.host, "/list", 200, answer.digest, 8, exchange.seconds)
    assert desk.archive.read(answer.digest) == b'{"a": 1}'


def test_refusals_are_archived_too_up_to_a_bound(partner: "Partner", desk: "Desk") -> None:
    short = partner.says("/short", lambda call: call.answer(400, b'{"error": "venster te groot"}'))
    long = partner.says("/long", lambda call: call.answer(400, b"x" * 5_000_000))
    client = desk.job().connect()
    for url in (short, long):
        with pytest.raises(UnexpectedAnswer):
            client.get(url)
    digests = [exchange.digest for exchange in desk.exchanges]
    assert desk.archive.read(digests[0] or "") == b'{"error": "venster te groot"}'
    assert desk.exchanges[1].size <= 65536


def test_every_attempt_is_recorded(partner: "Partner", desk: "Desk") -> None:
    url = partner.says("/list", lambda call: None, lambda call: call.answer(503), lambda call: call.json(b"1"))
    desk.job().connect().get(url)
    assert [exchange.status for exchange in desk.exchanges] == [None, 503, 200]
    assert desk.exchanges[0].digest is None


def test_the_log_tells_everything_but_query_and_secrets(
    partner: "Partner", desk: "Desk", caplog: pytest.LogCaptureFixture
) -> None:
    def slow(call: "Call") -> None:
        time.sleep(0.005)
        call.json(b"[1,2]")

    url = partner.says("/list", slow)
    with caplog.at_level(logging.DEBUG, "hub.client"):
        desk.job().connect(headers={"X-Api-Key": "geheim"}).get(url, params={"key": "geheim", "zoek": "Peeters"})
    assert re.search(rf"GET {partner.host}/list 200 5 bytes [1-9]\d* ms", caplog.text)
    assert "geheim" not in caplog.text
    assert "Peeters" not in caplog.text


def test_the_http_libraries_do_not_log_addresses() -> None:
    assert not any(logging.getLogger(name).isEnabledFor(logging.INFO) for name in ("httpx", "httpcore"))


@pytest.mark.parametrize(
    "url", ["", "/list", "example.be/list", "ftp://example.be/list", "file:///etc/passwd", "http://", "http://[x/"]
)
def test_only_http_addresses_are_asked(desk: "Desk", url: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="address"):
        desk.job().connect().get(url)


def test_an_address_with_credentials_is_refused_without_telling_them(desk: "Desk") -> None:
    with pytest.raises(UnexpectedAnswer, match="holds a user name") as caught:
        desk.job().connect().get("http://me:geheim@127.0.0.1:1/list")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("value", ["geheim\n", "", "geheim\r\nX-More: 1", "gehéim"])
def test_a_header_that_cannot_be_sent_is_named_without_its_value(desk: "Desk", value: str) -> None:
    with pytest.raises(AuthenticationRejected, match="X-Api-Key") as caught:
        desk.job().connect(headers={"X-Api-Key": value})
    assert "geh" not in str(caught.value)


def test_a_proxy_in_the_environment_is_ignored(
    partner: "Partner", desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    url = partner.says("/list", lambda call: call.json(b"1"))
    assert desk.job().connect().get(url).json() == 1
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_a_connection_is_used_again(desk: "Desk", partner: "Partner") -> None:
    def keep(call: "Call") -> None:
        call.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")

    partner.keeps_open = True
    client = desk.job().connect()
    url = partner.says("/list", keep)
    assert [client.get(url).json() for _ in range(5)] == [1] * 5
    assert len({call.port for call in partner.calls}) == 1


def test_a_closed_job_asks_nothing(partner: "Partner", desk: "Desk") -> None:
    with desk.job(Limits()) as job:
        client = job.connect()
    with pytest.raises(SourceUnavailable, match="the run was ended"):
        client.get(partner.says("/list", lambda call: call.json(b"1")))
    assert partner.calls == []


@pytest.mark.parametrize("body", [b"<!---->" * 500 + b"x", b"<!--" * 1000, b" " * 4000 + b"<!-- -->" * 90 + b"{"])
def test_a_hostile_page_is_described_at_once(body: bytes) -> None:
    started = time.process_time()
    with pytest.raises(UnexpectedAnswer):
        PartnerAnswer(200, {}, body, "GET a.be/").json()
    assert time.process_time() - started < 1
