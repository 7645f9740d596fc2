"""Answers with a strong ETag, a 304 to who has it already, and compressed for who accepts it (RFC 9110)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

from hub.web.coding import packed
from hub.web.negotiation import preferred_coding

SOON = "public, max-age=8"
"""For what changes with the next run."""
HOUR = "public, max-age=3600"
"""For what may be an hour old."""

_WORTH_COMPRESSING = 1024


def answer(
    request: Request, body: bytes, media_type: str, *, cache: str = SOON, vary: str = "", language: str | None = None
) -> Response:
    """Return the body, compressed if that is welcome, or 304 when the visitor has these very bytes.

    Args:
        request: what was asked.
        body: the whole answer.
        media_type: of the body.
        cache: the Cache-Control header.
        vary: request headers, beside Accept-Encoding, that the choice of this body depended on.
        language: of the body, where it has one.
    """
    coding = preferred_coding(request.headers.get("accept-encoding")) if len(body) > _WORTH_COMPRESSING else None
    tag = entity_tag(digest(body), coding)
    headers = {"etag": tag, "cache-control": cache, "vary": ", ".join(filter(None, (vary, "Accept-Encoding")))}
    if language:
        headers["content-language"] = language
    if is_held(request, headers):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["content-encoding"] = coding
        body = packed(body, coding)
    return Response(body, media_type=media_type, headers=headers)


def digest(body: bytes) -> str:
    """Return what tells these bytes from others."""
    return hashlib.sha256(body).hexdigest()[:32]


def entity_tag(digest: str, coding: str | None) -> str:
    """Return the strong ETag of a body in a coding: another one in each."""
    return f'"{digest}-{coding}"' if coding else f'"{digest}"'


def has(if_none_match: str | None, tag: str) -> bool:
    """Tell whether a visitor who sent this has the body of this tag."""
    given = (if_none_match or "").strip()
    return given in {"*", tag} or tag in {one.strip().removeprefix("W/") for one in given.split(",")}


def is_held(request: Request, told: Mapping[str, str]) -> bool:
    """Tell whether the visitor has the body of these fields: by its tag, else by its time (RFC 9110, 13.2.2)."""
    if tags := request.headers.getlist("if-none-match"):
        return has(", ".join(tags), told["etag"])
    since, modified = _moment(request.headers.get("if-modified-since")), _moment(told.get("last-modified"))
    return since is not None and modified is not None and modified <= since


def in_header(moment: datetime) -> str:
    """Return a moment as header fields say it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _moment(text: str | None) -> datetime | None:
    """Return the moment that a header field says, None where it says none that can be."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
