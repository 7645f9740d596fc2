"""A migration that is killed at any of its steps leaves the old form or a new one, and the next start ends it."""

import os
import signal
import sqlite3
from contextlib import closing
from importlib.resources import files
from multiprocessing.connection import Connection as Wire
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from durable import started, tell, told_done
from sqlalchemy import event, text

from hub.store import Database, open_store, runs
from hub.store.migration import HEAD, migrate, revision

OLD = ("0001", "0002")
_TABLES = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
_DATA = (
    "INSERT INTO source (id, cursor) VALUES ('kleine', 'c7')",
    "INSERT INTO run (source, started, outcome) VALUES ('kleine', 'then', 'complete')",
    "INSERT INTO exchange (run, method, host, path, size, seconds) VALUES (1, 'GET', 'a.example', '/', 1, 0)",
    "INSERT INTO opportunity (id, kind, position, changed) VALUES ('o-1', 'vacancy', 1, 'then')",
    "INSERT INTO body (position, bytes) VALUES (1, X'7B7D')",
    "UPDATE counter SET value = 1 WHERE name = 'position'",
)


def made(path: Path, form: str) -> Path:
    """Make a database of an older form, with data."""
    database = Database(path)
    settings = Config()
    settings.set_main_option("script_location", str(files("hub.store").joinpath("migrations")))
    settings.attributes["database"] = database
    command.upgrade(settings, form)
    with database.write() as connection:
        for statement in _DATA:
            connection.execute(text(statement))
    database.close()
    return path


def shape(path: Path) -> tuple[str, list[str]]:
    """Return the form that a database says it has, and its tables as they are; the other library reads it."""
    with closing(sqlite3.connect(path)) as file:
        form = file.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return form, [row[0] for row in file.execute(_TABLES)]


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every form there is, as its migration makes it."""
    folder = tmp_path_factory.mktemp("forms")
    known = dict(shape(made(folder / f"{number}.db", f"{number:04}")) for number in range(1, int(HEAD) + 1))
    assert HEAD in known
    return known


def killed_at(path: Path, wire: Wire, step: int, piecemeal: bool) -> None:
    """Open the store, and be killed just before a statement of its migrations; say so when there was none."""
    count = 0

    def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal count
        count += not statement.startswith(("BEGIN", "PRAGMA"))
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(path)
    event.listen(database.engine, "before_cursor_execute", die)
    if piecemeal:
        event.listen(database.engine, "after_cursor_execute", _commit)
    migrate(database)
    wire.send("done")


def _commit(_connection: Any, cursor: Any, *_: Any) -> None:
    """Make every statement final at once, as a database without transactions around its migrations does."""
    driver = cursor.connection
    if driver.in_transaction:
        driver.execute("COMMIT")
        driver.execute("BEGIN IMMEDIATE")


def each_step(old: Path, folder: Path, piecemeal: bool = False) -> list[Path]:
    """Kill the migration at its first step, its second, and so on; return what each left."""
    left: list[Path] = []
    while True:
        path = folder / f"{len(left) + 1}.db"
        path.write_bytes(old.read_bytes())
        process, hear = started(killed_at, path, len(left) + 1, piecemeal)
        ended = list(told_done(hear))
        process.join()
        hear.close()
        if ended:
            return left
        assert process.exitcode == -signal.SIGKILL
        left.append(path)


@pytest.mark.slow
@pytest.mark.parametrize("form", OLD)
def test_a_migration_killed_at_any_step_leaves_no_form_between_and_the_next_start_ends_it(
    form: str, shapes: dict[str, list[str]], tmp_path: Path
) -> None:
    left = each_step(made(tmp_path / "old.db", form), tmp_path)
    tell(f"from {form}: killed at {len(left)} steps")
    assert len(left) > 15
    for path in left:
        found, tables = shape(path)
        assert tables == shapes[found]
        with closing(open_store(path)) as database, database.read() as connection:
            assert revision(database) == HEAD
            assert runs.state(connection, "kleine").cursor == "c7"
            assert len(runs.exchanges(connection, 1)) == 1
        assert shape(path)[1] == shapes[HEAD]


@pytest.mark.slow
def test_a_migration_in_pieces_is_found_out(shapes: dict[str, list[str]], tmp_path: Path) -> None:
    left = each_step(made(tmp_path / "old.db", OLD[0]), tmp_path, piecemeal=True)
    between = [path for path in left if shape(path)[1] != shapes[shape(path)[0]]]
    assert between
