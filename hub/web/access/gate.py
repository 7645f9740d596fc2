"""What every request passes first: its key is looked at, its quota is taken from, and a view with a key stays shut."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import StoreError
from hub.store.keys import KeyRow
from hub.views import View
from hub.web.access import Refusal, barred, view_named
from hub.web.access.limit_fields import Field
from hub.web.access.porter import Passed, Porter, passed
from hub.web.access.quota import Quota, Taken
from hub.web.problems import problem
from hub.web.site import Site

_EXEMPT = frozenset({"/health"})
_VARY = b"Authorization, X-API-Key"
_NEWS = b"text/event-stream"

_log = logging.getLogger(__name__)


def holder(request: Request) -> KeyRow | None:
    """Return the key that a request came with; it holds, or the request would not have come this far."""
    known = passed(request.scope)
    return known.key if known else None


class Gate:
    """Lets requests pass, or says why not.

    Args:
        app: what answers.
        site: whose views these are.
        porter: looks at the requests.
    """

    def __init__(self, app: ASGIApp, *, site: Site, porter: Porter) -> None:
        self._app = app
        self._porter = porter
        self._shut = site.closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http" or scope["path"] in _EXEMPT:
            await self._app(scope, receive, send)
            return
        try:
            known = self._porter.look(scope)
        except StoreError as error:
            _log.error("%s could not be answered: %s", scope["path"], error)
            await problem(503)(scope, receive, send)
            return
        view = self._shut.get(view_named(scope["path"]) or "")
        refusal = _refusal(known, view)
        onward = _telling(send, known.fields) if known.taken else send
        if view:
            onward = _privately(onward, partial(self._porter.opens, known.key, view))
        await (refusal or self._app)(scope, receive, onward)


def _refusal(known: Passed, view: View | None) -> Response | None:
    """Return the answer to a request that may not pass, None to one that may; that a quota is used up comes first."""
    if known.taken and known.quota and known.exhausted:
        return _too_many(known.quota, known.taken)
    refusal = known.refusal or (barred(view, known.key) if view else None)
    return refused(refusal) if refusal else None


def refused(refusal: Refusal) -> Response:
    """Return the answer to a request that is refused."""
    answer = problem(refusal.status, refusal.detail, code=refusal.kind)
    if refusal.challenge:
        answer.headers["www-authenticate"] = refusal.challenge
    return answer


def _too_many(quota: Quota, taken: Taken) -> Response:
    whose = "This key" if quota.name == "key" else "Your address, which is all that is known without a key,"
    detail = (
        f"{whose} may ask {quota.requests:,} times in {quota.seconds:,} seconds, and has. Go on in {taken.seconds:,} "
        "seconds; RateLimit in every answer says how much is left."
    )
    violated: dict[str, Any] = {"violated-policies": [quota.name]}  # as the registered type names it
    answer = problem(429, detail, **violated)
    answer.headers["retry-after"] = str(taken.seconds)
    return answer


def _telling(send: Send, told: Sequence[Field]) -> Send:
    """Return a way to send that adds what is told of the quota."""

    async def onward(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *told]
        await send(message)

    return onward


def _privately(send: Send, holds: Callable[[], bool]) -> Send:
    """Return a way to send that keeps an answer from shared caches, and ends a stream of news once the key is void."""
    news = ended = False

    async def onward(message: Message) -> None:
        nonlocal news, ended
        if ended:
            return
        if message["type"] == "http.response.start":
            news = any(name == b"content-type" and value.startswith(_NEWS) for name, value in message["headers"])
            message["headers"] = list(_kept_private(message["headers"]))
        elif news and not holds():
            ended = True
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await send(message)

    return onward


def keep_private(answer: Response) -> Response:
    """Keep an answer, which is for who sent this key, from shared caches."""
    answer.raw_headers[:] = list(_kept_private(answer.raw_headers))  # in place: `headers` writes to this very list
    return answer


def _kept_private(headers: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    vary = [value for name, value in headers if name == b"vary"]
    for name, value in headers:
        if name == b"cache-control":
            yield name, value.replace(b"public", b"private")
        elif name != b"vary":
            yield name, value
    if not any(name == b"cache-control" for name, _ in headers):
        yield b"cache-control", b"private"
    yield b"vary", b", ".join([*vary, _VARY])
