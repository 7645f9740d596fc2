"""What is kept aside can be read again after a fix, without the partner."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_hub import Folder

from hub.app.again import read_aside
from hub.app.hub import Hub
from hub.store import pages, quarantine, runs

Open = Callable[..., Hub]
NAMED = '"title.nl" = "naam"'
MENDED = '"title.nl" = "titel"'


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    """A hub whose field map misses a title: one record is aside, one was told twice, one is published."""
    folder.file("programmes")
    rows = (
        "1;Taalbad;Taalbad;Voorbeeld vzw\n2;;Buddy;Voorbeeld vzw\n3;;;Voorbeeld vzw\n1;Taalbad;Dubbel;Voorbeeld vzw\n"
    )
    (folder.path / "programmes.csv").write_text(f"nr;naam;titel;wie\n{rows}")
    hub = opened()
    assert (hub.run("programmes").counts.refused, aside(hub)) == (3, ["1", "2", "3"])
    return hub


def aside(hub: Hub) -> list[str]:
    with hub.database.read() as connection:
        return sorted(record.local_id for record in quarantine.find(connection, "programmes", 10))


def mended(folder: Folder, opened: Open) -> Hub:
    """Mend the field map, and take the partner's file away."""
    file = folder.path / "sources" / "programmes.toml"
    file.write_text(file.read_text().replace(NAMED, MENDED))
    (folder.path / "programmes.csv").unlink()
    return opened()


def titles(hub: Hub) -> list[str]:
    with hub.database.read() as connection:
        found = pages.items(connection, after=0, limit=10)
    return [item.body.decode().partition('"nl":"')[2].partition('"')[0] for item in found if item.body]


def test_what_is_fine_after_a_fix_is_published_and_the_rest_stays(hub: Hub, folder: Folder, opened: Open) -> None:
    hub = mended(folder, opened)
    again = read_aside(hub, "programmes")
    assert (again.read, again.fine, again.still, again.left) == (2, 1, 1, 1)
    assert (titles(hub), aside(hub)) == (["Taalbad", "Buddy"], ["1", "3"])
    assert again.report is not None
    assert again.report.positions == (2, 2)


def test_without_a_fix_nothing_is_published(hub: Hub) -> None:
    again = read_aside(hub, "programmes")
    assert (again.read, again.fine, titles(hub), aside(hub)) == (2, 0, ["Taalbad"], ["1", "2", "3"])


def test_one_record_can_be_read_alone(hub: Hub, folder: Folder, opened: Open) -> None:
    hub = mended(folder, opened)
    with hub.database.read() as connection:
        numbers = {record.local_id: record.id for record in quarantine.find(connection, "programmes", 10)}
    assert read_aside(hub, "programmes", numbers["3"]).fine == 0
    assert read_aside(hub, "programmes", numbers["2"]).fine == 1
    assert read_aside(hub, "programmes", numbers["1"]).report is None


def test_the_next_run_reads_everything_anew_and_replays_rest_on_what_the_partner_sent(
    hub: Hub, folder: Folder, opened: Open, tmp_path: Path
) -> None:
    listed = (folder.path / "programmes.csv").read_text()
    hub = mended(folder, opened)
    with hub.database.read() as connection:
        before = runs.state(connection, "programmes")
    read_aside(hub, "programmes")
    with hub.database.read() as connection:
        after = runs.state(connection, "programmes")
        assert [run.id for run in runs.applied(connection, "programmes")] == [1]
    assert (after.stamp, after.cursor, after.last_complete) == (before.stamp, before.cursor, before.last_complete)
    (folder.path / "programmes.csv").write_text(listed)
    assert hub.run("programmes").outcome.value == "complete"
