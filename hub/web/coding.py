"""Bodies in the content codings that readers accept (RFC 9110, 8.4)."""

import zlib
from collections.abc import Callable, Mapping

import zstandard

_GZIP = 31  # zlib's window bits for a gzip wrapper; it writes no time, so the same bytes compress to the same bytes
_QUICK = 1  # three quarters of what level 6 saves, for a third of its time
_KEPT = 6
_ZSTD_QUICK, _ZSTD_KEPT = 1, 6


def packed(body: bytes, coding: str, *, kept: bool = False) -> bytes:
    """Return the body in a content coding; smaller, and slower to make, where it will be kept."""
    return _CODERS[coding](body, kept)


def unpacked(codings: Mapping[str, bytes]) -> bytes:
    """Return the body of which these are the codings."""
    return zstandard.ZstdDecompressor().decompress(codings["zstd"])


def _gzip(body: bytes, kept: bool) -> bytes:  # noqa: FBT001 - one of a table
    packer = zlib.compressobj(_KEPT if kept else _QUICK, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def _zstd(body: bytes, kept: bool) -> bytes:  # noqa: FBT001 - one of a table
    return zstandard.ZstdCompressor(level=_ZSTD_KEPT if kept else _ZSTD_QUICK).compress(body)


_CODERS: Mapping[str, Callable[[bytes, bool], bytes]] = {"gzip": _gzip, "zstd": _zstd}
