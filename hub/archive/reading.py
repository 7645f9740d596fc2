"""Reading from the archive: decompresses forwards, checks the digest at the end, seeks when it must."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from zstandard import ZstdDecompressor, ZstdError

from hub.errors import StoreError

COPY_BYTES = 1 << 20


class ArchivedFile(io.RawIOBase):
    """The bytes of an archived body, from its start.

    Reading forwards and going back to the start stream from the compressed file; any other jump unpacks the body into
    an unnamed temporary file first. Reaching the end compares the digest.
    """

    def __init__(self, path: Path, digest: str) -> None:
        super().__init__()
        self._path = path
        self._digest = digest
        self._unpacked: IO[bytes] | None = None
        self._position: int = 0
        self._start()

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end, where a damaged body raises StoreError instead."""
        view = memoryview(buffer).cast("B")
        count = self._read_unpacked(view) if self._unpacked else self._read_packed(view)
        self._position += count
        return count

    def tell(self) -> int:
        """Return how many bytes lie before the next one read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte, as any file does."""
        target = offset + self._position if whence == io.SEEK_CUR else offset
        if whence != io.SEEK_END and target == self._position:
            return target
        if whence != io.SEEK_END and target == 0 and not self._unpacked:
            self._source.close()
            self._start()
        else:
            self._position = self._unpack().seek(target, io.SEEK_END if whence == io.SEEK_END else io.SEEK_SET)
        return self._position

    def close(self) -> None:
        """Let go of the files."""
        if not self.closed:
            self._source.close()
            if self._unpacked:
                self._unpacked.close()
        super().close()

    def _start(self) -> None:
        self._source: IO[bytes] = self._path.open("rb", buffering=0)
        self._reader = ZstdDecompressor().stream_reader(self._source, read_size=1 << 17)
        self._hash = sha256()
        self._position = 0

    def _read_packed(self, view: memoryview) -> int:
        with self._damage_named():
            count: int = self._reader.readinto(view)
        self._hash.update(view[:count])
        if not count and len(view):
            self._check()
        return count

    def _read_unpacked(self, view: memoryview) -> int:
        read: Callable[[memoryview], int] = self._unpacked.readinto  # type: ignore[union-attr]
        return read(view)

    def _unpack(self) -> IO[bytes]:
        if self._unpacked is None:
            with ArchivedFile(self._path, self._digest) as whole:
                self._unpacked = _copied(whole)
        return self._unpacked

    def _check(self) -> None:
        if self._hash.hexdigest() != self._digest:
            raise self._damaged("its bytes give another digest")

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except ZstdError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, reason: str) -> StoreError:
        return StoreError(
            f"The archived body {self._digest} is damaged ({self._path}: {reason});"
            " restore the file from a backup, or delete it and run its source again."
        )


def _copied(source: io.RawIOBase) -> IO[bytes]:
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the stream that asked for it
    try:
        while chunk := source.read(COPY_BYTES):
            copy.write(chunk)
    except BaseException:
        copy.close()
        raise
    return copy
