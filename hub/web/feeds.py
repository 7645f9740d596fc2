"""The change feed at ``/feeds/<name>``."""

from string import punctuation
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.rpde import FEEDS, LARGEST_LIMIT, MEDIA_TYPE, USUAL_LIMIT, asked, page
from hub.store import pages
from hub.web.answer import HOUR, SOON, answer
from hub.web.negotiation import preferred_type
from hub.web.problem import problem
from hub.web.site import Site

_OFFERED = ("application/json", MEDIA_TYPE)
_TEXT = {"type": "string"}

_ITEM = {
    "type": "object",
    "required": ["state", "kind", "id", "modified"],
    "properties": {
        "state": {"enum": ["updated", "deleted"]},
        "kind": {"enum": ["vacancy", "programme"]},
        "id": {**_TEXT, "format": "uuid"},
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
    200: {"description": "One page.", "content": {name: {"schema": _PAGE} for name in _OFFERED}},
    304: {"description": "The page is the one you have."},
    400: {"description": "A parameter is wrong; `detail` says how."},
    404: {"description": "There is no feed of this name."},
}


def routes(site: Site) -> APIRouter:
    """Return the routes of the feed."""
    router = APIRouter()

    @router.get(
        "/feeds/{name}",
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra={"parameters": _PARAMETERS},
        summary="One page of the change feed (RPDE 1.0)",
    )
    def feed(request: Request, name: Annotated[str, Path(json_schema_extra={"enum": list(FEEDS)})]) -> Response:
        """Every opportunity once, at the position of its last change; what is gone is there as deleted."""
        if name not in FEEDS:
            return problem(404, f"There is no feed '{name[:40]}'; there are {', '.join(FEEDS)}.")
        return _page(request, site, name)

    return router


def _page(request: Request, site: Site, name: str) -> Response:
    try:
        wanted = asked(_query(request))
    except ValueError as error:
        return problem(400, str(error))
    with site.database.read() as connection:
        found = pages.items(connection, after=wanted.after, limit=wanted.limit, kind=FEEDS[name])
    url = f"{site.address}/feeds/{name}"
    body = page(found, url=url, request=wanted, address=site.address, licence=site.licence)
    media_type = preferred_type(request.headers.get("accept"), _OFFERED)
    return answer(request, body, media_type, cache=HOUR if len(found) == wanted.limit else SOON, vary="Accept")


def _query(request: Request) -> str:
    """Return the query string as sent, in ASCII whatever was sent."""
    return quote(request.scope["query_string"], safe=punctuation)
