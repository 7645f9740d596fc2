"""What a change of code would do is told exactly, and telling it changes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_vdab.adapter import Vdab
from partnered import Partnered, partnered
from small_hub import TABLE, Folder

from hub.adapter import Normalised, RawRecord
from hub.app.hub import Hub
from hub.app.impact import impact
from hub.errors import RecordError
from hub.pipeline.difference import differences
from hub.store import runs

ROWS = "nr;naam;wie;roepnaam\n" + "".join(f"{nr};Taalbad {nr};Voorbeeld vzw;Bad {nr}\n" for nr in range(1, 6))


@pytest.fixture
def vdab(tmp_path: Path) -> Iterator[Partnered]:
    """A hub that has read everything, and then two rounds of changes."""
    with partnered(tmp_path) as small:
        small.hub.run("vdab")
        for _ in range(2):
            small.sandbox.tick()
            small.hub.run("vdab")
        yield small


@pytest.fixture
def table(folder: Folder) -> Folder:
    (folder.path / "programmes.csv").write_text(ROWS + "6;;Voorbeeld vzw;Bad 6\n")
    folder.source("kleine", 'path = "programmes.csv"\n' + TABLE)
    return folder


def remapped(folder: Folder, mapping: str) -> None:
    file = folder.path / "sources" / "kleine.toml"
    file.write_text(file.read_text().replace('"title.nl" = "naam"', mapping))


def dumped(hub: Hub) -> Any:
    with hub.database.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1").scalars()
        return {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names.all()}


def test_unchanged_code_changes_nothing(vdab: Partnered) -> None:
    found = impact(vdab.hub, "vdab")
    assert found.silent, found.as_dict()
    assert found.gaps == []
    assert len(found.runs) == 3
    assert found.read == found.same > 80


def test_the_control_taking_the_earliest_word_shows_changes(vdab: Partnered, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = runs.applied
    monkeypatch.setattr(runs, "applied", lambda *of: list(reversed(applied(*of))))
    assert not impact(vdab.hub, "vdab").silent


def test_a_changed_mapping_shows_exactly_the_fields_it_changes(table: Folder, opened: Callable[..., Hub]) -> None:
    opened().run("kleine")
    remapped(table, '"title.nl" = "roepnaam"')
    found = impact(opened(), "kleine")
    assert (found.changed.count, found.published.count, found.refused.count, found.ended.count) == (5, 1, 0, 0)
    assert found.published.examples == ["6"]
    assert {name: change.count for name, change in found.fields.items()} == {"title.nl": 5}
    assert found.fields["title.nl"].examples[0] == ("1", "Taalbad 1", "Bad 1")


def test_a_field_that_comes_in_is_told_with_its_value(table: Folder, opened: Callable[..., Hub]) -> None:
    opened().run("kleine")
    remapped(table, '"title.nl" = "naam"\n"title.fr" = "roepnaam"')
    found = impact(opened(), "kleine")
    assert {name: change.count for name, change in found.fields.items()} == {"title.fr": 5}
    assert found.fields["title.fr"].examples[0] == ("1", None, "Bad 1")
    assert found.published.count == 1


def test_looking_changes_nothing(table: Folder, opened: Callable[..., Hub]) -> None:
    opened().run("kleine")
    remapped(table, '"title.nl" = "roepnaam"')
    hub = opened()
    before = dumped(hub)
    assert not impact(hub, "kleine").silent
    assert dumped(hub) == before
    assert list((hub.data / "plans").glob("*")) == []


def refuse_some(normalise: Any) -> Any:
    def stricter(self: Vdab, record: RawRecord) -> Normalised:
        if record.local_id[0] in "01234567":
            raise RecordError("missing-field", field="pay")
        made: Normalised = normalise(self, record)
        return made

    return stricter


def test_what_would_be_refused_is_told_with_its_reason(vdab: Partnered, monkeypatch: pytest.MonkeyPatch) -> None:
    with vdab.hub.database.read() as connection:
        live = connection.exec_driver_sql("SELECT local_id FROM listing WHERE live = 1").scalars().all()
    monkeypatch.setattr(Vdab, "normalise", refuse_some(Vdab.normalise))
    found = impact(vdab.hub, "vdab")
    assert found.refused.count == sum(local_id[0] in "01234567" for local_id in live) > 20
    assert dict(found.notes.reasons) == {"missing-field": found.refused.count}
    assert (found.changed.count, found.published.count, found.ended.count) == (0, 0, 0)


def test_records_that_fetch_no_longer_reads_would_leave(vdab: Partnered, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = Vdab.fetch
    monkeypatch.setattr(
        Vdab,
        "fetch",
        lambda self, job: (
            item for item in fetch(self, job) if not (isinstance(item, RawRecord) and item.local_id[0] in "0123")
        ),
    )
    found = impact(vdab.hub, "vdab")
    assert found.ended.count > 10
    assert found.unread == 0


def test_what_the_archive_lost_is_a_gap_and_nothing_is_concluded_from_it(vdab: Partnered) -> None:
    with vdab.hub.database.read() as connection:
        exchanges = [each for each in runs.exchanges(connection, 1) if each.digest and each.method == "POST"]
    for each in exchanges:
        vdab.hub.archive._path(str(each.digest)).unlink()
    found = impact(vdab.hub, "vdab")
    assert found.silent
    assert found.unread > 40
    assert "run 1: The archive has no body" in found.gaps[0]


def test_of_a_run_without_digests_of_its_questions_nothing_is_concluded(vdab: Partnered) -> None:
    with vdab.hub.database.write() as connection:
        connection.exec_driver_sql("UPDATE exchange SET request = NULL")
    found = impact(vdab.hub, "vdab")
    assert found.silent
    assert "asked otherwise than then" in found.gaps[0]


def test_a_source_that_never_ran_says_so(table: Folder, opened: Callable[..., Hub]) -> None:
    found = impact(opened(), "kleine")
    assert found.gaps == ["no run of it was applied yet; run it first"]
    assert found.silent


def test_a_fault_in_the_new_code_is_a_gap(vdab: Partnered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Vdab, "fetch", lambda self, job: iter([1 / 0]))
    found = impact(vdab.hub, "vdab")
    assert "ZeroDivisionError in the adapter 'vdab'" in found.gaps[0]
    assert found.unread > 0


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 1, 2)]),
        ({"a": 1}, {}, [("a", 1, None)]),
        ({"p": [{"n": 1}, {"n": 2}]}, {"p": [{"n": 1}, {"n": 3}]}, [("p.n", 2, 3)]),
        ({"p": [1]}, {"p": [1, 2]}, [("p", [1], [1, 2])]),
    ],
)
def test_differences_are_told_field_by_field(before: Any, after: Any, fields: list[Any]) -> None:
    assert [tuple(each) for each in differences(before, after)] == fields
