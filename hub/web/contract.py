"""The description of the interface at ``/openapi.json``, exactly as the server does it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from hub.views import LISTINGS
from hub.web.answer import HOUR, answer
from hub.web.problems import MEDIA_TYPE
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
_UNGUARDED = frozenset({"/health"})
"""Addresses where nobody looks at keys and quotas."""
_FIELDS: Json = {
    "ETag": {"description": "Tells this body from all others.", "schema": _TEXT},
    "RateLimit": {"description": "What is left of a quota, for how long; absent where there is none.", "schema": _TEXT},
    "RateLimit-Policy": {"description": "The quota: requests, and in how many seconds.", "schema": _TEXT},
    "Retry-After": {"description": "In how many seconds to go on.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "How to send a key, and what is wrong with this one.", "schema": _TEXT},
}
"""Header fields of answers, beside those that an address has for itself."""
_ON: Mapping[str, Sequence[str]] = {
    "200": ("ETag",),
    "304": ("ETag",),
    "401": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
_QUOTA = ("RateLimit", "RateLimit-Policy")
_NEVER_TAGGED = ("/health", "/feeds/{name}/events", "/subscribers")
"""How addresses begin that have another body each time, so that it makes no sense to ask whether it is the same."""
_HELD: Json = {"304": {"description": "It is the one you have."}}
_IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": _TEXT,
    "description": "The ETag of what you have; it is answered 304 where that still holds.",
}
_PAGE = "text/html"
_LANGUAGE: Json = {
    "name": "lang",
    "in": "query",
    "required": False,
    "schema": _TEXT,
    "description": "`nl`, `fr` or `en`, of the page for people; Accept-Language says it too.",
}
_OBJECT: Json = {"content": {"application/json": {"schema": {"type": "object"}}}}
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
        path: {method: _operation(path, method, operation, closed) for method, operation in item.items()}
        for path, item in contract["paths"].items()
    }
    schemas = {**contract.get("components", {}).get("schemas", {}), "Problem": _PROBLEM}
    kept = {name: schema for name, schema in schemas.items() if name not in {"HTTPValidationError", "ValidationError"}}
    components = {**contract.get("components", {}), "schemas": kept, "headers": _FIELDS}
    schemes = {**_SECURITY, **components.get("securitySchemes", {})}
    security = [{}, *_WITH_KEY]
    return {**contract, "paths": paths, "components": {**components, "securitySchemes": schemes}, "security": security}


def _operation(path: str, method: str, operation: Json, closed: Collection[str]) -> dict[str, Any]:
    tagged = method == "get" and not path.startswith(_NEVER_TAGGED)
    asked = _asked(operation, tagged=tagged)
    answers = {
        status: _with_fields(status, said, tagged=tagged, guarded=path not in _UNGUARDED)
        for status, said in _answers(path, operation, closed, tagged=tagged).items()
    }
    return {**asked, **_closing(path, asked, closed), "responses": answers}


def _asked(operation: Json, *, tagged: bool) -> Json:
    """Return an operation with the parameters that many have in common."""
    own = operation.get("parameters", ())
    shown = _PAGE in operation["responses"].get("200", {}).get("content", {})
    common = ((_LANGUAGE,) if shown else ()) + ((_IF_NONE_MATCH,) if tagged else ())
    return {**operation, "parameters": [*own, *common]} if common else operation


def _answers(path: str, operation: Json, closed: Collection[str], *, tagged: bool) -> dict[str, Json]:
    """Return all that an address may answer, refusals as problems."""
    found = {
        status: said for status, said in operation["responses"].items() if status != "422" or _is_checked(operation)
    }
    keyed = path.startswith(tuple(_KEYED_PATHS)) or (path.startswith(_LISTED_PATH) and LISTINGS in closed)
    always = {"503": _ALWAYS["503"]} if path in _UNGUARDED else _ALWAYS
    anyhow = {**always, **(_KEYED if keyed else {}), **(_HELD if tagged else {})}
    said = {status: {**(_OBJECT if status == "200" else {}), **each} for status, each in {**anyhow, **found}.items()}
    return {status: {**each, **_TOLD} if status >= "400" else each for status, each in said.items()}


def _with_fields(status: str, said: Json, *, tagged: bool, guarded: bool) -> Json:
    """Return an answer with the header fields that it has in common with others."""
    common = [name for name in _ON.get(status, ()) if tagged or name != "ETag"]
    names = (*common, *(_QUOTA if guarded else ()))
    fields = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {**said, "headers": {**said.get("headers", {}), **fields}} if fields else said


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
