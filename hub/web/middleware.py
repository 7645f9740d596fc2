"""What holds for every answer: HEAD where there is GET, and headers that keep browsers careful."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


class Careful:
    """Adds the headers that keep a browser from guessing types, running scripts and telling where it came from."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [pair for pair in message["headers"] if pair[0] not in _HEADERS]
                message["headers"] = [*own, *_HEADERS.items()]
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
