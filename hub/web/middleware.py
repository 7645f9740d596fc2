"""What holds for every answer: HEAD where there is GET, and headers that keep browsers careful."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action {}; frame-ancestors 'none'"
)
CAREFUL: Mapping[bytes, bytes] = {
    b"content-security-policy": _POLICY.format("'none'").encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
"""What keeps a browser from guessing types, running scripts and telling where it came from."""

WITH_FORMS: Mapping[str, str] = {
    "content-security-policy": _POLICY.format("'self'"),
    "referrer-policy": "same-origin",  # with no-referrer a browser does not tell us that a form is our own
}
"""What a page with forms says itself: they may be sent to this hub, and to nowhere else."""


class Careful:
    """Adds the headers that keep a browser from guessing types, running scripts and telling where it came from.

    What an answer says itself of these stays.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                more = [pair for pair in CAREFUL.items() if pair[0] not in own]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self.app(scope, receive, send_carefully)


class HeadAsGet:
    """Lets whatever answers GET answer HEAD too; the server leaves the body out, and `head` in the scope says so."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        head = scope.get("method") == "HEAD"
        await self.app({**scope, "method": "GET", "head": True} if head else scope, receive, send)
