"""Tables in files: CSV, TSV and XLSX, as they are or packed, read as a stream. `open_table` is the one way in."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.adapter import Document
from hub.client.tables.delimited import read_delimited
from hub.client.tables.layout import TableLayout
from hub.client.tables.packing import GZIP, Unpacked, is_spreadsheet, unpack
from hub.client.tables.spreadsheet import read_spreadsheet
from hub.client.tables.table import Row, Table, TableCut
from hub.errors import UnexpectedAnswer

__all__ = ["Row", "Table", "TableCut", "TableLayout", "open_table"]

_KINDS = {
    GZIP: "packed twice: unpack it once",
    b"%PDF": "a PDF: ask the partner for CSV or XLSX",
    b"\xd0\xcf\x11\xe0": "an old .xls file or needs a password: save it as .xlsx without a password",
    b"PK": "an archive inside an archive, or not an XLSX spreadsheet: unpack it once",
}


@contextmanager
def open_table(document: Document, layout: TableLayout | None = None) -> Iterator[Table]:
    """Open the one table of a document.

    Rows come as a stream, so that a text file of any size takes little memory. Raises TableCut when the file is cut or
    damaged (here, or while the rows are read), UnexpectedAnswer when it is not the table that was expected.
    """
    table = _read(document, layout or TableLayout())
    try:
        yield table
    finally:
        table.close()


def _read(document: Document, layout: TableLayout) -> Table:
    file = unpack(document, layout)
    if layout.format == "xlsx" or (layout.format is None and is_spreadsheet(file)):
        return read_spreadsheet(file, layout)
    _check_kind(file)
    if layout.sheet:
        raise UnexpectedAnswer(f"{file.name} is not a spreadsheet, so it has no sheet '{layout.sheet}': correct sheet")
    return read_delimited(file, layout)


def _check_kind(file: Unpacked) -> None:
    head = file.head(4)
    for mark, what in _KINDS.items():
        if head.startswith(mark):
            raise UnexpectedAnswer(f"{file.name} is {what}")
