"""The files of the views: whole, true to the feed, all at once, and safe from crashes and full disks."""

import csv
import errno
import gzip
import io
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import pyarrow.parquet
import pytest
import zstandard
from small_hub import Folder
from sqlalchemy import text

from hub.app.hub import Hub
from hub.app.minding import Minder
from hub.app.snapshots import Interrupted, due, folder_of, refresh
from hub.app.writer import write_beside
from hub.errors import ConfigError, StoreError, StoreFull
from hub.feed.files import Manifest, file_path, read_manifest, writing
from hub.feed.rpde import Asked, page
from hub.format import Edition, Entry, Format
from hub.store import pages
from hub.store.schema import body, opportunity

Opened = Callable[..., Hub]
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
LATER = NOW + timedelta(minutes=20)
SAID = "2026-11-22T17:00:00Z"
HOME = "https://hub.example.org"


def put(hub: Hub, number: int, position: int, kind: str = "vacancy", **more: Any) -> None:
    """Publish an opportunity at a position, or move it there."""
    identifier = f"0191d7a2-0000-5000-8000-{number:012d}"
    said = {
        "kind": kind,
        "title": {"nl": f"Lasser {number}"},
        "organisation": {"name": "De Brug"},
        "status": "active",
        "listings": [{"source": "vdab", "localId": str(number), "firstSeen": SAID, "contentChanged": SAID}],
        "quality": {"score": 0.5, "criteria": {}},
        **({"programmeType": "training", "starts": ["2027-01-11"]} if kind == "programme" else {}),
        **more,
    }
    row = {"id": identifier, "kind": kind, "position": position, "changed": SAID}
    with hub.database.write() as connection:
        connection.execute(opportunity.delete().where(opportunity.c.id == identifier))
        connection.execute(opportunity.insert(), row)
        connection.execute(body.insert(), {"position": position, "bytes": orjson.dumps(said)})


def end(hub: Hub, number: int, position: int) -> None:
    identifier = f"0191d7a2-0000-5000-8000-{number:012d}"
    with hub.database.write() as connection:
        connection.execute(
            opportunity.update().where(opportunity.c.id == identifier).values(position=position, reason="withdrawn")
        )


def content(hub: Hub, manifest: Manifest, file: str, language: str = "nl") -> bytes:
    record = manifest.find(file, language)
    assert record
    return file_path(folder_of(hub.data) / manifest.view, manifest, record, None).read_bytes()


def held(hub: Hub, view: str = "all") -> Manifest:
    """Return the manifest of a view, once every file it names was found whole in every form."""
    folder = folder_of(hub.data) / view
    manifest = read_manifest(folder)
    assert manifest
    for record in manifest.files:
        plain = file_path(folder, manifest, record, None).read_bytes()
        assert (len(plain), sha256(plain).hexdigest()) == (record.bytes, record.sha256)
        for coding, form in record.codings.items():
            packed = file_path(folder, manifest, record, coding).read_bytes()
            assert (len(packed), sha256(packed).hexdigest()) == (form.bytes, form.sha256)
            unpack = (
                gzip.decompress
                if coding == "gzip"
                else lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)
            )
            assert unpack(packed) == plain
    return manifest


@pytest.fixture
def hub(folder: Folder, opened: Opened) -> Hub:
    hub = opened()
    for number in range(1, 9):
        put(hub, number, number, "programme" if number % 4 == 0 else "vacancy")
    end(hub, 3, 11)
    return hub


def with_format(hub: Hub, *formats: type[Format]) -> None:
    known = {**hub.plugins.formats, **{each.name: each for each in formats}}
    hub.plugins = replace(hub.plugins, formats=MappingProxyType(known))


class Lines(Format):
    name = "lines"
    file = "lines.txt"
    media_type = "text/plain"
    title = "Lines"

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        for entry in entries:
            yield entry.id.encode() + b"\n"


def test_every_view_is_written_in_every_complete_format(hub: Hub) -> None:
    made = {each.view: each for each in refresh(hub, NOW)}
    assert list(made) == ["all", "vacancies", "programmes"]
    assert {record.file for record in held(hub).files} == {"jobs.xml", "snapshot.ndjson", "snapshot.csv", "dates.ics"}
    assert {record.file for record in made["vacancies"].files} == {"jobs.xml", "snapshot.ndjson", "snapshot.csv"}
    assert {record.file for record in made["programmes"].files} == {"snapshot.ndjson", "snapshot.csv", "dates.ics"}
    assert {record.language for record in made["all"].files if record.file == "jobs.xml"} == {"nl", "fr", "en"}


def test_counts_and_position_are_those_of_the_store(hub: Hub) -> None:
    for made in refresh(hub, NOW):
        with hub.database.read() as connection:
            live = list(pages.live(connection, made.view))
            assert made.position == pages.head(connection, made.view)
        assert made.count == len(live)
        assert made.next == f"{HOME}/feeds/{made.view}?afterChangeNumber={made.position}"
        counts = {record.format: record.count for record in made.files}
        assert counts["ndjson"] == counts["csv"] == len(live)
        assert counts.get("jobs", 5) == sum(item.kind == "vacancy" for item in live) or made.view == "programmes"


def test_ndjson_holds_exactly_the_data_of_the_feed(hub: Hub) -> None:
    made = refresh(hub, NOW)[0]
    with hub.database.read() as connection:
        items = pages.items(connection, after=0, limit=1000)
    said = orjson.loads(page(items, url=f"{HOME}/feeds/all", request=Asked(), address=HOME, licence="x"))
    data = [item["data"] for item in said["items"] if item["state"] == "updated"]
    lines = content(hub, made, "snapshot.ndjson").split(b"\n")
    assert lines.pop() == b""
    assert [orjson.loads(line) for line in lines] == data
    assert len(data) == 7


def test_a_view_that_has_not_moved_is_not_written_again(hub: Hub) -> None:
    first = refresh(hub, NOW)
    assert refresh(hub, LATER) == []
    put(hub, 9, 12, "programme")
    assert [each.view for each in refresh(hub, LATER)] == ["all", "programmes"]
    assert held(hub, "vacancies").generation == first[1].generation
    assert held(hub).position == 12


def test_a_view_is_due_at_most_every_so_many_minutes(hub: Hub) -> None:
    refresh(hub, NOW)
    put(hub, 9, 12)
    assert due(hub, NOW + timedelta(minutes=14)) == []
    assert due(hub, NOW + timedelta(minutes=15)) == ["all", "vacancies"]


def test_who_asks_for_the_files_gets_what_moved_a_moment_after_the_last_writing(hub: Hub) -> None:
    refresh(hub, NOW)
    put(hub, 9, 12)
    assert [each.view for each in refresh(hub, NOW + timedelta(seconds=1))] == ["all", "vacancies"]


def test_files_of_a_view_that_was_empty_do_not_wait(opened: Opened) -> None:
    hub = opened()
    assert [each.count for each in refresh(hub, NOW)] == [0, 0, 0]
    put(hub, 1, 1)
    assert [each.view for each in refresh(hub, NOW)] == ["all", "vacancies"]


def test_who_goes_on_from_the_files_is_never_told_to_begin_anew(hub: Hub) -> None:
    end(hub, 8, 12)
    with hub.database.write() as connection:
        connection.execute(text("UPDATE opportunity SET position = -position WHERE position IN (11, 12)"))
        connection.execute(text("UPDATE counter SET value = 12 WHERE name = 'forgotten'"))
        assert pages.head(connection) < pages.forgotten(connection) == 12
    assert refresh(hub, NOW)[0].position == 12


def test_a_tombstone_moves_the_files_too(hub: Hub) -> None:
    refresh(hub, NOW)
    end(hub, 5, 12)
    made = refresh(hub, LATER)[0]
    assert (made.count, made.position) == (6, 12)
    assert b"-000000000005" not in content(hub, made, "snapshot.ndjson")


def test_another_public_address_makes_the_files_anew_at_once(folder: Folder, hub: Hub, opened: Opened) -> None:
    refresh(hub, NOW)
    moved = opened(public_url="https://elders.example")
    made = refresh(moved, NOW + timedelta(minutes=1))
    assert len(made) == 3
    assert b"https://elders.example/opportunities/" in content(moved, made[0], "snapshot.ndjson")


def test_the_generation_before_stays_and_older_ones_go(hub: Hub) -> None:
    first = refresh(hub, NOW, only=["all"], anyway=True)[0]
    second = refresh(hub, NOW, only=["all"], anyway=True)[0]
    third = refresh(hub, NOW, only=["all"], anyway=True)[0]
    there = {path.name for path in (folder_of(hub.data) / "all").iterdir() if path.is_dir()}
    assert there == {second.generation, third.generation}
    assert len({first.generation, second.generation, third.generation}) == 3


def test_a_view_that_is_no_more_loses_its_files(folder: Folder, hub: Hub) -> None:
    (folder_of(hub.data) / "oud").mkdir(parents=True)
    refresh(hub, NOW)
    assert not (folder_of(hub.data) / "oud").exists()


def test_an_unknown_view_is_refused(hub: Hub) -> None:
    with pytest.raises(ConfigError, match="gent: no such view; there are all, vacancies, programmes"):
        refresh(hub, NOW, only=["gent"])


def test_a_view_of_an_admin_is_written_with_what_belongs_to_it(folder: Folder, opened: Opened) -> None:
    (folder.path / "views").mkdir()
    (folder.path / "views" / "mentoren.toml").write_text(
        'access = "key"\n[title]\nnl = "Mentoren"\n[filter]\nprogramme_types = ["mentoring"]\n'
    )
    folder.file("kleine")
    hub = opened()
    hub.run("kleine")
    made = {each.view: each for each in refresh(hub, NOW)}["mentoren"]
    with hub.database.read() as connection:
        assert [item.id for item in pages.live(connection, "mentoren")] == [
            orjson.loads(line)["@id"].rpartition("/")[2] for line in content(hub, made, "snapshot.ndjson").splitlines()
        ]
    assert made.count == 1


def test_a_format_that_fails_is_left_out_and_the_others_stand(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Lines):
        name, file = "broken", "broken.txt"

        def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
            yield next(iter(entries)).id.encode()
            raise KeyError("straat")

    with_format(hub, Broken, Lines)
    made = refresh(hub, NOW)[0]
    assert (made.find("broken.txt", "nl"), held(hub).find("lines.txt", "nl") is None) == (None, False)
    assert "view all is not written as broken.txt: the format broken fails: KeyError: 'straat'" in caplog.text
    assert not list(folder_of(hub.data).rglob("broken*"))


def test_a_full_disk_leaves_the_files_that_were(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh(hub, NOW)[0]
    put(hub, 9, 12)
    synced: list[int] = []

    def full(number: int) -> None:
        synced.append(number)
        if len(synced) > 4:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreFull, match="no space left to write"):
            refresh(hub, LATER)
    assert held(hub) == first
    assert not list(folder_of(hub.data).rglob(".unfinished*"))
    assert refresh(hub, LATER)[0].position == 12


def test_nothing_is_begun_where_the_last_files_would_not_fit_again(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh(hub, NOW)[0]
    put(hub, 9, 12)
    monkeypatch.setattr("hub.app.snapshots.disk_usage", lambda _: _Free(1000))
    with pytest.raises(StoreFull):
        refresh(hub, LATER)
    assert held(hub) == first


class _Free:
    def __init__(self, free: int) -> None:
        self.free = free


KILLED = """
import os, sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from hub.app.hub import Hub
from hub.app.minding import Minder
from hub.app.snapshots import refresh
from hub.format import Format

class Deadly(Format):
    name, file, media_type, title = "aa", "deadly.txt", "text/plain", "x"
    def write(self, entries, edition):
        yield b"x" * 100_000
        os.kill(os.getpid(), 9)

with Hub.open(Path(sys.argv[1])) as hub:
    hub.plugins = replace(hub.plugins, formats=MappingProxyType({**hub.plugins.formats, "aa": Deadly}))
    refresh(hub, datetime.fromisoformat(sys.argv[2]))
"""


def test_a_kill_midway_leaves_the_files_that_were_and_the_next_writing_tidies(folder: Folder, hub: Hub) -> None:
    first = refresh(hub, NOW)[0]
    put(hub, 9, 12)
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder.path), LATER.isoformat()], timeout=60, check=False)
    assert done.returncode == -9
    assert held(hub) == first
    assert list(folder_of(hub.data).rglob(".unfinished*"))
    assert refresh(hub, LATER)[0].position == 12
    assert held(hub).count == 8
    assert not list(folder_of(hub.data).rglob(".unfinished*"))


def test_a_manifest_that_is_damaged_is_written_anew(hub: Hub) -> None:
    refresh(hub, NOW)
    (folder_of(hub.data) / "all" / "snapshot.json").write_text("{}")
    assert [each.view for each in refresh(hub, NOW)] == ["all"]
    assert held(hub).count == 7


def test_two_processes_do_not_write_the_same_view_at_once(hub: Hub) -> None:
    with writing(folder_of(hub.data) / "all", "anders") as generation:
        assert generation
        assert [each.view for each in refresh(hub, NOW)] == ["vacancies", "programmes"]


def test_the_writing_ends_soon_when_it_is_stopped(hub: Hub) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        refresh(hub, NOW, stop=stop)
    assert read_manifest(folder_of(hub.data) / "all") is None


def test_what_is_published_while_a_view_is_written_is_not_in_its_files(hub: Hub) -> None:
    class Busy(Lines):
        name, file = "aa", "aa.txt"

        def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
            put(hub, 99, 99)
            yield from super().write(entries, edition)

    with_format(hub, Busy)
    made = refresh(hub, NOW, only=["all"])[0]
    assert (made.position, made.count) == (11, 7)
    assert all(record.count <= 7 and record.position == 11 for record in made.files)
    assert refresh(hub, LATER, only=["all"])[0].position == 99


def fill(hub: Hub, count: int, first: int = 1) -> None:
    """Publish so many vacancies of some 2 kB at once."""
    said = {
        "kind": "vacancy", "title": {"nl": "Lasser"}, "description": {"nl": "<p>" + "woord " * 300 + "</p>"},
        "organisation": {"name": "B"}, "status": "active", "quality": {"score": 0.5, "criteria": {}},
        "listings": [{"source": "v", "localId": "1", "firstSeen": SAID, "contentChanged": SAID}],
    }  # fmt: skip
    rows = [
        {"id": f"0191d7a2-0000-5000-8000-{number:012d}", "kind": "vacancy", "position": number, "changed": SAID}
        for number in range(first, first + count)
    ]
    with hub.database.write() as connection:
        connection.execute(opportunity.insert(), rows)
        connection.execute(body.insert(), [{"position": row["position"], "bytes": orjson.dumps(said)} for row in rows])


def test_memory_does_not_grow_with_the_view(opened: Opened) -> None:
    hub = opened()
    fill(hub, 2500)
    formats = {name: each for name, each in hub.plugins.formats.items() if name in {"ndjson", "jobs"}}
    hub.plugins = replace(hub.plugins, formats=MappingProxyType(formats))
    refresh(hub, NOW, only=["programmes"])
    tracemalloc.start()
    (made,) = refresh(hub, NOW, only=["all"])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(record.bytes for record in made.files) > 20_000_000
    assert most < 6_000_000


def test_nobody_is_named_in_the_files(hub: Hub) -> None:
    put(hub, 9, 12, howToApply=[{"channel": "mail", "value": "jobs@brug.example"}])
    made = refresh(hub, NOW)[0]
    told = [record.file for record in made.files if b"jobs@brug" in content(hub, made, record.file)]
    assert told == ["snapshot.ndjson"]  # what the feed says, as the feed says it


def test_paths_of_the_disk_are_not_in_the_manifest(hub: Hub) -> None:
    refresh(hub, NOW)
    said = (folder_of(hub.data) / "all" / "snapshot.json").read_text()
    assert str(Path(hub.data)) not in said


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_the_minder_writes_what_is_due(hub: Hub) -> None:
    clock = Clock()
    minder = Minder(hub, clock=clock)
    minder.mind()
    assert held(hub).position == 11
    put(hub, 9, 12)
    clock.now = NOW + timedelta(minutes=14)
    minder.mind()
    assert held(hub).position == 11
    clock.now = NOW + timedelta(minutes=15)
    minder.mind()
    assert held(hub).position == 12


def test_the_minder_does_not_try_again_at_once_when_the_disk_is_full(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, asked = Clock(), []

    def full(*_: Any, **__: Any) -> list[Manifest]:
        asked.append(clock.now)
        raise StoreFull

    monkeypatch.setattr("hub.app.snapshots.due", full)
    minder = Minder(hub, clock=clock)
    for minutes in (0, 1, 14, 15):
        clock.now = NOW + timedelta(minutes=minutes)
        minder.mind()
    assert asked == [NOW, NOW + timedelta(minutes=15)]
    assert caplog.text.count("the files of the views cannot be written") == 1


def test_a_hub_that_wants_no_files_writes_none(folder: Folder, opened: Opened) -> None:
    settings = folder.path / "hub.toml"
    settings.write_text(settings.read_text() + "[snapshots]\nenabled = false\n")
    hub = opened()
    put(hub, 1, 1)
    Minder(hub, clock=Clock()).mind()
    assert not folder_of(hub.data).exists()


def test_much_is_written_by_a_process_of_its_own(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(hub, 2100, first=101)
    monkeypatch.setattr("hub.app.snapshots.refresh", None)  # which this process does not call
    Minder(hub, clock=Clock()).mind()
    assert (held(hub).count, held(hub).position) == (2107, 2200)
    assert held(hub, "programmes").count == 2


def test_a_process_that_is_stopped_leaves_the_files_that_were(hub: Hub) -> None:
    first = refresh(hub, NOW, only=["all"])[0]
    fill(hub, 2100, first=101)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        write_beside(hub, ["all"], LATER, stop)
    assert held(hub) == first


def test_what_a_process_meets_is_told_by_the_one_who_ordered(hub: Hub) -> None:
    (folder_of(hub.data) / "all").parent.mkdir(exist_ok=True)
    (folder_of(hub.data) / "all").write_text("in the way")
    with pytest.raises(StoreError, match=r"snapshots/all cannot be written|snapshots/all/snapshot.json"):
        write_beside(hub, ["all"], NOW, threading.Event())


def test_parquet_holds_what_the_other_files_hold(folder: Folder, opened: Opened) -> None:
    folder.set('plugins = ["schakel-generic-csv", "schakel-parquet"]')
    hub = opened()
    put(hub, 1, 1)
    put(hub, 2, 2, "programme")
    made = refresh(hub, NOW, only=["all"])[0]
    rows = pyarrow.parquet.read_table(io.BytesIO(content(hub, made, "snapshot.parquet"))).to_pylist()
    lines = content(hub, made, "snapshot.ndjson").splitlines()
    table = csv.DictReader(io.StringIO(content(hub, made, "snapshot.csv").decode(), newline=""))
    assert [row["data"].encode() for row in rows] == lines
    assert [row["id"] for row in rows] == [row["id"] for row in table]
    record = held(hub).find("snapshot.parquet", "nl")
    assert record
    assert (record.count, record.format) == (2, "parquet")
