"""The web application, put together from its parts."""

from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from hub.web import description, feeds, home, opportunities, page
from hub.web.answer import HOUR, answer
from hub.web.kept import KeptPages
from hub.web.middleware import Careful, HeadAsGet
from hub.web.problem import MEDIA_TYPE, explain_errors
from hub.web.site import Site

_SUMMARY = "Vacancies and programmes of inclusive employment, as one feed that any portal can follow."
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["title", "status"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong, in a sentence"},
        "reason": {"type": "string", "description": "why an opportunity is gone, of /vocabularies/gone-reasons"},
        "mergedInto": {"type": "string", "format": "uri", "description": "the opportunity it is part of now"},
    },
}


def app(site: Site) -> FastAPI:
    """Return the application that shows this hub; everything it serves is read only."""
    # The documentation pages that FastAPI brings load scripts from elsewhere, so they stay off.
    web = FastAPI(
        title=site.title.get("en", next(iter(site.title.values()))),
        summary=_SUMMARY,
        version=site.version,
        servers=[{"url": site.address}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    kept = KeptPages(site.database)
    for part in (home, opportunities, description):
        web.include_router(part.routes(site))
    web.include_router(feeds.routes(site, kept))
    web.include_router(page.static_routes())
    web.include_router(_contract(web))
    explain_errors(web)
    web.add_middleware(feeds.QuickFeeds, site=site, kept=kept)
    web.add_middleware(Careful)
    web.add_middleware(HeadAsGet)
    return web


def _contract(web: FastAPI) -> APIRouter:
    router = APIRouter()

    @router.get("/openapi.json", response_class=Response, summary="This description")
    def openapi(request: Request) -> Response:
        """OpenAPI 3.1."""
        return answer(request, orjson.dumps(_described(web.openapi())), "application/json", cache=HOUR)

    return router


def _described(contract: dict[str, Any]) -> dict[str, Any]:
    """Return the description with every refusal as a problem; parameters are read by hand, so none is a 422."""
    paths = {path: {"get": _refusals(item["get"])} for path, item in contract["paths"].items()}
    return {**contract, "paths": paths, "components": {"schemas": {"Problem": _PROBLEM}}}


def _refusals(operation: dict[str, Any]) -> dict[str, Any]:
    told = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    answers = {
        status: {**found, **told} if status >= "400" else found
        for status, found in operation["responses"].items()
        if status != "422"
    }
    return {**operation, "responses": {**answers, "503": {"description": "Try again in a minute.", **told}}}
