"""Files packed with gzip or zip: one table inside, bounded, with the proof that the archive is whole."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import IO, TYPE_CHECKING, Protocol, cast

from hub.adapter import Document
from hub.client.tables.table import TableCut, listed
from hub.errors import UnexpectedAnswer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
MAX_ENTRIES = 1000
MAX_CONTENTS = 1_000_000
"""Bytes that the list of contents of an archive may take."""
MAX_RATIO = 300
MAX_SPREADSHEET = 64_000_000
"""Bytes of the largest spreadsheet file."""
RATIO_COUNTS_FROM = 8_000_000
"""Bytes from which a file must not be more than MAX_RATIO times its packed size; small files may pack better."""
DECLARED = "declared to be whole whenever it is there"
"""The proof of a text without an end of its own, where its owner answers for it."""
_MEGABYTE = 1_000_000
_BUFFER = 1 << 18
_TAIL = 16
_ODD = (ValueError, OverflowError, IndexError, struct.error)
"""What zipfile lets through of names in no encoding and places before the start."""
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, *_ODD)
_SPREADSHEET = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The bytes of one file out of its packing, readable as often as needed.

    Args:
        name: of the file inside, or of the document.
        packed: whether it came out of gzip or zip.
        ending: what shows that the packing is whole, for the proof; empty when there is none.
        reopen: returns a new stream from the start.
        limit: the largest number of bytes that is read.
    """

    name: str
    packed: bool
    ending: str
    reopen: Callable[[], IO[bytes]]
    limit: int

    def open(self) -> io.BufferedReader:
        """Return a stream that raises TableCut where the archive is cut or damaged."""
        return io.BufferedReader(_Bounded(self.reopen(), self.name, self.limit), _BUFFER)

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)


class _Bounded(io.RawIOBase):
    """A stream that stops at a limit and says in a sentence what is wrong with its archive."""

    def __init__(self, stream: IO[bytes], name: str, limit: int) -> None:
        self._stream = stream
        self._name = name
        self._limit = limit
        self._read = 0
        self.tail = b""
        """The last bytes read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        with naming_breaks(self._name):
            piece = self._stream.read(memoryview(buffer).nbytes)
        memoryview(buffer).cast("B")[: len(piece)] = piece
        self._read += len(piece)
        self.tail = (self.tail + piece[-_TAIL:])[-_TAIL:]
        if self._read > self._limit:
            raise UnexpectedAnswer(
                f"{self._name} is larger than {self._limit:,} bytes once unpacked, which looks like a mistake or an "
                "attack: check the file, then raise max_megabytes if it really is this large"
            )
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


def last_bytes(stream: io.BufferedReader) -> bytes:
    """Return the last bytes read from a stream that `Unpacked.open` gave, sixteen at most."""
    raw = stream.raw
    return raw.tail if isinstance(raw, _Bounded) else b""


@contextmanager
def naming_breaks(name: str) -> Iterator[None]:
    """Turn what gzip and zip raise on damage into TableCut, and on what they cannot read into UnexpectedAnswer."""
    try:
        yield
    except EOFError:
        raise TableCut(f"{name} is cut: its packed data stops before the end mark; fetch it again") from None
    except _BROKEN as error:
        raise TableCut(f"{name} is damaged: {error}; fetch it again") from None
    except (NotImplementedError, RuntimeError) as error:
        raise UnexpectedAnswer(f"{name} is packed in a way this hub cannot read: {error}; use deflate") from None


class Packing(Protocol):
    """What a layout says of the packing; see `TableLayout`."""

    @property
    def compression(self) -> str | None: ...  # noqa: D102
    @property
    def member(self) -> str | None: ...  # noqa: D102
    @property
    def max_megabytes(self) -> int: ...  # noqa: D102


def unpack(document: Document, layout: Packing) -> Unpacked:
    """Return the one file to read out of a document; raises TableCut or UnexpectedAnswer."""
    limit = layout.max_megabytes * _MEGABYTE
    whole = Unpacked(document.name, packed=False, ending="", reopen=document.open, limit=limit)
    match layout.compression or _told_packing(whole):
        case "gzip":
            return _gunzip(document, whole)
        case "zip":
            return _unzip(document, layout, whole)
    return whole


def _told_packing(whole: Unpacked) -> str:
    head = whole.head(4)
    if head.startswith(GZIP):
        return "gzip"
    return "zip" if head in ZIP and not is_spreadsheet(whole) else "none"


def is_spreadsheet(file: Unpacked) -> bool:
    """Whether the file is an XLSX workbook: a zip archive with a workbook inside."""
    if file.head(4) not in ZIP:
        return False
    try:
        with _seekable(file) as stream, open_archive(stream, file.name) as archive:
            return _SPREADSHEET in archive.namelist()
    except zipfile.BadZipFile:
        return file.name.lower().endswith((".xlsx", ".xlsm"))


def _seekable(file: Unpacked) -> IO[bytes]:
    return io.BytesIO(file.head(MAX_SPREADSHEET)) if file.packed else file.reopen()


def _gunzip(document: Document, whole: Unpacked) -> Unpacked:
    if not whole.head(2) == GZIP:
        raise UnexpectedAnswer(f"{document.name} is not packed with gzip, as compression says: correct compression")
    name = document.name.removesuffix(".gz")
    limit = _bound(whole.limit, document.size)
    return Unpacked(name, packed=True, ending="the gzip end reached", reopen=partial(_open_gzip, document), limit=limit)


def _open_gzip(document: Document) -> IO[bytes]:
    stream = document.open()
    return cast("IO[bytes]", _Together(gzip.GzipFile(fileobj=stream), stream))


def _unzip(document: Document, layout: Packing, whole: Unpacked) -> Unpacked:
    if whole.head(4) not in ZIP:
        raise UnexpectedAnswer(f"{document.name} is not a zip archive, as compression says: correct compression")
    with document.open() as stream:
        entry = _chosen(_entries(stream, document.name), document.name, layout.member)
    limit = _bound(whole.limit, entry.compress_size)
    name = f"{document.name}/{entry.filename}"
    reopen = partial(_open_entry, document, entry)
    return Unpacked(name, packed=True, ending="the zip checksum right", reopen=reopen, limit=limit)


def _entries(stream: IO[bytes], name: str) -> list[zipfile.ZipInfo]:
    try:
        with open_archive(stream, name) as archive:
            entries = [entry for entry in archive.infolist() if _holds_data(entry)]
    except zipfile.BadZipFile:
        raise TableCut(
            f"{name} is cut: the list of contents at the end of the zip archive is missing; fetch it again"
        ) from None
    if len(entries) > MAX_ENTRIES:
        raise UnexpectedAnswer(f"{name} holds {len(entries):,} files, more than {MAX_ENTRIES:,}: check the archive")
    return entries


def open_archive(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    """Return an archive whose list of contents is of a size that can be read; raises BadZipFile where it has none."""
    contents = _Contents(stream, name)
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", contents))
    except NotImplementedError as error:
        raise UnexpectedAnswer(f"{name} is packed in a way this hub cannot read: {error}; use deflate") from None
    except _ODD:
        raise zipfile.BadZipFile("its list of contents is damaged") from None
    contents.being_read = False
    return archive


class _Contents:
    """The stream of an archive, of which no more is read at once than its list of contents may take.

    Only while that list is read. What is stated of its size can be stated in several places, of which zipfile chooses.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self.being_read = True
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.being_read and size > MAX_CONTENTS:
            raise UnexpectedAnswer(
                f"{self._name} has a list of contents of {size:,} bytes, too many files: check the archive, or pack "
                "fewer"
            )
        return self._stream.read(size)


def _holds_data(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    return bool(entry.filename) and not entry.is_dir() and parts[0] != "__MACOSX" and not parts[-1].startswith(".")


def _chosen(entries: list[zipfile.ZipInfo], name: str, member: str | None) -> zipfile.ZipInfo:
    fitting = [entry for entry in entries if member is None or fnmatchcase(entry.filename, member)]
    if len(fitting) != 1:
        held = listed([entry.filename for entry in fitting or entries]) or "nothing"
        asked = f"that fit member '{member}'" if member else "and member names none"
        raise UnexpectedAnswer(f"{name} holds {len(fitting)} files {asked}: set member to one of {held}")
    if ".." in fitting[0].filename.split("/") or fitting[0].filename.startswith("/"):
        raise UnexpectedAnswer(
            f"{name} holds '{fitting[0].filename}', a name that leads out of the archive: check where it comes from"
        )
    if fitting[0].flag_bits & 1:
        raise UnexpectedAnswer(f"{name}/{fitting[0].filename} needs a password: ask the partner for one without")
    return fitting[0]


def _open_entry(document: Document, entry: zipfile.ZipInfo) -> IO[bytes]:
    stream = document.open()
    with naming_breaks(document.name):
        archive = open_archive(stream, document.name)
        inside = cast("zipfile.ZipExtFile", archive.open(entry.filename))
        return cast("IO[bytes]", _Together(inside, archive, stream))


class _Together:
    """A stream that closes what it was opened from."""

    def __init__(self, stream: gzip.GzipFile | zipfile.ZipExtFile, *below: zipfile.ZipFile | IO[bytes]) -> None:
        # Unlike read, read1 hands over what there is before a cut rather than losing it.
        self.read = stream.read1
        self._all = (stream, *below)

    def close(self) -> None:
        for stream in self._all:
            stream.close()


def _bound(limit: int, packed: int) -> int:
    return min(limit, max(RATIO_COUNTS_FROM, packed * MAX_RATIO))
