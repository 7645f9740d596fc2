from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from hub.errors import ConfigError, StoreError
from hub.store import open_store
from hub.store.database import Database, refuse_unsafe
from hub.store.migration import HEAD, revision
from hub.store.views.tables import metadata

SAFE = [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 4)]
UNSAFE = [(3, 7, 0), (3, 40, 1), (3, 50, 6), (3, 51, 2)]


@pytest.mark.parametrize("version", SAFE)
def test_a_sqlite_without_the_log_fault_is_accepted(version: tuple[int, int, int]) -> None:
    refuse_unsafe(version)


@pytest.mark.parametrize("version", UNSAFE)
def test_a_sqlite_with_the_log_fault_is_refused_and_the_way_out_named(version: tuple[int, int, int]) -> None:
    with pytest.raises(StoreError, match="install the package pysqlite3"):
        refuse_unsafe(version)


def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert revision(database) == HEAD
    database.close()


def test_an_acknowledged_commit_is_on_disk(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    with database.read() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    database.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2}


def test_several_that_open_a_new_store_at_once_all_get_a_whole_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_store(tmp_path / "hub.db"), range(4)))
    assert {revision(database) for database in opened} == {HEAD}
    for database in opened:
        database.close()


def test_a_store_of_a_newer_hub_is_refused(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreError, match="use a newer hub"):
        open_store(tmp_path / "hub.db")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM source")).scalar() == 0
    database.close()


def _write_and_fail(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO source (id) VALUES ('a')"))
        raise ZeroDivisionError


def test_a_reader_sees_one_state_while_a_writer_commits(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    with database.read() as reader:
        before = reader.execute(text("SELECT count(*) FROM source")).scalar()
        with database.write() as writer:
            writer.execute(text("INSERT INTO source (id) VALUES ('a')"))
        during = reader.execute(text("SELECT count(*) FROM source")).scalar()
    with database.read() as reader:
        after = reader.execute(text("SELECT count(*) FROM source")).scalar()
    database.close()
    assert (before, during, after) == (0, 0, 1)


def test_a_file_that_is_no_database_is_refused_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.write_text("this is not a database, it is a sentence that goes on long enough to be read as a page")
    with pytest.raises(StoreError, match=r"hub\.db refuses"):
        open_store(path)


def test_a_folder_that_cannot_be_made_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(ConfigError, match="cannot be made"):
        open_store(tmp_path / "data" / "hub.db")
