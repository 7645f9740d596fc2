"""The description of the interface at ``/openapi.json``, exactly as the server does it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from hub.views import LISTINGS
from hub.web.answer import HOUR, answer
from hub.web.problem import MEDIA_TYPE
from hub.web.site import Site

Json = Mapping[str, Any]

_TEXT = {"type": "string"}
_ADDRESS = {"type": "string", "format": "uri"}
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). The title is in the language that Accept-Language asks for.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {**_ADDRESS, "description": "what went wrong; each type keeps its meaning, and /problems lists them"},
        "title": {**_TEXT, "description": "the same in a few words"},
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "what is wrong, in a sentence"},
        "instance": {**_ADDRESS, "description": "the address that was asked for, without its query"},
        "reason": {**_TEXT, "description": "why an opportunity is gone, of /vocabularies/gone-reasons"},
        "violated-policies": {"type": "array", "items": _TEXT, "description": "which quota is used up"},
        "mergedInto": {**_ADDRESS, "description": "the opportunity it is part of now"},
        "errors": {
            "type": "array",
            "description": "what is wrong with what was sent, place by place",
            "items": {"type": "object", "properties": {"pointer": _TEXT, "detail": _TEXT}},
        },
    },
}
_TOLD = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_ALWAYS: Json = {
    "400": {"description": "The key stands in the address, or is no key."},
    "401": {"description": "The key is unknown or has ended, or a key is needed."},
    "429": {"description": "You ask too often; Retry-After says when to go on."},
    "503": {"description": "Try again in a minute."},
}
"""What every address may refuse with, where it does not say more itself."""
_KEYED: Json = {"403": {"description": "The key is not for this view."}}
_KEYED_PATHS = {"/feeds/": "name", "/views/": "view"}
"""Where views are read, and the part of these addresses that names the view."""
_LISTED_PATH = "/listings/"
_SECURITY: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key, where a view needs one."},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same, in a field of its own."},
}
_WITH_KEY: Sequence[Json] = [{name: []} for name in _SECURITY]


def routes(web: FastAPI, site: Site) -> APIRouter:
    """Return the route of the description of an application."""
    router = APIRouter()

    @router.get("/openapi.json", response_class=Response, summary="This description")
    def openapi(request: Request) -> Response:
        """OpenAPI 3.1."""
        return answer(request, orjson.dumps(described(web.openapi(), site.closed)), "application/json", cache=HOUR)

    return router


def described(contract: Json, closed: Collection[str] = ()) -> dict[str, Any]:
    """Return the description with every refusal as a problem, without those that cannot be, and with what is closed.

    Args:
        contract: as FastAPI makes it.
        closed: names of what is read with a key.
    """
    paths = {
        path: {method: _operation(path, operation, closed) for method, operation in item.items()}
        for path, item in contract["paths"].items()
    }
    schemas = {**contract.get("components", {}).get("schemas", {}), "Problem": _PROBLEM}
    kept = {name: schema for name, schema in schemas.items() if name not in {"HTTPValidationError", "ValidationError"}}
    components = {**contract.get("components", {}), "schemas": kept}
    schemes = {**_SECURITY, **components.get("securitySchemes", {})}
    security = [{}, *_WITH_KEY]
    return {**contract, "paths": paths, "components": {**components, "securitySchemes": schemes}, "security": security}


def _operation(path: str, operation: Json, closed: Collection[str]) -> dict[str, Any]:
    found = {
        status: said for status, said in operation["responses"].items() if status != "422" or _is_checked(operation)
    }
    keyed = path.startswith(tuple(_KEYED_PATHS)) or (path.startswith(_LISTED_PATH) and LISTINGS in closed)
    anyhow = {**_ALWAYS, **(_KEYED if keyed else {})}
    answers = {status: {**said, **_TOLD} if status >= "400" else said for status, said in {**anyhow, **found}.items()}
    return {**operation, **_closing(path, operation, closed), "responses": answers}


def _closing(path: str, operation: Json, closed: Collection[str]) -> Json:
    """Return what an operation says of keys: for which names one is needed, and whether nothing goes without."""
    if path.startswith(_LISTED_PATH):
        return {"security": _WITH_KEY} if LISTINGS in closed else {}
    naming = next((name for start, name in _KEYED_PATHS.items() if path.startswith(start)), "")
    parameters = operation.get("parameters", ())
    names = next((each["schema"]["enum"] for each in parameters if each["name"] == naming), ())
    keyed = [name for name in names if name in closed]
    if not keyed:
        return {}
    said = {"description": f"Read with a key: {', '.join(keyed)}."}
    described = [{**each, **said} if each["name"] == naming else each for each in parameters]
    return {"parameters": described, **({"security": _WITH_KEY} if len(keyed) == len(names) else {})}


def _is_checked(operation: Json) -> bool:
    """Tell whether what is asked is checked before it is read by hand, which would be a 400."""
    by_hand = "400" in operation["responses"]
    asked = [each for each in operation.get("parameters", ()) if each["in"] == "path" or not by_hand]
    return "requestBody" in operation or any(_is_narrow(each["schema"]) for each in asked)


def _is_narrow(schema: Json) -> bool:
    return "pattern" in schema or schema.get("type") != "string"
