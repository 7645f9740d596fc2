"""Listings of several sources that are one opportunity: what is published, under which id, and what becomes of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Complete, Fetched, Job, Withdrawal
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.pipeline.deciding import Decided, decide, is_matched, match_all
from hub.pipeline.expiry import expire_due
from hub.pipeline.opportunity import opportunity_id
from hub.pipeline.undo import undo
from hub.store import Database, matches, pages, publication, runs
from hub.store.pages import Item

Run = Callable[..., Report]
CHANGES = Complete("the test says so", covers="changes")
CLEANER: dict[str, Any] = {
    "title": "Poetshulp met dienstencheques",
    "employer": "Helder Huis nv",
    "kbo": "0403170701",
    "postal_codes": ["9000"],
    "published": "2026-11-20",
    "description": {
        "nl": "Je poetst bij vaste klanten in en rond Gent: stofzuigen, dweilen, ramen lappen, strijken en soms een "
        "boodschap doen. Je werkt overdag, vier of vijf dagen in de week, altijd bij dezelfde gezinnen. Wij geven je "
        "een opleiding van drie dagen, een elektrische fiets, werkkledij, maaltijdcheques en een vergoeding voor je "
        "kilometers. Je krijgt een vast contract van twintig tot achtendertig uur per week, en een consulent die je "
        "elke week belt. Ervaring is niet nodig; je spreekt genoeg Nederlands om met de klanten af te spreken wat er "
        "moet gebeuren."
    },
}
BAKER = {**CLEANER, "title": "Bakker in de nachtploeg", "description": {"nl": "Je bakt brood en banket in de nacht."}}


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """Run one of several made-up sources on what it is told to say."""

    def run_words(source: str, *words: Fetched, now: datetime = MORNING, expect: Expect | None = None) -> Report:
        desk = Desk(database, tmp_path / "plans", now, [])
        ready = Source(source, Told(words), partner=source.title(), expect=expect or Expect(absence_runs=1))
        return run_source(ready, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words


def feed(database: Database, after: int = 0) -> list[Item]:
    with database.read() as connection:
        return pages.items(connection, after=after, limit=1000)


def live(database: Database) -> dict[str, dict[str, Any]]:
    return {item.id: orjson.loads(item.body) for item in feed(database) if item.body}


def gone(database: Database) -> dict[str, tuple[str | None, str | None]]:
    return {item.id: (item.reason, item.merged_into) for item in feed(database) if item.body is None}


def sources(body: dict[str, Any]) -> list[str]:
    return [each["source"] for each in body["listings"]]


FIRST, SECOND = opportunity_id("north", "1"), opportunity_id("south", "a")


@pytest.fixture
def both(run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **CLEANER), job("b", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=1))


@pytest.mark.usefixtures("both")
def test_listings_of_two_sources_that_are_the_same_are_one_opportunity(database: Database) -> None:
    found = live(database)
    assert sorted(found) == sorted([FIRST, opportunity_id("south", "b")])
    assert sources(found[FIRST]) == ["north", "south"]
    assert gone(database) == {}


@pytest.mark.usefixtures("both")
def test_positions_stay_dense(database: Database) -> None:
    with database.read() as connection:
        spent = connection.exec_driver_sql("SELECT position FROM history ORDER BY position").scalars().all()
        assert list(spent) == list(range(1, publication.head(connection) + 1))


@pytest.mark.usefixtures("both")
def test_a_run_that_brings_nothing_new_is_silent(database: Database, run: Run) -> None:
    before = feed(database)
    again = run("south", job("a", **CLEANER), job("b", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=2))
    assert again.positions is None
    assert feed(database) == before


@pytest.mark.usefixtures("both")
def test_an_opportunity_lives_on_with_the_listing_that_is_left(database: Database, run: Run) -> None:
    run("north", Withdrawal("1"), CHANGES)
    assert sources(live(database)[FIRST]) == ["south"]
    run("south", Withdrawal("a"), CHANGES)
    assert gone(database) == {FIRST: ("withdrawn", None)}


@pytest.mark.usefixtures("both")
def test_what_comes_back_finds_its_opportunity_again(database: Database, run: Run) -> None:
    run("north", Withdrawal("1"), CHANGES)
    run("north", job("1", **CLEANER), EVERYTHING)
    assert sources(live(database)[FIRST]) == ["north", "south"]
    run("north", Withdrawal("1"), CHANGES)
    run("south", Withdrawal("a"), CHANGES)
    run("south", job("a", **CLEANER), CHANGES)
    assert sources(live(database)[FIRST]) == ["south"]


def test_two_opportunities_that_prove_to_be_one_leave_a_tombstone_that_points_to_the_older(
    database: Database, run: Run
) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=1))
    assert sorted(live(database)) == sorted([FIRST, SECOND])
    report = run("south", job("a", **CLEANER), EVERYTHING, now=MORNING + timedelta(hours=2))
    assert gone(database) == {SECOND: ("merged", FIRST)}
    assert sources(live(database)[FIRST]) == ["north", "south"]
    assert report.positions == (3, 4)


def test_listings_that_part_are_two_again_each_under_its_id(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=1))
    run("south", job("a", **CLEANER), EVERYTHING, now=MORNING + timedelta(hours=2))
    run("south", job("a", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=3))
    assert {name: sources(body) for name, body in live(database).items()} == {FIRST: ["north"], SECOND: ["south"]}
    assert gone(database) == {}


@pytest.mark.usefixtures("both")
def test_the_id_stays_with_those_who_are_left_and_what_returns_as_something_else_gets_its_own(
    database: Database, run: Run
) -> None:
    run("north", Withdrawal("1"), CHANGES)
    run("north", job("1", "Lasser TIG", employer="Staal en Zonen bv"), EVERYTHING)
    found = live(database)
    assert sources(found[FIRST]) == ["south"]
    others = [name for name, body in found.items() if sources(body) == ["north"]]
    assert len(others) == 1
    assert others[0] != FIRST


def test_the_canonical_listing_is_that_of_the_source_that_ranks_first(database: Database, run: Run) -> None:
    with database.write() as connection:
        runs.rank(connection, {"south": 1, "north": 2})
    run("north", job("1", **CLEANER, openings=2), EVERYTHING)
    run("south", job("a", **{**CLEANER, "employer": "HELDER HUIS"}), EVERYTHING)
    found = live(database)[FIRST]
    assert sources(found) == ["south", "north"]
    assert found["organisation"]["name"].casefold() == "helder huis"


def test_what_the_canonical_listing_does_not_say_is_taken_from_the_other_and_its_origin_told(
    database: Database, run: Run
) -> None:
    with database.write() as connection:
        runs.rank(connection, {"north": 1})
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **{**CLEANER, "openings": 3, "employer": "Helder Huis Gent"}), EVERYTHING)
    found = live(database)[FIRST]
    assert found["openings"] == 3
    assert found["organisation"]["alternativeNames"] == ["Helder Huis Gent"]
    told = [each for each in found["derived"] if each["method"] == "other-listing"]
    assert told == [
        {"fields": ["openings", "organisation.alternativeNames"], "method": "other-listing", "source": "south"}
    ]


def test_doubt_about_one_listing_is_no_doubt_about_the_opportunity(database: Database, run: Run) -> None:
    patient = Expect(absence_runs=2, floor=1000)
    run("north", job("1", **CLEANER), job("2", **BAKER), EVERYTHING)
    run("south", job("a", **CLEANER), job("b", **BAKER), EVERYTHING)
    head = len(feed(database))
    run("south", job("b", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=1), expect=patient)
    assert live(database)[FIRST]["status"] == "active"
    assert [item.position for item in feed(database, after=head + 2)] == []
    run("north", job("2", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=1), expect=patient)
    assert live(database)[FIRST]["status"] == "likelyExpired"
    run("north", job("1", **CLEANER), job("2", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=2), expect=patient)
    assert live(database)[FIRST]["status"] == "active"


def test_an_undone_run_takes_its_listing_out_of_the_opportunity_again(
    database: Database, run: Run, tmp_path: Path
) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **BAKER), EVERYTHING)
    before = live(database)
    bad = run("south", job("a", **CLEANER), EVERYTHING)
    undo(database, tmp_path / "plans", "south", bad.run or 0, now=MORNING)
    assert live(database) == before


def test_an_opportunity_expires_when_the_last_of_its_listings_does(
    database: Database, run: Run, tmp_path: Path
) -> None:
    run("north", job("1", **CLEANER, expires="2026-11-23"), EVERYTHING)
    run("south", job("a", **CLEANER, expires="2026-11-25"), EVERYTHING)
    expire_due(database, tmp_path / "plans", MORNING + timedelta(days=2))
    assert sources(live(database)[FIRST]) == ["south"]
    expire_due(database, tmp_path / "plans", MORNING + timedelta(days=4))
    assert gone(database) == {FIRST: ("expired", None)}


def test_what_another_source_published_after_the_comparison_is_found_all_the_same(
    database: Database, run: Run, tmp_path: Path
) -> None:
    def meanwhile() -> None:
        run("north", job("1", **CLEANER), EVERYTHING)

    desk = Desk(database, tmp_path / "others", MORNING, [], settle=meanwhile)
    source = Source("south", Told([job("a", **CLEANER), EVERYTHING]), partner="South")
    run_source(source, desk, lambda cursor: cast("Job", Cursor(cursor)))
    assert [sorted(sources(body)) for body in live(database).values()] == [["north", "south"]]


def test_a_person_parts_what_the_rules_join_and_that_outlives_every_run(
    database: Database, run: Run, both: None, tmp_path: Path
) -> None:
    pair = _numbers(database, ("north", "1"), ("south", "a"))
    decided = Decided("different", "An", "two shops", MORNING)
    decide(database, tmp_path / "plans", "north", [pair], decided)
    assert {name: sources(body) for name, body in live(database).items() if name in {FIRST, SECOND}} == {
        FIRST: ["north"],
        SECOND: ["south"],
    }
    changed = {**CLEANER, "openings": 9}
    run("south", job("a", **changed), job("b", **BAKER), EVERYTHING)
    run("north", job("1", **changed), EVERYTHING)
    match_all(database, tmp_path / "plans", MORNING)
    assert sources(live(database)[FIRST]) == ["north"]


def test_a_person_joins_what_the_rules_leave_apart(database: Database, run: Run, tmp_path: Path) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **BAKER), EVERYTHING, now=MORNING + timedelta(hours=1))
    pair = _numbers(database, ("south", "a"), ("north", "1"))
    decide(database, tmp_path / "plans", "north", [pair], Decided("same", "An", None, MORNING))
    assert sources(live(database)[FIRST]) == ["north", "south"]
    assert gone(database) == {SECOND: ("merged", FIRST)}
    run("south", job("a", **{**BAKER, "openings": 2}), EVERYTHING)
    assert sources(live(database)[FIRST]) == ["north", "south"]


@pytest.mark.usefixtures("both")
def test_matching_everything_anew_changes_nothing_that_was_right(database: Database, tmp_path: Path) -> None:
    before = feed(database)
    assert match_all(database, tmp_path / "plans", MORNING) == 0
    assert feed(database) == before
    assert is_matched(database)


def test_what_was_never_compared_is_found_by_matching_everything(database: Database, run: Run, tmp_path: Path) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    with database.write() as connection:  # as an older hub leaves its store
        for table in ("feature", "block"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    run("south", job("a", **CLEANER), EVERYTHING, now=MORNING + timedelta(hours=1))
    assert len(live(database)) == 2
    assert match_all(database, tmp_path / "plans", MORNING) == 2
    assert sources(live(database)[FIRST]) == ["north", "south"]
    assert gone(database) == {SECOND: ("merged", FIRST)}


def _numbers(database: Database, *names: tuple[str, str]) -> tuple[int, int]:
    found = "SELECT id FROM listing WHERE source = ? AND local_id = ?"
    with database.read() as connection:
        first, second = [int(connection.exec_driver_sql(found, name).scalar_one()) for name in names]
    return first, second


def test_the_pairs_of_what_is_gone_are_forgotten_and_decisions_are_not(
    database: Database, run: Run, both: None
) -> None:
    pair = _numbers(database, ("north", "1"), ("south", "a"))
    with database.write() as connection:
        matches.decide(connection, pair, "same", decided="2026-11-22T08:00:00Z", by="An", why=None)
    run("south", Withdrawal("a"), CHANGES)
    with database.read() as connection:
        assert matches.pairs(connection, pair) == []
        assert list(matches.decisions(connection, pair).values()) == ["same"]
        assert connection.exec_driver_sql("SELECT count(*) FROM block WHERE listing = ?", (pair[1],)).scalar() == 0
