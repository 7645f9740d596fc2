"""`hub match` as an admin uses it, over two files that list some of the same jobs; and what new rules make of these."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from small_hub import Folder
from typer.testing import CliRunner

from hub.app import matching
from hub.app.backups import back_up, restore
from hub.app.hub import Hub
from hub.cli import app
from hub.errors import StoreError
from hub.store import Database, pages

JOBS = """
path = "{file}"
kind = "{kind}"
id = "nr"
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
"description.nl" = "tekst"
"url" = "pagina"
{more}
[options.file]
whole = true
"""
PLACE = '"places.postalCode" = "postcode"'
MENTORING = '[options.constants]\n"programmeType" = "mentoring"'
HEADER = "nr;naam;wie;tekst;pagina;postcode"
CLEANER = (
    "Poetshulp met dienstencheques;Helder Huis nv;Je poetst bij vaste klanten in en rond Gent: stofzuigen, dweilen, "
    "ramen lappen, strijken. Je krijgt een opleiding, een fiets en een vast contract van twintig tot achtendertig uur "
    "per week, met maaltijdcheques, een hospitalisatieverzekering en twintig dagen verlof. "
    "Je werkt overdag, vier of vijf dagen in de week, altijd bij dezelfde gezinnen. Wij geven je een opleiding van "
    "drie dagen, een elektrische fiets, werkkledij en een vergoeding voor je kilometers. Een consulent belt je "
    "elke week. "
    "Ervaring is niet nodig en je spreekt genoeg Nederlands om met de klanten af te spreken wat er moet gebeuren."
    ";{page};9000"
)
BAKER = (
    "Bakker;Brood en Banket bv;Je bakt brood en banket in de nacht, van tien tot zes, vijf dagen per week;{page};9000"
)


def listing(number: str, said: str, page: str = "") -> str:
    return f"{number};{said.format(page=page)}"


def write(config: Path, source: str, *rows: str) -> None:
    (config / f"{source}.csv").write_text("\n".join([HEADER, *rows, ""]))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return the folder of a hub with two sources that list one job both, which ran."""
    folder = Folder(tmp_path)
    for source in ("north", "south"):
        folder.source(source, JOBS.format(file=f"{source}.csv", kind="vacancy", more=PLACE), more="")
    page = "https://jobs.example.be/1"
    write(folder.path, "north", listing("1", CLEANER, page), listing("2", BAKER))
    write(folder.path, "south", listing("a", CLEANER, page), listing("2", BAKER.replace("9000", "8000")))
    for source in ("north", "south"):
        run(folder.path, "run", source)
    return folder.path


def run(config: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--config", str(config)], env={"COLUMNS": "200"}, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def match(config: Path, *words: str) -> Any:
    return json.loads(run(config, "match", *words, "--json"))


def refused(config: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["match", *words, "--config", str(config)])
    assert isinstance(done.exception, StoreError)
    return str(done.exception)


def names(sides: Iterable[dict[str, Any]]) -> list[str]:
    return [f"{side['source']}/{side['local_id']}" for side in sides]


def test_an_opportunity_is_shown_with_its_listings_and_why_they_are_one(config: Path) -> None:
    shown = match(config, "show", "south/a")
    assert names(shown["listings"]) == ["north/1", "south/a"]
    [pair] = shown["matches"]
    assert "address-shared" in [reason["feature"] for reason in pair["pair"]["reasons"]]
    assert match(config, "show", shown["opportunity"]) == shown
    assert match(config, "show", f"https://hub.example.org/opportunities/{shown['opportunity']}") == shown
    told = run(config, "match", "show", "north/1")
    assert "address-shared" in told
    assert "Both lead to the same page: jobs.example.be/1." in told
    assert "Both are in the same municipality: Gent." in told


def test_the_trace_names_what_a_listing_was_compared_with(config: Path) -> None:
    told = run(config, "trace", "north/1")
    assert told == run(config, "trace", "1", "--source", "north")
    assert "south/a" in told
    run(config, "match", "split", "north/1", "south/a", "--by", "an admin")
    assert "different by an admin" in run(config, "trace", "north/1")


def test_a_person_parts_and_joins_and_every_run_keeps_to_it(config: Path) -> None:
    assert match(config, "split", "south/a", "--why", "two shops", "--by", "an admin")["positions"] == [5, 6]
    assert names(match(config, "show", "south/a")["listings"]) == ["south/a"]
    assert match(config, "again") == {"positions": 0, "opportunities": 0, "listings": 0}
    shown = run(config, "match", "show", "south/a")
    assert "different by an admin" in shown
    assert "two shops" in shown
    assert "by the rules alone: same" in shown
    assert "one opportunity from now on" in run(config, "match", "confirm", "south/a", "north/1", "--why", "one shop")
    run(config, "run")
    assert names(match(config, "show", "south/a")["listings"]) == ["north/1", "south/a"]


def test_a_person_joins_what_the_rules_leave_apart(config: Path) -> None:
    assert match(config, "confirm", "north/2", "south/2", "--why", "the employer told us")["positions"] is not None
    assert names(match(config, "show", "north/2")["listings"]) == ["north/2", "south/2"]
    assert match(config, "list") == {"opportunities": 2, "listings": 4, "unsure": 0, "pairs": []}
    assert "nothing to judge" in run(config, "match", "list")


def test_what_the_rules_leave_open_is_listed_until_it_is_decided(config: Path) -> None:
    write(config, "south", listing("a", CLEANER), listing("b", CLEANER))  # either may be that of north
    write(config, "north", listing("1", CLEANER), listing("2", BAKER))
    run(config, "run")
    found = match(config, "list")
    assert [names([pair["first"], pair["second"]]) for pair in found["pairs"]] == [
        ["north/1", "south/a"],
        ["north/1", "south/b"],
    ]
    assert "2 to judge" in run(config, "match", "list")
    match(config, "split", "north/1", "south/b")
    assert names(match(config, "show", "north/1")["listings"]) == ["north/1", "south/a"]
    assert match(config, "list") == {"opportunities": 1, "listings": 2, "unsure": 0, "pairs": []}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("confirm", "north/1", "south/a"), "one opportunity already"),
        (("show", "north/9"), "nothing live is called north/9"),
        (("split", "north/2"), "stands alone"),
        (("split", "north/1", "north/1"), "name two"),
        (("show", "2"), "several"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_what_to_do(config: Path, words: tuple[str, ...], said: str) -> None:
    assert said in refused(config, *words)


def test_what_the_rules_never_join_is_joined_only_by_who_says_so_twice(config: Path) -> None:
    write(config, "south", listing("a", CLEANER), listing("b", CLEANER), listing("2", BAKER))
    run(config, "run", "south")
    said = refused(config, "confirm", "south/a", "south/b")
    assert "Both are of south, which lists them as two." in said
    assert "If they are one all the same, add --anyway" in said
    assert match(config, "confirm", "south/a", "south/b", "--anyway")["positions"] is not None
    assert {"south/a", "south/b"} <= set(names(match(config, "show", "south/a")["listings"]))


def test_a_vacancy_and_a_programme_are_never_one(config: Path) -> None:
    source = Folder.__new__(Folder)
    source.path = config
    source.source("courses", JOBS.format(file="courses.csv", kind="programme", more=MENTORING), more="")
    write(config, "courses", listing("c", CLEANER))
    run(config, "run", "courses")
    assert "a vacancy and a programme" in refused(config, "confirm", "north/1", "courses/c")
    assert match(config, "list")["opportunities"] == 1


def followed(database: Database) -> dict[str, tuple[str | None, str | None, bytes | None]]:
    with database.read() as connection:
        items = pages.items(connection, after=0, limit=100)
    return {item.id: (item.reason, item.merged_into, item.body) for item in items}


def test_new_rules_match_everything_again_once_and_move_nothing_that_was_right(config: Path) -> None:
    with Hub.open(config) as hub:
        before = followed(hub.database)
        assert not matching.renew(hub)
        with hub.database.write() as connection:  # as a hub with older rules leaves its store
            connection.exec_driver_sql("UPDATE feature SET bytes = x'00'")
            connection.exec_driver_sql("UPDATE counter SET value = 0 WHERE name IN ('features', 'matching')")
        assert matching.renew(hub)
        assert not matching.renew(hub)
        assert followed(hub.database) == before


def test_a_restored_hub_joins_again_what_was_joined_since(config: Path, tmp_path: Path) -> None:
    run(config, "match", "split", "north/1", "south/a")
    with Hub.open(config) as hub:
        back_up(hub.database, hub.archive.folder, tmp_path / "backup")
    run(config, "match", "confirm", "north/1", "south/a")
    with Hub.open(config) as hub:
        merged = followed(hub.database)
    restored = restore(tmp_path / "backup", tmp_path / "data")
    assert restored.replaced is not None
    with Hub.open(config) as hub:
        assert {name for name, (reason, _, _) in merged.items() if reason == "merged"} <= set(followed(hub.database))
        assert not any(reason for reason, _, _ in followed(hub.database).values())
        assert matching.again(hub) == 0
        matching.confirm(hub, "north/1", "south/a", by="An", why=None)
        found = {name: said[:2] for name, said in followed(hub.database).items()}
    assert found == {name: said[:2] for name, said in merged.items()}


def test_a_restored_hub_keeps_merged_opportunities_merged(config: Path, tmp_path: Path) -> None:
    run(config, "match", "confirm", "north/2", "south/2")
    with Hub.open(config) as hub:
        back_up(hub.database, hub.archive.folder, tmp_path / "backup")
        merged = followed(hub.database)
    run(config, "match", "split", "north/2", "south/2")
    restore(tmp_path / "backup", tmp_path / "data")
    with Hub.open(config) as hub:
        assert followed(hub.database) == merged
        assert matching.again(hub) == 0
    shutil.rmtree(tmp_path / "backup")
