"""Addresses that will go: every answer of theirs says since when, until when, and what to use instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from fnmatch import fnmatchcase

import http_sf
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One address, or several, that will go.

    Args:
        path: their path, where ``*`` stands for anything.
        since: the moment from which on nobody should start to use it, with time zone.
        link: absolute address of what says why, and what to use instead.
        sunset: the moment from which on it may be gone, with time zone; None while that is not known.
    """

    path: str
    since: datetime
    link: str
    sunset: datetime | None = None

    def __post_init__(self) -> None:
        if self.sunset is not None and self.sunset < self.since:
            raise ValueError(f"{self.path} would go at {self.sunset}, before it is deprecated at {self.since}")

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """The header fields that say so: RFC 9745 and RFC 8594."""
        said = {"deprecation": http_sf.ser(self.since), "link": f'<{self.link}>; rel="deprecation"; type="text/html"'}
        if self.sunset is not None:
            said["sunset"] = format_datetime(self.sunset.astimezone(UTC), usegmt=True)
        return [(name.encode(), value.encode()) for name, value in said.items()]


DEPRECATED: Sequence[Deprecation] = ()
"""What will go. Nothing so far."""


def deprecation(path: str, table: Sequence[Deprecation] = DEPRECATED) -> Deprecation | None:
    """Return what is said of a path that will go; the first of the table that fits. None where nothing is."""
    return next((each for each in table if fnmatchcase(path, each.path)), None)


class Deprecating:
    """Adds to the answers of addresses that will go that they will.

    Args:
        app: what answers.
        table: which will go; the first whose path fits counts.
    """

    def __init__(self, app: ASGIApp, *, table: Sequence[Deprecation] = DEPRECATED) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and say so."""
        found = deprecation(scope.get("path", ""), self._table)
        await self._app(scope, receive, _telling(send, found.headers) if found else send)


def _telling(send: Send, headers: Sequence[tuple[bytes, bytes]]) -> Send:
    async def onward(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return onward
