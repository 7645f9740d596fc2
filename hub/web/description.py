"""What describes the data: JSON Schemas and vocabularies."""

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from hub.model.schema import MAJOR, json_schema, pinned_schema
from hub.model.vocabulary import VOCABULARIES, Kind, terms
from hub.web.answer import HOUR, answer
from hub.web.problems import problem
from hub.web.site import Site

_JSON = "application/json"
_SCHEMA = "application/schema+json"
_KindName = Annotated[str, Path(json_schema_extra={"enum": [kind.value for kind in Kind]})]
_VocabularyName = Annotated[str, Path(json_schema_extra={"enum": list(VOCABULARIES)})]

_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "There is none of this name."}}
_SCHEMAS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The schema.", "content": {_SCHEMA: {"schema": {"type": "object"}}}},
    **_MISSING,
}


def routes(site: Site) -> APIRouter:
    """Return the routes of the schemas and the vocabularies."""
    router = APIRouter()

    @router.get("/schemas", response_class=Response, summary="The schemas there are")
    def schemas(request: Request) -> Response:
        """One JSON Schema for each kind of opportunity."""
        return _json(request, {kind.value: f"{site.address}/schemas/{kind.value}.json" for kind in Kind})

    @router.get(
        "/schemas/{name}.json",
        response_class=Response,
        summary="The JSON Schema of a kind of opportunity",
        responses=_SCHEMAS,
    )
    def schema(request: Request, name: _KindName) -> Response:
        """JSON Schema 2020-12, made from the model itself."""
        return _schema(request, name, site, json_schema)

    @router.get(
        f"/schemas/{MAJOR}/{{name}}.json",
        response_class=Response,
        summary="The JSON Schema to rely on",
        responses=_SCHEMAS,
    )
    def pinned(request: Request, name: _KindName) -> Response:
        """The same, for who keeps a copy: nothing is taken from it, and it lets pass what is added later."""
        return _schema(request, name, site, pinned_schema)

    @router.get("/vocabularies", response_class=Response, summary="The vocabularies there are")
    def vocabularies(request: Request) -> Response:
        """Every closed list of the model."""
        return _json(request, {name: f"{site.address}/vocabularies/{name}" for name in VOCABULARIES})

    @router.get("/vocabularies/{name}", response_class=Response, summary="One vocabulary", responses=_MISSING)
    def vocabulary(request: Request, name: _VocabularyName) -> Response:
        """Its values, each with labels in Dutch, French, English and German and a definition in English."""
        if name not in VOCABULARIES:
            return problem(404, f"There is no vocabulary '{name[:40]}'; /vocabularies lists them.")
        return _json(request, {"id": f"{site.address}/vocabularies/{name}", "terms": list(terms(name))})

    return router


def _schema(request: Request, name: str, site: Site, made: Callable[[str, str], dict[str, Any]]) -> Response:
    if name not in set(Kind):
        return problem(404, f"There is no schema '{name[:40]}'; there are {', '.join(Kind)}.")
    return _json(request, made(name, site.address), _SCHEMA)


def _json(request: Request, value: object, media_type: str = _JSON) -> Response:
    return answer(request, orjson.dumps(value, option=orjson.OPT_INDENT_2), media_type, cache=HOUR)
