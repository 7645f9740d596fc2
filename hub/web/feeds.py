"""The change feeds at ``/feeds/<view>``."""

from collections.abc import Mapping
from string import punctuation
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.feed.rpde import LARGEST_LIMIT, MEDIA_TYPE, USUAL_LIMIT, Asked, asked, page
from hub.store import pages
from hub.views import LISTINGS
from hub.web.answer import HOUR, SOON, digest, entity_tag, has
from hub.web.coding import packed, unpacked
from hub.web.kept import KeptPages, Key, Page
from hub.web.negotiation import preferred_coding, preferred_type
from hub.web.problem import problem
from hub.web.site import Site

RESTART = "https://w3id.org/schakel#restart"
"""The relation of the link that a reader gets who was away for longer than tombstones are told."""

_OFFERED = ("application/json", MEDIA_TYPE)
_WORTH_COMPRESSING = 1024
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
        "content": {name: {"schema": _PAGE} for name in _OFFERED},
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
    names = names_of(site)

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
            return problem(404, f"There is no feed '{name[:40]}'; there are {', '.join(names)}.")
        try:
            wanted = asked(_query(request))
        except ValueError as error:
            return problem(400, str(error))
        found = kept.find(_key(name, wanted)) or _made(site, kept, name, wanted, request.headers)
        return answer_page(site, name, wanted, found, request.headers)

    return router


def names_of(site: Site) -> tuple[str, ...]:
    """Return what can be followed: the views, and the listings."""
    return (*(view.id for view in site.views), LISTINGS)


def answer_page(site: Site, name: str, wanted: Asked, found: Page, headers: Mapping[str, str]) -> Response:
    """Return the answer with a page: 304 to who has it, compressed for who likes that."""
    worth = found.codings or len(found.body) > _WORTH_COMPRESSING
    coding = preferred_coding(headers.get("accept-encoding")) if worth else None
    tag = entity_tag(found.digest, coding)
    told = {
        "etag": tag,
        "cache-control": HOUR if found.full else SOON,
        "vary": "Accept, Accept-Encoding",
        "link": _links(site, name, wanted, found),
    }
    if has(headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=told)
    if coding:
        told["content-encoding"] = coding
    body = _coded(found, coding)
    return Response(body, media_type=preferred_type(headers.get("accept"), _OFFERED), headers=told)


class QuickFeeds:
    """Answers pages that are kept, of feeds that are open to all, before anything else looks at the request."""

    def __init__(self, app: ASGIApp, *, site: Site, kept: KeptPages) -> None:
        """Wrap an application."""
        self._app = app
        self._site = site
        self._kept = kept
        self._open = {f"/feeds/{name}": name for name in names_of(site) if is_open(site, name)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or leave it to the application."""
        name = self._open.get(scope.get("path", "")) if scope.get("method") in {"GET", "HEAD"} else None
        found = self._find(name, scope) if name else None
        await (found or self._app)(scope, receive, send)

    def _find(self, name: str, scope: Scope) -> Response | None:
        try:
            wanted = asked(scope["query_string"].decode("ascii"))
        except ValueError:  # refused, in full, by the route
            return None
        found = self._kept.find(_key(name, wanted))
        return answer_page(self._site, name, wanted, found, Headers(scope=scope)) if found else None


def is_open(site: Site, name: str) -> bool:
    """Tell whether everybody may read a feed: not where a view needs a key, nor all listings where any view does."""
    view = site.view(name)
    return view.access == "public" if view else True


def _made(site: Site, kept: KeptPages, name: str, wanted: Asked, headers: Mapping[str, str]) -> Page:
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
    welcome = preferred_coding(headers.get("accept-encoding"))
    return kept.put(_key(name, wanted), made) if found and welcome and len(body) > _WORTH_COMPRESSING else made


def _key(name: str, wanted: Asked) -> Key:
    return name, wanted.after, wanted.limit, wanted.limited


def _coded(found: Page, coding: str | None) -> bytes:
    if coding is None:
        return found.body or unpacked(found.codings)
    return found.codings[coding] if found.codings else packed(found.body, coding)


def _links(site: Site, name: str, wanted: Asked, found: Page) -> str:
    url = f"{site.address}/feeds/{name}"
    links = [f'<{url}?afterChangeNumber={found.last}{wanted.kept}>; rel="next"'] if found.count else []
    if 0 < wanted.after < found.forgotten:
        links.append(f'<{url}>; rel="{RESTART}"')
    return ", ".join([*links, f'<{site.licence}>; rel="license"'])


def _query(request: Request) -> str:
    """Return the query string as sent, in ASCII whatever was sent."""
    return quote(request.scope["query_string"], safe=punctuation)
