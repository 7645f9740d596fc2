"""What a view would hold, before anybody sets it up: ``/previews?places=44021``."""

from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.preview import preview, read_filter
from hub.views import Filter
from hub.web.access.gate import holder, keep_private
from hub.web.access.readers import Readers
from hub.web.answer import HOUR, answer
from hub.web.problems import problem
from hub.web.site import Site

_FILTER = Filter.model_json_schema()


def _parameter(name: str) -> dict[str, Any]:
    """Return how a key of a filter is asked for, its values closed where the model's are."""
    asked = _FILTER["properties"][name]
    schema = {key: value for key, value in asked.items() if key in {"type", "minimum", "maximum"}}
    if "items" in asked:
        schema["items"] = _FILTER["$defs"].get(asked["items"].get("$ref", "").rpartition("/")[2], asked["items"])
    described = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**described, "style": "form", "explode": False, "description": asked["description"]}


_PARAMETERS = [_parameter(name) for name in Filter.model_fields]


def routes(site: Site) -> APIRouter:
    """Return the route of the previews."""
    router = APIRouter()
    busy = Lock()  # each reads everything that is published
    readers = Readers(site)

    @router.get(
        "/previews",
        response_class=Response,
        openapi_extra={"parameters": _PARAMETERS},
        summary="What a view with a filter would hold",
        responses={
            200: {"description": "How many it would hold and would have told of.", "content": {"application/json": {}}},
            304: {"description": "It is the one you have."},
            400: {"description": "A parameter is wrong; `detail` says how."},
        },
    )
    def previews(request: Request) -> Response:
        """How many opportunities a view would hold and would have told of in the last 30 days, and the newest.

        Only those count that you may read.
        """
        try:
            wanted = read_filter(parse_qs(request.url.query, keep_blank_values=True, errors="replace"))
        except ValueError as error:
            return problem(400, str(error), code="wrong-parameter")
        if not busy.acquire(blocking=False):
            return problem(503, "Another preview is being made; ask again in a few seconds.")
        try:
            with site.database.read() as connection:
                found = preview(connection, wanted, datetime.now(UTC), of=readers.extent(holder(request)))
        finally:
            busy.release()
        told = answer(request, orjson.dumps(found.as_dict()), "application/json", cache=HOUR)
        return keep_private(told) if readers.differ else told

    return router
