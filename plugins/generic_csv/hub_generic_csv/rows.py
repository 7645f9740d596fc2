"""From the rows of a file to raw records: ids, rows of the wrong width, rows that are over, and the ending."""

from collections.abc import Callable, Iterator

from hub import (
    Complete,
    Fetched,
    Incomplete,
    Job,
    RawRecord,
    Refused,
    Row,
    Table,
    TableCut,
    UnexpectedAnswer,
    Withdrawal,
    as_text,
    issue,
    open_table,
)
from hub_generic_csv.ending import Rows
from hub_generic_csv.joining import Cells, Joined, add_joined, find_document, read_joined
from hub_generic_csv.mistakes import used_columns
from hub_generic_csv.settings import Settings

_TELL_EVERY = 1000


def fetch_rows(settings: Settings, job: Job) -> Iterator[Fetched]:
    """Yield a file's rows, ending with the proof that its end was reached, or with what is missing."""
    try:
        document = find_document(job, settings)
        joined = read_joined(settings, settings.join, document, job) if settings.join else None
        with open_table(document, settings.file) as table:
            yield from _Reading(settings, table, joined).records(job)
    except TableCut as error:
        yield Incomplete(str(error))


class _Reading:
    """One pass over a table."""

    def __init__(self, settings: Settings, table: Table, joined: Joined | None) -> None:
        self._settings = settings
        self._table = table
        self._joined = joined
        self._require_columns()
        self._id_at = [table.header.index(name) for name in settings.id]
        self._personal = [
            name for name in settings.personal if name in table.header or (joined and name in joined.columns)
        ]
        self._lost: list[int] = []

    def _require_columns(self) -> None:
        added = set(self._joined.columns if self._joined else ())
        if clash := sorted(added & set(self._table.header)):
            raise UnexpectedAnswer(f"both tables have a column '{clash[0]}': set prefix in join to tell them apart")
        self._table.require([*self._settings.id, *sorted(used_columns(self._settings) - added)])

    def records(self, job: Job) -> Iterator[Fetched]:
        """Yield every row, then the ending."""
        header, width, identify, finish = self._table.header, len(self._table.header), self._identify(), self._finish()
        rows = Rows(self._table, self._settings.trailer)
        for row in rows:
            if not rows.count % _TELL_EVERY:
                job.progress(rows.count)
            if len(row) != width:
                yield self._wrong_width(row, width)
                continue
            local_id = identify(row)
            payload: Cells = dict(zip(header, row, strict=True))
            yield finish(local_id, payload)
        job.progress(rows.count, rows.count)
        yield self._ending(rows)

    def _identify(self) -> Callable[[Row], str]:
        """Return the function that gets the partner's id; empty when a part of it is."""
        if len(self._id_at) > 1:
            return self._identify_by_several
        (at,) = self._id_at
        return lambda row: cell.strip() if isinstance(cell := row[at], str) else as_text(cell)

    def _identify_by_several(self, row: Row) -> str:
        parts = [as_text(row[at]).strip() for at in self._id_at]
        return "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts) if all(parts) else ""

    # What else becomes of a row --------------------------------------------------------------------------------

    def _finish(self) -> Callable[[str, Cells], Fetched]:
        """Return what makes a record of a row: joined cells added, personal ones out, a row that is over withdrawn."""
        gone, joined, personal = self._settings.gone, self._joined, self._personal
        over = frozenset(value.strip().casefold() for value in gone.values) if gone else frozenset()
        if not (gone or joined or personal):
            return self._identified

        def finish(local_id: str, payload: Cells) -> Fetched:
            refused = add_joined(joined, payload) if joined else None
            for name in personal:
                payload.pop(name, None)
            if refused:
                return Refused(refused, payload, local_id or None)
            if gone and local_id and as_text(payload.get(gone.column)).strip().casefold() in over:
                return Withdrawal(local_id, payload)
            return self._identified(local_id, payload)

        return finish

    def _identified(self, local_id: str, payload: Cells) -> Fetched:
        if local_id:
            return RawRecord(local_id, payload)
        return Refused(issue("empty-id", field=", ".join(self._settings.id)), payload)

    def _wrong_width(self, row: Row, width: int) -> Refused:
        """Refuse a row; its id can be trusted only when it comes first and no quote has swallowed line ends."""
        line = self._table.line
        trusted = self._id_at == [0] and not any(isinstance(cell, str) and "\n" in cell for cell in row)
        local_id = as_text(row[0]).strip() if trusted else ""
        if not local_id:
            self._lost.append(line)
        found = issue("row-length", line=f"{line}", expected=f"{width}", found=f"{len(row)}")
        return Refused(found, None if self._personal else list(row), local_id or None)

    def _ending(self, rows: Rows) -> Complete | Incomplete:
        if not self._lost:
            return rows.ending()
        return Incomplete(
            f"{len(self._lost):,} of {rows.count:,} rows have another number of columns than the header, the first on "
            f"line {self._lost[0]}, so it is not known which records they hold; ask the partner to mend the file"
        )
