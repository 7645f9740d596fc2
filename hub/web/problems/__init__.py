"""What went wrong, as RFC 9457 problem details. Nothing of the hub's inside is told."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import StoreError
from hub.web.negotiation import preferred_language
from hub.web.problems.problem_types import ProblemType, problem_types, usual_type

MEDIA_TYPE = "application/problem+json"

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DETAIL_LANGUAGE = "en"
"""The language of sentences about one request, and of titles for who prefers none."""

_log = logging.getLogger(__name__)


class Problem(Response):
    """A problem; its type and title are written when it is sent, for the hub and the reader it is sent to.

    Args:
        kind: what type of problem it is.
        status: the HTTP status.
        detail: what is wrong with this very request, in an English sentence; what the type says without it.
        more: further members.
    """

    def __init__(self, kind: ProblemType, status: int, detail: str | None, more: Mapping[str, object]) -> None:
        self._kind = kind
        self._status = status
        self._detail = detail
        self._more = more
        unsent = self._written("", None, _DETAIL_LANGUAGE)
        super().__init__(unsent, status, {"cache-control": "no-store"}, MEDIA_TYPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write it for the reader, and send it."""
        language = _language(scope)
        address = _hub(scope)
        self.body = self._written(address, address + quote(scope.get("path", "")), language)
        self.headers["content-length"] = str(len(self.body))
        self.headers["content-language"] = ", ".join(dict.fromkeys((language, self._language_of_detail(language))))
        self.headers["vary"] = "Accept-Language"
        await super().__call__(scope, receive, send)

    def _language_of_detail(self, language: str) -> str:
        return _DETAIL_LANGUAGE if self._detail else language

    def _written(self, address: str, instance: str | None, language: str) -> bytes:
        kind = self._kind
        told = {
            "type": kind.address(address),
            "title": kind.title[language],
            "status": self._status,
            "detail": self._detail or f"{kind.means[language]} {kind.do[language]}",
            "instance": instance,
        }
        return orjson.dumps({name: value for name, value in {**told, **self._more}.items() if value is not None})


def problem(
    status: int, detail: str | None = None, *, code: str | None = None, **more: str | Sequence[object] | None
) -> Response:
    """Return a problem.

    Args:
        status: the HTTP status.
        detail: what is wrong with this very request, in an English sentence; what its type says without it.
        code: its type, of ``problems.toml``; what the status usually means without it.
        more: further members; None is left out.
    """
    kind = problem_types()[code] if code else usual_type(status)
    answer = Problem(kind, status, detail, more)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = "60"
    return answer


def explain_errors(web: FastAPI) -> None:
    """Let every answer that is not a success be a problem."""
    web.add_exception_handler(HTTPException, _http)
    web.add_exception_handler(RequestValidationError, _invalid)
    web.add_exception_handler(StoreError, _store)


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


def _http(request: Request, error: Exception) -> Response:
    """Say what is wrong; whoever raised it may have put that in a sentence, except of a body that cannot be parsed."""
    status, said = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    if status == HTTPStatus.BAD_REQUEST:
        return _unreadable("it is not in UTF-8, or too deeply nested")
    answer = problem(status, None if said in {"", HTTPStatus(status).phrase} else said)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = ", ".join(_allowed(request))
    return answer


def _allowed(request: Request) -> list[str]:
    """Return the methods that the address of a request answers; whatever answers GET answers HEAD."""
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    routes = request.app.routes
    found = [
        method for method, scope in scopes.items() if any(route.matches(scope)[0] is Match.FULL for route in routes)
    ]
    return [*(("GET", "HEAD") if "GET" in found else ()), *(method for method in found if method != "GET")]


def _invalid(_request: Request, error: Exception) -> Response:
    """Say what is wrong with what was sent, place by place; what was sent is not repeated."""
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    for each in found:
        if each["type"] == "json_invalid":
            return _unreadable(f"{each['ctx']['error']} at character {each['loc'][-1]}")
        if each["type"] == "missing" and each["loc"] == ("body",):
            return _unreadable("it is empty")
    return problem(422, errors=[{"pointer": _pointer(each["loc"]), "detail": each["msg"]} for each in found])


def _unreadable(why: str) -> Response:
    return problem(400, f"The body cannot be read as JSON: {why}. /openapi.json describes what to send.")


def _pointer(places: Sequence[str | int]) -> str:
    """Return where a value stands as a JSON Pointer (RFC 6901); ``body``, which it starts with, is the whole."""
    return "#" + "".join(f"/{str(place).replace('~', '~0').replace('/', '~1')}" for place in places[1:])


def _language(scope: Scope) -> str:
    request = Request(scope)
    asked = request.headers.get("accept-language")
    return preferred_language(request.query_params.get("lang"), asked, otherwise=_DETAIL_LANGUAGE)


def _hub(scope: Scope) -> str:
    """Return the public address of the hub; empty, so that addresses stay relative, where nothing knows it."""
    return str(getattr(getattr(scope.get("app"), "state", None), "address", ""))


def _store(request: Request, error: Exception) -> Response:
    _log.error("%s could not be answered: %s", request.url.path, error)
    return problem(503)
