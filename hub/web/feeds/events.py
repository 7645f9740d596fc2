"""News of the change feeds as they happen, at ``/feeds/<view>/events`` (server-sent events, HTML standard 9.2).

An event says how far a feed has come, never what changed: the feed tells that.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub.store import pages
from hub.web.feeds import names_of
from hub.web.feeds.kept import KeptPages
from hub.web.problems import problem
from hub.web.site import Site

_LOOK_SECONDS = 0.5
_ALIVE_SECONDS = 15.0
_AGAIN_MILLISECONDS = 5_000
_MOST = 500
_DIGITS = 18

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `feed.advanced`: `id` is the position, `data` says `view`, `position` and `next`, where "
        "to read on. The first comes at once, unless `Last-Event-ID` is where the feed stands.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    404: {"description": "There is no feed of this name."},
    503: {"description": "Too many follow at the moment; poll the feed instead."},
}
_LAST = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The position known already; browsers send it by themselves when they connect again.",
}


class Followers:
    """Those who wait for news, at most so many at once."""

    def __init__(self, site: Site, kept: KeptPages) -> None:
        self._site = site
        self._kept = kept
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether no more can be taken."""
        return self._count >= _MOST

    async def news(self, view: str, known: int) -> AsyncIterator[bytes]:
        """Yield an event whenever the feed is further than before, and a comment now and then to keep the line."""
        self._count += 1
        try:
            yield b"retry: %d\n\n" % _AGAIN_MILLISECONDS
            seen, quiet = None, 0.0
            while True:
                version = self._kept.version()
                if version != seen:
                    seen, head = version, await run_in_threadpool(self._head, view)
                    if head > known:
                        yield self._event(view, known, head)
                        known, quiet = head, 0.0
                if quiet >= _ALIVE_SECONDS:
                    yield b": here\n\n"
                    quiet = 0.0
                await asyncio.sleep(_LOOK_SECONDS)
                quiet += _LOOK_SECONDS
        finally:
            self._count -= 1

    def _head(self, view: str) -> int:
        with self._site.database.read() as connection:
            return pages.head(connection, view)

    def _event(self, view: str, known: int, head: int) -> bytes:
        following = f"{self._site.address}/feeds/{view}" + (f"?afterChangeNumber={known}" if known else "")
        data = orjson.dumps({"view": view, "position": head, "next": following})
        return b"id: %d\nevent: feed.advanced\ndata: %s\n\n" % (head, data)


def routes(site: Site, kept: KeptPages) -> APIRouter:
    """Return the route of the events."""
    router = APIRouter()
    followers, names = Followers(site, kept), names_of(site)

    @router.get(
        "/feeds/{name}/events",
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra={"parameters": [_LAST]},
        summary="News of a change feed, as it happens",
    )
    async def events(request: Request, name: Annotated[str, Path(json_schema_extra={"enum": list(names)})]) -> Response:
        """Server-sent events, thin: read the feed for what changed."""
        if name not in names:
            return problem(404, f"There is no feed '{name[:40]}'; there are {', '.join(names)}.", code="no-such-feed")
        if followers.full:
            return problem(503, "Too many follow at the moment; poll the feed instead.")
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        if request.scope.get("head"):
            return Response(media_type="text/event-stream", headers=headers)
        known = _position(request.headers.get("last-event-id", ""))
        return StreamingResponse(followers.news(name, known), media_type="text/event-stream", headers=headers)

    return router


def _position(said: str) -> int:
    """Return the position that a reader names; from the beginning where it is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else 0
