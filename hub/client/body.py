"""Taking a body in: streamed, inflated in bounded steps, counted, and complete or refused."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from hub.client.limits import MEGABYTE

STEP_BYTES = 1 << 18
FREE_BYTES = 8 * MEGABYTE
GZIP = frozenset({"gzip", "x-gzip"})
PLAIN = frozenset({"", "identity"})
OWN_END = (b"PK\x03\x04", b"\x1f\x8b")  # zip and gzip files say themselves where they end


class Member(Protocol):
    """One gzip member being inflated, as zlib makes them."""

    @property
    def eof(self) -> bool: ...  # noqa: D102
    @property
    def unused_data(self) -> bytes: ...  # noqa: D102
    @property
    def unconsumed_tail(self) -> bytes: ...  # noqa: D102
    def decompress(self, data: bytes, /, max_length: int = 0) -> bytes: ...  # noqa: D102


class Oversized(Exception):
    """The body is larger than allowed, or inflates like a bomb."""


class Unreadable(Exception):
    """The body is encoded in a way that was not asked for, or its encoding is broken."""


class CutOff(Exception):
    """The body ended before its end."""


class Intake:
    """Yields the decoded pieces of one body, and knows afterwards whether its end is proven.

    Args:
        headers: of the answer, by lower-case or any name.
        most: decoded bytes allowed.
        inflation: decoded bytes allowed per byte received, beyond the first 8 MB.
    """

    def __init__(self, headers: Mapping[str, str], *, most: int, inflation: int) -> None:
        self._coding = headers.get("content-encoding", "").strip().lower()
        chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        self._announced = None if chunked else _length(headers.get("content-length"))
        self._most = most
        self._inflation = inflation
        self._may_be_empty = chunked or self._announced == 0
        self.proven = chunked or self._announced is not None or self._coding in GZIP
        self.received = 0
        self.decoded = 0

    def pieces(self, raw: Iterable[bytes]) -> Iterator[bytes]:
        """Yield decoded pieces of at most 256 KiB when inflated; raises where the body may not or cannot be taken."""
        self._judge_announcement()
        counted = self._count(raw)
        for piece in self._inflate(counted) if self._coding in GZIP else counted:
            self.decoded += len(piece)
            if self.decoded > self._most:
                raise Oversized(f"more than the {self._most / MEGABYTE:g} MB allowed")
            yield piece
        if self._announced is not None and self.received != self._announced:
            raise CutOff(f"{self.received:,} of {self._announced:,} bytes came")

    def _judge_announcement(self) -> None:
        if self._coding not in GZIP | PLAIN:
            raise Unreadable(f"it is encoded as {self._coding[:40]!r}, though only gzip was asked for")
        if self._announced is not None and self._announced > self._most:
            raise Oversized(f"{self._announced:,} bytes, more than the {self._most / MEGABYTE:g} MB allowed")

    def _count(self, raw: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in raw:
            self.received += len(chunk)
            yield chunk

    def _inflate(self, raw: Iterable[bytes]) -> Iterator[bytes]:
        member = _member()
        for chunk in raw:
            rest = chunk
            while rest:
                if member.eof:
                    member = _member()
                yield from self._steps(member, rest)
                rest = member.unused_data
        if not member.eof and (self.received or not self._may_be_empty):
            raise CutOff(f"its gzip stream ends in the middle, after {self.received:,} bytes")

    def _steps(self, member: Member, chunk: bytes) -> Iterator[bytes]:
        rest = chunk
        while rest and not member.eof:
            yield self._unbombed(_decompress(member, rest))
            rest = member.unconsumed_tail

    def _unbombed(self, piece: bytes) -> bytes:
        decoded = self.decoded + len(piece)
        if decoded > FREE_BYTES and decoded > self.received * self._inflation:
            raise Oversized(f"it inflates to more than {self._inflation} times what was sent, as a bomb does")
        return piece


def ends_itself(start: bytes) -> bool:
    """Say whether a file of this kind says itself where it ends."""
    return start.startswith(OWN_END)


def _member() -> Member:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _decompress(member: Member, chunk: bytes) -> bytes:
    try:
        return member.decompress(chunk, STEP_BYTES)
    except zlib.error as error:
        raise Unreadable("its gzip stream is broken") from error


def _length(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdigit() else None
