"""One opportunity at ``/opportunities/<id>``: JSON-LD for programs, a page for people."""

from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.job_posting import job_posting
from hub.feed.rpde import opportunity_address
from hub.model.jsonld import served
from hub.model.vocabulary import Kind
from hub.store import pages
from hub.store.pages import Item
from hub.web.access import Refusal
from hub.web.access.gate import holder, keep_private, refused
from hub.web.access.readers import Readers
from hub.web.alternates import Alternates
from hub.web.answer import SOON, answer
from hub.web.negotiation import preferred_type
from hub.web.pages import Visit, render
from hub.web.pages.facts import opportunity_view
from hub.web.pages.texts import say
from hub.web.pages.values import Json, label
from hub.web.problems import problem
from hub.web.site import Site

_PAGE = "text/html"
_JSON = "application/json"
_OFFERED = ("application/ld+json", _JSON, _PAGE)
_KEPT: dict[int | str, dict[str, Any]] = {
    401: {"description": "No view that is open to all holds such an opportunity, or the key does not hold."},
    403: {"description": "No view that is open to all, or that the key is for, holds such an opportunity."},
}


def routes(site: Site) -> APIRouter:
    """Return the route of the opportunities."""
    router = APIRouter()
    readers = Readers(site)

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
            **(_KEPT if readers.differ else {}),
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
            admission = readers.admit(connection, holder(request), found)
        if admission.refusal:
            return _withheld(request, site, admission.refusal, media_type)
        shown = _answer(request, site, found, media_type)
        return keep_private(shown) if admission.private else shown

    return router


def _answer(request: Request, site: Site, found: Item | None, media_type: str) -> Response:
    if found is None and media_type == _PAGE:
        return _missing(request, site)
    if found is None:
        return problem(404, "There is no opportunity with this id.", code="no-such-opportunity")
    if found.body is None:
        return _missing(request, site, found) if media_type == _PAGE else gone(site, found)
    return _live(request, site, found, found.body, media_type)


def _live(request: Request, site: Site, found: Item, body: bytes, media_type: str) -> Response:
    address = opportunity_address(site.address, found.id)
    if media_type == _PAGE:
        return _shown(request, site, found, orjson.loads(body), address)
    shown = answer(request, served(body, found.kind, address), media_type, cache=SOON, vary="Accept")
    shown.headers["link"] = f'<{address}>; rel="canonical", <{address}>; rel="alternate"; type="{_PAGE}"'
    return shown


def _shown(request: Request, site: Site, found: Item, data: Json, address: str) -> Response:
    """Return the page, with what it says once more in the words of search engines."""
    alternates = Alternates.of(data, address)
    visit = Visit.of(request, otherwise=alternates.own)
    canonical = alternates.canonical(visit.language)
    shown = render(
        request, site, "opportunity.html", visit,
        found=opportunity_view(data, visit.language),
        posting=job_posting(data, canonical, visit.language) if found.kind == Kind.vacancy else None,
        alternates=alternates, id=found.id,
    )  # fmt: skip
    shown.headers["link"] = f'<{canonical}>; rel="canonical", <{alternates.json}>; rel="alternate"; type="{_JSON}"'
    return shown


def _missing(request: Request, site: Site, gone: Item | None = None) -> Response:
    """Return a page that says, to people, that nothing is here, or no longer."""
    language = Visit.of(request).language
    heading = say("missing.gone", language) if gone else say("missing.never", language)
    reason = label("gone-reasons", gone.reason, language) if gone and gone.reason else None
    into = gone.merged_into if gone else None
    status = 410 if gone else 404
    return _forgettable(render(request, site, "missing.html", status=status, heading=heading, reason=reason, into=into))


def _withheld(request: Request, site: Site, refusal: Refusal, media_type: str) -> Response:
    """Refuse, people in their language; whether there is such an opportunity is not told."""
    told = refused(refusal)
    if media_type != _PAGE:
        return _forgettable(told)
    language = Visit.of(request).language
    heading, reason = say("missing.withheld", language), say("missing.withheld_why", language)
    status = told.status_code
    shown = render(request, site, "missing.html", status=status, heading=heading, reason=reason, into=None)
    shown.headers.update({name: told.headers[name] for name in ("cache-control", "www-authenticate")})
    return _forgettable(shown)


def gone(site: Site, found: Item) -> Response:
    """Return the problem that says why an opportunity is gone, and what it is part of now."""
    into = opportunity_address(site.address, found.merged_into) if found.merged_into else None
    more = f"; it is part of {into} now" if into else ""
    return _forgettable(problem(410, f"This opportunity is gone{more}.", reason=found.reason, mergedInto=into))


def _forgettable(shown: Response) -> Response:
    """Ask search engines to drop this address at once."""
    shown.headers["x-robots-tag"] = "noindex"
    return shown
