"""The catalogue at ``/catalog``, for portals of open data."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fastapi import APIRouter
from rdflib import Graph
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.catalogue import Holdings, graph, json_ld, turtle
from hub.web.answer import HOUR, answer
from hub.web.negotiation import preferred_type
from hub.web.site import Site

_WRITERS: Mapping[str, Callable[[Graph], bytes]] = {"application/ld+json": json_ld, "text/turtle": turtle}
_OFFERED = tuple(_WRITERS)
_TYPES = {"application/ld+json": "application/ld+json", "text/turtle": "text/turtle; charset=utf-8"}


def routes(site: Site) -> APIRouter:
    """Return the routes of the catalogue."""
    router = APIRouter()

    @cache
    def written(media_type: str) -> bytes:
        return _WRITERS[media_type](graph(_holdings(site)))

    def told(request: Request, media_type: str, *, vary: str = "") -> Response:
        return answer(request, written(media_type), _TYPES[media_type], cache=HOUR, vary=vary)

    @router.get(
        "/catalog",
        response_class=Response,
        summary="What there is to follow and to download (DCAT-AP 3.0.1)",
        responses=_answers(*_OFFERED),
    )
    def catalog(request: Request) -> Response:
        """JSON-LD, or Turtle for who prefers it."""
        return told(request, preferred_type(request.headers.get("accept"), _OFFERED), vary="Accept")

    @router.get(
        "/catalog.jsonld", response_class=Response, summary="The catalogue as JSON-LD", responses=_answers(_OFFERED[0])
    )
    def catalog_as_json_ld(request: Request) -> Response:
        """The same as /catalog."""
        return told(request, "application/ld+json")

    @router.get(
        "/catalog.ttl", response_class=Response, summary="The catalogue as Turtle", responses=_answers(_OFFERED[1])
    )
    def catalog_as_turtle(request: Request) -> Response:
        """The same as /catalog."""
        return told(request, "text/turtle")

    return router


def _answers(*media_types: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": "The catalogue.", "content": {name: {} for name in media_types}},
        304: {"description": "It is the one you have."},
    }


def _holdings(site: Site) -> Holdings:
    return Holdings(
        address=site.address,
        title=site.title,
        licence=site.licence,
        views=site.views,
        files=site.formats,
        operator=site.operator,
        contact=f"mailto:{site.contact}" if site.contact else None,
    )
