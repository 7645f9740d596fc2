"""A partner's answers become a recording that the adapter reads as it read the partner."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hub_vdab.adapter import Vdab
from partnered import Partnered, partnered
from small_hub import Folder

from hub.adapter import Normalised, RawRecord
from hub.app.hub import Hub
from hub.app.recording import record
from hub.app.replaying import Tally, of_recording, of_run
from hub.errors import RecordError, UnexpectedAnswer
from hub.pipeline.opportunity import listing_json
from hub.store import runs
from hub.testing import SandboxJob, adapter_for
from hub.testing.recorder import Heard, Notebook, write
from hub.testing.recording import Recording, recorded_in, records_of
from hub.testing.scrubbing import Scrubber


@pytest.fixture
def vdab(tmp_path: Path) -> Iterator[Partnered]:
    with partnered(tmp_path) as small:
        yield small


def taken(small: Partnered, folder: Path, limit: int | None = None) -> Recording:
    return record(small.hub, "vdab", folder, limit=limit, progress=lambda *_: None)


def test_a_recording_holds_neither_secrets_nor_persons(vdab: Partnered, tmp_path: Path) -> None:
    taken(vdab, tmp_path / "recording")
    said = "".join(path.read_text() for path in (tmp_path / "recording").iterdir())
    persons = [opening.contact for opening in vdab.sandbox.market.openings.values()]
    assert not [person for person in persons if person.name in said or person.mail in said]
    assert vdab.sandbox.client_secret not in said
    assert vdab.sandbox.api_key not in said
    assert "127.0.0.1" not in said
    assert "Persoon 1" in said


def test_the_adapter_reads_the_recording_as_it_read_the_partner(vdab: Partnered, tmp_path: Path) -> None:
    recording = Recording.load(taken(vdab, tmp_path / "recording").folder)
    recorded = records_of(recording.adapter_of(Vdab), recording)
    adapter = adapter_for(Vdab, vdab.sandbox)
    with SandboxJob(vdab.sandbox, now=recording.moment) as job:
        live = [item for item in adapter.fetch(job) if isinstance(item, RawRecord)]
    assert [each.local_id for each in recorded] == [each.local_id for each in live]
    assert len(live) > 80
    assert [read(adapter, each) for each in recorded] == [read(adapter, each) for each in live]


def read(adapter: Vdab, record: RawRecord) -> Any:
    """Return what is made of a record, or why nothing is."""
    try:
        made: Normalised = adapter.normalise(record)
    except (RecordError, ValueError) as error:
        return type(error)
    return listing_json(made.listing), made.partner_modified, made.unknown_fields, made.unknown_values


def test_recording_again_replaces_what_was_recorded(vdab: Partnered, tmp_path: Path) -> None:
    first = taken(vdab, tmp_path / "recording")
    second = taken(vdab, tmp_path / "recording", limit=2)
    assert len(second.answers) == 2 < len(first.answers)
    assert len(list((tmp_path / "recording").iterdir())) == 3


def test_a_limited_recording_just_ends(vdab: Partnered, tmp_path: Path) -> None:
    recording = taken(vdab, tmp_path / "recording", limit=6)
    assert not recording.whole
    assert 0 < len(records_of(recording.adapter_of(Vdab), recording)) < 80


def test_recording_leaves_store_and_archive_as_they_are(vdab: Partnered, tmp_path: Path) -> None:
    taken(vdab, tmp_path / "recording")
    with vdab.hub.database.read() as connection:
        assert runs.latest(connection, "vdab") == []
    assert vdab.hub.archive.size() == 0


def test_a_folder_with_anything_else_is_left_alone(vdab: Partnered, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(UnexpectedAnswer, match="chapter"):
        taken(vdab, tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").exists()


def test_the_index_can_be_read_by_people(vdab: Partnered, tmp_path: Path) -> None:
    taken(vdab, tmp_path / "recording", limit=1)
    index = json.loads((tmp_path / "recording" / "index.json").read_text())
    (answer,) = index["answers"]
    assert answer["method"] == "GET"
    assert (answer["host"], answer["path"]) == ("partner.invalid", "/v4/vacatures/initial")
    assert answer["query"].endswith("vanaf=0&aantal=50")
    assert answer["body"] == "001-initial.json"
    assert index["options"]["client_secret"] == "secret"


def test_a_folder_without_a_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedAnswer, match="make one with `hub record SOURCE`"):
        Recording.load(tmp_path)


def test_a_local_file_is_recorded_and_replayed(folder: Folder, opened: Callable[..., Hub], tmp_path: Path) -> None:
    folder.file("kleine")
    hub = opened()
    recording = record(hub, "kleine", tmp_path / "recording", limit=None, progress=lambda *_: None)
    (folder.path / "programmes.csv").unlink()
    tally = Tally()
    shown = list(of_recording(hub, "kleine", recording.folder).records(tally))
    assert [(each.local_id, (each.listing or {})["title"]) for each in shown] == [("1", {"nl": "Taalbad"})]
    assert tally.ended.startswith("complete: ")


# Replaying the archive ----------------------------------------------------------------------------------------


def test_the_last_run_is_replayed_without_the_partner(vdab: Partnered) -> None:
    report = vdab.hub.run("vdab")
    vdab.sandbox.tick()
    tally = Tally()
    shown = list(of_run(vdab.hub, "vdab", None).records(tally))
    assert tally.published == report.counts.created
    assert (tally.refused, tally.merged) == (report.counts.refused, report.counts.merged)
    assert tally.approximate == 0
    assert tally.ended == f"complete: {report.proof}"
    assert all(each.issues for each in shown if each.listing is None)


def test_a_later_run_is_replayed_from_its_cursor(vdab: Partnered) -> None:
    vdab.hub.run("vdab")
    vdab.sandbox.tick()
    report = vdab.hub.run("vdab")
    tally = Tally()
    list(of_run(vdab.hub, "vdab", report.run).records(tally))
    assert tally.ended == f"complete: {report.proof}"
    assert (tally.records, tally.approximate) == (
        report.counts.updated + report.counts.created + report.counts.refused,
        0,
    )


def test_of_an_exchange_no_secret_is_stored(vdab: Partnered) -> None:
    report = vdab.hub.run("vdab")
    with vdab.hub.database.read() as connection:
        exchanges = runs.exchanges(connection, report.run or 0)
    stored = orjson.dumps([[each.request, dict(each.headers), each.path] for each in exchanges]).decode()
    assert vdab.sandbox.client_secret not in stored
    assert vdab.sandbox.api_key not in stored
    logins = [each for each in exchanges if each.path.endswith("/token")]
    assert [(each.digest, each.request) for each in logins] == [(None, "")]
    assert all(len(each.request) == 64 for each in exchanges if each not in logins)


def test_the_kit_finds_recordings_and_single_records(vdab: Partnered, tmp_path: Path) -> None:
    taken(vdab, tmp_path / "recordings" / "vdab", limit=6)
    (tmp_path / "recordings" / "odd.json").write_text('{"status": "GEPUBLICEERD"}')
    found = recorded_in(tmp_path / "recordings", Vdab)
    assert found[-1] == RawRecord("odd", {"status": "GEPUBLICEERD"})
    assert len(found) > 1
    assert recorded_in(tmp_path / "nowhere", Vdab) == []


def test_a_secret_that_the_scrubber_cannot_see_stops_the_recording(vdab: Partnered, tmp_path: Path) -> None:
    blind = Scrubber()
    blind.secrets = frozenset({"GEPUBLICEERD"})
    notebook = Notebook(vdab.hub.archive)
    digest = vdab.hub.archive.put(b'{"status": "GEPUBLICEERD"}').digest
    notebook.heard[1] = Heard("GET", "a.example", "/jobs", "", None, 200, {}, digest, "jobs")
    with pytest.raises(UnexpectedAnswer, match="would hold a secret"):
        write(tmp_path / "recording", notebook, blind, adapter_for(Vdab, vdab.sandbox), {})
    assert list((tmp_path / "recording").iterdir()) == []
