"""A sandbox on a stage: counts what it is asked, and fails from the request on that it is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.errors import AuthenticationRejected, SourceError, SourceUnavailable, UnexpectedAnswer
from hub.testing.hall import hall
from hub.testing.sandbox import Fault, Sandbox, fail, whole_answer

Answering = Callable[[ASGIApp, Scope, Receive, Send], Awaitable[None]]

DRIP_SECONDS = 0.05
DRIPS = 100


@dataclass(frozen=True, slots=True)
class Trouble:
    """A way in which a partner fails.

    Args:
        says: what the partner does, as the middle of a sentence.
        answer: what it answers instead.
        right: the errors that are a right outcome.
        incomplete: whether ending with Incomplete is right as well.
    """

    says: str
    answer: Answering
    right: tuple[type[SourceError], ...]
    incomplete: bool = True


async def _empty(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await Response(b"", media_type="application/json")(scope, receive, send)


async def _drip(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a byte now and then, so that no single read ever times out."""
    request = Request(scope, receive)
    await request.body()
    head = [(b"content-type", b"application/json"), (b"content-length", b"1000000")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    for _ in range(DRIPS):
        if await request.is_disconnected():
            return
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(DRIP_SECONDS)


def adding(name: str, value: Any, added: list[str] | None = None) -> Answering:
    """Return how a partner answers that has a new field in every answer and in every object of every list.

    Args:
        name: of the field.
        value: of the field.
        added: gets the path of each answer that has it now; what is not JSON stays as it is.
    """

    async def answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        usual = await whole_answer(app, scope, receive)
        try:
            body = json.dumps(_with_field(json.loads(bytes(usual.body)), name, value, listed=True)).encode()
            if added is not None:
                added.append(scope["path"])
        except ValueError:
            body = bytes(usual.body)
        headers = {key: each for key, each in usual.headers.items() if key != "content-length"}
        await Response(body, usual.status_code, headers)(scope, receive, send)

    return answer


def _with_field(content: Any, name: str, value: Any, *, listed: bool = False) -> Any:
    if isinstance(content, list):
        return [_with_field(each, name, value, listed=True) for each in content]
    if isinstance(content, dict):
        changed = {key: _with_field(each, name, value) for key, each in content.items()}
        return {**changed, name: value} if listed else changed
    return content


def repeating() -> Answering:
    """Return how a partner answers whose paging is stuck: for each path what it said there first, for ever."""
    said: dict[str, Response] = {}

    async def answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        path = f"{scope['method']} {scope['path']}"
        if path not in said:
            said[path] = await whole_answer(app, scope, receive)
        await said[path](scope, receive, send)

    return answer


def _failing(fault: Fault) -> Answering:
    return partial(fail, fault)


_WRONG = (UnexpectedAnswer, SourceUnavailable)

TROUBLES: Mapping[str, Trouble] = {
    "too_many": Trouble("answers 429", _failing(Fault.too_many), (SourceUnavailable,)),
    "wrong_credentials": Trouble(
        "answers 401", _failing(Fault.wrong_credentials), (AuthenticationRejected,), incomplete=False
    ),
    "server_error": Trouble("answers 500", _failing(Fault.server_error), (SourceUnavailable,)),
    "html": Trouble("answers 200 with an HTML page", _failing(Fault.html), _WRONG),
    "empty": Trouble("answers 200 with an empty body", _empty, _WRONG),
    "half_body": Trouble("ends the connection in the middle of a body", _failing(Fault.half_body), _WRONG),
    "cut_json": Trouble("answers half a document as if it were whole", _failing(Fault.cut_json), _WRONG),
    "slow": Trouble("sends a byte now and then and never ends", _drip, (SourceUnavailable,)),
}
"""Every trouble that the kit makes, by name."""


class Stage:
    """A sandbox that is served on loopback and watched.

    Args:
        sandbox: the stand-in.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.asked: list[str] = []
        """Method and path of every request since the last `begin`."""
        self.hits = 0
        """How many of them were answered with trouble."""
        self._answer: Answering | None = None
        self._troubled = range(0)

    @property
    def app(self) -> ASGIApp:
        """The application to serve."""
        return self

    def options(self) -> Mapping[str, Any]:
        """Return the options that make the adapter talk to this sandbox here."""
        return self.sandbox.options(hall().address(self))

    def begin(self, answer: Answering | None = None, *, at: int = 0, times: int = 1_000_000) -> None:
        """Count from now on; answer so many requests like this, from the one at this position, counted from 0."""
        self.asked, self.hits = [], 0
        self._answer, self._troubled = answer, range(at, at + times)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        position = len(self.asked)
        self.asked.append(f"{scope['method']} {scope['path'].removeprefix(scope.get('root_path', ''))}")
        if self._answer is None or position not in self._troubled:
            await self.sandbox.app(scope, receive, send)
            return
        self.hits += 1
        await self._answer(self.sandbox.app, scope, receive, send)
