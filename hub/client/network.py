"""Sockets that keep the deadline: httpx bounds each read, which a partner that drips bytes never exceeds."""

import socket
import ssl
from collections.abc import Callable, Iterable
from functools import cache
from time import monotonic
from typing import Any

import httpcore
import httpx

from hub.client.deadline import seconds_left, stopped
from hub.client.limits import Limits

SLICE_SECONDS = 0.5
KEPT_SECONDS = 30.0
LONGEST_SECONDS = 3600.0


class BoundedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline of the work that uses it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read in short slices, so that a stopped run is noticed while the partner is silent."""
        silent_until = monotonic() + _seconds(timeout)
        while True:
            left = _allowed(silent_until - monotonic(), httpcore.ReadTimeout)
            try:
                return self._inner.read(max_bytes, min(left, SLICE_SECONDS))
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._inner.write(buffer, _allowed(_seconds(timeout), httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands; the certificate must be the host's."""
        left = _allowed(_seconds(timeout), httpcore.ConnectTimeout)
        return BoundedStream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """Pass on what httpcore asks about the socket."""
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections: resolves the name once, then tries each of its addresses within the deadline."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in resolve(host, port):
            left = _allowed(_seconds(timeout), httpcore.ConnectTimeout)
            try:
                return BoundedStream(self._inner.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, each once, in the order of the resolver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} is not known") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class BoundedTransport(httpx.HTTPTransport):
    """The transport of httpx over bounded connections."""

    def __init__(self, limits: Limits) -> None:
        context = trusted()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=limits.connections,
            max_keepalive_connections=limits.connections,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=BoundedBackend(),
        )


@cache
def trusted() -> ssl.SSLContext:
    """Return the authorities we trust; loading them takes tens of milliseconds, so once."""
    return httpx.create_ssl_context(trust_env=False)


def _seconds(timeout: float | None) -> float:
    return LONGEST_SECONDS if timeout is None else timeout


def _allowed(most: float, failure: Callable[[str], Exception]) -> float:
    left = seconds_left(most)
    if left <= 0 or stopped():
        raise failure("the time is over")
    return left
