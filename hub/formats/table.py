"""All of a view as CSV (RFC 4180), for spreadsheets: every cell quoted, and none of them a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from hub.format import Edition, Entry, Format
from hub.formats.columns import FLAT_COLUMNS, Column, Value, flat

_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")
"""What a cell that a spreadsheet takes for a formula may begin with, full-width forms included."""
_ROWS_AT_ONCE = 50


class Csv(Format):
    """One row for each opportunity under a header row; UTF-8 without a byte order mark, lines ended by CR LF."""

    name = "csv"
    file = "snapshot.csv"
    media_type = "text/csv; charset=utf-8; header=present"
    title = "Everything as a table for spreadsheets (CSV)"
    in_languages = True

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the header, then the rows."""
        paper = io.StringIO(newline="")
        pen = csv.writer(paper, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        pen.writerow(column.name for column in FLAT_COLUMNS)
        for number, entry in enumerate(entries):
            pen.writerow(map(_cell, FLAT_COLUMNS, flat(entry, edition)))
            if number % _ROWS_AT_ONCE == 0:
                yield _taken(paper)
        yield _taken(paper)


def unharmed(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with a ``'`` before it where it would."""
    return f"'{text}" if not _FORMULA.isdisjoint(text[:1] + text.lstrip()[:1]) else text


def _cell(column: Column, value: Value) -> str:
    """Return a value as text; what we computed as a number begins with a minus sign by right."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return unharmed(value) if isinstance(value, str) and column.kind == "text" else str(value)


def _taken(paper: io.StringIO) -> bytes:
    """Return what was written so far, and begin anew."""
    said = paper.getvalue().encode()
    paper.seek(0)
    paper.truncate()
    return said
