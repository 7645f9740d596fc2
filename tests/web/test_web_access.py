"""Views that need a key: who gets in, who does not and why, and what is never told."""

import asyncio
import inspect
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from hub.adapter import Rate
from hub.store import Database, keys
from hub.store.keys import Grant, key_text
from hub.store.keys.key_text import MadeKey
from hub.store.keys.tables import access_key
from hub.views import BUILT_IN, Filter, View
from hub.web import Server, Site, app
from hub.web.access import LEAKED, MALFORMED, NOTHING, SEVERAL, sent, view_named
from hub.web.access.gate import Gate, holder
from hub.web.access.porter import Porter
from hub.web.access.usage import Usage

NOW, PAST, FUTURE = "2026-11-23T06:00:00Z", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
SHUT = View("youth", {"en": "Youth"}, Filter(), "key")
OTHER = View("ghent", {"en": "Ghent"}, Filter(), "key")
GRANT = Grant("Portaal", "it@portal.example", ("youth",), expires=FUTURE)
LOOSE = st.binary(max_size=200)


@pytest.fixture(scope="module")
def reader(site: Site) -> Iterator[httpx.Client]:
    views = (*BUILT_IN, SHUT, OTHER)
    server = Server(port=0)
    with (
        server.serving(app(replace(site, views=views))),
        httpx.Client(base_url=server.address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def database(site: Site) -> Iterator[Database]:
    yield site.database
    with site.database.write() as connection:
        connection.execute(access_key.delete())


def give(database: Database, grant: Grant = GRANT) -> MadeKey:
    with database.write() as connection:
        return keys.give(connection, grant, now=NOW)


def revoke(database: Database, key: MadeKey) -> None:
    with database.write() as connection:
        keys.revoke(connection, key.id, now=NOW)


def passed(part: Any, site: Site, key: MadeKey | None) -> list[Any]:
    """Let a request pass the gate to a part of the hub, and return what that sent."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    headers = [(b"authorization", f"Bearer {key.text}".encode())] if key else []
    asked = {"type": "http", "path": "/feeds/youth" if key else "/", "query_string": b"", "client": ("127.0.0.1", 1)}
    shown = replace(site, views=(*BUILT_IN, SHUT))
    gate = Gate(part, site=shown, porter=Porter(shown))
    asyncio.run(gate({**asked, "headers": headers}, receive, send))
    return sent


def bearer(key: MadeKey | str) -> dict[str, str]:
    return {"authorization": f"Bearer {key if isinstance(key, str) else key.text}"}


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, orjson.loads(answer.content)["type"].rpartition("/")[2]


# Who gets in -----------------------------------------------------------------------------------------------------


def test_a_view_with_a_key_is_shut_without_one_and_says_so(reader: httpx.Client) -> None:
    for path in ("/feeds/youth", "/feeds/youth/events", "/views/youth/jobs.xml", "/views/youth"):
        answer = reader.get(path)
        assert said(answer) == (401, "key-required")
        assert answer.headers["www-authenticate"] == 'Bearer realm="schakel"'
        assert "authorization" in answer.headers["vary"].lower()
    assert reader.get("/feeds/all").status_code == 200


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER   {}"])
def test_its_key_opens_a_view(reader: httpx.Client, database: Database, header: str) -> None:
    key = give(database)
    answer = reader.get("/feeds/youth", headers={"authorization": header.format(key.text)})
    assert (answer.status_code, answer.headers["ratelimit-policy"]) == (200, '"key";q=3000;w=60')
    assert reader.get("/feeds/youth", headers={"x-api-key": key.text}).status_code == 200


def test_what_a_key_opens_is_kept_from_shared_caches(reader: httpx.Client, database: Database) -> None:
    answer = reader.get("/feeds/youth", headers=bearer(give(database)))
    again = reader.get("/feeds/youth", headers={**bearer(give(database)), "if-none-match": answer.headers["etag"]})
    for each in (answer, again):
        assert each.headers["cache-control"].startswith("private")
        assert {"authorization", "x-api-key"} <= {name.strip().lower() for name in each.headers["vary"].split(",")}
    assert again.status_code == 304
    assert reader.get("/feeds/all").headers["cache-control"].startswith("public")


def test_a_key_for_every_view_opens_every_view(reader: httpx.Client, database: Database) -> None:
    key = give(database, replace(GRANT, views=None))
    assert [reader.get(f"/feeds/{view}", headers=bearer(key)).status_code for view in ("youth", "ghent", "all")] == [
        200
    ] * 3


def test_a_key_for_another_view_is_forbidden_rather_than_unknown(reader: httpx.Client, database: Database) -> None:
    answer = reader.get("/feeds/ghent", headers=bearer(give(database)))
    assert said(answer) == (403, "key-elsewhere")
    assert "insufficient_scope" in answer.headers["www-authenticate"]
    assert "it is for youth" in orjson.loads(answer.content)["detail"]


@pytest.mark.parametrize(
    ("grant", "revoked", "kind"),
    [(replace(GRANT, expires=PAST), None, "key-expired"), (GRANT, NOW, "key-revoked")],
)
def test_a_key_that_ended_opens_nothing_not_even_what_is_public(
    reader: httpx.Client, database: Database, grant: Grant, revoked: str | None, kind: str
) -> None:
    key = give(database, grant)
    with database.write() as connection:
        connection.execute(access_key.update().values(revoked=revoked))
    assert [said(reader.get(path, headers=bearer(key))) for path in ("/feeds/youth", "/feeds/all")] == [(401, kind)] * 2


def test_a_wrong_secret_and_a_wrong_id_are_told_alike(reader: httpx.Client, database: Database) -> None:
    key, stranger = give(database), key_text.make()
    forged = f"{key.text[:-43]}{stranger.text[-43:]}"
    answers = [reader.get("/feeds/youth", headers=bearer(each)) for each in (forged, stranger)]
    assert [said(each) for each in answers] == [(401, "key-unknown")] * 2
    assert answers[0].content == answers[1].content


def test_a_revoked_key_is_refused_at_once(reader: httpx.Client, database: Database) -> None:
    key = give(database)
    for _ in range(3):
        assert reader.get("/feeds/youth", headers=bearer(key)).status_code == 200
    revoke(database, key)
    assert said(reader.get("/feeds/youth", headers=bearer(key))) == (401, "key-revoked")


def test_news_of_a_view_end_when_the_key_is_revoked(site: Site, database: Database) -> None:
    key = give(database)

    async def news(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        for number in range(4):
            await send({"type": "http.response.body", "body": b"%d" % number, "more_body": True})
            if number == 1:
                revoke(database, key)

    assert [(each["body"], each["more_body"]) for each in passed(news, site, key)[1:]] == [
        (b"0", True),
        (b"1", True),
        (b"", False),
    ]


def test_a_key_with_a_rate_of_its_own_is_bounded_by_that(reader: httpx.Client, database: Database) -> None:
    key = give(database, replace(GRANT, rate=Rate(2, 60)))
    answers = [reader.get("/feeds/youth", headers=bearer(key)) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert orjson.loads(answers[2].content)["violated-policies"] == ["key"]
    assert reader.get("/feeds/youth", headers=bearer(give(database))).status_code == 200


def test_when_a_key_was_used_is_written_beside_the_requests(site: Site, database: Database) -> None:
    key = give(database)

    async def slow(*_: Any) -> None:
        await asyncio.sleep(0.2)

    passed(slow, site, key)
    with database.read() as connection:
        assert keys.get(connection, key.id).last_used is not None


def test_however_often_keys_are_used_it_is_written_at_most_so_often() -> None:
    written: list[dict[str, str]] = []

    async def busy() -> None:
        usage = Usage(written.append, seconds=0.2)
        for number in range(100):
            usage.note(f"key{number % 3}")
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.3)

    asyncio.run(busy())
    assert 2 <= len(written) <= 6
    assert {key for each in written for key in each} == {"key0", "key1", "key2"}


# What is refused -------------------------------------------------------------------------------------------------


def test_a_key_in_the_address_is_refused_with_advice_and_not_repeated(reader: httpx.Client, database: Database) -> None:
    key = give(database)
    for query in (f"api_key={key.text}", f"limit=5&key={key.text}", f"x={key.text}", "access_token=abc", "API-KEY=abc"):
        answer = reader.get(f"/feeds/youth?{query}", headers=bearer(key))
        assert said(answer) == (400, "key-in-address")
        assert "Authorization: Bearer" in orjson.loads(answer.content)["detail"]
        assert key.text[-43:] not in answer.text


@pytest.mark.parametrize(
    "header",
    [
        {"authorization": "Bearer schakel_"},
        {"authorization": "Bearer " + "a" * 5000},
        {"authorization": b"Bearer schakel_abcdefghjk_" + "é".encode() * 22},
        {"x-api-key": ""},
        {"x-api-key": "' OR 1=1 --"},
    ],
)
def test_what_is_no_key_is_said_to_be_none(reader: httpx.Client, header: dict[str, Any]) -> None:
    answer = reader.get("/feeds/youth", headers=header)
    assert said(answer) == (401, "key-malformed")
    assert "invalid_token" in answer.headers["www-authenticate"]


def test_another_scheme_is_no_key(reader: httpx.Client) -> None:
    header = {"authorization": "Basic c2NoYWtlbDpzY2hha2Vs"}
    assert said(reader.get("/feeds/youth", headers=header)) == (401, "key-required")
    assert reader.get("/feeds/all", headers=header).status_code == 200


def test_two_keys_are_one_too_many(reader: httpx.Client, database: Database) -> None:
    one, two = give(database), give(database)
    assert said(reader.get("/feeds/youth", headers={**bearer(one), "x-api-key": two.text})) == (400, "key-repeated")
    assert reader.get("/feeds/youth", headers={**bearer(one), "x-api-key": one.text}).status_code == 200


def test_a_huge_header_costs_nothing(reader: httpx.Client) -> None:
    begun = time.monotonic()
    for _ in range(20):
        assert reader.get("/feeds/youth", headers={"x-api-key": "x" * 60_000}).status_code in {400, 401, 431}
    assert time.monotonic() - begun < 3


@given(LOOSE, LOOSE, LOOSE)
def test_whatever_is_sent_is_judged(authorization: bytes, key: bytes, query: bytes) -> None:
    found = sent([(b"authorization", authorization), (b"x-api-key", key)], query)
    assert found.refusal in (LEAKED, SEVERAL, MALFORMED, None)
    assert sent([(b"accept", key)], b"") is NOTHING


@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("/feeds/youth", "youth"),
        ("/views/youth/a/b", "youth"),
        ("/feeds/youth.atom", "youth"),
        ("/feeds", None),
        ("/", None),
        ("", None),
        ("/x/youth", None),
    ],
)
def test_a_view_is_told_by_its_address(path: str, view: str | None) -> None:
    assert view_named(path) == view


# What is never told ----------------------------------------------------------------------------------------------


def test_keys_are_compared_in_constant_time() -> None:
    assert "hmac.compare_digest(" in inspect.getsource(key_text.matches)


def test_no_secret_is_in_the_log_the_answers_or_the_store(
    reader: httpx.Client, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = give(database)
    seen = [reader.get("/feeds/youth", headers=bearer(key)), reader.get("/feeds/ghent", headers=bearer(key))]
    revoke(database, key)
    seen.append(reader.get("/feeds/youth", headers=bearer(key)))
    seen.append(reader.get("/nothing", headers={"x-api-key": key.text[:-1]}))
    secret = key.text[-43:].encode()
    stored = [path.read_bytes() for path in database.path.parent.glob(f"{database.path.name}*")]
    logged = [record.getMessage().encode() for record in caplog.records if record.name.startswith("hub")]
    assert any(key.id.encode() in each for each in logged)
    assert not any(secret in each for each in (*stored, *logged, *(answer.content for answer in seen)))


def test_a_part_of_the_hub_learns_which_key_a_request_came_with(site: Site, database: Database) -> None:
    key, found = give(database), []

    async def part(scope: Any, _receive: Any, _send: Any) -> None:
        found.append(holder(Request(scope)))

    passed(part, site, key)
    passed(part, site, None)
    assert [row.grant if row else None for row in found] == [GRANT, None]
