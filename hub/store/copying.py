"""A verified copy of a database that goes on being written, and whether a database is in use."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from hub.errors import StoreError
from hub.store.database import Database

_ALL_PAGES = -1
"""In one step: one in parts starts again whenever somebody writes, so under load it never ends. It holds up nobody."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a whole database file holds: its form, its last position, and how much is published."""

    revision: str
    head: int
    opportunities: int


def copy_database(database: Database, target: Path) -> Facts:
    """Write a copy of the database as it is at one moment, while others read and write it, and verify the copy."""
    with closing(sqlite.connect(str(database.path))) as source, closing(sqlite.connect(str(target))) as copy:
        source.backup(copy, pages=_ALL_PAGES)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    return examine(target)


def examine(path: Path) -> Facts:
    """Return what a database file holds; StoreError when it is damaged or is none of ours."""
    try:
        with closing(sqlite.connect(f"file:{path}?mode=ro", uri=True)) as file:
            verdict = file.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if verdict != "ok":
                raise StoreError(f"{path} is damaged: {verdict}; use another backup")
            return Facts(
                file.execute("SELECT version_num FROM alembic_version").fetchone()[0],
                file.execute("SELECT value FROM counter WHERE name = 'position'").fetchone()[0],
                file.execute("SELECT count(*) FROM opportunity WHERE reason IS NULL").fetchone()[0],
            )
    except sqlite.Error as error:
        raise StoreError(f"{path} is damaged or no database of a hub: {error}; use another backup") from error


def in_use(path: Path) -> bool:
    """Say whether another process has the database open: in WAL mode each holds a lock as long as it does."""
    with closing(sqlite.connect(str(path), timeout=0, isolation_level=None)) as file:
        try:
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("BEGIN IMMEDIATE")
            file.execute("ROLLBACK")
        except sqlite.OperationalError:
            return True
        except sqlite.DatabaseError:  # damaged, so nobody works with it
            return False
    return False
