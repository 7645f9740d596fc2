"""Delimited text: CSV, TSV and their kin, read row by row with an eye on quotes and the end of the file."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from hub.client.tables.encoding import Encoding, find_encoding
from hub.client.tables.layout import TableLayout
from hub.client.tables.packing import DECLARED, Unpacked, last_bytes
from hub.client.tables.table import Row, Table, TableCut, name_columns
from hub.errors import UnexpectedAnswer

DELIMITERS = ",;\t|"
"""What is tried when no delimiter is declared."""

MAX_ROW = 4_000_000
"""Characters of the longest row; a longer one would take memory without bound."""

_SAMPLE = 65_536
_SAMPLE_ROWS = 50
_LINE_ENDS = ("\n", "\r", "\x1a")
_NO_LINE_END = (
    "{name} ends without a line end, so its last row may be cut and rows may be missing; fetch it again, or set "
    "final_line_end = false if the partner always leaves it out"
)
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|\?xml|!--|script)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[\]{"])')
_CUT_LETTER = ("unexpected end of data", "truncated data", "unexpected end")


def read_delimited(file: Unpacked, layout: TableLayout) -> Table:
    """Return the table of a text file; raises UnexpectedAnswer when it is another thing or ambiguous."""
    encoding = find_encoding(file, layout.encoding)
    sample = _sample(file, encoding)
    _check_text(sample, file.name)
    dialect = _dialect(layout, sample, file.name)
    stream = file.open()
    stream.read(encoding.skip)
    text = io.TextIOWrapper(stream, encoding=encoding.codec, newline="")
    ends_anyhow = file.packed or not layout.final_line_end
    lines = _Lines(
        _Text(text, file.name), dialect, file.name, encoding.codec, lambda: ends_anyhow or _line_ended(stream, encoding)
    )
    rows = lines.rows()
    try:
        header = name_columns(_header(rows, lines, layout.header_row, file.name))
    except BaseException:
        text.close()
        raise
    return Table(header, filter(any, rows), lambda: lines.line, _ending(file, layout), text.close)


def _ending(file: Unpacked, layout: TableLayout) -> str | None:
    """Return what the end of the file will have proven: of a text that is cut between two rows, nothing."""
    proof = file.ending or (DECLARED if layout.whole else "")
    return ", ".join(filter(None, ("every quote closed" if layout.quote else "", proof))) if proof else None


def _line_ended(stream: io.BufferedReader, encoding: Encoding) -> bool:
    """Whether what was read ends with a line end, as a file cut in the middle of a row does not."""
    return last_bytes(stream).decode(encoding.codec, errors="ignore").endswith(_LINE_ENDS)


def _sample(file: Unpacked, encoding: Encoding) -> str:
    head = b""
    with file.open() as stream, suppress(TableCut):  # what comes before a cut tells the dialect as well
        while len(head) < _SAMPLE and (piece := stream.read1(_SAMPLE - len(head))):
            head += piece
    return head[encoding.skip :].decode(encoding.codec, errors="replace")


def _check_text(sample: str, name: str) -> None:
    if _MARKUP.match(sample):
        raise UnexpectedAnswer(
            f"{name} is a web page (HTML or XML), not a table: the address may be wrong, or ask for a login; open it "
            "in a browser to see"
        )
    if _JSON.match(sample):
        raise UnexpectedAnswer(f"{name} is JSON, not a table: check the address, or use another adapter")


# The dialect --------------------------------------------------------------------------------------------------


def _dialect(layout: TableLayout, sample: str, name: str) -> dict[str, Any]:
    quoting = {"quotechar": layout.quote} if layout.quote else {"quoting": csv.QUOTE_NONE}
    dialect = {"escapechar": layout.escape, **quoting}
    delimiter = layout.delimiter or _told_delimiter(sample, layout.header_row, dialect, name)
    return {**dialect, "delimiter": delimiter, "strict": True}


def _told_delimiter(sample: str, header_row: int, dialect: dict[str, Any], name: str) -> str:
    widths = {mark: _widths(sample, header_row, {**dialect, "delimiter": mark}) for mark in DELIMITERS}
    splitting = [mark for mark in DELIMITERS if widths[mark] and widths[mark][0] > 1]
    even = [mark for mark in splitting if len(set(widths[mark])) == 1]
    found = even if len(even) == 1 else splitting
    if len(found) > 1:
        shown = " or ".join(f"'{mark}'" for mark in found)
        raise UnexpectedAnswer(f"the delimiter of {name} may be {shown}: set delimiter to the right one")
    return found[0] if found else DELIMITERS[0]


def _widths(sample: str, header_row: int, dialect: dict[str, Any]) -> list[int]:
    """Return how many cells the header and the first rows have, the last row of a cut sample left out."""
    lines = list(io.StringIO(sample, newline=""))
    reader = csv.reader(lines[:-1] if len(sample) >= _SAMPLE // 4 and len(lines) > 1 else lines, **dialect)
    try:
        return [len(row) for row in islice(reader, header_row - 1, header_row + _SAMPLE_ROWS) if row]
    except csv.Error:
        return []


# The rows -----------------------------------------------------------------------------------------------------


class _Text:
    """The lines of a text, a bounded number of characters to a row."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self._name = name
        self._since = 0

    def mark(self) -> None:
        """Note that a row ended."""
        self._since = 0

    def __iter__(self) -> "_Text":
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self._since += len(line)
        if self._since > MAX_ROW:
            raise UnexpectedAnswer(
                f"{self._name} holds a row of more than {MAX_ROW:,} characters, which looks like a mistake or an "
                "attack: check the file, its delimiter and its quotes"
            )
        return line


class _Lines:
    """The rows of a text, read one ahead so that a last row that is cut is never handed over."""

    def __init__(
        self, text: "_Text", dialect: dict[str, Any], name: str, codec: str, ended: Callable[[], bool]
    ) -> None:
        self._text = text
        self._reader = csv.reader(text, **dialect)
        self._name = name
        self._codec = codec
        self._ended = ended
        self.line = 0
        """The line at which the row last handed over ends."""

    def rows(self) -> Iterator[list[str]]:
        """Yield every row, blank ones too; raises TableCut where the text breaks off."""
        held: list[str] | None = None
        line = 0
        failure: TableCut | UnexpectedAnswer | None = None
        try:
            for row in self._reader:
                self._text.mark()
                if held is not None:
                    self.line = line
                    yield held
                held, line = row, self._reader.line_num
        except (csv.Error, UnicodeDecodeError, TableCut) as error:
            failure = self._told(error, line)
        if failure is None and held is not None and not self._ended():
            raise TableCut(_NO_LINE_END.format(name=self._name))
        self.line = line
        if held is not None:
            yield held
        if failure is not None:
            raise failure from None

    def _told(self, error: csv.Error | UnicodeDecodeError | TableCut, line: int) -> TableCut | UnexpectedAnswer:
        """Return what to raise for what went wrong after a line."""
        match error:
            case TableCut():
                return error
            case UnicodeDecodeError():
                return _undecodable(error, self._name, self._codec, line)
        return TableCut(_broken_quoting(str(error), self._name, line + 1, self._reader.line_num))


def _header(rows: Iterator[list[str]], lines: _Lines, header_row: int, name: str) -> Row:
    for row in rows:
        if lines.line >= header_row and any(row):
            return row
    raise UnexpectedAnswer(
        f"{name} has no row that names the columns: it ends after {lines.line} lines"
        if lines.line
        else f"{name} is empty, without even a header row: ask the partner"
    )


def _broken_quoting(error: str, name: str, start: int, line: int) -> str:
    if error == "unexpected end of data":
        what = f"the quote that opens on line {start} is never closed"
    elif error.startswith("field larger"):
        what = f"the quote that opens on line {start} is not closed within {csv.field_size_limit():,} characters"
    elif start == line:
        what = f"the quotes on line {line} do not pair: {error}"
    else:
        what = f"the quote that opens on line {start} is not closed properly, as line {line} shows: {error}"
    return f"{name}: {what}; the rows from line {start} on are not read. Ask the partner to mend the file, or set quote"


def _undecodable(error: UnicodeDecodeError, name: str, codec: str, line: int) -> TableCut | UnexpectedAnswer:
    if error.reason in _CUT_LETTER:
        return TableCut(f"{name} is cut: it ends in the middle of a letter, after line {line}; fetch it again")
    byte = error.object[error.start]
    return UnexpectedAnswer(
        f"{name} is not {codec}: after line {line} comes a byte 0x{byte:02x} that {codec} does not know; set encoding"
    )
