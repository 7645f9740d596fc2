"""What is made to do harm is refused, quickly and in little memory, with a sentence that says what it is."""

import gc
import gzip
import io
import struct
import time
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hub.client.records import RecordLayout, open_records
from hub.errors import UnexpectedAnswer

MOST_SECONDS = 5.0  # no measurement: what is not refused at once takes minutes
MOST_BYTES = 64_000_000
XML = RecordLayout(format="xml", path="job")
JSON = RecordLayout(path="results.item")
LINES = RecordLayout(format="ndjson")


class InMemory:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.name, self.digest, self.proof, self.size = "jobs", "", "", len(data)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def doctype(inside: str, text: str = "&x;") -> bytes:
    return f"<!DOCTYPE jobs {inside}><jobs><job>{text}</job></jobs>".encode()


def laughs() -> bytes:
    names = "abcdefghijk"
    grown = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    return doctype(f'[<!ENTITY a "lol">{grown}]', "&k;")


def one(value: bytes) -> bytes:
    return b'{"results":[{"a":' + value + b"}]}"


def many_files() -> bytes:
    """Return an archive that lists one file 100,000 times."""
    whole = zipped(("jobs.json", b"[]"))
    start, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    contents = whole[start:end] * 100_000
    told = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(contents), start, 0)
    return whole[:start] + contents + told


Case = tuple[RecordLayout, Callable[[], bytes], str]
HOSTILE: dict[str, Case] = {
    "billion laughs": (XML, laughs, "DOCTYPE"),
    "quadratic blow-up": (XML, lambda: doctype(f'[<!ENTITY x "{"x" * 100_000}">]', "&x;" * 100_000), "DOCTYPE"),
    "entity in an attribute": (XML, lambda: laughs().replace(b"<job>&k;", b'<job a="&k;">'), "DOCTYPE"),
    "entity from a file": (XML, lambda: doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), "DOCTYPE"),
    "entity from an address": (XML, lambda: doctype('[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]'), "DOCTYPE"),
    "parameter entity": (XML, lambda: doctype('[<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]', ""), "DOCTYPE"),
    "document type elsewhere": (XML, lambda: doctype('SYSTEM "http://127.0.0.1:9/jobs.dtd"', ""), "DOCTYPE"),
    "document type": (XML, lambda: doctype("", ""), "DOCTYPE"),
    "document type in UTF-16": (
        XML,
        lambda: ('<?xml version="1.0" encoding="utf-16"?>' + doctype('[<!ENTITY x "y">]').decode()).encode("utf-16"),
        "DOCTYPE",
    ),
    "XInclude": (
        XML,
        lambda: (
            b'<jobs xmlns:i="http://www.w3.org/2001/XInclude"><job><i:include href="file:///etc/passwd"/></job></jobs>'
        ),
        "XInclude",
    ),
    "unknown entity": (XML, lambda: b"<jobs><job>&x;</job></jobs>", "Entity 'x' not defined"),
    "deep XML": (XML, lambda: b"<jobs>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</jobs>", "deeper"),
    "deep XML in a record": (XML, lambda: b"<jobs><job>" + b"<a>" * 200_000 + b"</a>" * 200_000, "deeper"),
    "long XML text": (XML, lambda: b"<jobs><job>" + b"x" * 30_000_000 + b"</job></jobs>", "4,000,000 bytes"),
    "many attributes": (XML, lambda: b"<jobs><job " + b"".join(b'a%d="" ' % n for n in range(700_000)), "4,000,000"),
    "deep JSON": (JSON, lambda: one(b"[" * 100_000 + b"]" * 100_000), "deeper"),
    "deep JSON objects": (JSON, lambda: one(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "deeper"),
    "deep JSON around the records": (JSON, lambda: b"[" * 100_000 + b"]" * 100_000, "deeper"),
    "number of 5,000 digits": (JSON, lambda: one(b"9" * 5000), "integer overflow"),
    "number beyond a double": (JSON, lambda: one(b"1e400"), "overflow"),
    "NaN": (JSON, lambda: one(b"NaN"), "not valid JSON"),
    "infinity": (JSON, lambda: one(b"-Infinity"), "not valid JSON"),
    "name twice": (JSON, lambda: b'{"results":[{"a":1,"a":2}]}', "the name 'a' twice"),
    "list of records twice": (JSON, lambda: b'{"results":[],"results":[{}]}', "the name 'results' twice"),
    "high surrogate": (JSON, lambda: one(rb'"\ud83dx"'), "lone surrogate"),
    "low surrogate": (JSON, lambda: one(rb'"\udc00"'), "jobs"),
    "surrogate between pieces": (JSON, lambda: one(b'"' + b"x" * 65_513 + rb'\ud83d"'), "lone surrogate"),
    "broken UTF-8": (JSON, lambda: one(b'"\xff"'), "not valid JSON"),
    "more behind the end": (JSON, lambda: b'{"results":[]} {}', "trailing garbage"),
    "long JSON string": (JSON, lambda: one(b'"' + b"x" * 30_000_000 + b'"'), "4,000,000 bytes"),
    "white space without end": (JSON, lambda: b'{"results":[' + b" " * 30_000_000 + b"]}", "4,000,000 bytes"),
    "no records at all": (JSON, lambda: b'{"error":"maintenance"}', "nothing at 'results.item'"),
    "records that are no list": (JSON, lambda: b'{"results":null}', "nothing at 'results.item'"),
    "deep line": (LINES, lambda: b"[" * 100_000 + b"]" * 100_000 + b"\n", "line 1 of jobs"),
    "line with 5,000 digits": (LINES, lambda: b"9" * 5000 + b"\n", "line 1 of jobs"),
    "line with a name twice": (LINES, lambda: b'{}\n{"a":1,"a":2}\n', "line 2 of jobs"),
    "line with half a letter": (LINES, lambda: rb'{"a":"\ud800"}' + b"\n", "lone surrogate"),
    "line with NaN": (LINES, lambda: b'{"a":NaN}\n', "line 1 of jobs"),
    "two texts on a line": (LINES, lambda: b"{} {}\n", "line 1 of jobs"),
    "text over two lines": (LINES, lambda: b'{"a":\n1}\n', "line 1 of jobs"),
    "long line": (LINES, lambda: b'"' + b"x" * 30_000_000 + b'"\n', "4,000,000 bytes"),
    "web page": (JSON, lambda: b"<!DOCTYPE html><html><title>Onderhoud</title></html>", "web page"),
    "gzip bomb": (JSON, lambda: gzip.compress(b'{"results":[' + b" " * 80_000_000, 1), "4,000,000 bytes"),
    "zip bomb": (JSON, lambda: zipped(("a", b'{"results":[' + b" " * 80_000_000)), "4,000,000 bytes"),
    "zip bomb of small records": (
        JSON,
        lambda: zipped(("a", b'{"results":[' + b"{}," * 30_000_000)),
        "1,000,000 records",
    ),
    "archive in an archive": (JSON, lambda: zipped(("a.zip", zipped(("a", b"[]")))), "archive inside an archive"),
    "gzip in gzip": (JSON, lambda: gzip.compress(gzip.compress(b"[]")), "packed twice"),
    "name that leads out": (JSON, lambda: zipped(("../../jobs.json", b"[]")), "leads out of the archive"),
    "name from the root": (JSON, lambda: zipped(("/etc/jobs.json", b"[]")), "leads out of the archive"),
    "100,000 files in an archive": (JSON, many_files, "too many files"),
}


def highest_memory(action: Callable[[], Any]) -> int:
    """Return by how many bytes the process grew at most while it did something; 0 where the system does not tell."""
    status, clear = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists():
        action()
        return 0
    gc.collect()
    clear.write_text("5")
    before = _kilobytes(status, "VmHWM")
    action()
    return (_kilobytes(status, "VmHWM") - before) * 1024


def _kilobytes(status: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(name))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(name: str) -> None:
    layout, make, said = HOSTILE[name]
    document = InMemory(make())

    def read() -> None:
        with pytest.raises(UnexpectedAnswer) as raised, open_records(document, layout) as records:
            for _ in records:
                pass
        assert said in str(raised.value)

    started = time.process_time()
    grown = highest_memory(read)
    assert time.process_time() - started <= MOST_SECONDS
    assert grown <= MOST_BYTES


def test_nothing_a_hostile_file_names_is_shown_or_fetched() -> None:
    with (
        pytest.raises(UnexpectedAnswer) as raised,
        open_records(InMemory(HOSTILE["entity from a file"][1]()), XML) as it,
    ):
        list(it)
    assert "root:" not in str(raised.value)
    assert "passwd" not in str(raised.value)
