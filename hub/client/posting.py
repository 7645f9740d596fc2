"""Posting a message to an address that a stranger gave: once, within seconds, and only where the hub may go.

Redirects are not followed, the start of the answer is read and nothing of it kept, and what went wrong is told in words
that say nothing about our own network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Self

import httpx

from hub.client.allowance import retry_after
from hub.client.body import CutOff, Intake, Oversized, Unreadable
from hub.client.deadline import Deadline, bounded, stoppable
from hub.client.exchange import HOST, HTTP_SCHEMES, LOG, place
from hub.client.limits import Limits
from hub.client.network import USUAL_PORTS, BoundedTransport
from hub.client.reach import OutOfReach, Reach, literal
from hub.client.wire import NO_COOKIES
from hub.errors import UnexpectedAnswer

PROMPT = Limits(request_seconds=15, connect_seconds=5, silence_seconds=15, connections=64)
READ_BYTES = 4096
LONGEST_ADDRESS = 2000
NO_ADDRESS = "its address cannot be read"
NOT_OUTSIDE = "its host is not on the public internet"

_HAPPENED: Mapping[type[httpx.TransportError], str] = {
    httpx.ConnectTimeout: "no connection came about in time",
    httpx.ConnectError: "no connection came about",
    httpx.PoolTimeout: "no connection came free in time",
    httpx.ReadTimeout: "no answer came in time",
    httpx.WriteTimeout: "it did not take the message in",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of posting: the status, or the trouble in a few words where no answer came.

    Args:
        seconds: how long it took.
        status: of the answer.
        trouble: why there is none.
        asked: the seconds that Retry-After asks to wait.
        body: the start of the answer.
    """

    seconds: float
    status: int | None = None
    trouble: str | None = None
    asked: float | None = None
    body: bytes = field(default=b"", repr=False)


class Poster:
    """Posts messages; a context manager, safe to use from several threads.

    Args:
        reach: whom it may call; by default the public internet only.
        limits: of one message; `request_seconds` is for all of it.
        stop: ends what goes on.
    """

    def __init__(self, *, reach: Reach | None = None, limits: Limits = PROMPT, stop: Event | None = None) -> None:
        self._limits = limits
        self._stop = stop or Event()
        self._http = httpx.Client(
            transport=BoundedTransport(limits, reach or Reach()),
            timeout=httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds, pool=limits.request_seconds),
            headers={"User-Agent": "schakel", "Accept-Encoding": "identity", "Accept": "*/*"},
            cookies=CookieJar(NO_COOKIES),
            follow_redirects=False,
            trust_env=False,
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Post these bytes as JSON, and return what came of it; raises nothing for what the other side does."""
        started = monotonic()
        if _address(url) is None:
            return Posted(0.0, trouble=NO_ADDRESS)
        with bounded(Deadline(self._limits.request_seconds)), stoppable(self._stop):
            try:
                status, asked, start = self._send(url, body, headers)
            except (httpx.TransportError, httpx.InvalidURL, UnexpectedAnswer, ValueError) as error:
                return Posted(monotonic() - started, trouble=_told(error))
        return Posted(monotonic() - started, status, asked=asked, body=start)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def _send(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, float | None, bytes]:
        said = {**headers, "Content-Type": "application/json"}
        request = self._http.build_request("POST", url, content=body, headers=said)
        response = self._http.send(request, stream=True)
        try:
            start = _start(response)
        finally:
            response.close()
        LOG.debug("POST %s %s", place(request.url), response.status_code)
        return response.status_code, retry_after(response.headers), start


def judge_address(url: str, reach: Reach) -> str | None:
    """Return why messages cannot be posted to an address, None where they can as far as it shows.

    It must be https; http may be used where an administrator named the host. Where its name leads is judged each time
    that something is posted.
    """
    found = _address(url)
    if found is None:
        return "it must be an absolute address such as https://portal.example.org/hooks, without a name or password"
    port = USUAL_PORTS[found.scheme] if found.port is None else found.port
    if found.scheme != "https" and not reach.admits(found.host, port):
        return "it must start with https://"
    try:
        reach.judge_host(found.host, port)
        reach.judge_name(found.host, port)
    except OutOfReach:
        return f"{NOT_OUTSIDE}, or its port is not one of the web"
    return None


def site_of(url: str) -> str:
    """Return what all addresses at the same host and port start with, such as ``https://portal.example.org/``."""
    found = _address(url)
    return f"{found.scheme}://{found.netloc.decode('ascii')}/" if found else url


def written(url: str) -> str:
    """Return an address in its usual form; one that cannot be read as it is."""
    found = _address(url)
    return str(found) if found else url


def _address(url: str) -> httpx.URL | None:
    try:
        found = httpx.URL(url)
        host = literal(found.host) or found.host
        fits = found.scheme in HTTP_SCHEMES and HOST.fullmatch(found.raw_host) and not found.userinfo and host
    except (httpx.InvalidURL, TypeError, ValueError):
        return None
    return found.copy_with(fragment=None) if fits and len(url) <= LONGEST_ADDRESS else None


def _told(error: Exception) -> str:
    if isinstance(error, UnexpectedAnswer):
        return NOT_OUTSIDE
    if isinstance(error, httpx.TransportError):
        return _HAPPENED.get(type(error), "the connection broke off")
    return NO_ADDRESS


def _start(response: httpx.Response) -> bytes:
    """Return the start of the answer's body; a body that is broken is as good as none."""
    parts, size = [], 0
    try:
        for piece in Intake(response.headers, most=READ_BYTES, inflation=1).pieces(response.iter_raw(READ_BYTES)):
            parts.append(piece)
            size += len(piece)
    except (CutOff, Oversized, Unreadable, httpx.TransportError):
        pass
    return b"".join(parts)[:READ_BYTES]
