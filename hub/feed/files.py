"""The files a view is written to: made in a folder of their own, shown all at once, and never changed after.

In the folder of a view each writing is a *generation*, a folder whose name is used once. `snapshot.json` names the one
that holds, with size and digest of every file in it. It is written last and replaced in one step, so that a crash at
any moment leaves the files that held before. The generation before stays for downloads that are still going on.
"""

import fcntl
import logging
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import zstandard
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from hub.errors import StoreError, StoreFull
from hub.format import MANIFEST

SUFFIXES: Mapping[str, str] = {"gzip": ".gz", "zstd": ".zst"}
"""The content codings that files are kept in, and what their names end in."""

_log = logging.getLogger(__name__)

_LEAST_BYTES = 1024
_WORTH = 0.9
_GZIP = 31  # zlib's window bits for a gzip wrapper; it writes no time, so the same bytes compress to the same bytes
_LEVEL = 6
_LOCK = ".lock"
_UNFINISHED = ".unfinished-"


class _Said(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        use_attribute_docstrings=True,
    )


class Form(_Said):
    """A file in one content coding, or as it is."""

    bytes: int
    """How many it has."""
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Of these bytes, in hexadecimal."""


class FileRecord(_Said):
    """One file of a view, as the manifest lists it."""

    format: str
    """Short name of its format."""
    title: str
    """What it is, in a few English words."""
    file: str
    """The last part of its address."""
    language: str | None = None
    """The language it is written in; absent where it has all of them."""
    url: str
    """Its absolute address."""
    media_type: str
    """Its media type."""
    bytes: int
    """How many it has, uncompressed."""
    sha256: str
    """Of the uncompressed file, in hexadecimal."""
    count: int
    """How many opportunities it holds."""
    position: int
    """The change number up to which it is complete."""
    next: str
    """The page of the change feed to continue from."""
    made: str
    """When, ISO 8601 in UTC."""
    codings: Mapping[str, Form] = {}
    """Its compressed forms by content coding, which is what `Accept-Encoding` asks for."""

    @property
    def stored(self) -> str:
        """Return its name in the folder of its generation."""
        return f"{self.language}.{self.file}" if self.language else self.file


class Manifest(_Said):
    """What lists the files of a view."""

    view: str
    """Id of the view."""
    title: Mapping[str, str]
    """Of the view, by language."""
    licence: str
    """Address of the licence."""
    position: int
    """The change number up to which all files are complete."""
    next: str
    """The page of the change feed to continue from."""
    made: str
    """When, ISO 8601 in UTC."""
    count: int
    """How many opportunities are live in the view."""
    generation: str
    """Which writing this is; another one has another name."""
    basis: str
    """Tells whether the files would be written otherwise now, though nothing in the view changed."""
    files: Sequence[FileRecord]
    """Each file."""

    def find(self, file: str, language: str) -> FileRecord | None:
        """Return the record of a file, in this language where it has one; None where there is none."""
        found = [each for each in self.files if each.file == file and each.language in {None, language}]
        return found[0] if found else None


class Sized(Protocol):
    """Compresses piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Return what can be written already."""

    def flush(self) -> bytes:
        """Return the rest."""


class _AsItIs:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a view's folder, None where none was written yet, or one that cannot be understood."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refusal(path, error) from error
    except ValidationError:
        _log.warning("%s is damaged, or of another version; the next writing replaces it", path)
        return None


def file_path(folder: Path, manifest: Manifest, record: FileRecord, coding: str | None) -> Path:
    """Return where a file is on disk, in a coding it is kept in."""
    return folder / manifest.generation / (record.stored + (SUFFIXES[coding] if coding else ""))


@dataclass(frozen=True, slots=True)
class Generation:
    """A writing that goes on.

    Args:
        folder: of the view.
        name: of the generation.
        place: the folder its files are written in until it is complete.
    """

    folder: Path
    name: str
    place: Path

    def write(self, name: str, pieces: Iterable[bytes]) -> Mapping[str | None, Form]:
        """Write a file as it is and in each coding that makes it smaller; return the forms by coding, None as it is."""
        try:
            forms = _written(self.place / name, pieces)
        except BaseException:
            for suffix in ("", *SUFFIXES.values()):
                (self.place / f"{name}{suffix}").unlink(missing_ok=True)
            raise
        whole = forms[None].bytes
        for coding in SUFFIXES:
            if whole < _LEAST_BYTES or forms[coding].bytes > whole * _WORTH:
                (self.place / f"{name}{SUFFIXES[coding]}").unlink()
                del forms[coding]
        return forms

    def show(self, manifest: Manifest) -> None:
        """Let the files be seen: from now on the manifest names them, and those before the last are removed."""
        before = read_manifest(self.folder)
        _sync_folder(self.place)
        self.place.rename(self.folder / self.name)
        _sync_folder(self.folder)
        _replace(self.folder / MANIFEST, manifest.model_dump_json(exclude_none=True, indent=2).encode())
        _tidy(self.folder, {self.name, before.generation if before else ""})


def kept_bytes(manifest: Manifest) -> int:
    """Return how much the files of a manifest take on disk, in all their forms."""
    return sum(each.bytes + sum(form.bytes for form in each.codings.values()) for each in manifest.files)


@contextmanager
def writing(folder: Path, name: str) -> Iterator[Generation | None]:
    """Open a new generation of a view's files; None while another process writes them.

    What was not shown when the block ends is removed. StoreFull when there is no room, StoreError for other trouble.

    Args:
        folder: of the view; made where it is missing.
        name: begins the name of the generation.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / _LOCK) as mine:
            if not mine:
                yield None
                return
            _tidy_unfinished(folder)
            generation = Generation(folder, _unused(folder, name), folder / f"{_UNFINISHED}{name}")
            generation.place.mkdir()
            try:
                yield generation
            finally:
                shutil.rmtree(generation.place, ignore_errors=True)
    except OSError as error:
        raise _refusal(folder, error) from error


def forget(folder: Path, kept: Iterable[str]) -> list[str]:
    """Remove the folders of views that are no more, and return their names."""
    known = set(kept)
    gone = [each for each in folder.iterdir() if each.is_dir() and each.name not in known] if folder.is_dir() else []
    for each in gone:
        shutil.rmtree(each, ignore_errors=True)
    return sorted(each.name for each in gone)


@dataclass(slots=True)
class _Writer:
    """Writes one form of a file, and measures it."""

    file: BinaryIO
    packer: Sized
    size: int = 0
    digest: Any = field(default_factory=sha256)

    def add(self, piece: bytes) -> None:
        self._put(self.packer.compress(piece))

    def end(self) -> Form:
        """Write what is left, and wait until the disk has all."""
        self._put(self.packer.flush())
        self.file.flush()
        os.fsync(self.file.fileno())
        return Form(bytes=self.size, sha256=self.digest.hexdigest())

    def _put(self, packed: bytes) -> None:
        self.file.write(packed)
        self.digest.update(packed)
        self.size += len(packed)


def _written(path: Path, pieces: Iterable[bytes]) -> dict[str | None, Form]:
    with ExitStack() as stack:
        writers = {
            coding: _Writer(stack.enter_context(Path(f"{path}{suffix}").open("xb")), packer())
            for coding, suffix, packer in _FORMS
        }
        for piece in pieces:
            for writer in writers.values():
                writer.add(piece)
        return {coding: writer.end() for coding, writer in writers.items()}


def _zstd() -> Sized:
    return zstandard.ZstdCompressor(level=_LEVEL).compressobj()


_FORMS = (
    (None, "", _AsItIs),
    ("gzip", SUFFIXES["gzip"], partial(zlib.compressobj, _LEVEL, zlib.DEFLATED, _GZIP)),
    ("zstd", SUFFIXES["zstd"], _zstd),
)


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    """Hold a lock that ends with this process; tell whether it is ours."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _unused(folder: Path, name: str) -> str:
    """Return the name, or with a number where a generation had it already."""
    candidates = (name, *(f"{name}-{number}" for number in range(2, 1000)))
    return next(each for each in candidates if not (folder / each).exists())


def _replace(path: Path, content: bytes) -> None:
    """Write a file in the place of another, in one step."""
    draft = path.with_name(f"{_UNFINISHED}{path.name}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _tidy(folder: Path, kept: set[str]) -> None:
    for each in folder.iterdir():
        if each.is_dir() and each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)


def _tidy_unfinished(folder: Path) -> None:
    """Remove what a writing that was cut off left; nobody else writes, for the lock is ours."""
    for each in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink()


def _refusal(place: Path, error: OSError) -> StoreError:
    if error.errno in StoreFull.NUMBERS:
        return StoreFull.at(place)
    return StoreError(f"{place} cannot be written: {error.strerror or error}; see to its disk and its rights")
