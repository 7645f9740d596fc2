"""Spreadsheets (XLSX), read in memory within bounds; their cells become JSON values."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO

import python_calamine
from pydantic import JsonValue

from hub.client.tables.layout import TableLayout
from hub.client.tables.packing import MAX_ENTRIES, MAX_SPREADSHEET, ZIP, Unpacked, naming_breaks, open_archive
from hub.client.tables.sheets import cells_of, shown_of
from hub.client.tables.table import Row, Table, TableCut, listed, name_columns
from hub.errors import UnexpectedAnswer

MAX_UNPACKED = 256_000_000
"""The most its parts may hold once unpacked."""

MAX_CELLS = 10_000_000
"""The most cells of a sheet, the empty ones between the first and the last one too."""
MAX_SHOWN = 512_000_000
"""The most bytes of text that the cells of a sheet show together."""

_OTHERS = frozenset({"content.xml", "xl/workbook.bin"})
"""Parts of kinds that the reader would read as well, though nobody has measured them."""
_PIECE = 1 << 20
_UNKNOWN_SIZE = 1 << 62
_ENCRYPTED = "needs a password or is an old .xls file: save it as .xlsx without a password"
_CellValue = int | float | str | bool | time | date | datetime | timedelta


def read_spreadsheet(file: Unpacked, layout: TableLayout) -> Table:
    """Return the table of one sheet; raises TableCut when the file is cut, UnexpectedAnswer when it is ambiguous."""
    content = _content(file)
    _check_parts(content, file.name)
    content.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(content)
        sheet = workbook.get_sheet_by_name(_sheet_name(workbook, layout.sheet, file.name))
        cells = sheet.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise UnexpectedAnswer(f"{file.name} cannot be read as a spreadsheet: {error}; save it again as XLSX") from None
    if len(cells) < layout.header_row:
        raise UnexpectedAnswer(f"the sheet of {file.name} ends after row {len(cells)}: it has no header row")
    numbered = _Numbered(cells, layout.header_row)
    header = name_columns([json_value(cell) for cell in _trimmed(cells, layout.header_row - 1)])
    return Table(header, numbered.rows(len(header)), lambda: numbered.row, "the checksums of its parts right", _nothing)


def _content(file: Unpacked) -> IO[bytes]:
    with file.open() as stream:
        content = stream.read(MAX_SPREADSHEET + 1)
    if len(content) > MAX_SPREADSHEET:
        raise UnexpectedAnswer(
            f"{file.name} is larger than {MAX_SPREADSHEET:,} bytes, too large a spreadsheet: use CSV"
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnexpectedAnswer(f"{file.name} {_ENCRYPTED}")
    if content[:4] not in ZIP:
        raise UnexpectedAnswer(f"{file.name} is not an XLSX spreadsheet: correct format, or leave it out")
    return io.BytesIO(content)


def _check_parts(content: IO[bytes], name: str) -> None:
    """Unpack every part once, counting, so that what follows cannot grow without bound or meet damage."""
    try:
        archive = open_archive(content, name)
    except zipfile.BadZipFile:
        raise TableCut(f"{name} is cut: the end of the spreadsheet file is missing; fetch it again") from None
    with archive, naming_breaks(name):
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or _unpacked_size(archive, entries) > MAX_UNPACKED:
            raise UnexpectedAnswer(
                f"{name} unpacks to more than {MAX_UNPACKED:,} bytes or {MAX_ENTRIES:,} parts, too large a "
                "spreadsheet: use CSV"
            )
        if _OTHERS & {entry.filename.lower() for entry in entries}:
            raise UnexpectedAnswer(f"{name} is another kind of spreadsheet: save it again as XLSX")
        if (cells := cells_of(archive)) > MAX_CELLS or shown_of(archive, cells) > MAX_SHOWN:
            raise UnexpectedAnswer(
                f"{name} would take too much memory, with {cells:,} cells between the first and the last one (at most "
                f"{MAX_CELLS:,}) or long texts shown often, as in a mistake or an attack: clear what lies beyond the "
                "table, or use CSV"
            )


def _unpacked_size(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> int:
    total = 0
    for entry in entries:
        # The size an archive states may be a lie: read on until the data really ends.
        entry.file_size = _UNKNOWN_SIZE
        with archive.open(entry) as part:
            while total <= MAX_UNPACKED and (piece := part.read(_PIECE)):
                total += len(piece)
    return total


def _sheet_name(workbook: python_calamine.CalamineWorkbook, wanted: str | None, name: str) -> str:
    visible = [
        sheet.name for sheet in workbook.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    if wanted is None and len(visible) == 1:
        return visible[0]
    if wanted is None:
        raise UnexpectedAnswer(f"{name} has {len(visible)} visible sheets: set sheet to one of {listed(visible)}")
    if wanted not in workbook.sheet_names:
        raise UnexpectedAnswer(f"{name} has no sheet '{wanted}': set sheet to one of {listed(workbook.sheet_names)}")
    return wanted


def _trimmed(cells: list[list[_CellValue]], header: int) -> list[_CellValue]:
    """Return the header's cells without the empty columns on the right."""
    width = max((index for row in cells[header:] for index, cell in enumerate(row, 1) if cell != ""), default=0)
    return cells[header][:width]


class _Numbered:
    """The rows below the header, and the number of the one last read."""

    def __init__(self, cells: list[list[_CellValue]], header_row: int) -> None:
        self._cells = cells
        self._header_row = header_row
        self.row = header_row

    def rows(self, width: int) -> Iterator[Row]:
        for number in range(self._header_row, len(self._cells)):
            row = self._cells[number]
            self.row = number + 1
            if any(cell != "" for cell in row):
                yield [json_value(cell) for cell in row[:width]]


def json_value(cell: _CellValue) -> JsonValue:
    """Return a cell as JSON: whole numbers as integers, days and moments in ISO 8601, durations in hours."""
    match cell:
        case bool() | str() | int():
            return cell
        case float():
            return int(cell) if cell.is_integer() else cell
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case timedelta():
            return cell.total_seconds() / 3600
    return cell.isoformat()


def _nothing() -> None:
    """The sheet is in memory: there is nothing to let go of."""
