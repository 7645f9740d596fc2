"""The place where sandboxes are served while tests run: one server on loopback, each application at its own path."""

import atexit
from contextlib import ExitStack
from functools import cache
from typing import Protocol
from weakref import WeakKeyDictionary, WeakValueDictionary

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.testing.server import serve


class Served(Protocol):
    """What can be served: a sandbox, or a stage around one."""

    @property
    def app(self) -> ASGIApp: ...  # noqa: D102


class Hall:
    """Serves sandboxes for as long as somebody holds them; starts its server with the first one."""

    def __init__(self) -> None:
        self._held: WeakValueDictionary[str, Served] = WeakValueDictionary()
        self._paths: WeakKeyDictionary[Served, str] = WeakKeyDictionary()
        self._open = ExitStack()
        self._address: str | None = None
        self._count = 0

    def address(self, sandbox: Served) -> str:
        """Return where this sandbox is served, such as ``http://127.0.0.1:41234/3``."""
        if self._address is None:
            self._address = self._open.enter_context(serve(self))
        if sandbox not in self._paths:
            self._count += 1
            self._paths[sandbox] = str(self._count)
            self._held[str(self._count)] = sandbox
        return f"{self._address}/{self._paths[sandbox]}"

    def close(self) -> None:
        """Stop the server."""
        self._open.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on to the sandbox that its path begins with."""
        if scope["type"] != "http":
            return
        name = scope["path"].split("/")[1]
        sandbox = self._held.get(name)
        app: ASGIApp = PlainTextResponse("no such sandbox", 404) if sandbox is None else sandbox.app
        await app({**scope, "root_path": f"/{name}"}, receive, send)


@cache
def hall() -> Hall:
    """Return the hall of this process; it closes with it."""
    opened = Hall()
    atexit.register(opened.close)
    return opened
