"""What describes the data: JSON Schemas and vocabularies."""

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.model.schema import json_schema
from hub.model.vocabulary import VOCABULARIES, Kind, terms
from hub.web.answer import HOUR, answer
from hub.web.problem import problem
from hub.web.site import Site

_JSON = "application/json"
_SCHEMA = "application/schema+json"


def routes(site: Site) -> APIRouter:
    """Return the routes of the schemas and the vocabularies."""
    router = APIRouter()

    @router.get("/schemas", response_class=Response, summary="The schemas there are")
    def schemas(request: Request) -> Response:
        """One JSON Schema for each kind of opportunity."""
        return _json(request, {kind.value: f"{site.address}/schemas/{kind.value}.json" for kind in Kind})

    @router.get("/schemas/{name}.json", response_class=Response, summary="The JSON Schema of a kind of opportunity")
    def schema(request: Request, name: str) -> Response:
        """JSON Schema 2020-12, made from the model itself."""
        if name not in set(Kind):
            return problem(404, f"There is no schema '{name[:40]}'; there are {', '.join(Kind)}.")
        return _json(request, json_schema(name, site.address), _SCHEMA)

    @router.get("/vocabularies", response_class=Response, summary="The vocabularies there are")
    def vocabularies(request: Request) -> Response:
        """Every closed list of the model."""
        return _json(request, {name: f"{site.address}/vocabularies/{name}" for name in VOCABULARIES})

    @router.get("/vocabularies/{name}", response_class=Response, summary="One vocabulary")
    def vocabulary(request: Request, name: str) -> Response:
        """Its values, each with labels in Dutch, French, English and German and a definition in English."""
        if name not in VOCABULARIES:
            return problem(404, f"There is no vocabulary '{name[:40]}'; /vocabularies lists them.")
        return _json(request, {"id": f"{site.address}/vocabularies/{name}", "terms": list(terms(name))})

    return router


def _json(request: Request, value: object, media_type: str = _JSON) -> Response:
    return answer(request, orjson.dumps(value, option=orjson.OPT_INDENT_2), media_type, cache=HOUR)
