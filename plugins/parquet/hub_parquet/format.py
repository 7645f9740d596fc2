"""All of a view as Apache Parquet: the columns of the CSV with their types, and the JSON-LD of each opportunity."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

import pyarrow
from pyarrow.parquet import ParquetWriter

from hub import FLAT_COLUMNS, Edition, Entry, Format, flat
from hub_parquet.sink import Sink

ROWS_AT_ONCE = 2000
"""Rows in one row group, which is what is in memory at a time."""

_DATA = "data"
_TYPES: Mapping[str, pyarrow.DataType] = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "flag": pyarrow.bool_(),
    "day": pyarrow.date32(),
    "moment": pyarrow.timestamp("ms", tz="UTC"),
}
_READERS: Mapping[str, Callable[[Any], Any]] = {"day": date.fromisoformat, "moment": datetime.fromisoformat}
"""What makes the value of a column of these kinds from its text."""


class Parquet(Format):
    """One row for each opportunity; texts in one language, `data` with all of them."""

    name = "parquet"
    file = "snapshot.parquet"
    media_type = "application/vnd.apache.parquet"
    title = "Everything as a typed table for data analysis (Parquet)"
    in_languages = True

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the file, a group of rows at a time."""
        schema, sink, left = _schema(edition), Sink(), iter(entries)
        with ParquetWriter(sink, schema, compression="zstd") as writer:
            while group := list(islice(left, ROWS_AT_ONCE)):
                writer.write_batch(_batch(group, edition, schema))
                yield sink.take()
        yield sink.take()


def _schema(edition: Edition) -> pyarrow.Schema:
    """Return the columns with their types; the file itself says where the change feed goes on."""
    fields = [pyarrow.field(column.name, _TYPES[column.kind]) for column in FLAT_COLUMNS]
    said = {
        "schakel.view": edition.view,
        "schakel.feed": edition.feed,
        "schakel.position": str(edition.position),
        "schakel.licence": edition.licence,
    }
    return pyarrow.schema([*fields, pyarrow.field(_DATA, pyarrow.string())], metadata=said)


def _batch(group: list[Entry], edition: Edition, schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    rows = [flat(entry, edition) for entry in group]
    columns = [
        [_typed(column.kind, value) for value in values]
        for column, values in zip(FLAT_COLUMNS, zip(*rows, strict=True), strict=True)
    ]
    data = [(entry.body or b"").decode() for entry in group]
    arrays = [pyarrow.array(values, each.type) for values, each in zip([*columns, data], schema, strict=True)]
    return pyarrow.record_batch(arrays, schema=schema)


def _typed(kind: str, value: Any) -> Any:
    return _READERS[kind](value) if value is not None and kind in _READERS else value
