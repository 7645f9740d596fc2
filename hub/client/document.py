"""Files through the archive: what is read is the archived copy, so that it cannot change while it is read."""

from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import IO

import httpx

from hub.client.exchange import Exchange
from hub.client.keeping import Archive
from hub.client.limits import MEGABYTE
from hub.errors import SourceUnavailable, UnexpectedAnswer


@dataclass(frozen=True, slots=True)
class ArchivedDocument:
    """A whole file, archived, readable as often as needed. `size` is in bytes.

    `proof` says what shows that it is whole: a download had its length, its chunks or its gzip end (or is a packed
    file, which knows its own end); of a local file nobody knows whether it was cut before it came here.
    """

    name: str
    size: int
    digest: str
    archive: Archive = field(repr=False)
    proof: str = ""

    def open(self) -> IO[bytes]:
        """Return a seekable binary stream of the file's bytes, from the start; fastest when read forwards."""
        return self.archive.open(self.digest)


def keep_file(folder: Path, name: str, archive: Archive, *, most: int) -> tuple[ArchivedDocument, Exchange]:
    """Copy a local file of at most so many bytes into the archive."""
    started = monotonic()
    path = folder / name
    _judge_file(path, most)
    try:
        entry = archive.store_file(path)
    except OSError as error:
        raise _unusable(path, error.strerror or "cannot be read") from error
    exchange = Exchange("FILE", "", name, None, entry.digest, entry.size, monotonic() - started)
    return ArchivedDocument(path.name, entry.size, entry.digest, archive), exchange


def name_of(url: httpx.URL, headers: httpx.Headers) -> str:
    """Return the name of a downloaded file: the one the partner gives it, or the end of its address."""
    message = Message()
    message["Content-Disposition"] = headers.get("content-disposition", "")
    given = (message.get_filename() or "").replace("\\", "/")
    return PurePosixPath(given).name or PurePosixPath(url.path).name or url.host


def _judge_file(path: Path, most: int) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unusable(
            path, "does not exist" if isinstance(error, FileNotFoundError) else str(error.strerror)
        ) from None
    except ValueError:
        raise UnexpectedAnswer("The name of a file holds a zero byte; correct the path in the options.") from None
    if not path.is_file():
        raise _unusable(path, "is not a file")
    if size > most:
        raise UnexpectedAnswer(
            f"The file {path} has {size / MEGABYTE:,.0f} MB, more than the {most / MEGABYTE:g} MB allowed;"
            " split it, or raise the limit."
        )


def _unusable(path: Path, reason: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"The file {path} cannot be read: {reason}; put it there, or correct the path in the source's options."
    )
