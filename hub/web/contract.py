"""The description of the interface at ``/openapi.json``, exactly as the server does it."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from hub.web.answer import HOUR, answer
from hub.web.problem import MEDIA_TYPE

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
_KEYED_PATHS = ("/feeds/", "/views/")
_SECURITY: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key, where a view needs one."},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same, in a field of its own."},
}


def routes(web: FastAPI) -> APIRouter:
    """Return the route of the description of an application."""
    router = APIRouter()

    @router.get("/openapi.json", response_class=Response, summary="This description")
    def openapi(request: Request) -> Response:
        """OpenAPI 3.1."""
        return answer(request, orjson.dumps(described(web.openapi())), "application/json", cache=HOUR)

    return router


def described(contract: Json) -> dict[str, Any]:
    """Return the description with every refusal as a problem, and without those that cannot be."""
    paths = {
        path: {method: _operation(path, operation) for method, operation in item.items()}
        for path, item in contract["paths"].items()
    }
    schemas = {**contract.get("components", {}).get("schemas", {}), "Problem": _PROBLEM}
    kept = {name: schema for name, schema in schemas.items() if name not in {"HTTPValidationError", "ValidationError"}}
    components = {**contract.get("components", {}), "schemas": kept}
    schemes = {**_SECURITY, **components.get("securitySchemes", {})}
    anyhow: list[Json] = [{}, *({name: []} for name in _SECURITY)]
    return {**contract, "paths": paths, "components": {**components, "securitySchemes": schemes}, "security": anyhow}


def _operation(path: str, operation: Json) -> dict[str, Any]:
    found = {
        status: said for status, said in operation["responses"].items() if status != "422" or _is_checked(operation)
    }
    anyhow = {**_ALWAYS, **(_KEYED if path.startswith(_KEYED_PATHS) else {})}
    answers = {status: {**said, **_TOLD} if status >= "400" else said for status, said in {**anyhow, **found}.items()}
    return {**operation, "responses": answers}


def _is_checked(operation: Json) -> bool:
    """Tell whether what is asked is checked before it is read by hand, which would be a 400."""
    by_hand = "400" in operation["responses"]
    asked = [each for each in operation.get("parameters", ()) if each["in"] == "path" or not by_hand]
    return "requestBody" in operation or any(_is_narrow(each["schema"]) for each in asked)


def _is_narrow(schema: Json) -> bool:
    return "pattern" in schema or schema.get("type") != "string"
