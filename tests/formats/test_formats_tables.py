"""CSV and NDJSON, read by the csv module, pyarrow and a plain JSON reader."""

import csv
import io
from collections.abc import Callable
from typing import Any

import orjson
import pyarrow.csv
import pytest

from hub.format import Edition, Entry
from hub.formats import Csv, Ndjson
from hub.formats.columns import FLAT_COLUMNS
from hub.formats.table import unharmed

Make = Callable[..., Any]
HOSTILE = [
    "=1+1",
    "+32 9 000",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =cmd|' /C calc'!A0",
    "＝1+1",
    "\n@x",
    "＋1",
    "－1",
    "＠1",
]


def table(edition: Edition, *entries: Entry) -> bytes:
    return b"".join(Csv().write(iter(entries), edition))


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def test_the_header_names_the_columns_and_every_cell_is_quoted(edition: Make, vacancy: Make) -> None:
    header, first, rest = table(edition(), vacancy(description=None)).decode().split("\r\n")
    assert header == ",".join(f'"{column.name}"' for column in FLAT_COLUMNS)
    assert first.startswith('"0191d7a2')
    assert first.endswith('"')
    assert rest == ""


def test_a_row_says_what_the_vacancy_says(edition: Make, vacancy: Make) -> None:
    (row,) = rows(table(edition("fr"), vacancy()))
    assert (row["title"], row["title_language"]) == ("Soudeur", "fr")
    assert row["description"] == "Je last cafés & tuinen."
    assert (row["municipality"], row["longitude"], row["places"]) == ("Gent", "-3.72", "2")
    assert (row["pay_min"], row["pay_per"], row["hours_per_week"]) == ("2100.0", "month", "36.5")
    assert (row["no_diploma_required"], row["adapted_work"]) == ("true", "")
    assert (row["work_time"], row["sources"]) == ("fullTime|partTime", "vdab|actiris")
    assert (row["published"], row["changed"], row["position"]) == ("2026-11-20", "2026-11-22T18:00:00Z", "1")
    assert (row["url"], row["apply_url"]) == ("https://partner.example/65", "https://a.example")


def test_a_row_says_what_the_programme_says(edition: Make, programme: Make) -> None:
    (row,) = rows(table(edition(), programme()))
    assert (row["kind"], row["programme_type"], row["audience"]) == ("programme", "training", "newcomersRefugees")
    assert row["starts"] == "2027-01-11|2027-03-01"
    assert rows(table(edition(), programme(starts="rolling")))[0]["starts"] == "rolling"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_partner_is_a_formula(edition: Make, vacancy: Make, text: str) -> None:
    hostile = vacancy(title={"nl": text}, organisation={"name": text}, places=[{"municipality": text}])
    (row,) = rows(table(edition(), hostile))
    assert row["title"] == row["organisation"] == row["municipality"] == f"'{text}"


@pytest.mark.parametrize("text", ["Lasser", "'t Hof", "3-ploegen", "C++", "a = b", "jobs@x", "", "é"])
def test_a_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert unharmed(text) == text


def test_quotes_lines_and_commas_survive(edition: Make, vacancy: Make) -> None:
    title = 'zeg "ja", of;\r\nnee'
    (row,) = rows(table(edition(), vacancy(title={"nl": title})))
    assert row["title"] == title


def test_pyarrow_reads_the_same(edition: Make, vacancy: Make, programme: Make) -> None:
    content = table(edition(), vacancy(1), programme(2))
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    read = pyarrow.csv.read_csv(io.BytesIO(content), parse_options=options)
    assert read.column_names == [column.name for column in FLAT_COLUMNS]
    assert read.column("title").to_pylist() == [row["title"] for row in rows(content)]
    assert read.column("longitude").to_pylist() == [-3.72, -3.72]


def test_the_names_of_columns_are_unique_and_plain() -> None:
    names = [column.name for column in FLAT_COLUMNS]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.replace("_", "").isalpha() and name.islower() for name in names)


def test_mail_addresses_to_apply_to_are_not_in_the_table(edition: Make, vacancy: Make) -> None:
    assert b"jobs@brug.example" not in table(edition(), vacancy())


def test_ndjson_is_the_published_json_line_by_line(edition: Make, vacancy: Make, programme: Make) -> None:
    content = b"".join(Ndjson().write(iter((vacancy(1), programme(2))), edition()))
    assert content == vacancy(1).body + b"\n" + programme(2).body + b"\n"
    assert [orjson.loads(line) for line in content.splitlines()] == [vacancy(1).data, programme(2).data]


def test_ndjson_of_nothing_is_empty(edition: Make) -> None:
    assert b"".join(Ndjson().write(iter(()), edition())) == b""


@pytest.mark.parametrize("format_type", [Csv, Ndjson])
def test_rows_are_written_as_they_come(edition: Make, vacancy: Make, format_type: Any) -> None:
    pulled = 0

    def coming() -> Any:
        nonlocal pulled
        for number in range(1, 1001):
            pulled += 1
            yield vacancy(number)

    pieces = format_type().write(coming(), edition())
    next(pieces)
    assert pulled < 500
    assert sum(len(piece) for piece in pieces) > 0
    assert pulled == 1000
