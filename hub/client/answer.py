"""An answer of a partner, and what to say when it is not the JSON that was due."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import orjson

from hub.errors import UnexpectedAnswer

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
HTML_START = re.compile(rb"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
LOOKED_AT_BYTES = 4096
TITLE_CHARACTERS = 80
CONTAINERS = frozenset({dict, list})
MOST_DEPTH = 64
"""Levels that lists and objects may lie within each other; what is deeper breaks those who walk through it."""
TOO_DEEP = f"JSON nested deeper than {MOST_DEPTH} levels"


@dataclass(frozen=True, slots=True)
class PartnerAnswer:
    """An answer of a partner, its body archived, complete and within bounds.

    Args:
        where: method, host and path it answers, for messages.
        digest: of the archived body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    where: str = ""
    digest: str = ""

    def json(self) -> Any:
        """Return the body as JSON; raises UnexpectedAnswer, saying what came instead, such as an HTML page.

        Strict as RFC 8259 is: UTF-8, no NaN, no lone surrogate, no number beyond a double. Of a key that is there twice
        the last value counts; an integer beyond 64 bits becomes the nearest float. At most 64 levels deep.
        """
        try:
            value = orjson.loads(self.body.removeprefix(BYTE_ORDER_MARK))
        except orjson.JSONDecodeError as error:
            raise self._unexpected(describe(self.body, self.headers.get("content-type", ""), error)) from None
        if _is_deeper(value, MOST_DEPTH):
            raise self._unexpected(TOO_DEEP)
        return value

    def _unexpected(self, came: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(
            f"{self.where}: the partner sent {came} where JSON was due (status {self.status});"
            " if this lasts, ask the partner or mend the adapter."
        )


def describe(body: bytes, content_type: str, error: orjson.JSONDecodeError) -> str:
    """Return what a body is that is no JSON; of its content no more than the title of a page."""
    start = body[:LOOKED_AT_BYTES]
    if not body.strip():
        return "an empty body"
    if HTML_START.match(start):
        return _page(start)
    if start.lstrip().startswith(b"<"):
        return "XML"
    if not start.lstrip(BYTE_ORDER_MARK + b" \t\r\n").startswith((b"{", b"[")):
        return content_type.split(";", maxsplit=1)[0].strip()[:60] or "something else"
    return _fault(body, error)


def _fault(body: bytes, error: orjson.JSONDecodeError) -> str:
    if error.msg.startswith("depth limit"):
        return TOO_DEEP
    if _is_cut(body, error):
        return f"JSON cut off after {len(body):,} bytes"
    return f"broken JSON ({error.msg} at line {error.lineno}, column {error.colno})"


def _is_deeper(value: Any, most: int) -> bool:
    """Say whether lists and objects lie deeper within each other than allowed; level by level, without recursion."""
    level = [value] if type(value) in CONTAINERS else []
    for _ in range(most):
        level = [
            part
            for each in level
            for part in (each.values() if type(each) is dict else each)
            if type(part) in CONTAINERS
        ]
        if not level:
            return False
    return True


def _page(start: bytes) -> str:
    found = TITLE.search(start.decode("utf-8", "replace"))
    title = " ".join(unescape(found[1]).split()) if found else ""
    short = title if len(title) <= TITLE_CHARACTERS else title[: TITLE_CHARACTERS - 1] + "…"
    return f"an HTML page (“{short}”)" if short else "an HTML page"


def _is_cut(body: bytes, error: orjson.JSONDecodeError) -> bool:
    """Say whether the reader was stopped by the end of the body, where a character may be cut through too."""
    try:
        characters = len(body.decode().rstrip())
    except UnicodeDecodeError as undecoded:
        return undecoded.reason == "unexpected end of data"
    return error.msg.startswith("unexpected end") or error.pos >= characters - 1
