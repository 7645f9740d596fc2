import csv
import io
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.client.tables import TableCut, TableLayout, open_table
from hub.errors import UnexpectedAnswer


@dataclass
class InMemory:
    data: bytes
    name: str = "jobs.csv"
    digest: str = ""
    proof: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


def read(data: bytes | str, **layout: Any) -> tuple[tuple[str, ...], list[list[object]]]:
    document = InMemory(data.encode() if isinstance(data, str) else data)
    with open_table(document, TableLayout(**layout)) as table:
        return table.header, [list(row) for row in table]


ROWS = [["id", "titel", "plaats"], ["1", "Poetshulp; café", "Liège"], ["2", 'Een "echte" bakker\nmet ervaring', "Gent"]]


def write(rows: Sequence[Sequence[str]], encoding: str = "utf-8", **dialect: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~", "^", "§"])
@pytest.mark.parametrize("quote", ['"', "'", "$"])
def test_any_declared_delimiter_and_quote_is_read(delimiter: str, quote: str) -> None:
    data = write(ROWS, delimiter=delimiter, quotechar=quote)
    assert read(data, delimiter=delimiter, quote=quote) == (tuple(ROWS[0]), ROWS[1:])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_usual_delimiters_are_told_from_header_and_rows(delimiter: str) -> None:
    assert read(write(ROWS, delimiter=delimiter))[1] == ROWS[1:]


def test_a_delimiter_that_may_be_two_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="may be ',' or ';': set delimiter"):
        read("a,b;c\n1,2;3\n")


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp850", "mac_roman"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("declared", [True, False])
def test_encodings_are_read_declared_or_told(encoding: str, declared: bool) -> None:
    rows = [*ROWS, ["3", "Schoonmaakster, één dag per week", "Mechelen"], ["4", "Coördinator façade", "Huy"]]
    layout = {"encoding": encoding} if declared else {}
    assert read(write(rows, encoding), **layout)[1] == rows[1:]


def test_an_encoding_is_told_by_letters_far_beyond_the_start() -> None:
    rows = [["id", "titel"], *([str(number), "bakker"] for number in range(100_000)), ["x", "kok in Liège, één dag"]]
    assert read(write(rows, "cp1252"))[1][-1] == rows[-1]


@pytest.mark.parametrize("text", ["Łódź żółw Kraków gęś", "Приглашаем на работу", "…nergie"])
def test_an_encoding_that_cannot_be_told_is_refused(text: str) -> None:
    encoding = {"Ł": "cp1250", "П": "cp1251", "…": "mac_roman"}[text[0]]
    with pytest.raises(UnexpectedAnswer, match=r"encoding of jobs\.csv cannot be told.*set encoding"):
        read(f"id,titel\n1,{text}\n".encode(encoding))


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8-sig", "utf-16"), ("utf-16", "utf-8")])
def test_a_mark_that_contradicts_the_declared_encoding_is_refused(encoding: str, declared: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="marked as"):
        read(write(ROWS, encoding), encoding=declared)


def test_bytes_that_the_declared_encoding_does_not_know_are_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="0xe9 that utf-8 does not know; set encoding"):
        read(write(ROWS, "cp1252"), encoding="utf-8")


def test_an_unknown_encoding_is_a_mistake_in_the_configuration() -> None:
    with pytest.raises(ValueError, match="'utf-9' is not an encoding"):
        TableLayout(encoding="utf-9")


def test_title_rows_above_the_header_and_blank_rows_are_skipped() -> None:
    header, rows = read("Export;;\n\nid;titel;plaats\n1;a;b\n;;\n\n2;c;d\n", header_row=3)
    assert header == ("id", "titel", "plaats")
    assert rows == [["1", "a", "b"], ["2", "c", "d"]]


def test_a_column_without_a_name_keeps_its_cells_under_a_number() -> None:
    assert read("id,,x\n1,2,3\n")[0] == ("id", "column 2", "x")


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="'titel' more than once"):
        read("id,titel,Titel,titel \n1,2,3,4\n")


def test_a_missing_column_is_named_with_the_nearest() -> None:
    with (
        open_table(InMemory(b"id,titel\n1,2\n")) as table,
        pytest.raises(UnexpectedAnswer, match=r"no column 'title', the nearest is 'titel'"),
    ):
        table.require(["id", "title"])


def test_the_wrong_delimiter_is_suggested_when_there_is_one_column() -> None:
    with (
        open_table(InMemory(b"id;titel\n1;2\n"), TableLayout(delimiter=",")) as table,
        pytest.raises(UnexpectedAnswer, match="one column only, 'id;titel': check delimiter"),
    ):
        table.require(["id"])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty, without even a header row"),
        (b"\n\n\n", "no row that names the columns"),
        (b"<!DOCTYPE html><html><body>Login</body></html>\n", "web page"),
        (b"\xef\xbb\xbf  <html lang=nl>\n", "web page"),
        (b'<?xml version="1.0"?>\n<jobs/>\n', "web page"),
        (b'{"error": "unauthorized"}\n', "is JSON"),
        (b'[{"id": 1}]\n', "is JSON"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old \.xls"),
        (b"\x00\x01\x02\x03\x00\x00\x07", "not text"),
    ],
)
def test_what_is_not_a_table_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=sentence):
        read(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ('id,t\n1,a\n2,"b\n3,c\n', "the quote that opens on line 3 is never closed"),
        ('id,t\n1,a\n2,"b\n3,"c"\n', "the quote that opens on line 3 is not closed properly, as line 4 shows"),
        ('id,t\n1,"a"b\n', "the quotes on line 2 do not pair"),
        ('id,t\n1,a\n2,"' + "x\n" * 100_000, "opens on line 3 is not closed within 131,072 characters"),
        ("id,t\n1,a\n2,b", "ends without a line end"),
        (b"id,t\n1,a\n2,caf\xc3", "may be cut|ends in the middle of a letter"),
    ],
)
def test_a_file_that_breaks_off_is_noticed_after_the_good_rows(data: str | bytes, sentence: str) -> None:
    document = InMemory(data.encode() if isinstance(data, str) else data)
    rows = []
    with pytest.raises(TableCut, match=sentence), open_table(document, TableLayout(encoding="utf-8")) as table:
        rows += list(iter_rows(table))
    assert rows in ([["1", "a"]], [])
    assert "xx" not in str(rows)


def iter_rows(table: Any) -> Any:
    yield from table


def test_a_file_without_final_line_end_is_whole_when_the_source_says_so() -> None:
    assert read("id,t\n1,a\n2,b", final_line_end=False)[1] == [["1", "a"], ["2", "b"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_cut_anywhere_inside_a_row_is_noticed(encoding: str) -> None:
    data = write([["id", "titel", "plaats"], *([f"{n}", f"Kok één {n}", "Liège"] for n in range(200))], encoding)
    cuts = [len(data) * part // 13 for part in range(1, 13)]
    whole_rows = data.decode(encoding).split("\r\n")
    for cut in cuts:
        with pytest.raises(TableCut):
            read(data[:cut], encoding=encoding)
    assert len(whole_rows) == 202


def test_lines_are_counted_as_an_editor_does() -> None:
    with open_table(InMemory(b'id,t\n1,"a\nb"\n2,c\n')) as table:
        assert [(list(row), table.line) for row in table] == [(["1", "a\nb"], 3), (["2", "c"], 4)]


@dataclass
class OnDisk:
    path: Path
    name: str = "jobs.csv"
    digest: str = ""
    proof: str = ""

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> io.BufferedReader:
        return self.path.open("rb")


@pytest.mark.parametrize("rows", [2_000, 20_000])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("id,text\n" + "".join(f"{row},{'Kok in één keuken ' * 30}\n" for row in range(rows)), "utf-8")
    tracemalloc.start()
    with open_table(OnDisk(path)) as table:
        assert sum(1 for _ in table) == rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


CELLS = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\"';,\t"), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    delimiter=st.sampled_from(",;\t|~"),
    quote=st.sampled_from("\"'"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_back(
    rows: list[list[str]], delimiter: str, quote: str, encoding: str, ending: str
) -> None:
    header = [f"column_{number}" for number in range(len(rows[0]))]
    data = write([header, *rows], encoding, delimiter=delimiter, quotechar=quote, lineterminator=ending)
    found = read(data, delimiter=delimiter, quote=quote, encoding=encoding)
    assert found == (tuple(header), [row for row in rows if any(row)])


@pytest.mark.parametrize("row", ["," * 5_000_000, '"a\n",' * 1_000_000], ids=["one line", "many lines"])
def test_a_row_without_end_is_refused(row: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="a row of more than 4,000,000 characters"):
        read(f"id,titel\n1,Bakker\n{row}\n".encode(), delimiter=",")
