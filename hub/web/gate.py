"""What every request passes first: its key is looked at, its quota is taken from, and a view with a key stays shut."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import StoreError
from hub.model.opportunity import utc
from hub.store.keyring import Keyring
from hub.store.keys import KeyRow
from hub.views import View
from hub.web.access import NOTHING, UNKNOWN, Refusal, Sent, barred, judged, sent, view_named
from hub.web.callers import caller, forwarded_by_a_proxy
from hub.web.limit_fields import Field, fields
from hub.web.problem import problem
from hub.web.quota import Quota, Taken, Windows
from hub.web.site import Site
from hub.web.usage import Usage

_KEY = "schakel.key"
_EXEMPT = frozenset({"/health"})
_VARY = b"Authorization, X-API-Key"
_NEWS = b"text/event-stream"

_log = logging.getLogger(__name__)


class _Passed(NamedTuple):
    """What is known of a request once it was looked at: its key, or why it is refused, and what it took of a quota."""

    key: KeyRow | None = None
    refusal: Refusal | None = None
    quota: Quota | None = None
    taken: Taken | None = None

    @property
    def fields(self) -> Sequence[Field]:
        """The header fields that tell of the quota."""
        return fields(self.quota, self.taken) if self.quota and self.taken else ()


def holder(request: Request) -> KeyRow | None:
    """Return the key that a request came with; it holds, or the request would not have come this far."""
    found: KeyRow | None = request.scope.get(_KEY)
    return found


def _now() -> str:
    return _written(int(time.time()))


@lru_cache(maxsize=2)
def _written(second: int) -> str:
    return utc(datetime.fromtimestamp(second, UTC))


class Gate:
    """Lets requests pass, or says why not.

    Args:
        app: what answers.
        site: whose views these are, and how often readers may ask.
        clock: seconds that only go forward.
        now: the moment, ISO 8601 in UTC.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        site: Site,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], str] = _now,
    ) -> None:
        self._app = app
        self._proxies = site.access.proxies
        self._clock = clock
        self._now = now
        self._ring = Keyring(site.database)
        self._usage = Usage(self._ring.note_used)
        self._windows = Windows()
        self._shut = {view.id: view for view in site.views if view.access != "public"}
        self._anonymous = Quota.of("address", site.access.rate)
        self._keyed = Quota.of("key", site.access.keyed_rate)
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http" or scope["path"] in _EXEMPT:
            await self._app(scope, receive, send)
            return
        try:
            passed = self._look(scope)
        except StoreError as error:
            _log.error("%s could not be answered: %s", scope["path"], error)
            await problem(503)(scope, receive, send)
            return
        view = self._shut.get(view_named(scope["path"]) or "")
        refusal = _refusal(passed, view)
        onward = _telling(send, passed.fields) if passed.fields else send
        if view:
            onward = _privately(onward, partial(self._still_open, passed.key, view))
        scope[_KEY] = passed.key
        await (refusal or self._app)(scope, receive, onward)

    def _still_open(self, key: KeyRow | None, view: View) -> bool:
        """Tell whether a key opens a view now, where it did when the answer began."""
        found = self._ring.find(key.id) if key else None
        return found is not None and found.state(self._now()) == "live" and found.opens(view.id)

    def _look(self, scope: Scope) -> _Passed:
        """Return whose request it is; one without a key that holds takes from what its address may ask."""
        given = sent(scope["headers"], scope["query_string"])
        if given is NOTHING or given.refusal:
            return self._take_by_address(scope, given.refusal)
        return self._look_up(scope, given)

    def _look_up(self, scope: Scope, given: Sent) -> _Passed:
        """Return the key of a request; one that is not in memory costs a query, so its address pays for that."""
        paid = None if self._ring.known(given.id) else self._take_by_address(scope, UNKNOWN)
        if paid and _exhausted(paid):
            return paid
        key = self._ring.find(given.id)
        refusal = judged(key, given.text, self._now())
        if key and not refusal:
            self._usage.note(key.id)
            return self._take_by_key(key)
        if key and refusal is not UNKNOWN:
            _log.info("a request with %r was refused: its key does not hold any more", key)
        return paid._replace(refusal=refusal) if paid else self._take_by_address(scope, refusal)

    def _take_by_key(self, key: KeyRow) -> _Passed:
        own = key.grant.rate
        quota = Quota.of("key", own) if own else self._keyed
        return _Passed(key, None, quota, self._windows.take(f"key {key.id}", quota, self._clock()))

    def _take_by_address(self, scope: Scope, refusal: Refusal | None) -> _Passed:
        proxies = self._proxies
        address = caller(scope, proxies)
        if not (proxies or self._warned) and forwarded_by_a_proxy(scope):
            self._warned = True
            _log.warning(
                "requests come through a proxy, so all readers without a key share one quota; say how many proxies of "
                "yours stand before the hub: access.proxies in hub.toml"
            )
        if address is None:
            return _Passed(None, refusal)
        quota = self._anonymous
        return _Passed(None, refusal, quota, self._windows.take(address, quota, self._clock()))


def _exhausted(passed: _Passed) -> bool:
    return passed.taken is not None and not passed.taken.granted


def _refusal(passed: _Passed, view: View | None) -> Response | None:
    """Return the answer to a request that may not pass, None to one that may; that a quota is used up comes first."""
    if passed.taken and passed.quota and not passed.taken.granted:
        return _too_many(passed.quota, passed.taken)
    refusal = passed.refusal or (barred(view, passed.key) if view else None)
    return _refused(refusal) if refusal else None


def _refused(refusal: Refusal) -> Response:
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
