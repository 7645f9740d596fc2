"""Sockets that keep the deadline and lead only where they may.

httpx bounds each read, which a partner that drips bytes never exceeds; and it connects to whatever a name resolves to.
"""

import ssl
from collections.abc import Iterable
from time import monotonic
from typing import Any

import httpcore
import httpx

from hub.adapter import ClientCertificate
from hub.client.budget import counted
from hub.client.exchange import place
from hub.client.limits import Limits
from hub.client.reach import OutOfReach, Reach, literal
from hub.client.resolving import SLICE_SECONDS, allowed, resolve
from hub.client.trust import trusted, with_certificate
from hub.errors import UnexpectedAnswer

KEPT_SECONDS = 30.0
LONGEST_SECONDS = 3600.0
WRITTEN_BYTES = 1 << 14
CERTIFIED = "certified"
"""Extension of a request to which our certificate is shown."""

USUAL_PORTS = {"http": 80, "https": 443}


class BoundedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline of the work that uses it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read in short slices, so that a stopped run is noticed while the partner is silent."""
        silent_until = monotonic() + _seconds(timeout)
        while True:
            left = allowed(silent_until - monotonic(), httpcore.ReadTimeout)
            try:
                return counted(self._inner.read(max_bytes, min(left, SLICE_SECONDS)))
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, in pieces, since a partner that takes a long question in bit by bit is never silent."""
        for start in range(0, len(buffer), WRITTEN_BYTES):
            piece = buffer[start : start + WRITTEN_BYTES]
            self._inner.write(piece, allowed(_seconds(timeout), httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands; the certificate must be the host's."""
        left = allowed(_seconds(timeout), httpcore.ConnectTimeout)
        return BoundedStream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """Pass on what httpcore asks about the socket."""
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections: resolves a name once, judges every address, and connects to these very addresses.

    The name stays the one that is asked for over HTTP and that the certificate must be of.

    Args:
        reach: whom it may reach; None for the way to a proxy, which an administrator chose.
    """

    def __init__(self, reach: Reach | None) -> None:
        self._reach = reach
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; raises OutOfReach where one of them may not be called."""
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in self._addresses(host, port, _seconds(timeout)):
            left = allowed(_seconds(timeout), httpcore.ConnectTimeout)
            try:
                return BoundedStream(self._inner.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int, timeout: float) -> list[str]:
        if self._reach is None:
            return resolve(host, port, timeout)
        self._reach.judge_host(host, port)
        found = [host] if literal(host) else resolve(host, port, timeout)
        return self._reach.judge_addresses(host, port, found)


class BoundedTransport(httpx.BaseTransport):
    """The transport of httpx over bounded connections, to partners that may be reached.

    Requests to which our certificate is shown have connections of their own, and so have the hosts that a proxy is not
    asked for.
    """

    def __init__(self, limits: Limits, reach: Reach, certificate: ClientCertificate | None = None) -> None:
        self._reach = reach
        contexts = {False: trusted()}
        if certificate:
            contexts[True] = with_certificate(certificate)
        self._direct = {shown: _Pool(limits, context, reach) for shown, context in contexts.items()}
        self._proxied = self._direct
        if reach.proxy:
            self._proxied = {shown: _Pool(limits, context, reach, reach.proxy) for shown, context in contexts.items()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises UnexpectedAnswer where its host may not be reached."""
        try:
            return self._way(request).handle_request(request)
        except OutOfReach as refused:
            why = str(refused)
        raise UnexpectedAnswer(f"{request.method} {place(request.url)}: not called: {why}.")

    def close(self) -> None:
        """Close all connections."""
        for pool in (*self._direct.values(), *self._proxied.values()):
            pool.close()

    def _way(self, request: httpx.Request) -> httpx.BaseTransport:
        shown = bool(request.extensions.get(CERTIFIED))
        host, port = request.url.raw_host.decode("ascii"), request.url.port
        port = USUAL_PORTS[request.url.scheme] if port is None else port
        if self._proxied is self._direct or self._reach.admits(host, port):
            return self._direct[shown]
        self._reach.judge_host(host, port)
        self._reach.judge_name(host, port)
        return self._proxied[shown]


class _Pool(httpx.HTTPTransport):
    """Connections straight to partners, or through a proxy."""

    def __init__(self, limits: Limits, context: ssl.SSLContext, reach: Reach, proxy: str | None = None) -> None:
        super().__init__(verify=context, trust_env=False)
        common: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": limits.connections,
            "max_keepalive_connections": limits.connections,
            "keepalive_expiry": KEPT_SECONDS,
        }
        if proxy is None:
            self._pool = httpcore.ConnectionPool(network_backend=BoundedBackend(reach), **common)
        else:
            tls = trusted() if proxy.startswith("https:") else None
            backend = BoundedBackend(None)
            self._pool = httpcore.HTTPProxy(proxy, proxy_ssl_context=tls, network_backend=backend, **common)


def _seconds(timeout: float | None) -> float:
    return LONGEST_SECONDS if timeout is None else timeout
