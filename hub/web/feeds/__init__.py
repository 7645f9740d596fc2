"""The change feeds at ``/feeds/<view>``."""

from functools import lru_cache
from string import punctuation
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.feed.rpde import LARGEST_LIMIT, USUAL_LIMIT, Asked, asked, digest, page
from hub.store import pages
from hub.views import LISTINGS
from hub.web.access.porter import Porter
from hub.web.deprecation import deprecation
from hub.web.feeds.kept import KeptPages, Key, Page
from hub.web.feeds.page_answer import (
    OFFERED,
    RESTART,
    Answered,
    Desk,
    PageAnswer,
    Wishes,
    answer_form,
    answer_page,
    joined,
)
from hub.web.middleware import CAREFUL
from hub.web.problems import problem
from hub.web.site import Site

_LARGE = 1024
_READING = frozenset({"GET", "HEAD"})
_TEXT = {"type": "string"}

_ITEM = {
    "type": "object",
    "required": ["state", "kind", "id", "modified"],
    "properties": {
        "state": {"enum": ["updated", "deleted"]},
        "kind": {"enum": ["vacancy", "programme"]},
        "id": {**_TEXT, "description": "a UUID; in the feed of listings the source, a slash and its local id"},
        "modified": {"type": "integer", "minimum": 1, "description": "the change number"},
        "data": {
            "type": "object",
            "description": "the opportunity when updated, absent when deleted; its schema is /schemas/<kind>.json",
        },
        "reason": {**_TEXT, "description": "why it is gone, of /vocabularies/gone-reasons; only when deleted"},
        "mergedInto": {**_TEXT, "format": "uuid", "description": "id of the opportunity it is part of now"},
    },
}
_PAGE = {
    "type": "object",
    "required": ["next", "items", "license"],
    "properties": {
        "next": {**_TEXT, "format": "uri", "description": "where to read on; the page itself when this is the last"},
        "items": {"type": "array", "items": _ITEM},
        "license": {**_TEXT, "format": "uri"},
    },
}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_PARAMETERS = [
    _parameter(
        "afterChangeNumber",
        {**_TEXT, "pattern": "^[0-9]+$"},
        "Read what changed after this number; from the beginning without it. Follow `next` instead of computing it.",
    ),
    _parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": USUAL_LIMIT},
        "Most items on a page; `next` keeps it.",
    ),
]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One page.",
        "content": {name: {"schema": _PAGE} for name in OFFERED},
        "headers": {
            "Link": {
                "description": f'`rel="next"`; and `rel="{RESTART}"` for who was away for longer than tombstones are '
                "told: read from there, and drop what does not come by.",
                "schema": _TEXT,
            }
        },
    },
    304: {"description": "The page is the one you have."},
    400: {"description": "A parameter is wrong; `detail` says how."},
    404: {"description": "There is no feed of this name."},
}


def routes(site: Site, kept: KeptPages) -> APIRouter:
    """Return the routes of the feeds."""
    router = APIRouter()
    names, desk = names_of(site), Desk(site, kept)

    @router.get(
        "/feeds/{name}",
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra={"parameters": _PARAMETERS},
        summary="One page of a change feed (RPDE 1.0)",
    )
    def feed(request: Request, name: Annotated[str, Path(json_schema_extra={"enum": list(names)})]) -> Response:
        """Every opportunity once, at the position of its last change; what is gone is there as deleted."""
        if name not in names:
            return problem(404, f"There is no feed '{name[:40]}'; there are {', '.join(names)}.", code="no-such-feed")
        try:
            wanted = _wanted(request.scope["query_string"])
        except ValueError as error:
            return problem(400, str(error), code="wrong-parameter")
        return PageAnswer(_answered(desk, name, wanted, Wishes.of(joined(request.scope["headers"]))))

    return router


def names_of(site: Site) -> tuple[str, ...]:
    """Return what can be followed: the views, and the listings."""
    return (*(view.id for view in site.views), LISTINGS)


class QuickFeeds:
    """Answers the pages of feeds that are open to all, before anything else looks at the request.

    What the layers below would do for such a request is done here in one go; what is to be refused is left to them.
    """

    def __init__(self, app: ASGIApp, *, site: Site, kept: KeptPages, porter: Porter) -> None:
        """Wrap an application."""
        self._app = app
        self._desk = Desk(site, kept)
        self._porter = porter
        addresses = {f"/feeds/{name}": name for name in names_of(site) if name not in site.closed}
        self._open = {path: name for path, name in addresses.items() if not deprecation(path)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or leave it to the application."""
        name = self._open.get(scope["path"]) if scope["type"] == "http" and scope["method"] in _READING else None
        answered = await self._answered(name, scope) if name else None
        if answered is None:
            await self._app(scope, receive, send)
            return
        status, fields, body = answered
        headers = [*fields, *self._porter.look(scope).fields, *CAREFUL.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answered(self, name: str, scope: Scope) -> Answered | None:
        """Return the answer: at once where it lies ready, else made in a thread; None where something is amiss."""
        try:
            known, headers = self._porter.look(scope), joined(scope["headers"])
            if known.refusal or known.exhausted or b"content-length" in headers:
                return None
            wanted, wishes = _wanted(scope["query_string"]), Wishes.of(headers)
            found = self._desk.kept.find(_key(name, wanted))
            form = found.forms.get(wishes.manner) if found else None
            if form:
                return answer_form(form, wishes)
            return await run_in_threadpool(_answered, self._desk, name, wanted, wishes)
        except Exception:  # the application will meet it again, and say what it is
            return None


def _answered(desk: Desk, name: str, wanted: Asked, wishes: Wishes) -> Answered:
    found = desk.kept.find(_key(name, wanted)) or _made(desk, name, wanted, wishes)
    return answer_page(desk, name, wanted, found, wishes)


def _made(desk: Desk, name: str, wanted: Asked, wishes: Wishes) -> Page:
    """Return a page read from the store; kept as it is asked for, unless it is small or the empty last one."""
    site, kept = desk.site, desk.kept
    version = kept.version()
    with site.database.read() as connection:
        found = pages.rows(connection, after=wanted.after, limit=wanted.limit, view=name)
        forgotten = pages.forgotten(connection, name)
    said = {"url": f"{site.address}/feeds/{name}", "address": site.address, "licence": site.licence, "feed": name}
    body = page(found, request=wanted, **said)
    made = Page(
        body=body,
        digest=digest(found, request=wanted, **said),
        count=len(found),
        last=pages.Item(*found[-1]).position if found else wanted.after,
        full=len(found) == wanted.limit,
        forgotten=forgotten,
        seen=version,
        is_large=len(body) > _LARGE,
    )
    if found and made.is_large:
        kept.put(_key(name, wanted), made, wishes.manner[0])
    return made


def _key(name: str, wanted: Asked) -> Key:
    return name, wanted.after, wanted.limit, wanted.limited


@lru_cache(maxsize=1024)
def _wanted(query: bytes) -> Asked:
    """Return what a query string asks for; it is told in ASCII whatever was sent. ValueError says what is wrong."""
    return asked(quote(query, safe=punctuation))
