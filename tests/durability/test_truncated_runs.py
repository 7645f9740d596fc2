"""A partner's file that is cut anywhere takes nothing out of the feed, however often it comes and however it is sent.

Whole runs of a hub over a real socket: the file whole, then cut in twelve places, each twice more than an hour apart,
so that what such a run believed to be gone would be withdrawn.
"""

import gzip
import io
import json
import re
import socket
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
from durable import tell
from small_hub import Folder
from sqlalchemy import text
from wavering import MAPPED, Way, breaks_off, listening, whole

import hub.app.hub
import hub.pipeline
from hub.adapter import Adapter, Complete, Fetched, Incomplete, Job, Normalised, Options, RawRecord
from hub.app.hub import Hub
from hub.client.records import RecordLayout, RecordsCut, open_records
from hub.model.organisation import Organisation
from hub.model.programme import Programme
from hub.model.vocabulary import ProgrammeType
from hub.pipeline import Outcome, Report
from hub.plugins import Plugins

SIZE = 400
AN_HOUR = timedelta(minutes=61)
CUTS = [*(f"{share} %" for share in range(0, 100, 10)), "last byte", "border"]
ROWS = [{"nr": f"{n}", "naam": f"Traject {n * 7919 % 1009}", "wie": "Voorbeeld vzw"} for n in range(SIZE)]
FLAGGED = {Outcome.incomplete, Outcome.failed, Outcome.held}


# The files ------------------------------------------------------------------------------------------------------


def as_csv(rows: list[dict[str, str]], end: str = "") -> bytes:
    lines = [f'{row["nr"]};"{row["naam"]}";{row["wie"]}' for row in rows]
    return "\n".join(["nr;naam;wie", *lines, *([end] if end else []), ""]).encode()


def as_xml(rows: list[dict[str, str]]) -> bytes:
    jobs = [f"<job><nr>{row['nr']}</nr><naam>{row['naam']}</naam></job>" for row in rows]
    return "\n".join(['<?xml version="1.0"?>', "<jobs>", *jobs, "</jobs>", ""]).encode()


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lijst", data)
    return stream.getvalue()


TEXTS: dict[str, bytes] = {
    "json": b"[\n" + b",\n".join(json.dumps(row).encode() for row in ROWS) + b"\n]\n",
    "ndjson": b"".join(json.dumps(row).encode() + b"\n" for row in ROWS),
    "csv": as_csv(ROWS),
    "counted": as_csv(ROWS, f"EINDE;{SIZE}"),
    "xml": as_xml(ROWS),
}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "zip": zipped}
SOURCES: dict[str, tuple[str, str, str]] = {
    "json": ("json", "generic_json", 'paging = { style = "download" }\n' + MAPPED),
    "answer": ("json", "generic_json", MAPPED),
    "ndjson": ("ndjson", "generic_json", 'paging = { style = "download", format = "ndjson" }\n' + MAPPED),
    "csv": ("csv", "generic_csv", MAPPED),
    "counted": ("counted", "generic_csv", 'trailer = { starts = "EINDE", count = 2 }\n' + MAPPED),
    "xml": ("xml", "xml_file", ""),
}
"""By name: the text, the adapter that reads it, and its options. generic_json reads no XML."""
MATRIX = [
    *((name, packing) for packing in PACKINGS for name in SOURCES if name not in {"answer", "counted"}),
    ("answer", "plain"),
    ("counted", "plain"),
    ("counted", "gzip"),
]
ENDLESS = {("csv", "plain"), ("ndjson", "plain")}
"""What has no end of its own, so that even the whole file proves nothing, and nothing is ever inferred from it."""


def cut(data: bytes, where: str) -> bytes:
    """Return the data up to a cut; what is cut last is more than the white space a text may end with."""
    match where:
        case "last byte":
            return data.rstrip()[:-1] if data[:1] in b"[{<" else data[:-1]
        case "border":
            return data[: data.rfind(b"\n", 0, len(data) // 2) + 1] or data[: len(data) // 2]
    return data[: len(data) * int(where.removesuffix(" %")) // 100]


def until_closed(connection: socket.socket, body: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)


def chunks_without_end(connection: socket.socket, body: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n" % (len(body), body))


WAYS: dict[str, tuple[Way, int]] = {
    "a length that fits": (whole, 2),
    "until closed": (until_closed, 1),
    "chunks without end": (chunks_without_end, 1),
}
"""How a cut body is sent, and how often."""


class Sender:
    """A partner with one file, as far as it goes, sent in one way."""

    def __init__(self) -> None:
        self.body = b""
        self.way: Way = whole
        self.asked = 0

    def answer(self, _name: str, _page: int) -> tuple[bytes, Way]:
        self.asked += 1
        return self.body, self.way


# Adapters that are not bundled ----------------------------------------------------------------------------------


class FileOptions(Options):
    """Where the file is."""

    url: str
    form: str = "xml"


class XmlFile(Adapter[FileOptions]):
    """Reads the elements of an XML file, as the hub offers it to adapters."""

    name: ClassVar[str] = "xml_file"
    version: ClassVar[str] = "1"
    options_type = FileOptions

    def fetch(self, job: Job) -> Iterator[Fetched]:
        document = job.connect().download(self.options.url)
        try:
            with open_records(document, RecordLayout(format="xml", path="jobs/job")) as records:
                yield from (_record(item) for item in records)
        except RecordsCut as error:
            yield Incomplete(str(error))
            return
        assert records.ending
        yield Complete(records.ending)

    def normalise(self, record: RawRecord) -> Normalised:
        assert isinstance(record.payload, dict)
        title = {"nl": str(record.payload["naam"])}
        made_by = Organisation(name="Voorbeeld vzw")
        return Normalised(Programme(title=title, organisation=made_by, programme_type=ProgrammeType.mentoring))


def _record(item: Any) -> RawRecord:
    return RawRecord(str(item["nr"]), item)


class Naive(XmlFile):
    """Reads what can be read and takes it for all: what a hub must not do."""

    name: ClassVar[str] = "naive"

    def fetch(self, job: Job) -> Iterator[Fetched]:
        with job.connect().download(self.options.url).open() as stream:
            data = stream.read()
        if data.startswith(b"\x1f\x8b"):
            data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data)
        for line in data.decode("utf-8", errors="ignore").splitlines():
            if found := re.search(r'(?:<nr>|"nr": "|^)(\d+)(?:</nr><naam>|", "naam": "|;")([^"<]+)["<]', line):
                yield RawRecord(found[1], {"naam": found[2]})
        yield Complete("there was no error")


# A hub that runs ------------------------------------------------------------------------------------------------


class Clock(datetime):
    """A clock that moves only when it is told to; what runs see as the moment."""

    moment: ClassVar[datetime] = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> Self:
        return cls.fromtimestamp(cls.moment.timestamp(), tz)


class Running:
    """A hub with one source, and its partner."""

    def __init__(self, opened: Hub, sender: Sender) -> None:
        self.hub = opened
        self.sender = sender

    def run(self, body: bytes, way: Way = whole) -> Report:
        """Run the source an hour after its last run, with this answer of its partner."""
        self.sender.body, self.sender.way = body, way
        Clock.moment += AN_HOUR
        return self.hub.run("bron")

    def listings(self) -> tuple[int, int]:
        """Return how many listings are published, and how many of them are doubted."""
        statement = "SELECT count(*), count(missing) FROM listing WHERE live"
        with self.hub.database.read() as connection:
            live, doubted = connection.execute(text(statement)).one()
        return live, doubted


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.app.hub, "datetime", Clock)


@contextmanager
def running(tmp_path: Path, adapter: str, options: str) -> Iterator[Running]:
    folder, sender = Folder(tmp_path), Sender()
    with listening(sender) as address:
        folder.source("bron", f'url = "{address}/lijst"\n{options}', adapter=adapter)
        with Hub.open(folder.path) as opened:
            adapters: dict[str, type[Adapter[Any]]] = {**opened.plugins.adapters, "xml_file": XmlFile, "naive": Naive}
            opened.plugins = Plugins(adapters, opened.plugins.statuses)
            yield Running(opened, sender)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "packing"), MATRIX)
@pytest.mark.usefixtures("clock")
def test_a_cut_file_takes_nothing_out_of_the_feed(tmp_path: Path, name: str, packing: str) -> None:
    form, adapter, options = SOURCES[name]
    data = PACKINGS[packing](TEXTS[form])
    outcomes: Counter[Outcome] = Counter()
    with running(tmp_path, adapter, options) as ran:
        first = Outcome.incomplete if (name, packing) in ENDLESS else Outcome.complete
        assert (ran.run(data).outcome, ran.listings()) == (first, (SIZE, 0))
        for where in CUTS:
            for way, times in WAYS.values():
                for _ in range(times):
                    report = ran.run(cut(data, where), way)
                    outcomes[report.outcome] += 1
                    assert report.outcome in FLAGGED, (where, way, report.proof)
                    assert (report.withdrawn, ran.listings()) == (0, (SIZE, 0)), (where, way, report.reason)
        assert (ran.run(data).outcome, ran.listings()) == (first, (SIZE, 0))
        assert ran.sender.asked == 2 + outcomes.total()
    tell(f"{name} {packing}: {dict(outcomes)} of {len(CUTS)} cuts, 0 withdrawn, 0 doubted")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "packing"), [*((form, "plain") for form in ("json", "ndjson", "csv", "xml")), ("csv", "gzip")]
)
@pytest.mark.usefixtures("clock")
def test_a_reader_that_takes_what_can_be_read_for_all_is_found_out(tmp_path: Path, form: str, packing: str) -> None:
    data = PACKINGS[packing](TEXTS[form])
    with running(tmp_path, "naive", "") as ran:
        assert (ran.run(data).outcome, ran.listings()) == (Outcome.complete, (SIZE, 0))
        for _ in range(2):
            ran.run(cut(data, "90 %"))
        live, _ = ran.listings()
    tell(f"naive {form} {packing}: {SIZE - live} of {SIZE} withdrawn")
    assert SIZE * 0.8 < live < SIZE - 20


@pytest.mark.slow
@pytest.mark.parametrize("name", ["json", "ndjson", "counted"])
@pytest.mark.usefixtures("clock")
def test_a_hub_that_believes_every_ending_is_found_out(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = hub.pipeline._items

    def believing(fetched: Iterable[Fetched], ends: list[Any]) -> Iterator[Any]:
        yield from plain(fetched, ends)
        ends[:] = [Complete("believed")]

    monkeypatch.setattr(hub.pipeline, "_items", believing)
    form, adapter, options = SOURCES[name]
    with running(tmp_path, adapter, options) as ran:
        for share in (100, 90, 90):
            assert ran.run(TEXTS[form][: len(TEXTS[form]) * share // 100]).outcome is Outcome.complete
        live, _ = ran.listings()
    tell(f"believing {name}: {SIZE - live} of {SIZE} withdrawn")
    assert SIZE * 0.8 < live < SIZE - 20


@pytest.mark.slow
@pytest.mark.parametrize(("name", "declared"), [("csv", "file = { whole = true }\n"), ("ndjson", "")])
@pytest.mark.usefixtures("clock")
def test_a_cut_between_two_records_is_not_seen_where_the_owner_answers_for_the_whole(
    tmp_path: Path, name: str, declared: str
) -> None:
    form, adapter, options = SOURCES[name]
    said = declared + options.replace('format = "ndjson"', 'format = "ndjson", whole = true')
    data = TEXTS[form]
    with running(tmp_path, adapter, said) as ran:
        assert (ran.run(data).outcome, ran.listings()) == (Outcome.complete, (SIZE, 0))
        assert ran.run(cut(data, "border")).outcome is Outcome.held
        nearly = data[: data.rfind(b"\n", 0, len(data) * 9 // 10) + 1]
        assert [ran.run(cut(data, "90 %")).outcome, ran.listings()] == [Outcome.incomplete, (SIZE, 0)]
        assert [ran.run(nearly).outcome for _ in range(2)] == [Outcome.complete] * 2
        live, _ = ran.listings()
    assert SIZE * 0.8 < live < SIZE


@pytest.mark.slow
@pytest.mark.usefixtures("clock")
def test_a_trailer_that_counts_finds_rows_that_are_missing_in_the_middle(tmp_path: Path) -> None:
    form, adapter, options = SOURCES["counted"]
    lines = TEXTS[form].splitlines(keepends=True)
    with running(tmp_path, adapter, options) as ran:
        ran.run(TEXTS[form])
        reports = [ran.run(b"".join(lines[:100] + lines[130:])) for _ in range(2)]
        assert [(each.outcome, each.withdrawn) for each in reports] == [(Outcome.incomplete, 0)] * 2
        assert "370 rows read, where the row that starts with 'EINDE' says '400'" in str(reports[1].reason)
        assert ran.listings() == (SIZE, 0)


@pytest.mark.slow
@pytest.mark.usefixtures("clock")
def test_a_length_that_promises_more_than_comes_fails_the_run(tmp_path: Path) -> None:
    form, adapter, options = SOURCES["counted"]
    with running(tmp_path, adapter, options) as ran:
        ran.run(TEXTS[form])
        assert [ran.run(TEXTS[form], breaks_off).outcome for _ in range(2)] == [Outcome.failed] * 2
        assert ran.listings() == (SIZE, 0)
