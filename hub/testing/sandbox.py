"""A stand-in for a partner's API: what every sandbox shares, nothing that belongs to one partner.

A sandbox is an ASGI application with a clock. It keeps the partner's limits, and fails on request.
"""

import json
import math
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.testing.opening import Contact

_HTML = "<!doctype html><html><head><title>Onderhoud</title></head><body><h1>Even geduld</h1></body></html>"


class Fault(StrEnum):
    """A way in which a partner fails."""

    server_error = "server_error"
    """Status 500."""
    html = "html"
    """Status 200 with an HTML page."""
    too_many = "too_many"
    """Status 429, with a Retry-After of one second."""
    half_body = "half_body"
    """The connection ends before the declared length is sent."""
    cut_json = "cut_json"
    """A whole answer whose JSON stops in the middle."""
    wrong_credentials = "wrong_credentials"
    """Status 401, whatever the credentials."""
    empty_list = "empty_list"
    """The usual answer, its lists empty and its totals 0."""


@dataclass(slots=True)
class _Failure:
    fault: Fault
    after: int
    times: int
    path: str


class Sandbox(ABC):
    """A stand-in for one partner's API, with a clock.

    Class attributes:
        news: fields that it tells although the partner documents none, such as ``functie.telewerk``, so that a hub
            shows how it reports them; every other field an adapter must use or ignore.

    Args:
        routes: what the partner answers, for Starlette.
        calls_a_minute: of each endpoint, above which it answers 429; None where the partner has no limit.
    """

    news: ClassVar[Collection[str]] = ()

    def __init__(self, routes: Sequence[BaseRoute], *, calls_a_minute: int | None = None) -> None:
        inner: ASGIApp = Starlette(routes=list(routes))
        if calls_a_minute is not None:
            inner = RateLimit(inner, calls_a_minute)
        self._faults = _Faults(inner)

    @property
    def app(self) -> ASGIApp:
        """The ASGI application."""
        return self._faults

    @abstractmethod
    def options(self, address: str) -> dict[str, Any]:
        """Return the options, laid over a source's own, that make its adapter talk to this sandbox at the address."""

    def overlay(self, address: str, options: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Return what is laid over these options of a source; a sandbox of several partners looks which one it asks."""
        return self.options(address)

    @abstractmethod
    def tick(self) -> Mapping[str, int]:
        """Move the clock: add, edit and withdraw some, and return how many of each."""

    def persons(self) -> Iterable[Contact]:
        """Return the fictitious persons that the partner names, none of whom may come out of an adapter."""
        return ()

    def shuffle(self, rng: Random) -> bool:  # noqa: ARG002
        """List the same in another order until the next tick; say whether this sandbox can."""
        return False

    def fail_next(self, fault: Fault, *, times: int = 1, after: int = 0, path: str = "") -> None:
        """Answer the next calls with a fault.

        Args:
            fault: how to fail.
            times: how many calls fail.
            after: how many calls are answered as usual first.
            path: only calls whose path contains this count.
        """
        self._faults.failures.append(_Failure(Fault(fault), after, times, path))

    def recover(self) -> None:
        """Fail no more: forget the faults that are still to come."""
        self._faults.failures.clear()


def endpoint(scope: Scope) -> str:
    """Return what a limit counts by: the method, and the path without its last part where that is an id."""
    head, _, last = scope["path"].rstrip("/").rpartition("/")
    return f"{scope['method']} {head if any(mark.isdigit() for mark in last) else scope['path']}"


class RateLimit:
    """Answers 429 with Retry-After to more calls a minute than allowed; each endpoint has its own count."""

    def __init__(self, app: ASGIApp, calls_a_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._rate = calls_a_minute / 60
        self._capacity = float(calls_a_minute)
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or refuse it."""
        if scope["type"] != "http" or self._take(endpoint(scope)):
            await self._app(scope, receive, send)
        else:
            answer = JSONResponse({"message": "rate limit exceeded"}, 429, {"Retry-After": self._wait()})
            await answer(scope, receive, send)

    def _take(self, key: str) -> bool:
        now = self._clock()
        left, then = self._left.get(key, (self._capacity, now))
        left = min(self._capacity, left + (now - then) * self._rate)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        return allowed

    def _wait(self) -> str:
        return str(max(1, math.ceil(1 / self._rate)))


class _Faults:
    """Passes calls on, or fails as asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.failures: deque[_Failure] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._due(scope) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await fail(fault, self._app, scope, receive, send)

    def _due(self, scope: Scope) -> Fault | None:
        failure = next((failure for failure in self.failures if failure.path in scope["path"]), None)
        if failure is None:
            return None
        if failure.after:
            failure.after -= 1
            return None
        failure.times -= 1
        if failure.times <= 0:
            self.failures.remove(failure)
        return failure.fault


_PAGES: Mapping[Fault, Callable[[], Response]] = {
    Fault.server_error: lambda: JSONResponse({"message": "Internal Server Error"}, 500),
    Fault.html: lambda: HTMLResponse(_HTML),
    Fault.too_many: lambda: JSONResponse({"message": "rate limit exceeded"}, 429, {"Retry-After": "1"}),
    Fault.wrong_credentials: lambda: JSONResponse({"error": "invalid_client"}, 401),
}


async def fail(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a call of the application with a fault."""
    if fault in _PAGES:
        await _PAGES[fault]()(scope, receive, send)
    else:
        await _sent(fault, await whole_answer(app, scope, receive), send)


async def whole_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """Return what the application would have sent, whole."""
    started: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    headers = {name.decode(): value.decode() for name, value in started["headers"] if name != b"content-length"}
    return Response(bytes(body), started["status"], headers)


async def _sent(fault: Fault, answer: Response, send: Send) -> None:
    body = bytes(answer.body)
    if fault is Fault.empty_list:
        body = json.dumps(_emptied(json.loads(body))).encode()
    sent = body if fault is Fault.empty_list else body[: len(body) // 2]
    length = len(body) if fault is Fault.half_body else len(sent)
    headers = [pair for pair in answer.raw_headers if pair[0] != b"content-length"]
    headers.append((b"content-length", str(length).encode()))
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": sent})


def _emptied(content: Any) -> Any:
    if isinstance(content, list):
        return []
    if isinstance(content, dict):
        return {key: _emptied(value) if isinstance(value, list) else _zero(value) for key, value in content.items()}
    return content


def _zero(value: Any) -> Any:
    return 0 if isinstance(value, int) and not isinstance(value, bool) else value
