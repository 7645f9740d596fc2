"""An archive in memory, for fetches whose answers nobody keeps."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a body."""

    digest: str
    size: int


class MemoryArchive:
    """Keeps bodies by digest as long as it lives itself."""

    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}

    def put(self, body: bytes) -> Kept:
        """Keep a body."""
        kept = Kept(sha256(body).hexdigest(), len(body))
        self._bodies[kept.digest] = body
        return kept

    def writer(self) -> "Growing":
        """Return what a body is written to piece by piece."""
        return Growing(self)

    def store_file(self, path: Path) -> Kept:
        """Keep the content of a file."""
        return self.put(path.read_bytes())

    def open(self, digest: str) -> IO[bytes]:
        """Return a stream of a body."""
        return BytesIO(self._bodies[digest])

    def read(self, digest: str) -> bytes:
        """Return a body."""
        return self._bodies[digest]


class Growing(AbstractContextManager["Growing"]):
    """Takes a body piece by piece; leaving the block keeps it, unless an exception does."""

    def __init__(self, archive: MemoryArchive) -> None:
        self._archive = archive
        self._parts: list[bytes] = []
        self.entry = Kept("", 0)

    def write(self, chunk: bytes, /) -> int:
        """Add a piece."""
        self._parts.append(bytes(chunk))
        return len(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.entry = self._archive.put(b"".join(self._parts))
