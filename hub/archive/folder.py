"""A folder of compressed bodies: ``ab/cdef….zst`` holds the bytes whose SHA-256 is ``abcdef…``."""

import io
import os
import re
import threading
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
        stored = _kept(path) or self._write(body, path)
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


def _kept(path: Path) -> int:
    """Return the size of a file on disk; 0 where there is none, or an empty one that a power failure left."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - twice as fast as Path.stat, and called for every answer
    except FileNotFoundError:
        return 0
