"""What went wrong, as RFC 9457 problem details. Nothing of the hub's inside is told."""

import logging
from http import HTTPStatus

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import StoreError

MEDIA_TYPE = "application/problem+json"
METHODS = "GET, HEAD"

_log = logging.getLogger(__name__)

_DETAILS = {
    404: "There is nothing at this address; the home page links everything there is.",
    405: f"This hub is only read from: {METHODS}.",
    500: "The hub made a mistake; its log says which. Try again later.",
    503: "The hub's store does not answer at the moment. Try again in a minute.",
}


def problem(status: int, detail: str | None = None, **more: str | None) -> Response:
    """Return a problem: the status, a sentence on what is wrong, and further members; None is left out."""
    told = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail or _DETAILS.get(status)}
    body = {name: value for name, value in {**told, **more}.items() if value is not None}
    headers = {"cache-control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "60"
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def explain_errors(web: FastAPI) -> None:
    """Let every answer that is not a success be a problem."""
    web.add_exception_handler(HTTPException, _http)
    web.add_exception_handler(StoreError, _store)
    web.add_middleware(Unforeseen)


class Unforeseen:
    """Answers what nobody foresaw with a problem and logs it, so that the connection stays usable."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or explain."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception:
            _log.exception("%s could not be answered", scope.get("path"))
            if begun:
                raise
            await problem(500)(scope, receive, send)


def _http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = problem(status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = METHODS
    return answer


def _store(request: Request, error: Exception) -> Response:
    _log.error("%s could not be answered: %s", request.url.path, error)
    return problem(503)
