"""A folder of compressed bodies: ``ab/cdef….zst`` holds the bytes whose SHA-256 is ``abcdef…``."""

import io
import os
import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from zstandard import ZstdCompressor

from hub.archive.reading import ArchivedFile
from hub.archive.writing import LEVEL, Entry, Writer, file_in, refusals, reserve
from hub.errors import StoreError

DIGEST = re.compile(r"[0-9a-f]{64}")
COPY_BYTES = 1 << 20
BUFFER_BYTES = 1 << 18
_AT_ONCE = 16
"""So many files are brought to the disk at once: a thousand take a tenth of a second, one by one they take two."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is kept: its digest, the bytes it takes on disk, and when it last came, in seconds since 1970."""

    digest: str
    stored: int
    last: float


class Archive:
    """Content-addressed store of bodies. Safe to use from several threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own = threading.local()  # a compressor may serve one thread at a time
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, body: bytes) -> Entry:
        """Keep a body that is in memory; a body already kept costs one hash and writes nothing."""
        digest = sha256(body).hexdigest()
        path = self._path(digest)
        stored = _again(path) or self._write(body, path)
        return Entry(digest, len(body), stored)

    def writer(self) -> Writer:
        """Return a context manager that hashes and compresses what is written to it; its ``entry`` follows on exit."""
        return Writer(self.folder, self._path)

    def store_file(self, path: Path) -> Entry:
        """Keep a copy of a local file of any size."""
        with path.open("rb", buffering=0) as source, self.writer() as writer:
            while chunk := source.read(COPY_BYTES):
                writer.write(chunk)
        return writer.entry

    def open(self, digest: str) -> IO[bytes]:
        """Return a seekable stream of a body; reading it to its end checks it. Read forwards, it needs no memory."""
        path = self._existing(digest)
        return io.BufferedReader(ArchivedFile(path, digest), BUFFER_BYTES)

    def read(self, digest: str) -> bytes:
        """Return a whole body, checked."""
        with self.open(digest) as stream:
            return stream.read()

    def exists(self, digest: str) -> bool:
        """Say whether a body is kept."""
        return _kept(self._path(digest)) > 0

    def size(self) -> int:
        """Return how many bytes the archive takes on disk."""
        return sum(path.stat().st_size for path in self.folder.glob("??/*.zst"))

    def bodies(self) -> Iterator[Body]:
        """Yield every body that is kept."""
        for path in self.folder.glob("??/*.zst"):
            with suppress(FileNotFoundError):
                found = path.stat()
                yield Body(path.parent.name + path.stem, found.st_size, found.st_mtime)

    def settle(self, digests: Iterable[str]) -> None:
        """Return when these bodies are on the disk, so that a power failure cannot take them; StoreError without one.

        What rests on them is written only afterwards.
        """
        paths = [self._existing(digest) for digest in dict.fromkeys(digests)]
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="settle") as pool, refusals(self.folder / "bodies"):
            for step in (paths, dict.fromkeys(path.parent for path in paths), [self.folder] if paths else []):
                list(pool.map(_to_disk, step))

    def remove(self, body: Body) -> bool:
        """Remove a body unless it came again meanwhile, and say whether it went."""
        path = self._path(body.digest)
        try:
            if path.stat().st_mtime != body.last:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise StoreError(f"{digest[:80]!r} is not the name of an archived body: it must be 64 hexadecimal digits.")
        return self.folder / digest[:2] / f"{digest[2:]}.zst"

    def _existing(self, digest: str) -> Path:
        path = self._path(digest)
        if not _kept(path):
            raise StoreError(f"The archive has no body {digest} (no file {path}); restore it, or run its source again.")
        return path

    def _write(self, body: bytes, path: Path) -> int:
        part, temporary = reserve(self.folder)
        try:
            with refusals(temporary):
                with part:
                    part.write(self._compressor.compress(body))
                return file_in(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @property
    def _compressor(self) -> ZstdCompressor:
        if not hasattr(self._own, "compressor"):
            self._own.compressor = ZstdCompressor(level=LEVEL)
        compressor: ZstdCompressor = self._own.compressor
        return compressor


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _again(path: Path) -> int:
    """Return the size of a body that came again, and note that it did; 0 where it is not kept."""
    size = _kept(path)
    if size:
        with suppress(FileNotFoundError):
            os.utime(path)
    return size


def _kept(path: Path) -> int:
    """Return the size of a file on disk; 0 where there is none, or an empty one that a power failure left."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - twice as fast as Path.stat, and called for every answer
    except FileNotFoundError:
        return 0
