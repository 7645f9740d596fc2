"""The second table of a source: its rows by key, ready to be added to the rows of the first."""

from dataclasses import dataclass

from hub import Document, Issue, Job, JsonValue, Table, UnexpectedAnswer, as_text, issue, open_table
from hub_generic_csv.settings import Join, Settings

MAX_JOINED = 500_000
"""Rows of a second table, which is kept in memory while the first is read."""

Cells = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Joined:
    """The second table.

    Args:
        key: the column of the first table that says which row belongs to it.
        columns: the names of the added columns.
        rows: the cells to add, by key.
        twice: the keys that come more than once, so that it is unclear which row is meant.
    """

    key: str
    columns: tuple[str, ...]
    rows: dict[str, Cells]
    twice: frozenset[str]


def read_joined(settings: Settings, join: Join, document: Document, job: Job) -> Joined:
    """Return the second table, of the same document when it is a sheet of it; raises as `open_table` does."""
    layout = join.file
    if join.sheet is not None:
        packing = settings.file.model_dump(include={"format", "compression", "member", "max_megabytes"})
        layout = layout.model_copy(update={**packing, "sheet": join.sheet})
    else:
        document = find_document(job, join)
    with open_table(document, layout) as table:
        table.require([join.matches or join.key, *join.columns])
        return _index(table, join)


def find_document(job: Job, place: Settings | Join) -> Document:
    """Return the file at a path or an address."""
    if place.path is not None:
        return job.open_file(place.path)
    if place.url is None:
        raise UnexpectedAnswer("the source names neither path nor url: give one of them")
    headers = place.headers if isinstance(place, Settings) else {}
    secrets = {name: secret.get_secret_value() for name, secret in headers.items()}
    return job.connect(headers=secrets or None).download(place.url)


def _index(table: Table, join: Join) -> Joined:
    key, width = join.matches or join.key, len(table.header)
    at = table.header.index(key)
    wanted = [(table.header.index(name), join.prefix + name) for name in join.columns or table.header if name != key]
    rows: dict[str, Cells] = {}
    twice = set()
    for row in table:
        if len(row) != width:
            raise UnexpectedAnswer(
                f"line {table.line} of the joined table has {len(row)} columns where its header has {width}: "
                "ask the partner to mend it"
            )
        value = as_text(row[at]).strip()
        if value in rows:
            twice.add(value)
        rows[value] = {name: row[index] for index, name in wanted}
        if len(rows) > MAX_JOINED:
            raise UnexpectedAnswer(f"the joined table has more than {MAX_JOINED:,} rows: join it before sending")
    rows.pop("", None)
    return Joined(join.key, tuple(name for _, name in wanted), rows, frozenset(twice - {""}))


def add_joined(joined: Joined, payload: Cells) -> Issue | None:
    """Add the second table's cells to a row, empty ones when it has none; return the issue when several rows fit."""
    key = as_text(payload[joined.key]).strip()
    if key in joined.twice:
        return issue("ambiguous-value", field=joined.key, value=key)
    payload.update(joined.rows.get(key) or dict.fromkeys(joined.columns, ""))
    return None
