"""The one file a code list is kept in: written whole or not at all, then only read, in place.

Numbers and texts stand in named sections; what is in the file, and where, stands at its end, so that a file that was
cut is told from a whole one. It is mapped into memory, so opening costs nothing and processes share it.
"""

import hashlib
import mmap
import os
import sys
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from hub.errors import StoreError, StoreFull

_MAGIC = b"schakel-list-01\n"
_END = b"the end\n"
_TAIL = 8 + len(_END)

Section = tuple[str, bytes]
"""A name and what stands there."""


def key_number(key: str) -> int:
    """Return the number a key is found under: 64 bits, so that two of a million keys are never the same."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), sys.byteorder)


def text_sections(name: str, texts: Iterable[str]) -> tuple[Section, Section]:
    """Return the sections of texts that are found by their place."""
    encoded = [text.encode() for text in texts]
    ends, end = [0], 0
    for each in encoded:
        end += len(each)
        ends.append(end)
    at = b"".join(number.to_bytes(8, sys.byteorder) for number in ends)
    return (f"{name}.at", at), (f"{name}.text", b"".join(encoded))


def table_sections(name: str, rows: Mapping[int, int]) -> tuple[Section, Section]:
    """Return the sections of a table from numbers of keys to numbers, both of 64 bits."""
    keys = sorted(rows)
    return (
        (f"{name}.keys", b"".join(key.to_bytes(8, sys.byteorder) for key in keys)),
        (f"{name}.rows", b"".join(rows[key].to_bytes(8, sys.byteorder) for key in keys)),
    )


def write_list(path: Path, sections: Iterable[Section], about: Mapping[str, Any]) -> dict[str, Any]:
    """Write a list in place of the one there was, and return what it says about itself, with its digest.

    Args:
        path: the file; until all of it is written, the old one stays.
        sections: read once, one after the other.
        about: what the list is; what of it does not depend on the moment goes into the digest.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        said = _write(new, sections, about)
        new.replace(path)
        _settle(path.parent)
    except OSError as error:
        if error.errno in StoreFull.NUMBERS:
            raise StoreFull.at(path) from error
        raise StoreError(f"{path} cannot be written: {error.strerror}; see to the folder and its rights") from error
    finally:
        new.unlink(missing_ok=True)
    return said


def _write(path: Path, sections: Iterable[Section], about: Mapping[str, Any]) -> dict[str, Any]:
    digest, contents = hashlib.sha256(), {}
    with path.open("wb") as stream:
        stream.write(_MAGIC)
        for name, content in sections:
            contents[name] = (stream.tell(), len(content))
            stream.write(content + b"\0" * (-len(content) % 8))
            digest.update(name.encode() + b"\0" + content)
        said = {**about, "digest": digest.hexdigest()[:16]}
        tail = orjson.dumps({"about": said, "byteOrder": sys.byteorder, "sections": contents})
        stream.write(tail + len(tail).to_bytes(8, "little") + _END)
        stream.flush()
        os.fsync(stream.fileno())
    return said


def _settle(folder: Path) -> None:
    """Let the new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class ListFile:
    """An opened list; what it holds is read where it stands."""

    def __init__(self, path: Path) -> None:
        """Open the file; StoreError when it is cut, damaged, or of another kind of machine."""
        self.path = path
        try:
            with path.open("rb") as stream:
                self._bytes = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} cannot be read: {error}; remove it and import the list again") from error
        tail = self._tail()
        self.about: Mapping[str, Any] = tail["about"]
        self._sections: Mapping[str, tuple[int, int]] = tail["sections"]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self._bytes)

    def intact(self) -> bool:
        """Say whether all that was written is there as it was; reads the whole file."""
        digest = hashlib.sha256()
        for name in self._sections:
            digest.update(name.encode() + b"\0" + self._section(name))
        return bool(digest.hexdigest()[:16] == self.about["digest"])

    def has(self, name: str) -> bool:
        """Say whether texts or a table of this name are there."""
        return f"{name}.at" in self._sections or f"{name}.keys" in self._sections

    def texts(self, name: str) -> "Texts":
        """Return the texts of this name; none where there are none."""
        return Texts(self._numbers(f"{name}.at"), self._section(f"{name}.text"))

    def table(self, name: str) -> "NumberTable":
        """Return the table of this name; an empty one where there is none."""
        return NumberTable(self._numbers(f"{name}.keys"), self._numbers(f"{name}.rows"))

    def _section(self, name: str) -> memoryview:
        start, size = self._sections.get(name, (0, 0))
        return self._bytes[start : start + size]

    def _numbers(self, name: str) -> memoryview:
        return self._section(name).cast("Q")

    def _tail(self) -> Any:
        damaged = f"{self.path} is cut or damaged; remove it and import the list again"
        if bytes(self._bytes[: len(_MAGIC)]) != _MAGIC or bytes(self._bytes[-len(_END) :]) != _END:
            raise StoreError(damaged)
        size = int.from_bytes(self._bytes[-_TAIL : -len(_END)], "little")
        try:
            tail = orjson.loads(self._bytes[-_TAIL - size : -_TAIL])
        except orjson.JSONDecodeError as error:
            raise StoreError(damaged) from error
        if tail["byteOrder"] != sys.byteorder:
            raise StoreError(f"{self.path} was made on another kind of machine; import the list again on this one")
        return tail


class Texts:
    """Texts by their place."""

    def __init__(self, at: memoryview, text: memoryview) -> None:
        self._at, self._text = at, text

    def __len__(self) -> int:
        """Return how many there are."""
        return max(len(self._at) - 1, 0)

    def __getitem__(self, place: int) -> str:
        """Return the text at a place."""
        return str(self._text[self._at[place] : self._at[place + 1]], "utf-8")


class NumberTable:
    """Numbers by the number of a key."""

    def __init__(self, keys: memoryview, rows: memoryview) -> None:
        self._keys, self._rows = keys, rows

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._keys)

    def find(self, key: str) -> int | None:
        """Return what stands under a key."""
        number = key_number(key)
        place = bisect_left(self._keys, number)
        if place < len(self._keys) and self._keys[place] == number:
            return int(self._rows[place])
        return None
