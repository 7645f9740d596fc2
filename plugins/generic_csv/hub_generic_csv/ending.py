"""How the rows of a file end: with a trailer that says so, with a proof of the file, or with nothing to rely on."""

from collections.abc import Iterator

from hub import Complete, Incomplete, Row, Table, as_text
from hub_generic_csv.settings import Trailer

_UNPROVEN = (
    "{count:,} rows read, but nothing shows that none is missing at the end: a text has no end of its own. Ask the "
    "partner for a trailer row, or for gzip, zip or XLSX; or set whole = true under file if nobody ever meets it half "
    "written"
)


class Rows:
    """The rows of a table up to its trailer, and what shows afterwards that they are all.

    Args:
        table: the table, read once.
        trailer: what its last row is to be; without it the file itself must prove its end.
    """

    def __init__(self, table: Table, trailer: Trailer | None) -> None:
        self._table = table
        self._trailer = trailer
        self._last: Row | None = None
        self._after = 0
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows before the trailer; raises what the table raises."""
        starts = self._trailer.starts if self._trailer else None
        for row in self._table:
            if starts is not None and as_text(row[0]).strip() == starts:
                self._last = row
                self._after = sum(1 for _ in self._table)
                return
            self.count += 1
            yield row

    def ending(self) -> Complete | Incomplete:
        """Return how a table without a fault ended, once all rows are read."""
        if self._trailer:
            return self._by_trailer(self._trailer)
        if self._table.ending is None:
            return Incomplete(_UNPROVEN.format(count=self.count))
        return Complete(f"{self.count:,} rows read to the end of the file, {self._table.ending}")

    def _by_trailer(self, trailer: Trailer) -> Complete | Incomplete:
        if self._last is None:
            return Incomplete(
                f"{self.count:,} rows read, but the file ends without the row that starts with '{trailer.starts}', so "
                "rows may be missing; fetch it again, or correct trailer"
            )
        if self._after:
            return Incomplete(
                f"{self._after:,} rows follow the one that starts with '{trailer.starts}' and should be the last; they "
                "are not read. Ask the partner, or correct trailer"
            )
        said = _cell(self._last, trailer.count) if trailer.count else f"{self.count}"
        if not (said.isascii() and said.isdigit() and int(said) == self.count):
            return Incomplete(
                f"{self.count:,} rows read, where the row that starts with '{trailer.starts}' says {said[:40]!r}; rows "
                "may be missing: fetch it again, or ask the partner"
            )
        told = ", which says the same number" if trailer.count else ""
        proof = f", {self._table.ending}" if self._table.ending else ""
        return Complete(f"{self.count:,} rows read to the row that starts with '{trailer.starts}'{told}{proof}")


def _cell(row: Row, number: int) -> str:
    return as_text(row[number - 1]).strip() if number <= len(row) else ""
