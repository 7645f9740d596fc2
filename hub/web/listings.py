"""One source's own version of something at ``/listings/<source>/<local id>``, as the feed of listings names it."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.rpde import listing_address, opportunity_address
from hub.model.jsonld import served
from hub.store import pages
from hub.web.answer import SOON, answer
from hub.web.problems import problem
from hub.web.site import Site

_JSON = "application/ld+json"


def routes(site: Site) -> APIRouter:
    """Return the route of the listings."""
    router = APIRouter()

    @router.get(
        "/listings/{source}/{local_id:path}",
        response_class=Response,
        summary="One source's version of an opportunity",
        responses={
            200: {"description": "The listing; its schema is /schemas/<kind>.json.", "content": {_JSON: {}}},
            304: {"description": "It is the one you have."},
            404: {"description": "There never was such a listing."},
            410: {"description": "It is gone; `reason` says why, of /vocabularies/gone-reasons."},
        },
    )
    def listing(request: Request, source: str, local_id: str) -> Response:
        """JSON-LD; the opportunity it is part of is linked."""
        with site.database.read() as connection:
            found = pages.listed(connection, source, local_id)
            part_of = pages.opportunity_of(connection, source, local_id)
        if found is None:
            return problem(404, "There is no listing of this source with this id.", code="no-such-listing")
        if found.body is None:
            return problem(410, "This listing is gone.", reason=found.reason)
        body = served(found.body, found.kind, listing_address(site.address, found.id))
        shown = answer(request, body, _JSON, cache=SOON)
        whole = opportunity_address(site.address, quote(part_of or ""))
        shown.headers["link"] = f'<{whole}>; rel="collection"'
        return shown

    return router
