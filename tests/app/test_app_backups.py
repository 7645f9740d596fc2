"""Backups are taken while the hub works, prove themselves, and come back without misleading a portal."""

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from small_hub import Folder

from hub.app.backups import back_up, restore, verify
from hub.app.hub import Hub
from hub.errors import StoreError
from hub.store import Database, open_store, pages, passport

ROWS = "nr;naam;wie\n"
Open = Callable[..., Hub]


class Portal:
    """Follows the feed by positions, as the store serves them."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.position = 0

    def follow(self, database: Database) -> dict[str, str]:
        with database.read() as connection:
            while found := pages.items(connection, after=self.position, limit=3):
                for item in found:
                    if item.body is None:
                        self.titles.pop(item.id, None)
                    else:
                        self.titles[item.id] = json.loads(item.body)["title"]["nl"]
                self.position = found[-1].position
        return self.titles


def published(database: Database) -> dict[str, str]:
    return Portal().follow(database)


def say(folder: Folder, *names: str) -> None:
    (folder.path / "programmes.csv").write_text(ROWS + "".join(f"{name};{name};Voorbeeld vzw\n" for name in names))


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    folder.file("programmes")
    say(folder, "Taalbad", "Buddy")
    hub = opened()
    assert hub.run("programmes").counts.created == 2
    return hub


def saved(hub: Hub, target: Path) -> Path:
    back_up(hub.database, hub.archive.folder, target)
    return target


def test_a_backup_holds_what_is_published_and_what_partners_sent(hub: Hub, tmp_path: Path) -> None:
    made = back_up(hub.database, hub.archive.folder, tmp_path / "backup")
    assert (made.opportunities, made.head, made.bodies) == (2, 2, 1)
    assert verify(tmp_path / "backup") == made
    restored = restore(tmp_path / "backup", tmp_path / "elsewhere")
    database = open_store(tmp_path / "elsewhere" / "hub.db")
    assert published(database) == published(hub.database)
    assert restored.replaced is None
    database.close()


def test_the_same_folder_again_gets_only_what_is_new(hub: Hub, folder: Folder, tmp_path: Path) -> None:
    body = next((saved(hub, tmp_path / "backup") / "archive").glob("??/*"))
    before = body.stat().st_mtime_ns
    say(folder, "Taalbad", "Buddy", "Stage")
    hub.run("programmes")
    made = back_up(hub.database, hub.archive.folder, tmp_path / "backup")
    assert (made.opportunities, made.bodies) == (3, 2)
    assert body.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "hub.db").write_bytes(b"x"), "not the file that backup.json describes"),
        (lambda folder: (folder / "backup.json").unlink(), "no finished backup"),
        (lambda folder: (folder / "backup.json").write_text("{}"), "cannot be read"),
        (lambda folder: next((folder / "archive").glob("??/*")).unlink(), "0 of 1 bodies"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused(
    hub: Hub, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    folder = saved(hub, tmp_path / "backup")
    spoil(folder)
    with pytest.raises(StoreError, match=said):
        restore(folder, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_a_hub_that_works_is_not_restored_over(hub: Hub, tmp_path: Path) -> None:
    folder = saved(hub, tmp_path / "backup")
    with pytest.raises(StoreError, match="is in use; stop the hub"):
        restore(folder, hub.data)


def test_a_portal_that_saw_more_than_the_backup_follows_on_without_a_restart(
    hub: Hub, folder: Folder, opened: Open, tmp_path: Path
) -> None:
    backup = saved(hub, tmp_path / "backup")
    say(folder, "Taalbad", "Buddy", "Stage", "Coaching")
    hub.run("programmes")
    portal = Portal()
    assert len(portal.follow(hub.database)) == 4
    hub.database.close()

    restored = restore(backup, hub.data)
    assert restored.head > portal.position
    again = opened()
    assert portal.follow(again.database) == published(again.database)
    assert len(portal.titles) == 2
    again.run("programmes")
    assert portal.follow(again.database) == published(again.database)
    assert len(portal.titles) == 4


def test_where_the_old_database_is_lost_the_last_position_seen_can_be_told(
    hub: Hub, opened: Open, tmp_path: Path
) -> None:
    backup = saved(hub, tmp_path / "backup")
    hub.database.close()
    (hub.data / "hub.db").write_bytes(b"nothing left")
    portal = Portal()
    portal.position = 500
    restored = restore(backup, hub.data, seen=500)
    assert restored.replaced is not None
    assert restored.replaced.read_bytes() == b"nothing left"
    assert len(portal.follow(opened().database)) == 2


def test_a_backup_while_runs_go_on_is_one_moment_of_the_feed(hub: Hub, folder: Folder, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            say(folder, "Taalbad", "Buddy", *(f"P{each}" for each in range(number % 7)))
            hub.run("programmes")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(15):
            folder_made = saved(hub, tmp_path / "backup")
            made = verify(folder_made)
            with sqlite3.connect(folder_made / "hub.db") as copy:
                bodies = copy.execute("SELECT count(*) FROM body").fetchone()[0]
                positions = copy.execute("SELECT max(position) FROM opportunity").fetchone()[0]
            copy.close()
            assert (bodies, positions) == (made.opportunities, made.head)
    finally:
        stop.set()
        worker.join()


def test_the_history_goes_on_through_a_restore(hub: Hub, folder: Folder, opened: Open, tmp_path: Path) -> None:
    backup = saved(hub, tmp_path / "backup")
    say(folder, "Taalbad", "Nieuw", "Stage")
    hub.run("programmes")
    before = histories(hub.database)
    hub.database.close()
    restore(backup, hub.data)
    again = opened()
    after = histories(again.database)
    with again.database.read() as connection:
        positions = {item.id: item.position for item in pages.items(connection, after=0, limit=100)}
    assert set(after) == set(before)
    assert all(after[name][: len(said)] == said for name, said in before.items())
    assert {name: said[-1][0] for name, said in after.items()} == positions
    assert {said[-1][1] for said in after.values()} == {"restored", "withdrawn"}


def histories(database: Database) -> dict[str, list[tuple[int, str]]]:
    """Return by opportunity each position and what it did."""
    with database.read() as connection:
        items = pages.items(connection, after=0, limit=100)
        return {
            item.id: [(past.position, past.action) for past in passport.past(connection, item.id)] for item in items
        }
