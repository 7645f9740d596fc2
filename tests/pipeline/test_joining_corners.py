"""Joining where several things come together: each of these went wrong once, found by trying everything."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Complete, Duplicate, Fetched, Job, Withdrawal
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.pipeline.deciding import Decided, decide, is_matched, match_all
from hub.pipeline.expiry import expire_due
from hub.pipeline.opportunity import opportunity_id
from hub.pipeline.undo import undo
from hub.store import Database, matches, pages
from hub.store.matches import CROWDED

Run = Callable[..., Report]
CHANGES = Complete("the test says so", covers="changes")
KBO, OTHER_KBO = "0403170701", "0201310929"
CLEANER: dict[str, Any] = {
    "title": "Poetshulp met dienstencheques",
    "employer": "Helder Huis nv",
    "postal_codes": ["9000"],
    "published": "2026-11-20",
    "description": {
        "nl": "Je poetst bij vaste klanten in en rond Gent: stofzuigen, dweilen, ramen lappen, strijken. Je krijgt "
        "een opleiding, een fiets en een vast contract van twintig tot achtendertig uur per week."
    },
}
BAKER = {
    **CLEANER,
    "title": "Bakker in de nachtploeg",
    "description": {"nl": "Je bakt brood en banket in de nacht, van tien tot zes, vijf dagen per week, in de winkel."},
}
WELDER = {
    **CLEANER,
    "title": "Lasser TIG",
    "employer": "Staal en Zonen bv",
    "description": {"nl": "Je last leidingen van roestvast staal voor de voeding, in de werkplaats en bij klanten."},
}


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """Run one of several made-up sources on what it is told to say, an hour after the run before."""
    runs = 0

    def run_words(source: str, *words: Fetched) -> Report:
        nonlocal runs
        runs += 1
        desk = Desk(database, tmp_path / "plans", hour(runs), [])
        ready = Source(source, Told(words), partner=source.title(), expect=Expect(absence_runs=1))
        return run_source(ready, desk, lambda cursor: cast("Job", Cursor(cursor)))

    return run_words


def hour(number: int) -> datetime:
    return MORNING + timedelta(hours=number)


def published(database: Database) -> dict[str, list[str]]:
    """Return which listings each opportunity has, as ``source/id``."""
    with database.read() as connection:
        items = pages.items(connection, after=0, limit=1000)
    said = {item.id: orjson.loads(item.body) for item in items if item.body}
    return {name: [f"{each['source']}/{each['localId']}" for each in body["listings"]] for name, body in said.items()}


def gone(database: Database) -> dict[str, tuple[str | None, str | None]]:
    with database.read() as connection:
        items = pages.items(connection, after=0, limit=1000)
    return {item.id: (item.reason, item.merged_into) for item in items if item.body is None}


def numbers(database: Database, *names: str) -> list[int]:
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT source || '/' || local_id, id FROM listing").all()
    found = {name: int(number) for name, number in rows}
    return [found[name] for name in names]


def written_by_older_rules(database: Database) -> None:
    """Leave the store as an older edition of the rules does, whose features this one cannot read."""
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE feature SET bytes = x'00'")
        connection.exec_driver_sql("UPDATE counter SET value = 0 WHERE name IN ('features', 'matching')")


NORTH, SOUTH, EAST = (opportunity_id(*name) for name in (("north", "1"), ("south", "a"), ("east", "x")))


def test_a_number_that_is_taken_back_no_longer_keeps_listings_apart(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER, kbo=KBO), EVERYTHING)
    run("east", job("x", **BAKER), EVERYTHING)
    run("south", job("a", **{**BAKER, "kbo": OTHER_KBO}), EVERYTHING)
    assert sorted(map(sorted, published(database).values())) == [["east/x", "south/a"], ["north/1"]]


def test_a_double_leads_to_the_opportunity_that_the_other_listing_joined(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("b", **BAKER), EVERYTHING)
    run("south", Duplicate("b", "a"), job("a", **CLEANER), EVERYTHING)
    assert published(database) == {NORTH: ["north/1", "south/a"]}
    assert gone(database) == {opportunity_id("south", "b"): ("merged", NORTH)}


def test_what_splits_off_does_not_take_an_id_that_another_listing_lives_under(database: Database, run: Run) -> None:
    run("east", job("x", **BAKER), EVERYTHING)
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **CLEANER), EVERYTHING)
    run("south", Withdrawal("a"), CHANGES)  # it ends as part of the opportunity that began with north/1
    run("north", job("1", **BAKER), EVERYTHING)
    run("south", job("a", **WELDER), EVERYTHING)
    assert published(database) == {EAST: ["east/x", "north/1"], NORTH: ["south/a"]}
    run("north", job("1", **CLEANER), EVERYTHING)
    found = published(database)
    assert (found[EAST], found[NORTH]) == (["east/x"], ["south/a"])
    assert sorted(found.values()) == [["east/x"], ["north/1"], ["south/a"]]


def test_undoing_what_came_and_went_leaves_the_way_to_where_the_others_went(
    database: Database, run: Run, tmp_path: Path
) -> None:
    run("east", job("x", **BAKER), EVERYTHING)
    run("north", job("1", **CLEANER), EVERYTHING)
    run("north", Withdrawal("1"), CHANGES)
    came = run("north", job("1", **CLEANER, expires="2026-11-23"), EVERYTHING)
    run("south", job("a", **CLEANER), EVERYTHING)
    expire_due(database, tmp_path / "plans", MORNING + timedelta(days=3))
    run("south", job("a", **BAKER), EVERYTHING)
    before = gone(database)
    assert before == {NORTH: ("merged", EAST)}
    undo(database, tmp_path / "plans", "north", came.run or 0, now=MORNING + timedelta(days=4))
    assert gone(database) == before


def test_who_parts_two_listings_joins_no_others(database: Database, run: Run, tmp_path: Path) -> None:
    brussels = {**CLEANER, "postal_codes": ["1000"]}
    run("north", job("1", **CLEANER, references=("one:1", "two:2", "three:3")), EVERYTHING)
    run("south", job("a", **brussels, references=("four:4", "five:5", "three:3")), EVERYTHING)
    run("east", job("x", **brussels), EVERYTHING)
    before = published(database)
    pair = numbers(database, "north/1", "east/x")
    decided = Decided("different", "An", None, hour(9))
    assert decide(database, tmp_path / "plans", "north", [(pair[0], pair[1])], decided) is None
    assert match_all(database, tmp_path / "plans", hour(10)) == 0
    assert published(database) == before


def test_what_older_rules_wrote_down_hinders_nobody(database: Database, run: Run, tmp_path: Path) -> None:
    run("north", job("1", **CLEANER, expires="2026-11-23"), EVERYTHING)
    run("south", job("a", **CLEANER), EVERYTHING)
    run("east", job("x", **CLEANER), EVERYTHING)
    written_by_older_rules(database)
    expire_due(database, tmp_path / "plans", MORNING + timedelta(days=3))
    assert published(database) == {NORTH: ["south/a", "east/x"]}
    assert not is_matched(database)
    assert match_all(database, tmp_path / "plans", hour(9)) == 0
    assert is_matched(database)


def test_a_pair_that_older_rules_found_ends_with_what_it_was_found_in(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **CLEANER), EVERYTHING)
    written_by_older_rules(database)
    run("north", Withdrawal("1"), CHANGES)
    run("south", Withdrawal("a"), CHANGES)
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **BAKER), EVERYTHING)
    assert sorted(published(database).values()) == [["north/1"], ["south/a"]]


def test_a_decision_about_what_is_gone_counts_again_when_it_returns(
    database: Database, run: Run, tmp_path: Path
) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("south", job("a", **CLEANER), EVERYTHING)
    one, other = numbers(database, "north/1", "south/a")
    decide(database, tmp_path / "plans", "north", [(one, other)], Decided("different", "An", None, hour(9)))
    run("south", Withdrawal("a"), CHANGES)
    run("south", job("a", **CLEANER), EVERYTHING)
    assert published(database) == {NORTH: ["north/1"], SOUTH: ["south/a"]}


def test_a_key_that_became_crowded_parts_what_it_alone_joined_once_all_is_matched_anew(
    database: Database, run: Run, tmp_path: Path
) -> None:
    silent: dict[str, Any] = {"title": "Poetshulp", "employer": "Helder Huis nv", "postal_codes": ["9000"]}
    first = {**silent, "published": "2026-11-20", "expires": "2026-12-20", "kbo": KBO}
    run("north", job("1", **first), EVERYTHING)
    run("south", job("a", **first), EVERYTHING)
    assert published(database) == {NORTH: ["north/1", "south/a"]}
    others = [job(str(each), **{**silent, "published": "2026-09-01"}) for each in range(CROWDED)]
    run("east", *others, EVERYTHING)
    assert published(database)[NORTH] == ["north/1", "south/a"]
    with database.read() as connection:
        assert len(matches.pairs(connection, numbers(database, "north/1"))) == 1
    assert match_all(database, tmp_path / "plans", hour(9)) > 0
    assert published(database)[NORTH] == ["north/1"]


def test_what_returns_does_not_rename_the_opportunity_of_those_who_stayed(database: Database, run: Run) -> None:
    run("north", job("1", **CLEANER), EVERYTHING)
    run("north", Withdrawal("1"), CHANGES)
    run("south", job("a", **CLEANER), EVERYTHING)
    run("north", job("1", **CLEANER), EVERYTHING)
    assert published(database) == {SOUTH: ["north/1", "south/a"]}
    assert gone(database) == {NORTH: ("withdrawn", None)}


def test_an_id_stays_with_who_is_left_where_the_one_it_began_with_joins_an_older_opportunity(
    database: Database, run: Run
) -> None:
    run("north", job("1", **WELDER), EVERYTHING)
    run("east", job("x", **CLEANER), EVERYTHING)
    run("south", job("a", **CLEANER), EVERYTHING)
    assert published(database)[EAST] == ["east/x", "south/a"]
    run("east", job("x", **WELDER), EVERYTHING)
    assert published(database) == {NORTH: ["north/1", "east/x"], EAST: ["south/a"]}
    assert gone(database) == {}


def test_what_was_a_double_of_a_listing_beside_it_ends_as_that_listing_does(
    database: Database, run: Run, tmp_path: Path
) -> None:
    run("south", job("a", **CLEANER), job("b", **BAKER), EVERYTHING)
    one, other = numbers(database, "south/a", "south/b")
    decide(database, tmp_path / "plans", "south", [(one, other)], Decided("same", "An", None, hour(2)))
    run("south", job("a", **CLEANER), Duplicate("b", "a"), EVERYTHING)
    run("south", Withdrawal("a"), CHANGES)
    assert gone(database)[SOUTH] == ("withdrawn", None)
