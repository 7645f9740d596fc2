"""The change feeds at ``/feeds/<view>``."""

from string import punctuation
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.errors import StoreError
from hub.feed.rpde import LARGEST_LIMIT, USUAL_LIMIT, Asked, asked, page
from hub.store import pages
from hub.views import LISTINGS
from hub.web.answer import digest
from hub.web.kept import KeptPages, Key, Page
from hub.web.page_answer import OFFERED, RESTART, Desk, Wishes, answer_page
from hub.web.problem import problem
from hub.web.site import Site

_WORTH_KEEPING = 1024
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
            wanted = asked(_query(request))
        except ValueError as error:
            return problem(400, str(error), code="wrong-parameter")
        wishes = Wishes.of(request.scope)
        found = kept.find(_key(name, wanted)) or _made(site, kept, name, wanted, wishes)
        return answer_page(desk, name, wanted, found, wishes)

    return router


def names_of(site: Site) -> tuple[str, ...]:
    """Return what can be followed: the views, and the listings."""
    return (*(view.id for view in site.views), LISTINGS)


class QuickFeeds:
    """Answers pages that are kept, of feeds that are open to all, before anything else looks at the request."""

    def __init__(self, app: ASGIApp, *, site: Site, kept: KeptPages) -> None:
        """Wrap an application."""
        self._app = app
        self._desk = Desk(site, kept)
        self._open = {f"/feeds/{name}": name for name in names_of(site) if is_open(site, name)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or leave it to the application."""
        name = self._open.get(scope.get("path", "")) if scope.get("method") in {"GET", "HEAD"} else None
        found = self._find(name, scope) if name else None
        await (found or self._app)(scope, receive, send)

    def _find(self, name: str, scope: Scope) -> Response | None:
        try:
            wanted = asked(scope["query_string"].decode("ascii"))
            found = self._desk.kept.find(_key(name, wanted))
        except (ValueError, StoreError):  # refused, in full, by the route
            return None
        return answer_page(self._desk, name, wanted, found, Wishes.of(scope)) if found else None


def is_open(site: Site, name: str) -> bool:
    """Tell whether everybody may read a feed: not where a view needs a key, nor all listings where any view does."""
    view = site.view(name)
    return view.access == "public" if view else True


def _made(site: Site, kept: KeptPages, name: str, wanted: Asked, wishes: Wishes) -> Page:
    """Return a page read from the store; kept where it will be asked for compressed, the empty last one never."""
    version = kept.version()
    with site.database.read() as connection:
        found = pages.items(connection, after=wanted.after, limit=wanted.limit, view=name)
        forgotten = pages.forgotten(connection, name)
    url = f"{site.address}/feeds/{name}"
    body = page(found, url=url, request=wanted, address=site.address, licence=site.licence, feed=name)
    made = Page(
        body=body,
        digest=digest(body),
        count=len(found),
        last=found[-1].position if found else wanted.after,
        full=len(found) == wanted.limit,
        forgotten=forgotten,
        seen=version,
    )
    if found and len(body) > _WORTH_KEEPING:
        kept.put(_key(name, wanted), made, wishes.coding)
    return made


def _key(name: str, wanted: Asked) -> Key:
    return name, wanted.after, wanted.limit, wanted.limited


def _query(request: Request) -> str:
    """Return the query string as sent, in ASCII whatever was sent."""
    return quote(request.scope["query_string"], safe=punctuation)
