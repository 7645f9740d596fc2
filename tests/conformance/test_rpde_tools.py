"""The change feeds as a validator and two readers of RPDE that others wrote see them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openactive
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.app.demonstration import Demonstration
from hub.store import pages
from hub.testing import serve

Node = Callable[..., Any]
FEEDS = ("all", "vacancies", "programmes")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def broken() -> Iterator[str]:
    """Serve a feed of one item without a licence, and give its address."""

    async def page(request: Request) -> JSONResponse:
        own = str(request.url)
        item = {"state": "updated", "kind": "vacancy", "id": "1", "modified": 1, "data": {}}
        onward = {"next": f"{request.url.replace(query='')}?afterChangeNumber=1", "items": [item]}
        return JSONResponse({"next": own, "items": []} if request.url.query else onward)

    with serve(Starlette(routes=[Route("/feeds/all", page)])) as address:
        yield f"{address}/feeds/all"


def held(running: Demonstration, feed: str) -> Mapping[str, int]:
    """Return what is live in a feed by id, with its position, straight from the store."""
    with running.hub.database.read() as connection:
        return {item.id: item.position for item in pages.live(connection, feed)}


def gone(running: Demonstration) -> int:
    with running.hub.database.read() as connection:
        return pages.counts(connection).tombstones


@pytest.mark.parametrize("feed", FEEDS)
def test_the_validator_finds_no_failure(node: Node, demonstration: Demonstration, feed: str) -> None:
    verdict = node("rpde-check.mjs", f"{demonstration.address}/feeds/{feed}")
    assert verdict["failures"] == []
    assert verdict["pages"] > len(held(demonstration, feed)) // 500
    # It takes the page on which the feed ends for one that never changes again.
    assert {warning["type"] for warning in verdict["warnings"]} <= {"missing_cache_control", "no_deleted_items"}


@pytest.mark.parametrize("feed", FEEDS)
def test_the_harvester_ends_with_what_the_store_holds(node: Node, demonstration: Demonstration, feed: str) -> None:
    harvest = node("harvest.mjs", f"{demonstration.address}/feeds/{feed}")
    assert (harvest["ended"], harvest["error"]) == (True, None)
    assert harvest["held"] == held(demonstration, feed)


@pytest.mark.parametrize("feed", FEEDS)
def test_the_python_client_ends_with_what_the_store_holds(demonstration: Demonstration, feed: str) -> None:
    followed = openactive.get_opportunities(f"{demonstration.address}/feeds/{feed}", seconds_wait_next=0)
    assert followed["status"] == "COMPLETE"
    assert {name: item["modified"] for name, item in followed["items"].items()} == held(demonstration, feed)


def test_there_were_tombstones_to_read(demonstration: Demonstration) -> None:
    assert gone(demonstration) > 0
    assert len(held(demonstration, "programmes")) > 0


def test_a_feed_without_a_licence_is_told(node: Node, broken: str) -> None:
    """The control: both of the tools that judge complain of a feed that breaks a rule."""
    assert any("license" in failure["message"] for failure in node("rpde-check.mjs", broken)["failures"])
    assert "rpde-validation-error" in node("harvest.mjs", broken)["error"]
