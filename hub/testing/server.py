"""A real server in a thread, for sandboxes and tests: loopback only."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_START_SECONDS = 10.0


def listen(port: int = 0) -> socket.socket:
    """Return a socket that listens on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every small answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address of a listening socket, such as ``http://127.0.0.1:41234``."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serve(app: ASGIApp, port: int = 0, *, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve an ASGI application on 127.0.0.1 and give its address, such as ``http://127.0.0.1:41234``.

    Port 0 takes a free one; a listener that was made before is used, and closed, instead. The server has stopped when
    the block ends. Raises OSError when the port is taken.
    """
    listener = listener or listen(port)
    # A test makes partners fail on purpose; the server's own log of it would hide what matters.
    config = uvicorn.Config(app, log_level=logging.CRITICAL, access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox-server", daemon=True)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise RuntimeError(f"the server did not start within {_START_SECONDS:g} s")
        time.sleep(0.005)
