"""How much memory the sheets of a spreadsheet would take, told by its parts before they are read.

The reader makes a cell of every place between the first and the last cell of a sheet, and a copy of a shared text for
every cell that shows it: a file of five kilobytes can ask for half a terabyte, which ends the whole process.
"""

import re
import zipfile
from collections.abc import Iterator

_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,9})["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_INDEX = re.compile(rb"<(?:\w+:)?v\b[^>]{0,200}>\D{0,40}(\d{1,9})")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_PIECE = 1 << 20
_LONGEST = 1 << 22
"""Bytes that one row is looked at in at once, and more than one shared text may take."""
_OVERLAP = 1000
_TEXTS = "xl/sharedstrings.xml"


def cells_of(archive: zipfile.ZipFile) -> int:
    """Return how many cells the largest sheet has between its first and its last one, empty ones too."""
    return max((_size(_pieces(archive, name, _ROW)) for name in archive.namelist()), default=0)


def shown_of(archive: zipfile.ZipFile, cells: int) -> int:
    """Return how many bytes the shared texts take at most, each as often as it is shown by so many cells in a sheet."""
    names = archive.namelist()
    shared = [name for name in names if name.lower().replace("\\", "/") == _TEXTS]
    lengths = [len(piece) for name in shared for piece in [*_pieces(archive, name, _TEXT)][1:]]
    longest = max(lengths, default=0)
    if longest * cells <= _PIECE or longest > _LONGEST:
        return longest * cells
    return max(_shown(_pieces(archive, name, _CELL), lengths) for name in names)


def _pieces(archive: zipfile.ZipFile, name: str, border: re.Pattern[bytes]) -> Iterator[bytes]:
    """Yield a part in pieces that begin at a border, the first of them before any."""
    rest = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            *whole, rest = _cut(rest + piece, border)
            yield from whole
            if len(rest) > _LONGEST:
                yield rest
                rest = rest[-_OVERLAP:]
    yield rest


def _cut(content: bytes, border: re.Pattern[bytes]) -> list[bytes]:
    starts = [found.start() for found in border.finditer(content)]
    return [content[start:end] for start, end in zip([0, *starts], [*starts, len(content)], strict=True)]


def _size(rows: Iterator[bytes]) -> int:
    """Return rows times columns; a cell or row that names no place is taken to follow on the one before."""
    last = wide = 0
    for row in rows:
        places = _PLACE.findall(row)
        last = max([last + 1, *map(int, {number for _, number in places})])
        widest = max(map(_column, {letters for letters, _ in places}), default=0)
        unplaced = len(_CELL.findall(row)) - sum(1 for letters, _ in places if letters)
        wide = max(wide, widest + max(0, unplaced))
    return last * wide


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _shown(cells: Iterator[bytes], lengths: list[int]) -> int:
    total = 0
    for cell in cells:
        if _SHARED.search(cell) and (found := _INDEX.search(cell)) and int(found[1]) < len(lengths):
            total += lengths[int(found[1])]
    return total
