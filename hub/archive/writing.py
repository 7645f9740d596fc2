"""Writing into the archive: a temporary file is filled, then moved to its name in one step."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from zstandard import ZstdCompressor

from hub.errors import StoreError, StoreFull

LEVEL = 1
INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the archive keeps of a body.

    Args:
        digest: SHA-256 of the bytes, 64 hexadecimal digits.
        size: of the body, in bytes.
        stored: bytes it takes on disk.
    """

    digest: str
    size: int
    stored: int


class Writer:
    """Hashes and compresses what is written to it; leaving the ``with`` block files it, an exception discards it."""

    def __init__(self, folder: Path, place: Callable[[str], Path]) -> None:
        self._place = place
        self._file, self._temporary = reserve(folder)
        self._hash = sha256()
        self._compressor = ZstdCompressor(level=LEVEL).compressobj()
        self._size = 0
        self._entry: Entry | None = None

    @property
    def entry(self) -> Entry:
        """What was filed; only after the ``with`` block."""
        if self._entry is None:
            raise ValueError("the body is not filed yet: leave the `with` block first")
        return self._entry

    def write(self, chunk: bytes) -> int:
        """Add bytes to the body."""
        self._hash.update(chunk)
        with refusals(self._temporary):
            self._file.write(self._compressor.compress(chunk))
        self._size += len(chunk)
        return len(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            with suppress(OSError):  # what is left in its buffer is thrown away
                self._file.close()
            self._temporary.unlink(missing_ok=True)

    def _finish(self) -> None:
        digest = self._hash.hexdigest()
        with refusals(self._temporary):
            self._file.write(self._compressor.flush())
            self._file.close()
            self._entry = Entry(digest, self._size, file_in(self._temporary, self._place(digest)))


def reserve(folder: Path) -> tuple[BinaryIO, Path]:
    """Open a new temporary file, readable by us only, on the same file system as the archive."""
    incoming = folder / INCOMING
    with refusals(incoming):
        incoming.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".part", dir=incoming)
    return os.fdopen(handle, "wb"), Path(name)


def file_in(temporary: Path, path: Path) -> int:
    """Move a finished temporary file to its name and return its size; a reader sees all of it or nothing."""
    size = temporary.stat().st_size
    path.parent.mkdir(mode=0o700, exist_ok=True)
    temporary.replace(path)
    return size


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Say in a sentence why the archive cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno in StoreFull.NUMBERS:
            raise StoreFull.at(f"the archive {path.parent}") from error
        raise StoreError(
            f"the archive {path.parent} cannot be written: {error.strerror or error}; see to its disk and rights"
        ) from error
