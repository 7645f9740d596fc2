"""One exchange with a partner: sends, follows the redirects that may be followed, takes the body in within bounds."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import monotonic

import httpx

from hub.adapter import ClientCertificate, Rate
from hub.client.body import CutOff, Intake, Oversized, Unreadable, ends_itself
from hub.client.budget import metered
from hub.client.deadline import stopped
from hub.client.exchange import Asked, Exchange, host_of, path_of
from hub.client.fingerprint import fingerprint, kept_headers
from hub.client.keeping import Entry, Gathering
from hub.client.network import CERTIFIED, BoundedTransport
from hub.client.pace import TooLong
from hub.client.redirect import followed, same_host
from hub.client.retry import Passing
from hub.client.terms import Terms
from hub.client.verdict import is_data
from hub.errors import SourceUnavailable, UnexpectedAnswer

OURS = {"User-Agent": "schakel", "Accept-Encoding": "gzip", "Accept": "*/*"}
NO_COOKIES = DefaultCookiePolicy(allowed_domains=())  # they would know us at other ports, and at other hosts
PEEKED_BYTES = 1 << 16
PARTNERS_FAILURES = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)
HAPPENED = {
    httpx.ConnectTimeout: "no connection came about in time",
    httpx.PoolTimeout: "no connection came free in time",
    httpx.ConnectError: "no connection came about",
    httpx.ReadTimeout: "the partner fell silent",
    httpx.WriteTimeout: "the partner did not take our question in",
    httpx.RemoteProtocolError: "the partner hung up, or broke the rules of HTTP,",
}


@dataclass(frozen=True, slots=True)
class Received:
    """An answer whose body is in. Of one that is not data, no more than the first 64 KiB are kept."""

    status: int
    headers: httpx.Headers
    url: httpx.URL
    body: Gathering

    @property
    def entry(self) -> Entry:
        """Return what the archive keeps of it."""
        assert self.body.entry is not None  # noqa: S101 - only answers that are not archived have none
        return self.body.entry


class Wire:
    """The connections of one client. Safe to use from several threads."""

    def __init__(self, terms: Terms, certificate: ClientCertificate | None = None, *, rate: Rate | None = None) -> None:
        self._terms = terms
        self._rate = rate
        limits = terms.limits
        self._http = httpx.Client(
            transport=BoundedTransport(limits, terms.reach, certificate),
            timeout=httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds, pool=limits.request_seconds),
            headers=OURS,
            cookies=CookieJar(NO_COOKIES),
            follow_redirects=False,
            trust_env=False,
        )

    def exchange(self, asked: Asked) -> Received:
        """Ask once and take the answer in, whatever its status; Passing is raised where asking again may help."""
        self._await_turn(asked, asked.url)
        started = monotonic()
        seen: list[Received] = []
        try:
            failure = self._attempt(asked, seen)
        finally:
            self._terms.note(_exchange(asked, seen[0] if seen else None, monotonic() - started))
        if failure:  # raised here, without the library's own error, which may quote what was sent
            raise failure
        return seen[0]

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _attempt(self, asked: Asked, seen: list[Received]) -> Exception | None:
        """Take the answer in, or return why that failed."""
        try:
            with self._metered(asked), self._answered(asked) as response:
                body = Gathering(None if asked.private else self._terms.archive)
                seen.append(Received(response.status_code, response.headers, response.url, body))
                self._take(asked, response, body)
        except httpx.TransportError as error:
            return self._named(asked, error, begun=bool(seen))
        except tuple(NAMES) as error:
            return NAMES[type(error)](asked, str(error))
        return None

    def _take(self, asked: Asked, response: httpx.Response, body: Gathering) -> None:
        wanted = is_data(asked, response.status_code)
        intake = Intake(
            response.headers, most=asked.most if wanted else PEEKED_BYTES, inflation=self._terms.limits.inflation
        )
        with body:
            if wanted:
                _gather(asked, intake, response, body)
            else:
                _peek(intake, response, body)

    # Redirects ------------------------------------------------------------------------------------------------

    @contextmanager
    def _answered(self, asked: Asked) -> Iterator[httpx.Response]:
        """Give the answer that is no redirect, its body still to come."""
        request = self._request(asked, asked.url, asked.headers, certified=asked.certified)
        for _ in range(self._terms.limits.redirects + 1):
            response = self._send(request)
            try:
                if not response.has_redirect_location:
                    yield response
                    return
                request = self._redirected(asked, request, response)
                self._await_turn(asked, request.url)
            finally:
                response.close()
        raise UnexpectedAnswer(
            f"{asked.where}: the partner redirects more than {self._terms.limits.redirects} times;"
            " check the address in the source's options."
        )

    def _redirected(self, asked: Asked, request: httpx.Request, response: httpx.Response) -> httpx.Request:
        target = followed(asked, request.url, response, other_hosts=self._terms.limits.other_hosts)
        same = same_host(request.url, target)
        headers = _carried(request, asked) if same else {}
        return self._request(asked, target, headers, certified=same and request.extensions[CERTIFIED])

    def _request(self, asked: Asked, url: httpx.URL, headers: Mapping[str, str], *, certified: bool) -> httpx.Request:
        extensions = {CERTIFIED: certified}
        return self._http.build_request(
            asked.method, url, headers=headers, content=asked.content, extensions=extensions
        )

    # Pace and budget ------------------------------------------------------------------------------------------

    def _await_turn(self, asked: Asked, url: httpx.URL) -> None:
        """Wait until one more request may go to the host of this address; raise where it may not."""
        self._judge_time(asked)
        try:
            self._terms.await_turn(host_of(url), self._rate)
        except TooLong as refused:
            raise SourceUnavailable(f"{asked.where}: {refused}; the next run tries again.") from refused
        self._judge_time(asked)
        self._terms.budget.request(asked.where)

    def _send(self, request: httpx.Request) -> httpx.Response:
        """Send, take in the head of the answer, and learn from it."""
        pace = self._terms.pace(host_of(request.url))
        with pace.flight():
            try:
                response = self._http.send(request, stream=True)
            except PARTNERS_FAILURES:
                self._missed()
                raise
            except ValueError:  # httpx looks where a redirect leads, and lets through what IDNA says of the name
                raise httpx.InvalidURL("") from None
            pace.learn(response.status_code, response.headers)
        if response.status_code >= 500:
            self._missed()
        else:
            self._terms.heard(host_of(request.url))
        return response

    def _missed(self) -> None:
        if not stopped():
            self._terms.missed()

    def _metered(self, asked: Asked) -> AbstractContextManager[None]:
        return metered(partial(self._terms.budget.receive, asked.where))

    # Failures -------------------------------------------------------------------------------------------------

    def _judge_time(self, asked: Asked) -> None:
        if problem := self._out_of_time():
            raise SourceUnavailable(f"{asked.where}: {problem}; the next run tries again.")

    def _out_of_time(self) -> str | None:
        if stopped():
            return "the run was ended while it asked"
        if self._terms.run.passed:
            return f"the run is over its {self._terms.limits.run_seconds:g} seconds"
        if self._terms.time_is_up():
            return "the answer was not complete within the seconds allowed for one request"
        return None

    def _named(self, asked: Asked, error: httpx.TransportError, *, begun: bool) -> Exception:
        if problem := self._out_of_time():
            return SourceUnavailable(f"{asked.where}: {problem}; the next run tries again.")
        if _is_untrusted(error):
            return SourceUnavailable(
                f"{asked.where}: the certificate of the host cannot be trusted; ask the partner to renew it."
            )
        if isinstance(error, (httpx.LocalProtocolError, httpx.UnsupportedProtocol)):
            return UnexpectedAnswer(f"{asked.where}: the request cannot be sent; check the source's options.")
        if begun and isinstance(error, httpx.RemoteProtocolError):
            return _incomplete(asked, "the connection ended before the body did")
        happened = HAPPENED.get(type(error), "the connection broke off")
        return Passing(SourceUnavailable, asked.where, happened)


def _gather(asked: Asked, intake: Intake, response: httpx.Response, body: Gathering) -> None:
    start = b""
    for piece in intake.pieces(response.iter_raw()):
        start = start if len(start) >= 4 else start + piece[:4]
        body.write(piece)
    if asked.file and not intake.proven and not ends_itself(start):
        raise Unreadable("it is a file whose end nothing proves, neither a length nor chunks nor its own format")


def _peek(intake: Intake, response: httpx.Response, body: Gathering) -> None:
    """Keep the start of what explains a refusal, if it can be had."""
    with suppress(httpx.TransportError, CutOff, Oversized, Unreadable):
        for piece in intake.pieces(response.iter_raw()):
            body.write(piece)


def _exchange(asked: Asked, seen: Received | None, seconds: float) -> Exchange:
    entry = seen.body.entry if seen else None
    return Exchange(
        method=asked.method,
        host=host_of(asked.url),
        path=path_of(asked.url),
        status=seen.status if seen else None,
        digest=entry.digest if entry else None,
        size=entry.size if entry else 0,
        seconds=seconds,
        request="" if asked.private else fingerprint(asked.method, asked.url, asked.content),
        headers=kept_headers(seen.headers) if seen and not asked.private else {},
    )


def _carried(request: httpx.Request, asked: Asked) -> dict[str, str]:
    """Return the partner's headers, as long as no hop has dropped them."""
    return {name: value for name, value in asked.headers.items() if name in request.headers}


def _is_untrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _incomplete(asked: Asked, detail: str) -> Passing:
    return Passing(UnexpectedAnswer, asked.where, f"an incomplete answer came ({detail})")


def _oversized(asked: Asked, detail: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"{asked.where}: the answer is too large: {detail}; ask for less at once, or raise the limit."
    )


def _unreadable(asked: Asked, detail: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"{asked.where}: the answer cannot be read: {detail}; ask the partner.")


def _misdirected(asked: Asked, _: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"{asked.where}: the partner redirects to what is no address; ask the partner.")


NAMES: Mapping[type[Exception], Callable[[Asked, str], Exception]] = {
    CutOff: _incomplete,
    Oversized: _oversized,
    Unreadable: _unreadable,
    httpx.InvalidURL: _misdirected,
}
"""What becomes of the failures that are not the connection's."""
