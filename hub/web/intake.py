"""What a request may carry: JSON, and none of the hub's addresses needs more than a small body."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.problems import problem

MOST_BYTES = 65_536
_OTHERWISE = (
    (re.compile(r"/opportunities/[^/]*/reports"), 16_384),  # whatever is valid fits, written as escapes too
    (re.compile(r"/usage"), 262_144),
)
"""Addresses that take another size."""


def most_bytes(path: str) -> int:
    """Return how many bytes may be sent to an address."""
    return next((most for pattern, most in _OTHERWISE if pattern.fullmatch(path)), MOST_BYTES)


def require_json(request: Request) -> None:
    """Refuse what does not say that it is JSON, as curl does not unless it is told to."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != "application/json":
        raise HTTPException(415)


class Modest:
    """Refuses requests with a body that is too large: by its announced length at once, else when that much came."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = most_bytes(scope["path"])
        if _announced(scope) > most:
            await problem(413, _too_much(most))(scope, receive, send)
            return
        came = 0

        async def receive_counting() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(413, _too_much(most))
            return message

        await self.app(scope, receive_counting, send)


def _too_much(most: int) -> str:
    return f"What was sent is larger than the {most:,} bytes that this address takes; send less, or in parts."


def _announced(scope: Scope) -> int:
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(said) if said.isdigit() else 0
