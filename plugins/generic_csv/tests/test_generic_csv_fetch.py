import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hub_generic_csv import GenericCsv, GenericCsvOptions

from hub import Complete, Fetched, Incomplete, RawRecord, Refused, UnexpectedAnswer, Withdrawal


@dataclass
class InMemory:
    name: str
    data: bytes
    digest: str = ""
    proof: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


@dataclass
class Files:
    """What a fetch is given: files by path or address, and what was asked for them."""

    files: dict[str, bytes]
    cursor: str | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    folder: Path = Path()
    sent: list[Mapping[str, str] | None] = field(default_factory=list)
    told: list[int] = field(default_factory=list)

    def open_file(self, path: str) -> InMemory:
        return InMemory(path, self.files[path])

    def connect(self, *, headers: Mapping[str, str] | None = None, auth: object = None) -> "Files":
        self.sent.append(headers)
        return self

    def download(self, url: str) -> InMemory:
        return InMemory(url.rsplit("/", 1)[-1], self.files[url])

    def progress(self, done: int, total: int | None = None) -> None:
        self.told.append(done)


def fetch(data: str | bytes | dict[str, bytes], **options: Any) -> list[Fetched]:
    files = data if isinstance(data, dict) else {"jobs.csv": data.encode() if isinstance(data, str) else data}
    job: Any = Files(files)
    return list(adapter(**options).fetch(job))


def adapter(**options: Any) -> GenericCsv:
    fields = {"title.nl": "titel", "organisation.name": "firma"}
    place = {} if "url" in options else {"path": "jobs.csv"}
    file = {"file": DECLARED | options.pop("file", {})}
    said = {"kind": "vacancy", "id": "id", "fields": fields, **place, **file, **options}
    return GenericCsv(GenericCsvOptions.model_validate(said))


HEADER = "id,titel,firma\n"
DECLARED = {"whole": True}


def test_a_whole_file_ends_with_the_proof() -> None:
    assert fetch(HEADER + "1,Bakker,Brood NV\n") == [
        RawRecord("1", {"id": "1", "titel": "Bakker", "firma": "Brood NV"}),
        Complete("1 rows read to the end of the file, every quote closed, declared to be whole whenever it is there"),
    ]


def test_a_header_without_rows_is_a_complete_empty_list() -> None:
    assert fetch(HEADER) == [
        Complete("0 rows read to the end of the file, every quote closed, declared to be whole whenever it is there")
    ]


TRAILED = HEADER + "1,Bakker,Brood NV\n2,Kok,Soep BV\n"
COUNTED: dict[str, Any] = {"file": {"whole": False}, "trailer": {"starts": "EINDE", "count": 2}}


def test_a_text_proves_no_end_by_itself() -> None:
    *records, end = fetch(TRAILED, file={"whole": False})
    assert len(records) == 2
    assert isinstance(end, Incomplete)
    assert "2 rows read, but nothing shows that none is missing at the end" in end.reason


def test_packed_rows_prove_their_end() -> None:
    *_, end = fetch(gzip.compress(TRAILED.encode()), file={"whole": False})
    assert end == Complete("2 rows read to the end of the file, every quote closed, the gzip end reached")


@pytest.mark.parametrize(
    ("said", "proof"),
    [
        (
            {"starts": "EINDE", "count": 2},
            "2 rows read to the row that starts with 'EINDE', which says the same number",
        ),
        ("EINDE", "2 rows read to the row that starts with 'EINDE'"),
    ],
)
def test_a_trailer_ends_the_list_and_is_no_record(said: object, proof: str) -> None:
    *records, end = fetch(TRAILED + "EINDE,2\n", file={"whole": False}, trailer=said)
    assert [type(each) for each in records] == [RawRecord, RawRecord]
    assert end == Complete(proof)


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("", "the file ends without the row that starts with 'EINDE'"),
        ("EINDE,3\n", "2 rows read, where the row that starts with 'EINDE' says '3'"),
        ("EINDE,²\n", "says '²'"),
        ("EINDE\n", "says ''"),
        ("EINDE,2\n3,Smid,Vuur NV\n", "1 rows follow the one that starts with 'EINDE'"),
        ("EINDE,2", "ends without a line end"),
    ],
)
def test_a_trailer_that_is_missing_or_disagrees_makes_the_run_incomplete(rest: str, reason: str) -> None:
    end = fetch(TRAILED + rest, **COUNTED)[-1]
    assert isinstance(end, Incomplete)
    assert reason in end.reason


def test_a_trailer_is_needed_of_packed_files_too() -> None:
    end = fetch(gzip.compress(TRAILED.encode()), **COUNTED)[-1]
    assert isinstance(end, Incomplete)


def test_a_file_by_address_is_downloaded_with_its_headers() -> None:
    job: Any = Files({"https://x.example/jobs.csv": (HEADER + "1,a,b\n").encode()})
    options: dict[str, Any] = {"url": "https://x.example/jobs.csv", "headers": {"Authorization": "Bearer s"}}
    found = list(adapter(**options).fetch(job))
    assert isinstance(found[-1], Complete)
    assert job.sent == [{"Authorization": "Bearer s"}]


def test_a_row_of_another_width_is_refused_with_the_id_that_comes_first() -> None:
    refused, record, end = fetch(HEADER + "1,Bakker\n2,Kok,Firma\n")
    assert isinstance(refused, Refused)
    assert refused.local_id == "1"
    assert refused.issue.code == "row-length"
    assert refused.issue.params == {"line": "2", "expected": "3", "found": "2"}
    assert isinstance(record, RawRecord)
    assert isinstance(end, Complete)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (HEADER + '1,"Bakker\n2,Kok",Brood,NV\n', {}),
        (HEADER + ",Bakker\n", {}),
        ("titel,id,firma\nBakker,1\n", {}),
    ],
    ids=["a quote may have swallowed a record", "no id", "the id does not come first"],
)
def test_a_row_whose_id_is_lost_makes_the_run_incomplete(text: str, options: dict[str, Any]) -> None:
    refused, end = fetch(text, **options)
    assert isinstance(refused, Refused)
    assert refused.local_id is None
    assert isinstance(end, Incomplete)
    assert "1 of 1 rows have another number of columns than the header, the first on line" in end.reason


def test_a_row_without_id_is_refused() -> None:
    refused, end = fetch(HEADER + " ,Bakker,Brood NV\n")
    assert isinstance(refused, Refused)
    assert refused.issue.code == "empty-id"
    assert isinstance(end, Complete)


def test_an_id_of_several_columns_stays_distinct() -> None:
    text = "a,b,titel,firma\nx|,y,t,f\nx,|y,t,f\n,y,t,f\n"
    first, second, third, _ = fetch(text, id=["a", "b"])
    assert [getattr(each, "local_id", None) for each in (first, second)] == ["x%7C|y", "x|%7Cy"]
    assert isinstance(third, Refused)


def test_a_row_that_the_file_marks_as_over_is_a_withdrawal() -> None:
    text = "id,titel,firma,status\n1,a,b,open\n2,c,d, Ended \n"
    found = fetch(text, gone={"column": "status", "values": ["ended"]})
    assert [type(each) for each in found] == [RawRecord, Withdrawal, Complete]
    assert found[1] == Withdrawal("2", {"id": "2", "titel": "c", "firma": "d", "status": " Ended "})


def test_columns_about_persons_never_leave_the_file() -> None:
    text = "id,titel,firma,mail\n1,a,b,jan@x.example\n,a,b,jan@x.example\n3,jan@x.example\n"
    found = fetch(text, personal=["mail"])
    assert [type(each) for each in found] == [RawRecord, Refused, Refused, Complete]
    assert "jan@" not in repr(found)


def test_a_missing_column_aborts_with_its_name_and_the_nearest() -> None:
    with pytest.raises(UnexpectedAnswer, match="no column 'titel', the nearest is 'titels'"):
        fetch("id,titels,firma\n1,a,b\n")


def test_a_web_page_instead_of_a_file_aborts() -> None:
    with pytest.raises(UnexpectedAnswer, match="is a web page"):
        fetch("<html><body>Please log in</body></html>")


def test_a_cut_file_is_incomplete_after_its_whole_rows() -> None:
    rows = HEADER + "".join(f"{number},Bakker {number * 7919},Brood\n" for number in range(5000))
    packed = gzip.compress(rows.encode())
    found = fetch(packed[: len(packed) // 2])
    assert isinstance(found[-1], Incomplete)
    assert "is cut" in found[-1].reason
    assert 500 < len(found) < 5000
    assert all(isinstance(each, RawRecord) for each in found[:-1])


def test_an_open_quote_is_incomplete_and_names_its_line() -> None:
    *rows, end = fetch(HEADER + '1,a,b\n2,"c,d\n3,e,f\n')
    assert len(rows) == 1
    assert isinstance(end, Incomplete)
    assert "the quote that opens on line 3 is never closed" in end.reason


def test_progress_is_told_while_reading() -> None:
    job: Any = Files({"jobs.csv": (HEADER + "1,a,b\n" * 2500).encode()})
    list(adapter().fetch(job))
    assert job.told == [1000, 2000, 2500]


def test_checking_a_source_reads_only_its_start() -> None:
    job: Any = Files({"jobs.csv": (HEADER + "1,a,b\n").encode()})
    assert adapter().check(job) == "answers with records"


# A second table -----------------------------------------------------------------------------------------------

JOBS = "id,titel,firm\n1,Bakker,F1\n2,Kok,F2\n3,Smid,F9\n"
JOINED: dict[str, Any] = {"fields": {"title.nl": "titel", "organisation.name": "firm.name"}}


def test_a_second_file_adds_its_columns_by_key() -> None:
    files = {"jobs.csv": JOBS.encode(), "firms.csv": b"code;name;kbo\nF1;Brood NV;1\nF2;Soep BV;2\n"}
    join = {"path": "firms.csv", "key": "firm", "matches": "code", "columns": ["name"], "prefix": "firm."}
    first, _second, third, end = fetch(files, join=join, **JOINED)
    assert first == RawRecord("1", {"id": "1", "titel": "Bakker", "firm": "F1", "firm.name": "Brood NV"})
    assert isinstance(third, RawRecord)
    assert third.payload == {"id": "3", "titel": "Smid", "firm": "F9", "firm.name": ""}
    assert isinstance(end, Complete)


def test_a_second_sheet_adds_its_columns_by_key() -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in {
        "jobs": [["id", "titel", "firm"], [1, "Bakker", 7]],
        "firms": [["firm", "name"], [7, "B"]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(stream := io.BytesIO())
    join = {"sheet": "firms", "key": "firm", "prefix": "firm."}
    found = fetch(stream.getvalue(), file={"sheet": "jobs"}, join=join, **JOINED)
    assert found[0] == RawRecord("1", {"id": 1, "titel": "Bakker", "firm": 7, "firm.name": "B"})


def test_a_key_that_comes_twice_refuses_the_rows_that_need_it() -> None:
    files = {"jobs.csv": JOBS.encode(), "firms.csv": b"firm,name\nF1,a\nF1,b\nF2,c\n"}
    join = {"path": "firms.csv", "key": "firm", "prefix": "firm."}
    refused, record, *_ = fetch(files, join=join, **JOINED)
    assert isinstance(refused, Refused)
    assert (refused.local_id, refused.issue.code, refused.issue.value) == ("1", "ambiguous-value", "F1")
    assert isinstance(record, RawRecord)


def test_a_cut_second_file_is_incomplete_before_any_record() -> None:
    files = {"jobs.csv": JOBS.encode(), "firms.csv": b"firm,name\nF1,a\nF2"}
    join = {"path": "firms.csv", "key": "firm", "prefix": "firm."}
    (end,) = fetch(files, join=join, **JOINED)
    assert isinstance(end, Incomplete)
    assert "firms.csv ends without a line end" in end.reason


def test_equal_column_names_in_both_files_ask_for_a_prefix() -> None:
    files = {"jobs.csv": b"id,titel,firm,name\n1,a,F1,x\n", "firms.csv": b"firm,name\nF1,a\n"}
    with pytest.raises(UnexpectedAnswer, match="both tables have a column 'name': set prefix"):
        fetch(files, join={"path": "firms.csv", "key": "firm"}, fields={"title": "titel", "organisation.name": "name"})
