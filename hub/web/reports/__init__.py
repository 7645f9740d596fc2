"""What portals tell back: a record that is wrong, and how often records were shown, opened and applied to."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from hub.web.access.readers import Readers
from hub.web.intake import require_json
from hub.web.reports.desk import Desk
from hub.web.reports.words import RecordReport, UsageBatch
from hub.web.site import Site

_SCHEME = "accessKey"
_scheme = HTTPBearer(auto_error=False, scheme_name=_SCHEME, description="A key of this hub: `schakel_…`.")
_Key = Annotated[HTTPAuthorizationCredentials | None, Security(_scheme)]

_REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"description": "The body cannot be read, or a key stands where it may not."},
    401: {"description": "The key does not hold, or one is needed."},
    413: {"description": "The body is too large."},
    415: {"description": "Only JSON is read."},
    422: {"description": "Something in the request is wrong; `errors` says what."},
}


def _answer(said: dict[str, Any], description: str) -> dict[str, Any]:
    schema = {"type": "object", "required": list(said), "properties": said, "additionalProperties": False}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_REPEATED = {"type": "boolean", "description": "whether it came before, so that nothing is added"}
_FILED = _answer(
    {
        "id": {"type": "integer", "description": "the number of the report"},
        "state": {"enum": ["open", "accepted", "rejected"], "description": "what a person decided"},
        "repeated": _REPEATED,
    },
    "It is kept for a person to look at; nothing changes in the feed by itself.",
)
_COUNTED = _answer(
    {
        "counted": {"type": "integer", "description": "rows that count"},
        "ignored": {"type": "integer", "description": "rows that name no opportunity of this hub"},
        "repeated": _REPEATED,
    },
    "What became of the rows.",
)


def routes(site: Site) -> APIRouter:
    """Return the routes of what portals tell back."""
    router = APIRouter(dependencies=[Depends(require_json)])
    desk, keyed = Desk(site), Readers(site).differ

    @router.post(
        "/opportunities/{identifier}/reports",
        response_class=Response,
        summary="Report a record",
        status_code=202,
        responses={
            202: _FILED,
            **({403: {"description": "No view that the key is for holds such an opportunity."}} if keyed else {}),
            404: {"description": "There never was an opportunity with this id."},
            409: {"description": "It cannot double that, or too many reports without a key wait already."},
            410: {"description": "It is gone; `reason` says why, of /vocabularies/gone-reasons."},
            **_REFUSED,
        },
        openapi_extra={"security": [{}, {_SCHEME: []}]},
    )
    def report(request: Request, identifier: str, told: RecordReport) -> Response:
        """With a key, or without one ten times an hour. The same reason counts once for each reader."""
        return desk.file(request, identifier, told)

    @router.post(
        "/usage",
        response_class=Response,
        summary="Send counts of use",
        responses={
            200: _COUNTED,
            409: {"description": "Counts of that day are not taken, or others came under this id of a batch."},
            **_REFUSED,
        },
    )
    def usage(request: Request, counts: UsageBatch, _key: _Key) -> Response:
        """How often opportunities were shown, opened and applied to on one day; with a key only."""
        return desk.count(request, counts)

    return router
