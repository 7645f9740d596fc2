"""Looking whether a page is there, politely: little is asked for, seldom, and only what the site allows.

A look is a HEAD, and a GET where that does not show that the page is there. Every step, redirects included, keeps the
pace of its host, minds its robots.txt, and leads only where the hub may go. Nothing is archived: what comes is looked
at and let go.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from time import monotonic
from types import TracebackType
from typing import Self

import httpx

from hub.adapter import Rate
from hub.client.body import CutOff, Intake, Oversized, Unreadable
from hub.client.circuit import Resting
from hub.client.deadline import Deadline, bounded, pause
from hub.client.exchange import HOST, HTTP_SCHEMES, host_of, place
from hub.client.limits import Limits
from hub.client.network import BoundedTransport
from hub.client.pace import Paces, TooLong
from hub.client.reach import Reach
from hub.client.robots import MOST_BYTES as ROBOTS_BYTES
from hub.client.robots import Robots
from hub.client.wire import NO_COOKIES
from hub.errors import UnexpectedAnswer
from hub.links import Answer

NAME = "schakel"
"""What robots.txt calls us."""
SOURCE = "#links"
"""Under which name the paces of hosts are kept: all sources together keep that of one host."""
GENTLE = Limits(request_seconds=30, connect_seconds=10, silence_seconds=15, redirects=5, connections=8)
TEXT_BYTES = 512 * 1024
LONGEST_DELAY = 60.0
PRIVATE = "not on the public internet"

LOG = logging.getLogger("hub.client.links")


class LeaveAlone(Exception):
    """The host is to be left alone for now: it asked for that, does not answer, or its turn comes too late."""


class _Refused(Exception):
    """An address may not be asked for; the message is the trouble in a word or two."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What one step of a look brought."""

    status: int
    body: bytes
    target: httpx.URL | None


@dataclass
class Manners:
    """How hosts are treated; pass the same one to every looker, so that they share what they know of hosts.

    Args:
        contact: an address where people find out who asks.
        rate: how often one host may be asked.
        clock: seconds.
        sleep: waits so many seconds.
        limits: of one look; `request_seconds` is for each of its steps.
    """

    contact: str
    rate: Rate = field(default_factory=lambda: Rate(1, 2))
    clock: Callable[[], float] = monotonic
    sleep: Callable[[float], None] = pause
    limits: Limits = GENTLE
    paces: Paces = field(init=False)
    robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self.paces = Paces(self.clock)
        self.robots = Robots(NAME, self.clock)


class LinkLooker:
    """Looks at addresses; a context manager, safe to use from several threads.

    Args:
        manners: how hosts are treated.
        reach: whom it may call; by default the public internet only.
    """

    def __init__(self, manners: Manners, *, reach: Reach | None = None) -> None:
        self._manners = manners
        self._limits = limits = manners.limits
        self._http = httpx.Client(
            transport=BoundedTransport(limits, reach or Reach()),
            timeout=httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds, pool=limits.request_seconds),
            headers={
                "User-Agent": f"{NAME} (+{manners.contact})",
                "Accept": "text/html, */*;q=0.5",
                "Accept-Encoding": "gzip",
            },
            cookies=CookieJar(NO_COOKIES),
            follow_redirects=False,
            trust_env=False,
        )

    def look(self, url: str, *, until: float, text: bool = False) -> Answer:
        """Return what is at an address; raises LeaveAlone where its host is to be left alone for now.

        Args:
            url: the address.
            until: the moment of the clock by which the turns that have to be waited for must have come.
            text: whether the start of the page is wanted.
        """
        start = _address(url)
        if start is None:
            return Answer(url, url, trouble="no web address")
        found = self._follow(start, "GET" if text else "HEAD", until, text=text)
        if text or _settled(found):
            return found
        return self._follow(start, "GET", until, text=False)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self._http.close()

    # Steps ------------------------------------------------------------------------------------------------------

    def _follow(self, start: httpx.URL, method: str, until: float, *, text: bool) -> Answer:
        asked, url = str(start), start
        try:
            for _ in range(self._limits.redirects + 1):
                page = self._allowed(method, url, until, most=TEXT_BYTES if text else 0)
                if page.target is None:
                    return Answer(asked, str(url), page.status, page.body.decode("utf-8", "replace"))
                url = page.target
        except _Refused as refused:
            return Answer(asked, str(url), trouble=str(refused))
        return Answer(asked, str(url), trouble="redirects without end")

    def _allowed(self, method: str, url: httpx.URL, until: float, *, most: int) -> _Page:
        """Ask for an address, if its site lets us."""
        site = f"{url.scheme}://{host_of(url)}"
        if not self._manners.robots.known(site):
            self._manners.robots.learn(site, *self._rules(httpx.URL(f"{site}/robots.txt"), until))
        if refusal := self._manners.robots.refusal(site, str(url)):
            raise _Refused(refusal)
        return self._ask(method, url, until, most=most, delay=self._manners.robots.delay(site))

    def _rules(self, url: httpx.URL, until: float) -> tuple[int | None, bytes]:
        try:
            for _ in range(self._limits.redirects + 1):
                page = self._ask("GET", url, until, most=ROBOTS_BYTES)
                if page.target is None:
                    return page.status, page.body
                url = page.target
        except _Refused as refused:
            if str(refused) == PRIVATE:
                raise
            return None, b""
        return 404, b""  # RFC 9309, 2.3.1.2: too many redirects are as none at all

    def _ask(self, method: str, url: httpx.URL, until: float, *, most: int, delay: float | None = None) -> _Page:
        """Ask once, in turn."""
        host = host_of(url)
        pace, circuit = self._manners.paces.pace(SOURCE, host), self._manners.paces.circuit(SOURCE, host)
        self._await_turn(host, until, delay)
        try:
            with circuit.request(), bounded(Deadline(self._limits.request_seconds)), pace.flight():
                try:
                    page, headers = self._send(method, url, most)
                except httpx.TransportError:
                    circuit.missed()
                    raise
                circuit.heard()
                pace.learn(page.status, headers)
        except Resting as resting:
            raise LeaveAlone(str(resting)) from None
        except httpx.TimeoutException:
            raise _Refused("timeout") from None
        except httpx.TransportError:
            raise _Refused("unreachable") from None
        except UnexpectedAnswer:
            raise _Refused(PRIVATE) from None
        except (httpx.InvalidURL, ValueError):
            raise _Refused("an address that cannot be read") from None
        LOG.debug("%s %s %s", method, place(url), page.status)
        return page

    def _send(self, method: str, url: httpx.URL, most: int) -> tuple[_Page, httpx.Headers]:
        response = self._http.send(self._http.build_request(method, url), stream=True)
        try:
            target = _target(url, response) if response.has_redirect_location else None
            body = _start(response, most) if most and target is None else b""
            return _Page(response.status_code, body, target), response.headers
        finally:
            response.close()

    def _await_turn(self, host: str, until: float, delay: float | None) -> None:
        """Wait until the pace of a host allows one more request; raises LeaveAlone where that takes too long."""
        manners = self._manners
        rates = [manners.rate] if not delay else [manners.rate, Rate(1, min(delay, LONGEST_DELAY))]
        left = max(until - manners.clock(), 0.0)
        try:
            wait = manners.paces.pace(SOURCE, host).take(rates, most=left, patience=left)
        except TooLong as late:
            raise LeaveAlone(str(late)) from None
        if wait > 0:
            manners.sleep(wait)


def _settled(found: Answer) -> bool:
    """Say whether a HEAD tells enough: the page itself is there, we are not welcome, or nobody answers."""
    if found.trouble or found.status == 429:
        return True
    return found.status is not None and 200 <= found.status < 300 and found.asked == found.landed


def _target(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    found = _address(str(url.join(response.headers["location"])))
    if found is None:
        raise _Refused("sent to what is no web address")
    return found.copy_with(fragment=None)


def _address(url: str) -> httpx.URL | None:
    try:
        found = httpx.URL(url)
        fits = found.scheme in HTTP_SCHEMES and HOST.fullmatch(found.raw_host) and not found.userinfo
    except (httpx.InvalidURL, TypeError, ValueError):
        return None
    return found.copy_with(fragment=None) if fits else None


def _start(response: httpx.Response, most: int) -> bytes:
    """Return the start of a body, at most so many bytes of it."""
    parts, size = [], 0
    try:
        for piece in Intake(_unmeasured(response.headers), most=most * 2, inflation=200).pieces(response.iter_raw()):
            parts.append(piece)
            size += len(piece)
            if size >= most:
                break
    except (CutOff, Oversized, Unreadable):
        pass
    return b"".join(parts)[:most]


def _unmeasured(headers: httpx.Headers) -> httpx.Headers:
    """Return the headers without the length of the body: of a long one the start is wanted all the same."""
    return httpx.Headers([(name, value) for name, value in headers.items() if name != "content-length"])
