"""A file of the disk as an answer: streamed, whole or from where a download was cut off (RFC 9110, 14)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub.web.problems import problem

_PIECE = 256 * 1024
_SPAN = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from one position up to, and without, another."""

    start: int
    end: int


def download(request: Request, path: Path, size: int, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return the file, or the one part of it that is asked for; 416 where it has no such part.

    Args:
        request: what was asked.
        path: of the file; FileNotFoundError when it is gone.
        size: how many bytes it has.
        media_type: of the file.
        headers: with its ETag and Last-Modified.
    """
    told = {**headers, "accept-ranges": "bytes"}
    span = _wanted(request, size, headers)
    if span and span.start >= span.end:
        refused = problem(416, f"The file has {size:,} bytes; the part asked for lies behind them.")
        refused.headers["content-range"] = f"bytes */{size}"
        return refused
    if span:
        told["content-range"] = f"bytes {span.start}-{span.end - 1}/{size}"
    found = span or Span(0, size)
    told["content-length"] = str(found.end - found.start)
    status = 206 if span else 200
    if request.scope.get("head"):
        return Response(status_code=status, media_type=media_type, headers=told)
    return StreamingResponse(_pieces(path.open("rb"), found), status, told, media_type)


def _wanted(request: Request, size: int, headers: Mapping[str, str]) -> Span | None:
    """Return the part asked for; None for the whole: also where several are, or where the file is another by now."""
    found = _SPAN.fullmatch(request.headers.get("range", "").replace(" ", ""))
    condition = request.headers.get("if-range")
    if not found or found.group(0) == "bytes=-" or condition not in {None, headers["etag"], headers["last-modified"]}:
        return None
    first, last = found.groups()
    if not first:
        return Span(max(size - int(last), 0), size) if int(last) else Span(size, size)
    if last and int(last) < int(first):
        return None
    return Span(int(first), min(int(last) + 1, size) if last else size)


def _pieces(file: BinaryIO, span: Span) -> Iterator[bytes]:
    with file:
        file.seek(span.start)
        left = span.end - span.start
        while left and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
