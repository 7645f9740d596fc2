"""A table being read: its header, then row after row, then the proof that the end was reached."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from hub.errors import SourceError, UnexpectedAnswer

Row = Sequence[JsonValue]
_NAMED_AT_MOST = 12


class TableCut(SourceError):
    """The table ends before its end; the rows read so far are right, what follows is lost."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file, read as it is iterated, once.

    Args:
        header: the names of the columns, each once; a column without a name is called ``column 7``.
        rows: the rows below the header that are not blank, each as wide as the file has it.
        read_line: tells the line (text) or row (spreadsheet) at which the row last read ends, counted from 1.
        ending: what shows at the end that nothing is missing, such as ``the gzip end reached``; None where nothing
            does, as in a text that is not packed: then end the run with Incomplete.
        close: lets go of the file.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    read_line: Callable[[], int]
    ending: str | None
    close: Callable[[], None] = field(repr=False)

    @property
    def line(self) -> int:
        """The line at which the row last read ends."""
        return self.read_line()

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; raises TableCut where the file breaks off, UnexpectedAnswer where it cannot be read."""
        return self.rows

    def require(self, columns: Iterable[str]) -> None:
        """Raise UnexpectedAnswer when the header lacks one of these columns, naming it and the nearest it has."""
        if missing := [name for name in dict.fromkeys(columns) if name not in self.header]:
            raise UnexpectedAnswer("; ".join(self._without(name) for name in missing) + f". {self._has()}")

    def _without(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.header, n=1, cutoff=0.5)
        return f"the header has no column '{name}'" + (f", the nearest is '{near[0]}'" if near else "")

    def _has(self) -> str:
        if len(self.header) == 1:
            return f"It has one column only, '{self.header[0]}': check delimiter and header_row"
        return f"It has: {listed(self.header)}. Correct the column names of the source, or its header_row"


def name_columns(cells: Row) -> tuple[str, ...]:
    """Return the header's names, trimmed; raises UnexpectedAnswer when one comes twice or there is none at all."""
    names = [" ".join(str(cell).split()) for cell in cells]
    if not any(names):
        raise UnexpectedAnswer("the header row names no column: set header_row to the row that names the columns")
    header = tuple(name or f"column {number}" for number, name in enumerate(names, 1))
    if twice := [name for name in dict.fromkeys(header) if header.count(name) > 1]:
        raise UnexpectedAnswer(
            f"the header names {listed(twice)} more than once, so it is unclear which column is meant: "
            "ask the partner for distinct names, or set header_row if this is not the header"
        )
    return header


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence, quoted, a dozen at most."""
    shown = ", ".join(f"'{name}'" for name in names[:_NAMED_AT_MOST])
    return shown + (f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else "")
