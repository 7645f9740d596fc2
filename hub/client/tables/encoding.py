"""The encoding of a text file: declared, marked by its first bytes, plainly UTF-8, or told by its letters."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import charset_normalizer

from hub.client.tables.packing import Unpacked
from hub.client.tables.table import TableCut
from hub.errors import UnexpectedAnswer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FAMILIES = {"utf-16": ("utf-16-le", "utf-16-be"), "utf-32": ("utf-32-le", "utf-32-be"), "utf-8-sig": ("utf-8",)}
_PIECE = 1 << 20
_HEAD = 4096
_SAMPLE = 16_384

_CANDIDATES = ("cp1252", "iso8859_15", "cp850", "mac_roman", "cp1250", "iso8859_2")
"""Encodings of one byte a letter that partners here may use, the likelier first; others must be declared."""

_EXPECTED = frozenset("éèêëàâäáçîïíôöóûüùúñœæßÿÉÈÊËÀÂÄÁÇÎÏÍÔÖÓÛÜÙÚÑŒÆ€£§°²³½¼µ·•–—‘’‚“”„…«»‹›®©™´¨±×\xa0")
"""What Dutch, French, German and English text holds beyond ASCII."""

_ODD_CASE = re.compile(r"[a-zß-öø-ÿœ][À-ÖØ-ÞŒ]|[À-ÖØ-ÞŒ]{2}[a-zß-öø-ÿœ]")
"""A capital inside a word, which wrong decodings are full of."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The codec to decode with, and how many bytes of mark to skip first."""

    codec: str
    skip: int = 0


def find_encoding(file: Unpacked, declared: str | None) -> Encoding:
    """Return how to decode a file; raises UnexpectedAnswer where that is ambiguous or contradicts the file."""
    head = file.head(_HEAD)
    marked = next((Encoding(codec, len(mark)) for mark, codec in _MARKS if head.startswith(mark)), None)
    if declared is None:
        return marked or _wide(head, file.name) or _told(file)
    family = _FAMILIES.get(declared, (declared,))
    if marked:
        return _agreed(marked, family, declared, file.name)
    return Encoding(declared) if len(family) == 1 else _wide(head, file.name) or _unmarked(declared, file.name)


def _agreed(marked: Encoding, family: tuple[str, ...], declared: str, name: str) -> Encoding:
    if marked.codec not in family:
        raise UnexpectedAnswer(
            f'{name} is marked as {marked.codec} but the source says encoding = "{declared}": correct or leave it out'
        )
    return marked


def _unmarked(declared: str, name: str) -> Encoding:
    raise UnexpectedAnswer(f"{name} is not {declared}, as the source says, or lacks its mark: correct encoding")


def _wide(head: bytes, name: str) -> Encoding | None:
    """Return UTF-16 for a file without a mark whose every second byte is zero, as Western text is in UTF-16."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not even and not odd:
        return None
    if bool(even) != bool(odd) and (even or odd) * 4 >= len(head):
        return Encoding("utf-16-be" if even else "utf-16-le")
    raise UnexpectedAnswer(f"{name} is not text: it holds zero bytes; a CSV, TSV or XLSX file is due")


def _told(file: Unpacked) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with file.open() as stream:
            for piece in _pieces(stream):
                decoder.decode(piece)
    except UnicodeDecodeError:
        return _told_by_letters(file)
    # A letter cut in two at the very end: either the file is cut, or it is not UTF-8 after all.
    left_over = decoder.getstate()[0]
    return _told_by_letters(file) if left_over and not _has_letters(file, len(left_over)) else Encoding("utf-8")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the stream in pieces, ending quietly where it is cut: whoever reads the rows says so."""
    try:
        while piece := stream.read(_PIECE):
            yield piece
    except TableCut:
        return


def _has_letters(file: Unpacked, left_over: int) -> bool:
    return len(_beyond_ascii(file, _SAMPLE).translate(None, bytes(range(128)))) > left_over


def _beyond_ascii(file: Unpacked, size: int) -> bytes:
    """Return lines that hold bytes beyond ASCII, up to a size."""
    sample = b""
    with file.open() as stream:
        for piece in _pieces(stream):
            if not piece.isascii():
                sample += b"\n".join(line[:2000] for line in piece.split(b"\n") if not line.isascii())
            if len(sample) >= size:
                break
    return sample[:size]


def _told_by_letters(file: Unpacked) -> Encoding:
    sample = _beyond_ascii(file, _SAMPLE)
    found = charset_normalizer.from_bytes(sample, cp_isolation=list(_CANDIDATES), enable_fallback=False)
    possible = {codec for match in found for codec in match.could_be_from_charset}
    by_text: dict[str, str] = {}
    for codec in _CANDIDATES:
        if codec in possible and _reads_well(text := sample.decode(codec)):
            by_text.setdefault(text, codec)
    if len(by_text) == 1:
        return Encoding(next(iter(by_text.values())))
    may_be = f"it may be {' or '.join(by_text.values())}" if by_text else "it is not UTF-8 and fits no other we expect"
    raise UnexpectedAnswer(
        f"the encoding of {file.name} cannot be told, {may_be}: ask the partner, then set encoding, "
        'for example encoding = "cp1252"'
    )


def _reads_well(text: str) -> bool:
    return all(letter in _EXPECTED for letter in text if letter > "\x7f") and not _ODD_CASE.search(text)
