"""Answers with a strong ETag, a 304 to who has it already, and gzip for who accepts it (RFC 9110)."""

import hashlib
import zlib

from starlette.requests import Request
from starlette.responses import Response

from hub.web.negotiation import accepts_gzip

SOON = "public, max-age=8"
"""For what changes with the next run."""
HOUR = "public, max-age=3600"
"""For what may be an hour old."""

_WORTH_COMPRESSING = 1024
_GZIP = 31  # zlib's window bits for a gzip wrapper; it writes no time, so the same bytes compress to the same bytes
_LEVEL = 1  # three quarters of what level 6 saves, for a third of its time; a proxy may do better


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
    packed = len(body) > _WORTH_COMPRESSING and accepts_gzip(request.headers.get("accept-encoding"))
    tag = _tag(body, packed=packed)
    headers = {"etag": tag, "cache-control": cache, "vary": ", ".join(filter(None, (vary, "Accept-Encoding")))}
    if language:
        headers["content-language"] = language
    if _has(request, tag):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["content-encoding"] = "gzip"
        body = _packed(body)
    return Response(body, media_type=media_type, headers=headers)


def _tag(body: bytes, *, packed: bool) -> str:
    digest = hashlib.sha256(body).hexdigest()[:32]
    return f'"{digest}-gzip"' if packed else f'"{digest}"'


def _has(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in given.split(",")}


def _packed(body: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()
