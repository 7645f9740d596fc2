"""Pages of open feeds are answered before the application sees the request, with the very bytes it would send."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import orjson
import pytest
from starlette.types import ASGIApp

from hub.adapter import Rate
from hub.store import open_store
from hub.store.schema import body, opportunity
from hub.web import AccessRules, Site, app
from hub.web.access.porter import Porter
from hub.web.feeds import QuickFeeds
from hub.web.feeds.kept import KeptPages
from hub.web.feeds.page_answer import Wishes, joined
from hub.web.intake import MOST_BYTES

AWAY = "198.51.100.7"
SAID = {"title": {"nl": "x" * 900}, "listings": [], "kind": "vacancy"}
QUERIES = ("", "limit=3", "afterChangeNumber=2&limit=3", "afterChangeNumber=5", "afterChangeNumber=99&x=%22", "limit=0")
READERS: tuple[Mapping[str, str], ...] = (
    {},
    {"accept-encoding": "gzip, br"},
    {"accept-encoding": "zstd", "accept": "application/vnd.openactive.rpde+json; version=1"},
    {"if-none-match": "*", "accept-encoding": "gzip"},
    {"if-none-match": '"another", W/"one"'},
    {"x-api-key": "no key"},
    {"content-length": str(MOST_BYTES + 1)},
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = open_store(tmp_path_factory.mktemp("quick") / "hub.db")
    with database.write() as connection:
        for number in range(1, 8):
            row = {"id": f"{number:08d}-0000-5000-8000-000000000000", "kind": "vacancy", "position": number}
            over = {"reason": "withdrawn" if number == 4 else None, "changed": "2026-11-22T18:00:00Z"}
            connection.execute(opportunity.insert(), {**row, **over})
            if number != 4:
                connection.execute(body.insert(), {"position": number, "bytes": orjson.dumps(SAID)})
    yield Site(database, "https://hub.example", "https://licence.example", {"nl": "Test"}, (), "0")
    database.close()


def told(web: ASGIApp, query: str, headers: Mapping[str, str], method: str = "GET", client: str = AWAY) -> Any:
    """Return the status, header fields and body of an answer, but not in how many seconds a quota frees."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    asked = {"type": "http", "method": method, "path": "/feeds/all", "query_string": query.encode(), "root_path": ""}
    given = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def ask() -> None:
        await web({**asked, "headers": given, "client": (client, 1)}, receive, send)

    asyncio.run(ask())
    fields = [(name, re.sub(rb";t=\d+", b"", value)) for name, value in sent[0]["headers"]]
    return sent[0]["status"], fields, b"".join(message.get("body", b"") for message in sent[1:])


async def nowhere(*_: Any) -> None:
    raise AssertionError("the application was asked")


@pytest.mark.parametrize("client", [AWAY, "127.0.0.1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_quick_answer_is_the_one_of_the_application(
    shown: Site, monkeypatch: pytest.MonkeyPatch, method: str, client: str
) -> None:
    async def never(*_: Any) -> None:
        return None

    asking = [(query, headers) for query, headers, _again in product(QUERIES, READERS, range(2))]
    quick, slow = app(shown), app(shown)
    found = [told(quick, *each, method, client) for each in asking]
    monkeypatch.setattr(QuickFeeds, "_answered", never)
    assert found == [told(slow, *each, method, client) for each in asking]
    assert {status for status, _, _ in found} == {200, 304, 400, 401, 413}


def test_the_application_is_not_asked_for_a_page_of_an_open_feed(shown: Site) -> None:
    kept = KeptPages(shown.database)
    web = QuickFeeds(nowhere, site=shown, kept=kept, porter=Porter(shown))
    assert [told(web, "limit=3", READERS[1])[0] for _ in range(2)] == [200, 200]
    assert [told(web, query, {})[0] for query in QUERIES[:5]] == [200] * 5
    assert kept.count > 0


def test_fields_sent_in_several_lines_are_one_list(shown: Site) -> None:
    lines = [(b"if-none-match", b'"one"'), (b"accept", b"*/*"), (b"if-none-match", b'"two"')]
    assert joined(lines) == {b"if-none-match": b'"one", "two"', b"accept": b"*/*"}
    assert Wishes.of(joined(lines)).known == b'"one", "two"'


def test_what_is_refused_is_counted_once(shown: Site) -> None:
    web = app(replace(shown, access=AccessRules(Rate(3, 60), Rate(3, 60))))
    answers = [told(web, query, {}) for query in ("limit=0", "", "limit=0", "")]
    assert [status for status, _, _ in answers] == [400, 200, 400, 429]
    assert [dict(fields)[b"ratelimit"] for _, fields, _ in answers] == [
        b'"address";r=%d' % left for left in (2, 1, 0, 0)
    ]
