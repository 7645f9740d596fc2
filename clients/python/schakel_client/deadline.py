"""An end to the patience with an answer as a whole: timeouts of sockets start anew with every byte."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete", "proxy_stream.start_tls.complete")


class Deadline:
    """Cuts the connection of a request that takes too long, whatever part of it is slow."""

    def __init__(self) -> None:
        """Start with no connection."""
        self._sockets: list[socket.socket] = []
        self.passed = False

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Note the connections made, as httpx tells them to its extension ``trace``."""
        if event in _CONNECTED:
            made = told["return_value"].get_extra_info("socket")
            self._sockets = [*(one for one in self._sockets if one.fileno() >= 0), made]

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut every connection when the block takes longer than this."""
        self.passed = False
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        for one in self._sockets:
            with suppress(OSError):
                # Of the plain socket: that of TLS would say goodbye first, and wait for it.
                socket.socket.shutdown(one, socket.SHUT_RDWR)
