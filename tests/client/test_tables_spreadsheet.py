import gzip
import io
import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from hub.client.tables import TableCut, TableLayout, open_table, spreadsheet
from hub.errors import UnexpectedAnswer


@dataclass
class InMemory:
    data: bytes
    name: str = "jobs.xlsx"
    digest: str = ""
    proof: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


def workbook(**sheets: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, **layout: Any) -> tuple[tuple[str, ...], list[list[object]]]:
    with open_table(InMemory(data), TableLayout(**layout)) as table:
        return table.header, [list(row) for row in table]


ROWS = [["id", "titel", "start", "uren", "vrij"], [1001, "Bakker", date(2026, 1, 31), 19.5, True]]


def test_cells_become_json_values() -> None:
    header, rows = read(workbook(jobs=ROWS))
    assert header == ("id", "titel", "start", "uren", "vrij")
    assert rows == [[1001, "Bakker", "2026-01-31", 19.5, True]]


def test_moments_keep_their_time() -> None:
    assert read(workbook(jobs=[["t"], [datetime(2026, 1, 31, 12, 30)]]))[1] == [["2026-01-31T12:30:00"]]  # noqa: DTZ001


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: _zip({"a/jobs.xlsx": data})], ids=["gzip", "zip"])
def test_a_packed_spreadsheet_is_read(pack: Any) -> None:
    assert len(read(pack(workbook(jobs=ROWS)))[1]) == 1


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_title_rows_blank_rows_and_empty_columns_are_left_out() -> None:
    data = workbook(jobs=[["Export of today"], [], ["id", "titel", "", ""], ["1", "a"], [], ["2", "b", "", "note"]])
    header, rows = read(data, header_row=3)
    assert header == ("id", "titel", "column 3", "column 4")
    assert [row[0] for row in rows] == ["1", "2"]


def test_several_sheets_ask_which() -> None:
    data = workbook(jobs=ROWS, firms=[["x"], ["1"]])
    with pytest.raises(UnexpectedAnswer, match="2 visible sheets: set sheet to one of 'jobs', 'firms'"):
        read(data)
    assert read(data, sheet="firms")[0] == ("x",)
    with pytest.raises(UnexpectedAnswer, match="no sheet 'Jobs'"):
        read(data, sheet="Jobs")


@pytest.mark.parametrize("part", range(1, 13))
def test_a_cut_spreadsheet_is_noticed(part: int) -> None:
    data = workbook(jobs=ROWS)
    with pytest.raises(TableCut, match="cut"):
        read(data[: len(data) * part // 13])


def test_a_spreadsheet_whose_parts_are_damaged_is_noticed() -> None:
    data = bytearray(workbook(jobs=[["id"], *([str(n)] for n in range(500))]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    data[entry.header_offset + 60 + entry.compress_size // 2] ^= 255
    with pytest.raises(TableCut, match="damaged"):
        read(bytes(data))


def test_a_spreadsheet_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED", 50_000)
    data = bytearray(workbook(jobs=[["id"], *([str(n)] for n in range(5000))]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bytes(data).replace(struct.pack("<L", size), struct.pack("<L", 10))
    with pytest.raises(UnexpectedAnswer, match="unpacks to more than 50,000 bytes"):
        read(lying)


def test_a_spreadsheet_with_a_sheet_option_for_text_is_refused() -> None:
    with open_table(InMemory(b"a,b\n1,2\n"), TableLayout()) as table:
        assert table.header == ("a", "b")
    with pytest.raises(UnexpectedAnswer, match="not a spreadsheet, so it has no sheet 'jobs'"):
        read(b"a,b\n1,2\n", sheet="jobs")


def test_another_file_declared_as_a_spreadsheet_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="not an XLSX spreadsheet"):
        read(b"a,b\n1,2\n", format="xlsx")


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook in which one part is another one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, content)
    return stream.getvalue()


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST = "xl/worksheets/sheet1.xml"
CELL = "<c><v>1</v></c>"
FAR = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="9">{" " * 4_194_300}<c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="xfd1048576"><v>1</v></c></row>',
        f"<row>{CELL * 16_000}</row>{'<row/>' * 1_000_000}<row>{CELL}</row>",
        f"<row r='1'>{CELL * 2000}</row><x:row xmlns:x='{MAIN}' r = '1048576'><x:c><x:v>1</x:v></x:c></x:row>",
        *(FAR.replace(" ", " " * 2, extra) for extra in range(0, 60, 7)),
    ],
)
def test_a_sheet_with_a_cell_far_away_is_refused_before_it_takes_memory(rows: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"would take too much memory, with [0-9,]{10,} cells"):
        read(with_part(workbook(jobs=ROWS), FIRST, sheet(rows)))


def test_a_long_text_that_is_shown_often_is_refused_before_it_takes_memory() -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>short</t></si><si><t>{"x" * 1_000_000}</t></si></sst>'.encode()
    rows = sheet(f"""<row>{"<c t='s'><f>A1</f><v>1</v></c>" * 1000}</row>""")
    with pytest.raises(UnexpectedAnswer, match="long texts shown often"):
        read(with_part(with_part(workbook(jobs=ROWS), FIRST, rows), "xl/sharedStrings.xml", texts))


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin"])
def test_a_spreadsheet_that_is_another_kind_as_well_is_refused(part: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="another kind of spreadsheet"):
        read(with_part(workbook(jobs=ROWS), part, b""))


def test_texts_that_many_cells_share_are_read() -> None:
    texts = f'<sst xmlns="{MAIN}"><si><t>titel</t></si><si><t>{"x" * 5000}</t></si></sst>'.encode()
    rows = sheet("<row><c t='s'><v>0</v></c></row>" + "<row><c t='s'><v>1</v></c></row>" * 500)
    data = with_part(with_part(workbook(jobs=ROWS), FIRST, rows), "xl/sharedStrings.xml", texts)
    assert len(read(data)[1]) == 500
