"""A file that is cut anywhere is recognised as cut, or says that nothing proves its end; it is never silently short."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson
import pytest

from hub.client.records import RecordLayout, RecordsCut, open_records
from hub.client.tables import TableCut, TableLayout, open_table

VACANCIES = [
    {"id": str(number), "titel": f"Bakker {number * 7919 % 1009}", "uren": number % 38} for number in range(1000)
]


@dataclass
class InMemory:
    data: bytes
    proof: str = ""
    name: str = "jobs"
    digest: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jobs", data)
    return stream.getvalue()


def as_xml(items: Iterable[dict[str, Any]]) -> bytes:
    jobs = "\n".join(f"<job><id>{each['id']}</id><titel>{each['titel']}</titel></job>" for each in items)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<jobs>\n{jobs}\n</jobs>\n'.encode()


def as_csv(items: Iterable[dict[str, Any]]) -> bytes:
    return b"id,titel\n" + b"".join(f'{each["id"]},"{each["titel"]}"\n'.encode() for each in items)


TEXTS = {
    "json": b'{"results":[\n' + b",\n".join(orjson.dumps(each) for each in VACANCIES) + b"\n]}\n",
    "ndjson": b"".join(orjson.dumps(each) + b"\n" for each in VACANCIES),
    "xml": as_xml(VACANCIES),
    "csv": as_csv(VACANCIES),
}
LAYOUTS = {
    "json": RecordLayout(path="results.item"),
    "ndjson": RecordLayout(format="ndjson"),
    "xml": RecordLayout(format="xml", path="jobs/job"),
}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "zip": zipped}
CUTS = [*(f"{share} %" for share in range(0, 100, 10)), "last byte", "line border"]

ENDLESS = {("csv", "plain"), ("ndjson", "plain")}
"""Texts that have no end of their own."""
WHOLE = "declared to be whole whenever it is there"

CASES = [
    case
    for case in product(TEXTS, PACKINGS, CUTS)
    # Nothing is left at 0 %, see below.
    if case[2] != "0 %"
]


def cut(data: bytes, where: str) -> bytes:
    """Return the data up to a cut; what is cut last is more than the white space a text may end with."""
    match where:
        case "last byte":
            return data.rstrip()[:-1] if data[:1] in b"{<" else data[:-1]
        case "line border":
            half = data.rfind(b"\n", 0, len(data) // 2)
            return data[: half + 1]
    return data[: len(data) * int(where.split(maxsplit=1)[0]) // 100]


def outcome(form: str, data: bytes) -> tuple[int, str]:
    """Return how many records came, and how the reading ended: cut, unproven, or the proof."""
    read = 0
    try:
        if form == "csv":
            with open_table(InMemory(data), TableLayout()) as table:
                read = sum(1 for _ in table)
                return read, table.ending or "unproven"
        with open_records(InMemory(data), LAYOUTS[form]) as records:
            for _ in records:
                read += 1
            return read, records.ending or "unproven"
    except (RecordsCut, TableCut):
        return read, "cut"


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("form", TEXTS)
def test_a_whole_file_is_read_to_its_end(form: str, packing: str) -> None:
    read, ending = outcome(form, PACKINGS[packing](TEXTS[form]))
    assert (read, ending == "unproven") == (1000, (form, packing) in ENDLESS)


@pytest.mark.parametrize(("form", "packing", "where"), CASES)
def test_a_cut_file_is_never_taken_for_a_whole_one(form: str, packing: str, where: str) -> None:
    whole = PACKINGS[packing](TEXTS[form])
    part = cut(whole, where)
    _, ending = outcome(form, part)
    assert len(part) < len(whole)
    assert ending in ({"cut", "unproven"} if (form, packing) in ENDLESS else {"cut"})


@pytest.mark.parametrize("form", LAYOUTS)
def test_an_empty_file_is_cut_or_unproven(form: str) -> None:
    assert outcome(form, b"") == (0, "unproven" if form == "ndjson" else "cut")


@pytest.mark.parametrize("proof", ["", "the download complete"])
def test_lines_are_proven_by_their_owner_and_not_by_the_download(proof: str) -> None:
    document = InMemory(TEXTS["ndjson"], proof=proof)
    for layout, ending in [(LAYOUTS["ndjson"], None), (RecordLayout(format="ndjson", whole=True), WHOLE)]:
        with open_records(document, layout) as records:
            assert sum(1 for _ in records) == 1000
            assert records.ending == (", ".join(filter(None, (ending, proof))) if ending else None)


def test_rows_are_proven_by_their_owner() -> None:
    with open_table(InMemory(TEXTS["csv"]), TableLayout(whole=True)) as table:
        assert table.ending == f"every quote closed, {WHOLE}"


def test_a_last_line_without_a_line_end_is_believed_only_where_something_else_proves_it() -> None:
    lines = b'{"id":1}\n{"id":2}'
    with (
        pytest.raises(RecordsCut, match="ends without a line end"),
        open_records(InMemory(lines), LAYOUTS["ndjson"]) as it,
    ):
        list(it)
    with open_records(InMemory(lines, proof="the download complete"), LAYOUTS["ndjson"]) as records:
        assert list(records) == [{"id": 1}, {"id": 2}]
        assert records.ending is None


def test_the_records_before_a_cut_are_right() -> None:
    with open_records(InMemory(TEXTS["json"][:20_000]), LAYOUTS["json"]) as records:
        taken: list[Any] = []
        with pytest.raises(RecordsCut, match="jobs is cut: its JSON ends in the middle"):
            taken.extend(records)
    assert taken == VACANCIES[: len(taken)]
    assert len(taken) > 300
    assert records.ending is None


def test_a_naive_reader_would_take_cut_lines_for_all() -> None:
    part = cut(TEXTS["ndjson"], "line border")
    assert len([orjson.loads(line) for line in part.splitlines()]) < 1000
