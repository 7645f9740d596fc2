"""JSON values built from the parser's events: bounded in depth, and no name twice in an object."""

import re
from collections.abc import Iterator
from typing import Any, cast

from pydantic import JsonValue

from hub.errors import UnexpectedAnswer

STARTS = frozenset({"start_map", "start_array"})
ENDS = frozenset({"end_map", "end_array"})

Event = tuple[str, Any]

_PAIRED = re.compile(
    rb"(?:[^\\]++|\\(?:[^u]|u(?:[0-9a-ce-fA-CE-F]|[dD][0-7])|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]))*+"
)
_LONGEST = 12
"""Bytes of the longest escape: two surrogates."""


class Surrogates:
    """Watches JSON on its way to the parser for half a surrogate pair, which the parser would turn into ``?``."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rest = b""

    def __call__(self, piece: bytes) -> None:
        """Raise UnexpectedAnswer where an escape is no letter; what may go on in the next piece is kept."""
        seen = self._rest + piece
        matched = _PAIRED.match(seen)
        self._rest = seen[matched.end() :] if matched else seen
        if len(self._rest) >= _LONGEST or (not piece and self._rest[:2] == b"\\u"):
            raise UnexpectedAnswer(
                f"{self._name} holds the escape {self._rest[:6].decode('ascii', 'replace')}, which is half a letter "
                "(a lone surrogate): ask the partner for valid Unicode."
            )


def build(first: Event, events: Iterator[Event], name: str, room: int) -> JsonValue:
    """Return the value that starts with an event, taking as many more as it has; at most `room` levels deep."""
    event, value = first
    if event not in STARTS:
        return cast("JsonValue", value)
    if room < 1:
        raise too_deep(name)
    return (_object if event == "start_map" else _list)(events, name, room - 1)


def _object(events: Iterator[Event], name: str, room: int) -> JsonValue:
    made: dict[str, JsonValue] = {}
    for event, key in events:
        if event == "end_map":
            break
        if key in made:
            raise doubled(name, key)
        made[key] = build(next(events), events, name, room)
    return made


def _list(events: Iterator[Event], name: str, room: int) -> JsonValue:
    made: list[JsonValue] = []
    for first in events:
        if first[0] == "end_array":
            break
        made.append(build(first, events, name, room))
    return made


def doubled(name: str, key: str) -> UnexpectedAnswer:
    """Return what to raise for a name that comes twice in one object."""
    return UnexpectedAnswer(
        f"{name} holds an object with the name {key[:60]!r} twice, so it is unclear which value counts: ask the "
        "partner."
    )


def too_deep(name: str) -> UnexpectedAnswer:
    """Return what to raise for what lies too deep."""
    return UnexpectedAnswer(
        f"{name} holds lists and objects that lie deeper in each other than allowed, which looks like a mistake or an "
        "attack: check the file, then raise max_depth if it really is this deep."
    )
