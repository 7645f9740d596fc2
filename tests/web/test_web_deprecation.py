"""What will go says so in every answer, as RFC 9745 and RFC 8594 write it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import http_sf
import httpx
import pytest

from hub.web import Server, Site, app
from hub.web.deprecation import DEPRECATED, Deprecating, Deprecation

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SUNSET = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
OLD = Deprecation("/feeds/vac*", SINCE, "https://hub.example/problems", SUNSET)


@pytest.fixture(scope="module")
def reader(site: Site) -> Iterator[httpx.Client]:
    deprecating = Deprecating(app(site), table=(OLD,))
    with Server(port=0).serving(deprecating) as server, httpx.Client(base_url=server.address) as client:
        yield client


@pytest.mark.parametrize("address", ["/feeds/vacancies", "/feeds/vacancies?limit=0", "/feeds/vacuum"])
def test_every_answer_of_what_will_go_says_since_when_and_until_when(reader: httpx.Client, address: str) -> None:
    headers = reader.get(address).headers
    assert headers["deprecation"] == "@1767225600"
    assert http_sf.parse(headers["deprecation"].encode(), tltype="item") == (SINCE, {})
    assert headers["sunset"] == "Thu, 31 Dec 2026 23:59:59 GMT"
    assert parsedate_to_datetime(headers["sunset"]) == SUNSET
    assert '<https://hub.example/problems>; rel="deprecation"' in headers["link"]


def test_pages_that_are_kept_say_so_too(reader: httpx.Client, shelf: Any) -> None:
    shelf.put(1, 1)
    answers = [reader.get("/feeds/vacancies", headers={"accept-encoding": "gzip"}) for _ in range(3)]
    assert [answer.headers.get("deprecation") for answer in answers] == ["@1767225600"] * 3
    assert all('rel="next"' in answer.headers["link"] for answer in answers)


def test_other_addresses_say_nothing(reader: httpx.Client) -> None:
    for address in ("/feeds/all", "/", "/health"):
        assert not {"deprecation", "sunset"} & set(reader.get(address).headers)


def test_nothing_goes_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="before it is deprecated"):
        Deprecation("/x", SINCE, "https://hub.example/", SINCE - timedelta(days=1))


def test_without_a_day_to_go_only_the_deprecation_is_told() -> None:
    assert dict(Deprecation("/x", SINCE, "https://hub.example/").headers).keys() == {b"deprecation", b"link"}


def test_each_entry_of_the_table_can_be_written() -> None:
    assert all(http_sf.parse(dict(each.headers)[b"deprecation"], tltype="item") for each in DEPRECATED)
