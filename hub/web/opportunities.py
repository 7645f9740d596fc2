"""One opportunity at ``/opportunities/<id>``: JSON-LD for programs, a page for people."""

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.rpde import opportunity_address
from hub.model.jsonld import served
from hub.store import pages
from hub.store.pages import Item
from hub.web.answer import SOON, answer
from hub.web.facts import opportunity_view
from hub.web.negotiation import preferred_type
from hub.web.page import Visit, render
from hub.web.problem import problem
from hub.web.site import Site
from hub.web.texts import say
from hub.web.values import label

_PAGE = "text/html"
_JSON = "application/json"
_OFFERED = ("application/ld+json", _JSON, _PAGE)


def routes(site: Site) -> APIRouter:
    """Return the route of the opportunities."""
    router = APIRouter()

    @router.get(
        "/opportunities/{identifier}",
        response_class=Response,
        summary="One opportunity",
        responses={
            200: {
                "description": "The opportunity; its schema is /schemas/<kind>.json.",
                "content": {name: {} for name in _OFFERED},
            },
            304: {"description": "It is the one you have."},
            404: {"description": "There never was an opportunity with this id."},
            410: {"description": "It is gone; `reason` says why, of /vocabularies/gone-reasons."},
        },
    )
    def opportunity(request: Request, identifier: str) -> Response:
        """JSON-LD, or a readable page for who prefers HTML; JSON in any case when ``.json`` follows the id."""
        bare = identifier.removesuffix(".json")
        media_type = _JSON if bare != identifier else preferred_type(request.headers.get("accept"), _OFFERED)
        with site.database.read() as connection:
            found = pages.item(connection, bare)
        if found is None and media_type == _PAGE:
            return _missing(request, site)
        if found is None:
            return problem(404, "There is no opportunity with this id.")
        if found.body is None:
            return _missing(request, site, found) if media_type == _PAGE else _gone(site, found)
        return _live(request, site, found, found.body, media_type)

    return router


def _live(request: Request, site: Site, found: Item, body: bytes, media_type: str) -> Response:
    if media_type == _PAGE:
        view = opportunity_view(orjson.loads(body), Visit.of(request).language)
        return render(request, site, "opportunity.html", found=view, id=found.id)
    whole = served(body, found.kind, opportunity_address(site.address, found.id))
    return answer(request, whole, media_type, cache=SOON, vary="Accept")


def _missing(request: Request, site: Site, gone: Item | None = None) -> Response:
    """Return a page that says, to people, that nothing is here, or no longer."""
    language = Visit.of(request).language
    heading = say("missing.gone", language) if gone else say("missing.never", language)
    reason = label("gone-reasons", gone.reason, language) if gone and gone.reason else None
    shown = render(
        request, site, "missing.html", heading=heading, reason=reason, into=gone.merged_into if gone else None
    )
    shown.status_code = 410 if gone else 404
    return shown


def _gone(site: Site, found: Item) -> Response:
    into = opportunity_address(site.address, found.merged_into) if found.merged_into else None
    more = f"; it is part of {into} now" if into else ""
    return problem(410, f"This opportunity is gone{more}.", reason=found.reason, mergedInto=into)
