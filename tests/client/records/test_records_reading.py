"""Records out of JSON, NDJSON and XML, streamed."""

import gzip
import io
import tracemalloc
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.client.records import RecordLayout, open_records
from hub.errors import UnexpectedAnswer

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**63, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


class InMemory:
    def __init__(self, data: bytes, proof: str = "") -> None:
        self.data = data
        self.name, self.digest, self.proof, self.size = "jobs", "", proof, len(data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


def read(data: bytes, **layout: Any) -> list[Any]:
    with open_records(InMemory(data), RecordLayout(**layout)) as records:
        return list(records)


@given(st.lists(VALUES, max_size=5))
def test_every_json_value_comes_as_it_was_written(values: list[Any]) -> None:
    data = orjson.dumps({"meta": {"total": 3}, "results": values, "facets": [[1], {"a": {}}]})
    assert read(data, path="results.item") == values
    assert read(b"".join(orjson.dumps(value) + b"\n" for value in values), format="ndjson") == values


def test_letters_written_as_two_escapes_are_read() -> None:
    assert read(rb'["\ud83d\ude00 \\ud800 \u00e9"]') == ["😀 \\ud800 é"]


@pytest.mark.parametrize("shift", range(14))
def test_escapes_across_two_pieces_are_read(shift: int) -> None:
    long = b"x" * (65_530 + shift)
    assert read(b'["' + long + rb'\ud83d\ude00"]') == [long.decode() + "😀"]


def test_a_list_on_top_needs_no_path() -> None:
    assert read(b'\xef\xbb\xbf[{"id": 1}, 2]') == [{"id": 1}, 2]


def test_records_of_several_lists_come_one_after_the_other() -> None:
    assert read(b'{"pages":[{"items":[1,2]},{"items":[3]}]}', path="pages.item.items.item") == [1, 2, 3]


def test_the_proof_is_known_only_at_the_end() -> None:
    with open_records(InMemory(gzip.compress(b"[1, 2]")), RecordLayout()) as records:
        rest = iter(records)
        assert (next(rest), records.ending) == (1, None)
        assert list(rest) == [2]
        assert (records.read, records.ending) == (2, "the JSON text closed, the gzip end reached")


def test_blank_lines_are_passed_over() -> None:
    assert read(b'\xef\xbb\xbf{"id":1}\r\n\n \n{"id":2}\n', format="ndjson") == [{"id": 1}, {"id": 2}]


def test_an_element_becomes_its_text_or_an_object() -> None:
    xml = """<?xml version="1.0" encoding="iso-8859-1"?><jobs xmlns="urn:x" xmlns:y="urn:y"><meta>3</meta>
    <job y:id="7"><title><![CDATA[<b>Boulanger</b> é]]></title><!-- no --><tag>a</tag><tag>b</tag><city/>
    <pay currency="EUR"> 12 </pay></job><job/><job>text</job></jobs>""".encode("iso-8859-1")
    assert read(xml, format="xml", path="job") == [
        {
            "@id": "7",
            "title": "<b>Boulanger</b> é",
            "tag": ["a", "b"],
            "city": None,
            "pay": {"@currency": "EUR", "#text": "12"},
        },
        None,
        "text",
    ]


def test_an_element_that_is_always_a_list_is_one_even_alone() -> None:
    assert read(b"<jobs><job><tag>a</tag></job></jobs>", format="xml", path="jobs/job", lists=["tag"]) == [
        {"tag": ["a"]}
    ]


def test_an_empty_list_of_elements_is_believed_where_its_place_is_known() -> None:
    assert read(b"<jobs></jobs>", format="xml", path="jobs/job") == []
    with pytest.raises(UnexpectedAnswer, match="no element 'job'"):
        read(b"<error>closed</error>", format="xml", path="job")
    with pytest.raises(UnexpectedAnswer, match="no element 'jobs/job'"):
        read(b"<error><job/></error>", format="xml", path="jobs/job")


def test_broken_xml_is_told_apart_from_cut_xml() -> None:
    with pytest.raises(UnexpectedAnswer, match="is not valid XML: Opening and ending tag mismatch"):
        read(b"<jobs><job></jobs></job>", format="xml", path="job")


def test_a_long_file_takes_little_memory() -> None:
    data = b'{"results":[' + b",".join([orjson.dumps({"id": "x" * 30, "text": "y" * 400})] * 20_000) + b"]}"
    tracemalloc.start()
    try:
        with open_records(InMemory(data), RecordLayout(path="results.item")) as records:
            assert sum(1 for _ in records) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_more_records_than_expected_are_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="more than 2 records"):
        read(b"[1,2,3]", max_records=2)


@pytest.mark.parametrize(
    "wrong", [{"format": "xml"}, {"format": "ndjson", "path": "a"}, {"max_depth": 201}, {"format": "csv"}]
)
def test_layouts_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RecordLayout(**wrong)
