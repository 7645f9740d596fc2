"""Serving an application over HTTP, on this machine only unless told otherwise."""

import errno
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from hub.errors import ConfigError, HubError
from hub.web.memory import keep_freed_memory

_START_SECONDS = 10.0
_GRACE_SECONDS = 5
_BACKLOG = 2048
_CONNECTIONS = 900  # each takes a file, of which a process mostly gets 1,024; beyond, the answer is a 503


class Server:
    """One listening server: `run` it in the main thread until Ctrl-C, or `start` and `stop` it beside other work.

    `bind` may come first, where the application needs to know the `address` it will be found at.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 8000) -> None:
        """Prepare; nothing listens yet. Port 0 takes any free one."""
        self.host = host
        self.port = port
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._uvicorn: uvicorn.Server | None = None

    @property
    def address(self) -> str:
        """The address to open, once bound."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def bind(self) -> None:
        """Take the port, so that `port` and `address` are known; ConfigError says why it cannot be had."""
        if self._socket:
            return
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # Named as TCP, or asyncio leaves Nagle's algorithm on: 40 ms more for every small answer.
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((self.host, self.port))
            taken.listen(_BACKLOG)
        except (OSError, OverflowError) as error:
            taken.close()
            raise ConfigError(_refusal(self.host, self.port, error)) from error
        self._socket = taken
        self.port = taken.getsockname()[1]

    def run(self, app: ASGIApp) -> None:
        """Serve in this, the main thread, until Ctrl-C or SIGTERM; then finish what is being answered."""
        self.bind()
        keep_freed_memory()
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises the signal again at its end
        try:
            with suppress(KeyboardInterrupt):
                self._serve(_server(app))
        finally:
            signal.signal(signal.SIGTERM, before)
            self._close()

    def start(self, app: ASGIApp) -> None:
        """Serve in a thread of its own; returns when it answers."""
        self.bind()
        self._uvicorn = _server(app)
        self._thread = threading.Thread(target=self._serve, args=(self._uvicorn,), name="web", daemon=True)
        self._thread.start()
        patience = time.monotonic() + _START_SECONDS
        while not self._uvicorn.started:
            if not self._thread.is_alive() or time.monotonic() > patience:
                raise HubError(f"the web server at {self.address} did not start; see the log")
            time.sleep(0.005)

    def stop(self) -> None:
        """Finish what is being answered, then let go of the port."""
        if self._uvicorn and self._thread:
            self._uvicorn.should_exit = True
            self._thread.join()
        self._close()

    @contextmanager
    def serving(self, app: ASGIApp) -> Iterator[Self]:
        """Serve within a ``with`` block."""
        self.start(app)
        try:
            yield self
        finally:
            self.stop()

    def _serve(self, server: uvicorn.Server) -> None:
        server.run(sockets=[self._socket] if self._socket else None)

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None


def _server(app: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_GRACE_SECONDS,
            limit_concurrency=_CONNECTIONS,
            proxy_headers=False,  # whom to believe about a client's address is a setting of the hub
        )
    )


def _refusal(host: str, port: int, error: OSError | OverflowError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    reasons = {
        errno.EADDRINUSE: f"port {port} of {host} is taken by another program; stop that one or choose another port",
        errno.EACCES: f"port {port} of {host} is not allowed to this user; choose one from 1024 up",
        errno.EADDRNOTAVAIL: f"this machine has no address {host}; listen on 127.0.0.1 or one of its own",
    }
    return reasons.get(number or 0, f"cannot listen on {host}, port {port}: {error}; choose another address or port")
