"""How often readers may ask: never more than the policy says, each for itself, and told in fields that parse."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import http_sf
import httpx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.adapter import Rate
from hub.web import AccessRules, Server, Site, app
from hub.web.access.callers import caller
from hub.web.access.gate import Gate
from hub.web.access.limit_fields import fields
from hub.web.access.porter import Porter
from hub.web.access.quota import Quota, Taken, Windows

QUOTAS = st.builds(Quota, st.just("address"), st.integers(1, 20), st.sampled_from([1, 7, 60]))
STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 9)), max_size=120)
RULES = AccessRules(Rate(3, 60), Rate(5, 60), proxies=1)


def played(quota: Quota, steps: list[tuple[str, float]]) -> list[tuple[str, float, Taken]]:
    """Return what each request was told, and when it came."""
    windows, now, told = Windows(), 1000.0, []
    for reader, pause in steps:
        now += pause
        told.append((reader, now, windows.take(reader, quota, now)))
    return told


# The window ------------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(QUOTAS, STEPS)
def test_no_reader_ever_gets_more_than_the_quota_in_any_stretch_of_the_window(
    quota: Quota, steps: list[tuple[str, float]]
) -> None:
    granted = defaultdict(list)
    for reader, now, taken in played(quota, steps):
        if taken.granted:
            granted[reader].append(now)
    for moments in granted.values():
        for start in moments:
            assert sum(start <= each < start + quota.seconds for each in moments) <= quota.requests


@settings(max_examples=100, deadline=None)
@given(QUOTAS, STEPS)
def test_what_one_reader_is_told_does_not_depend_on_the_others(quota: Quota, steps: list[tuple[str, float]]) -> None:
    told = played(quota, steps)
    for reader in "abc":
        alone = Windows()
        own = [(now, taken) for name, now, taken in told if name == reader]
        assert [alone.take(reader, quota, now) for now, _ in own] == [taken for _, taken in own]


@settings(max_examples=100, deadline=None)
@given(QUOTAS, STEPS)
def test_what_is_told_is_true(quota: Quota, steps: list[tuple[str, float]]) -> None:
    for _, _, taken in played(quota, steps):
        assert 0 <= taken.left < quota.requests or not taken.granted
        assert 1 <= taken.seconds <= quota.seconds + quota.seconds // 15 + 1
    windows, now = Windows(), 1000.0
    while (taken := windows.take("a", quota, now)).granted:
        now += 0.01
    assert windows.take("a", quota, now + taken.seconds).granted


def test_a_reader_that_keeps_to_nearly_the_rate_is_never_refused() -> None:
    quota, windows = Quota("address", 600, 60), Windows()
    assert all(windows.take("a", quota, 1000 + number * 60 / 580).granted for number in range(5000))


def test_a_refused_request_costs_nothing() -> None:
    quota, windows = Quota("address", 2, 60), Windows()
    told = [windows.take("a", quota, 1000.0 + number).granted for number in range(200)]
    assert told.count(True) == 2 * 4
    assert told[62:64] == [True, True]


def test_of_many_readers_only_the_latest_are_remembered() -> None:
    windows = Windows(limit=100)
    for number in range(1000):
        windows.take(str(number), Quota("address", 5, 60), 1000.0)
        windows.take("regular", Quota("address", 5000, 60), 1000.0)
    assert len(windows) == 100
    assert windows.take("regular", Quota("address", 5000, 60), 1000.0).left == 5000 - 1001


# The fields ------------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**9), st.integers(1, 10**6), st.integers(0, 10**9), st.integers(1, 10**6))
def test_the_fields_are_lists_of_strings_with_whole_numbers(requests: int, window: int, left: int, more: int) -> None:
    quota = Quota("address", requests, window)
    told = {name: http_sf.parse(value, tltype="list") for name, value in fields(quota, Taken(True, left, more))}
    assert told == {
        b"ratelimit-policy": [("address", {"q": requests, "w": window})],
        b"ratelimit": [("address", {"r": left, "t": more})],
    }


# Who asks --------------------------------------------------------------------------------------------------------


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return {"type": "http", "client": (peer, 1) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("192.0.2.1", [], 0, "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], 0, "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7"], 1, "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], 1, "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7"], 2, "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.7"], 2, "10.0.0.1"),
        ("10.0.0.1", ["made-up"], 1, "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7:4711"], 1, "198.51.100.7"),
        ("10.0.0.1", ["[2001:db8:1:2:3::4]:4711"], 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", [], 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
        ("127.0.0.1", [], 0, None),
        ("::1", [], 0, None),
        ("127.0.0.1", ["198.51.100.7"], 0, "127.0.0.1"),
        ("127.0.0.1", [], 1, "127.0.0.1"),
        (None, [], 0, "unknown"),
        ("10.0.0.1", ["x" * 100_000], 1, "10.0.0.1"),
        ("10.0.0.1", ["é, ٣.1.1.1"], 1, "10.0.0.1"),
    ],
)
def test_an_address_is_believed_only_from_a_proxy_of_ours(
    peer: str | None, forwarded: list[str], proxies: int, expected: str | None
) -> None:
    assert caller(scope(peer, *forwarded), proxies) == expected


# Over the wire ---------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(site: Site) -> Iterator[httpx.Client]:
    with Server(port=0).serving(app(replace(site, access=RULES))) as server:
        headers = {"x-forwarded-for": "198.51.100.7"}
        with httpx.Client(base_url=server.address, headers=headers, trust_env=False) as client:
            yield client


def told(answer: httpx.Response, name: str) -> Any:
    return http_sf.parse(answer.headers[name].encode(), tltype="list")


def test_every_answer_tells_the_quota_and_a_304_counts_too(limited: httpx.Client) -> None:
    first = limited.get("/feeds/all")
    second = limited.get("/feeds/all", headers={"if-none-match": first.headers["etag"]})
    missing = limited.head("/nothing")
    assert [first.status_code, second.status_code, missing.status_code] == [200, 304, 404]
    assert [told(each, "ratelimit")[0][1]["r"] for each in (first, second, missing)] == [2, 1, 0]
    assert told(first, "ratelimit-policy") == [("address", {"q": 3, "w": 60})]


def test_who_asks_too_often_is_told_when_to_go_on(limited: httpx.Client) -> None:
    for _ in range(3):
        limited.get("/feeds/all")
    refused = limited.get("/feeds/all")
    problem = orjson.loads(refused.content)
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert problem["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert problem["violated-policies"] == ["address"]
    assert 1 <= int(refused.headers["retry-after"]) <= 62
    assert told(refused, "ratelimit") == [("address", {"r": 0, "t": int(refused.headers["retry-after"])})]
    assert refused.headers["x-content-type-options"] == "nosniff"


def test_others_go_on_and_the_health_check_always_does(limited: httpx.Client) -> None:
    for _ in range(4):
        limited.get("/feeds/all")
    other = limited.get("/feeds/all", headers={"x-forwarded-for": "198.51.100.8"})
    forged = limited.get("/feeds/all", headers={"x-forwarded-for": "192.0.2.77, 198.51.100.7"})
    health = [limited.get("/health") for _ in range(9)]
    assert (other.status_code, forged.status_code) == (200, 429)
    assert {(each.status_code, "ratelimit" in each.headers) for each in health} == {(200, False)}


def test_a_program_on_this_machine_is_not_bounded(visitor: httpx.Client) -> None:
    answers = [visitor.get("/vocabularies") for _ in range(20)]
    assert not any("ratelimit" in each.headers for each in answers)


def test_a_proxy_that_nobody_told_of_is_noticed_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    async def nothing(*_: Any) -> None:
        """Answer nothing."""

    gate = Gate(nothing, site=site, porter=Porter(site))
    asked = {**scope("127.0.0.1", "198.51.100.7"), "path": "/", "query_string": b""}
    for _ in range(3):
        asyncio.run(gate(asked, nothing, nothing))  # type: ignore[arg-type]
    assert [record.message for record in caplog.records if "access.proxies" in record.message] != []
    assert len(caplog.records) == 1
