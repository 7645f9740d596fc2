"""What the client asks of the archive, and the place a body grows in while it comes."""

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

MEMORY_BYTES = 8_000_000


class Entry(Protocol):
    """What the archive keeps of a body."""

    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102


class Writer(AbstractContextManager["Writer"], Protocol):
    """Takes a body piece by piece; leaving the block files it."""

    @property
    def entry(self) -> Entry: ...  # noqa: D102
    def write(self, chunk: bytes, /) -> int: ...  # noqa: D102


class Archive(Protocol):
    """Keeps bodies by digest (`hub.archive.Archive` does)."""

    def put(self, body: bytes) -> Entry: ...  # noqa: D102
    def writer(self) -> Writer: ...  # noqa: D102
    def store_file(self, path: Path) -> Entry: ...  # noqa: D102
    def open(self, digest: str) -> IO[bytes]: ...  # noqa: D102
    def read(self, digest: str) -> bytes: ...  # noqa: D102


class Gathering:
    """A body while it comes: small ones in memory, larger ones straight into the archive.

    Leaving the block keeps it; an exception leaves nothing behind. Without an archive (an answer that holds a secret)
    it stays in memory.
    """

    def __init__(self, archive: Archive | None) -> None:
        self._archive = archive
        self._parts: list[bytes] = []
        self._size = 0
        self._writer: Writer | None = None
        self._open = ExitStack()
        self.entry: Entry | None = None

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        self._size += len(piece)
        if self._writer is not None:
            self._writer.write(piece)
            return
        self._parts.append(piece)
        if self._size > MEMORY_BYTES and self._archive is not None:
            self._move_to(self._archive)

    def whole(self) -> bytes:
        """Return the whole body, after the block."""
        if self._writer is not None and self._archive is not None:
            return self._archive.read(self._writer.entry.digest)
        return b"".join(self._parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, traceback)
        if error is None and self._writer is not None:
            self.entry = self._writer.entry
        elif error is None and self._archive is not None:
            self._parts = [b"".join(self._parts)]
            self.entry = self._archive.put(self._parts[0])

    def _move_to(self, archive: Archive) -> None:
        self._writer = self._open.enter_context(archive.writer())
        for part in self._parts:
            self._writer.write(part)
        self._parts.clear()
