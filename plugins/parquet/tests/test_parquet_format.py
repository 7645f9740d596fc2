"""The Parquet format, read back by pyarrow."""

import hashlib
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet
import pytest
from hub_parquet import hub_formats
from hub_parquet.format import ROWS_AT_ONCE, Parquet

from hub import FLAT_COLUMNS, Edition, Entry, flat

MOMENT = "2026-11-22T18:00:00Z"
EDITION = Edition(
    view="all",
    title={"nl": "Alles"},
    url="https://hub.example/views/all/snapshot.parquet?lang=fr",
    home="https://hub.example",
    feed="https://hub.example/feeds/all",
    licence="https://creativecommons.org/licenses/by/4.0/",
    position=4711,
    made=datetime(2026, 11, 22, 18, tzinfo=UTC),
    language="fr",
)


def opportunity(number: int, **more: Any) -> Entry:
    said = {
        "kind": "vacancy",
        "title": {"nl": f"Lasser {number}", "fr": f"Soudeur {number}"},
        "organisation": {"name": "=De Brug"},
        "status": "active",
        "published": "2026-11-20",
        "noDiplomaRequired": True,
        "hoursPerWeek": 36.5,
        "listings": [{"source": "vdab", "localId": str(number), "firstSeen": MOMENT, "contentChanged": MOMENT}],
        "quality": {"score": 0.5, "criteria": {}},
        **more,
    }
    address = f"https://hub.example/opportunities/{number}"
    return Entry(str(number), "vacancy", number, MOMENT, address, json.dumps(said).encode())


def written(*entries: Entry) -> bytes:
    return b"".join(Parquet().write(iter(entries), EDITION))


def read(content: bytes) -> Any:
    return pyarrow.parquet.read_table(io.BytesIO(content))


def test_the_hook_brings_the_format() -> None:
    assert list(hub_formats()) == [Parquet]


def test_rows_have_the_columns_of_the_csv_with_types_and_the_json() -> None:
    one = opportunity(1)
    table = read(written(one))
    assert table.column_names == [*(column.name for column in FLAT_COLUMNS), "data"]
    (row,) = table.to_pylist()
    assert (row["title"], row["organisation"], row["hours_per_week"]) == ("Soudeur 1", "=De Brug", 36.5)
    assert row["published"] == date(2026, 11, 20)
    assert row["changed"] == datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert (row["no_diploma_required"], row["pay_min"]) == (True, None)
    assert json.loads(row["data"]) == one.data


def test_values_are_those_of_the_flat_row() -> None:
    one = opportunity(1, places=[{"municipality": "Gent", "longitude": -3.7}])
    (row,) = read(written(one)).to_pylist()
    plain = {name: value for name, value in row.items() if name not in {"changed", "published", "data"}}
    expected = dict(zip((column.name for column in FLAT_COLUMNS), flat(one, EDITION), strict=True))
    assert plain == {name: value for name, value in expected.items() if name in plain}


def test_a_view_without_anything_is_an_empty_table_with_all_columns() -> None:
    table = read(written())
    assert (table.num_rows, len(table.column_names)) == (0, len(FLAT_COLUMNS) + 1)


def test_the_file_says_where_the_feed_goes_on() -> None:
    said = read(written(opportunity(1))).schema.metadata
    assert said[b"schakel.position"] == b"4711"
    assert said[b"schakel.feed"] == b"https://hub.example/feeds/all"


def test_the_same_entries_give_the_same_bytes() -> None:
    assert hashlib.sha256(written(opportunity(1))).digest() == hashlib.sha256(written(opportunity(1))).digest()


@pytest.mark.parametrize("more", [0, 1])
def test_rows_are_written_in_groups_as_they_come(more: int) -> None:
    count = ROWS_AT_ONCE * 2 + more
    pulled = 0

    def coming() -> Any:
        nonlocal pulled
        for number in range(count):
            pulled += 1
            yield opportunity(number)

    pieces = Parquet().write(coming(), EDITION)
    first = next(pieces)
    assert first.startswith(b"PAR1")
    assert pulled <= ROWS_AT_ONCE
    assert read(first + b"".join(pieces)).num_rows == count
