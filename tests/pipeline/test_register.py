"""What the register of organisations adds to what is published, and takes back where it proves wrong."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Fetched, Job
from hub.errors import Superseded
from hub.organisations import VERSION
from hub.pipeline import Desk, Expect, Report, Source, register, run_source
from hub.pipeline.deciding import take_back
from hub.pipeline.register import register_plan
from hub.store import Connection, Database, organisations, pages, publication
from hub.store.plan_file import PlanFile

Run = Callable[..., Report]
KBO = "0403170701"
EMPLOYER = "Vermorgen Staelens"


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """Run one of several made-up sources on what it is told to say."""

    def run_words(source: str, *words: Fetched, now: datetime = MORNING) -> Report:
        desk = Desk(database, tmp_path / "plans", now, [])
        ready = Source(source, Told(words), partner=source.title(), expect=Expect(absence_runs=1))
        return run_source(ready, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words


def offers(database: Database) -> dict[str, dict[str, Any]]:
    """Return what is published, by title."""
    with database.read() as connection:
        items = pages.items(connection, after=0, limit=100)
    read = [orjson.loads(item.body) for item in items if item.body]
    return {said["title"]["nl"]: said for said in read}


def test_a_number_that_one_source_states_is_added_to_what_another_says_later(database: Database, run: Run) -> None:
    run("north", job("1", "Lasser", employer=EMPLOYER, kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    run("south", job("a", "Bakker", employer="VERMORGEN STAELENS NV", postal_codes=["9000"]), EVERYTHING)
    found = offers(database)["Bakker"]
    assert found["organisation"]["kbo"] == KBO
    (derived,) = [each for each in found["derived"] if each["method"] == "organisation-register"]
    assert "organisation.kbo" in derived["fields"]


def test_what_is_learned_later_moves_nothing_by_itself(database: Database, run: Run) -> None:
    run("south", job("a", "Bakker", employer=EMPLOYER, postal_codes=["9000"]), EVERYTHING)
    before = offers(database)["Bakker"]
    run("north", job("1", "Lasser", employer=EMPLOYER, kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    assert offers(database)["Bakker"] == before
    again = run("south", job("a", "Bakker", employer=EMPLOYER, postal_codes=["9000"]), EVERYTHING)
    assert again.positions is None


def test_what_proves_wrong_is_taken_back_where_it_was_said(database: Database, run: Run, tmp_path: Path) -> None:
    run("north", job("1", "Lasser", employer=EMPLOYER, kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    run("south", job("a", "Bakker", employer=f"{EMPLOYER} nv", postal_codes=["9000"]), EVERYTHING)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE organisation SET ambiguous = 1")
        stale = connection.exec_driver_sql("SELECT id FROM organisation").scalars().all()
        organisations.retract(connection, stale)
        head = publication.head(connection)
    assert take_back(database, tmp_path / "plans", MORNING) == (head + 1, head + 1)
    assert "kbo" not in offers(database)["Bakker"]["organisation"]
    assert offers(database)["Lasser"]["organisation"]["kbo"] == KBO
    assert take_back(database, tmp_path / "plans", MORNING) is None


def test_the_register_is_the_same_however_many_mentions_are_entered_at_once(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [job(f"{place}", f"Werk {place}", employer=f"{EMPLOYER} {place % 2}") for place in range(5)]
    run("north", *said, EVERYTHING)
    monkeypatch.setattr(register, "_AT_ONCE", 2)
    run("south", *said, EVERYTHING)
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT source, name, organisation, count FROM organisation_name").all()
    north, south = ({row[1:] for row in rows if row[0] == source} for source in ("north", "south"))
    assert len(north) == 2
    assert north == south


def test_a_run_that_is_not_applied_publishes_nothing_of_what_it_mentions(database: Database, run: Run) -> None:
    run("north", job("1", "Lasser", employer=EMPLOYER, postal_codes=["9000"]), EVERYTHING)
    held = run("north", EVERYTHING)
    assert held.outcome == "held"
    assert list(offers(database)) == ["Lasser"]


def as_an_older_hub_left_it(database: Database, name: str, belongs_to: str, edition: int) -> None:
    """Let a name without a number be where older rules had put it: with the one of this number."""
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE counter SET value = ? WHERE name = 'organisations'", (edition,))
        connection.exec_driver_sql(
            "UPDATE organisation_name SET (home, organisation) = (SELECT id, id FROM organisation WHERE kbo = ?) "
            "WHERE name = ? AND kbo IS NULL",
            (belongs_to, name),
        )


def test_when_the_rules_change_the_next_run_takes_back_once_what_they_no_longer_say(
    database: Database, run: Run
) -> None:
    baker = {"employer": "Bakkerij Peeters", "postal_codes": ["9300"]}
    run("north", job("1", "Lasser", employer="Bakkerij Peeters", kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    run("south", job("a", "Bakker", **baker), EVERYTHING)
    as_an_older_hub_left_it(database, "Bakkerij Peeters", KBO, VERSION)
    run("south", job("a", "Bakker", openings=2, **baker), EVERYTHING)
    assert offers(database)["Bakker"]["organisation"]["kbo"] == KBO
    as_an_older_hub_left_it(database, "Bakkerij Peeters", KBO, VERSION - 1)
    north = (job("1", "Lasser", employer="Bakkerij Peeters", kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    assert run("north", *north).positions is not None
    assert "kbo" not in offers(database)["Bakker"]["organisation"]
    assert offers(database)["Lasser"]["organisation"]["kbo"] == KBO
    assert run("north", *north).positions is None


def test_without_a_change_of_the_rules_nothing_is_reconsidered(database: Database, run: Run) -> None:
    north = (job("1", "Lasser", employer="Bakkerij Peeters", kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    run("north", *north)
    run("south", job("a", "Bakker", employer="Bakkerij Peeters", postal_codes=["9300"]), EVERYTHING)
    as_an_older_hub_left_it(database, "Bakkerij Peeters", KBO, VERSION)
    run("north", *north)
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT count(DISTINCT organisation) FROM organisation_name").scalar_one()
    assert found == 1


def test_a_run_that_lost_its_lease_reconsiders_nothing(database: Database, run: Run, tmp_path: Path) -> None:
    run("north", job("1", "Lasser", employer=EMPLOYER, kbo=KBO, postal_codes=["9000"]), EVERYTHING)
    as_an_older_hub_left_it(database, EMPLOYER, KBO, VERSION - 1)
    plan = PlanFile(tmp_path / "plans" / "late.plan")
    with closing(plan), pytest.raises(Superseded):
        register_plan(database, plan, "north", now="2026-11-22T09:00:00Z", fence=_superseded)
    with database.read() as connection:
        assert not organisations.is_current(connection, VERSION)


def _superseded(_connection: Connection) -> None:
    raise Superseded("another works on it")
