"""What the store keeps so that a run can be replayed, also of a hub that did not keep it before."""

from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from hub.store import Database, open_store, runs
from hub.store.runs import ExchangeRow

NOW = "2026-11-22T08:00:00Z"


def test_an_exchange_is_read_as_it_was_recorded(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    row = ExchangeRow("GET", "api.example", "/jobs", 200, "d" * 64, 12, 0.5, "r" * 64, {"link": "</jobs?page=2>"})
    with database.write() as connection:
        run = runs.start(connection, "kleine", NOW, moment="2026-11-22T08:00:00.123456+00:00", cursor="c1")
        runs.record_exchanges(connection, run, [row])
    with database.read() as connection:
        assert runs.exchanges(connection, run) == [row]
        recorded = runs.get(connection, run)
    database.close()
    assert recorded is not None
    assert (recorded.cursor, recorded.moment) == ("c1", "2026-11-22T08:00:00.123456+00:00")


@pytest.mark.parametrize(
    ("ended", "replayed"),
    [
        (["complete everything", "complete changes", "incomplete", "failed", "held"], [1, 2, 3]),
        (["complete everything", "complete changes", "complete everything", "complete changes"], [3, 4]),
        (["incomplete", "complete changes"], [1, 2]),
        (["failed"], []),
    ],
)
def test_the_runs_behind_what_is_published_start_with_the_last_whole_one(
    tmp_path: Path, ended: list[str], replayed: list[int]
) -> None:
    database = open_store(tmp_path / "hub.db")
    with database.write() as connection:
        for outcome, _, covers in (each.partition(" ") for each in ended):
            run = runs.start(connection, "kleine", NOW)
            runs.finish(connection, run, outcome=outcome, covers=covers or None)
        assert [run.id for run in runs.applied(connection, "kleine")] == replayed
    database.close()


def test_a_store_from_before_is_brought_up_to_date_and_keeps_its_runs(tmp_path: Path) -> None:
    older = Database(tmp_path / "hub.db")
    settings = Config()
    settings.set_main_option("script_location", str(files("hub.store").joinpath("migrations")))
    settings.attributes["database"] = older
    command.upgrade(settings, "0001")
    with older.write() as connection:
        connection.exec_driver_sql("INSERT INTO run (source, started, outcome) VALUES ('kleine', 'then', 'complete')")
        connection.exec_driver_sql(
            "INSERT INTO exchange (run, method, host, path, size, seconds) VALUES (1, 'GET', 'a.example', '/', 1, 0)"
        )
    older.close()
    database = open_store(tmp_path / "hub.db")
    with database.read() as connection:
        (run,) = runs.applied(connection, "kleine")
        (exchange,) = runs.exchanges(connection, run.id)
    database.close()
    assert (run.covers, run.moment, exchange.request, exchange.headers) == (None, None, "", {})
