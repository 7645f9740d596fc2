"""A store from before listings were joined goes on as if it had always been of today's form."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from alembic import command
from alembic.config import Config
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Duplicate, Fetched, Job, Withdrawal
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.pipeline.deciding import is_matched, match_all
from hub.pipeline.opportunity import opportunity_id
from hub.pipeline.undo import undo
from hub.store import Database, migration, open_store, pages
from hub.store.pages import Item

KEPT = ("counter", "source", "run", "listing", "opportunity", "body", "history")
_BEFORE = """
    INSERT INTO before (run, opportunity, listing, live, raw, content, body, reason, merged_into, content_changed,
                        missing, expires, filled)
    SELECT b.run, l.opportunity, b.listing, b.live, b.raw, b.content, CAST(CASE WHEN b.missing IS NULL THEN b.version
             ELSE replace(CAST(b.version AS TEXT), '"status":"active"', '"status":"likelyExpired"') END AS BLOB),
           b.ended, b.merged_into, b.content_changed, b.missing, b.expires, b.filled
    FROM today.before AS b JOIN today.listing AS l ON l.id = b.listing
"""
TEXT = (
    "Je poetst bij vaste klanten in en rond Gent: stofzuigen, dweilen, ramen lappen, strijken. Je krijgt een "
    "opleiding, een fiets en een vast contract van twintig tot achtendertig uur per week. "
    "Je werkt overdag, vier of vijf dagen in de week, altijd bij dezelfde gezinnen. Wij geven je een opleiding van "
    "drie dagen, een elektrische fiets, werkkledij en een vergoeding voor je kilometers. Een consulent belt je "
    "elke week. "
    "Ervaring is niet nodig; je spreekt genoeg Nederlands om met de klanten af te spreken wat er moet gebeuren."
)
TWIN: dict[str, Any] = {
    "description": {"nl": TEXT},
    "postal_codes": ["9000"],
    "employer": "Helder Huis nv",
    "published": "2026-11-20",
}
Opened = Callable[[str], Database]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open stores, and close them after the test."""
    found: list[Database] = []

    def open_named(name: str) -> Database:
        found.append(open_store(tmp_path / name))
        return found[-1]

    yield open_named
    for database in found:
        database.close()


def run(database: Database, *words: Fetched, hour: int, source: str = "told", absence_runs: int = 2) -> Report:
    now = MORNING + timedelta(hours=hour)
    ready = Source(source, Told(words), partner="Partner", expect=Expect(absence_runs=absence_runs, floor=1000))
    return run_source(ready, Desk(database, plans(database), now, []), lambda cursor: cast("Job", Cursor(cursor)))


def plans(database: Database) -> Path:
    return Path(database.path).with_suffix(".plans")


def fill(database: Database) -> int:
    """Let a listing of every fate be in a store, and return the run that brought them there."""
    jobs = {name: job(name, f"Poetshulp {name}") for name in ("edited", "missing", "found", "double", "gone", "back")}
    jobs["found"] = job("found", **TWIN)
    run(database, *jobs.values(), hour=1)
    run(
        database,
        *(jobs[name] for name in jobs if name not in {"found", "back"}),
        Withdrawal("back"),
        EVERYTHING,
        hour=2,
    )
    edited = job("edited", "Bakker")
    words = (jobs["found"], jobs["back"], Withdrawal("gone"), Duplicate("double", "edited"), job("new"))
    return run(database, edited, *words, EVERYTHING, hour=3).run or 0


def older(today: Database, path: Path) -> None:
    """Write the same store as the hub of then had it."""
    then = Database(path)
    settings = Config()
    settings.set_main_option("script_location", str(files("hub.store").joinpath("migrations")))
    settings.attributes["database"] = then
    command.upgrade(settings, "0005")
    with then.write(Path(today.path)) as connection:  # it is attached as `plan`
        for table in KEPT:
            said = connection.exec_driver_sql(f"SELECT name FROM pragma_table_info('{table}')").scalars()
            columns = ", ".join(f'"{name}"' for name in said)
            connection.exec_driver_sql(f"DELETE FROM {table}")
            connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM plan.{table}")
        connection.exec_driver_sql("DELETE FROM counter WHERE name <> 'position'")
        connection.exec_driver_sql(_BEFORE.replace("today.", "plan."))
    then.close()


def content(database: Database, table: str, order: str) -> list[Any]:
    with database.read() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY {order}").mappings()
        return [
            {name: value for name, value in row.items() if (table, name) != ("listing", "position")} for row in found
        ]


def positions(database: Database) -> list[int]:
    """Return where the listings stand in their feed, in the order they came."""
    with database.read() as connection:
        return list(connection.exec_driver_sql("SELECT position FROM listing ORDER BY id").scalars())


def feed(database: Database) -> list[Item]:
    with database.read() as connection:
        return pages.items(connection, after=0, limit=1000)


def live(database: Database) -> set[str]:
    return {item.id for item in feed(database) if item.body}


@pytest.fixture
def both(opened: Opened, tmp_path: Path) -> tuple[Database, Database, int]:
    """Return a store of today, the same as it comes out of the migrations, and the last run of both."""
    today = opened("today.db")
    last = fill(today)
    older(today, tmp_path / "then.db")
    migrated = opened("then.db")
    assert migration.revision(migrated) == migration.HEAD
    return today, migrated, last


def test_every_listing_is_as_the_hub_of_today_would_have_written_it(both: tuple[Database, Database, int]) -> None:
    today, migrated, _ = both
    for table, order in (("listing", "id"), ("version", "listing"), ("before", "run, listing"), ("body", "position")):
        assert content(migrated, table, order) == content(today, table, order), table
    assert positions(migrated) == list(range(1, len(positions(today)) + 1))
    assert {row["ended"] for row in content(migrated, "listing", "id")} == {None, "withdrawn", "merged"}


def test_a_run_from_before_the_migration_is_undone_as_ever(both: tuple[Database, Database, int]) -> None:
    today, migrated, last = both
    now = MORNING + timedelta(hours=4)
    undone = [undo(database, plans(database), "told", last, now=now) for database in (today, migrated)]
    assert undone[0] == undone[1]
    assert feed(migrated) == feed(today)


def test_what_was_there_before_the_migration_is_joined_once_all_is_matched(
    both: tuple[Database, Database, int],
) -> None:
    _, migrated, _ = both
    run(migrated, job("a", **TWIN), EVERYTHING, hour=4, source="other")
    before = live(migrated)
    assert not is_matched(migrated)
    assert match_all(migrated, plans(migrated), MORNING + timedelta(hours=5)) == 2
    assert is_matched(migrated)
    assert before - live(migrated) == {opportunity_id("other", "a")}
