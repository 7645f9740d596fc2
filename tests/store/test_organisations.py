"""The register over runs: what it keeps, what it learns, what it takes back, and what people decide."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

import hub.store
from hub.errors import StoreError
from hub.organisations import Known, Sighting, name_key
from hub.store import Connection, Database, open_store
from hub.store.organisations import (
    Sighted,
    attach,
    belonging,
    decisions,
    is_current,
    known,
    reconsider,
    renew,
    retract,
    retracted,
    settle_retractions,
    sight,
    views,
)
from hub.store.organisations.decisions import Word
from hub.store.organisations.tables import (
    metadata,
    organisation,
    organisation_decision,
    organisation_listing,
    organisation_name,
    organisation_retraction,
)

TABLES = [
    organisation,
    organisation_name,
    organisation_decision,
    organisation_listing,
    organisation_retraction,
]
NOW, LATER = "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z"
A, B = "0403170701", "0400378485"
GHENT, AALST = "44021", "41002"
TELLING, COMMON = "Vermorgen Staelens", "Bakkerij Peeters"
WORD = Word("an admin", "they said so", NOW)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = open_store(tmp_path / "hub.db")
    with database.write() as opened:
        metadata.create_all(opened, tables=TABLES)
        yield opened
    database.close()


def id_of(connection: Connection, sighting: Sighting, now: str = NOW) -> str:
    return sight(connection, [sighting], now=now).organisations[sighting]


def of(connection: Connection, sighting: Sighting) -> Known:
    """Return what is known of the organisation of a mention, which is counted once more."""
    identifier = id_of(connection, sighting)
    return known(connection, [identifier])[identifier]


def test_the_migration_makes_the_tables_of_the_schema(tmp_path: Path) -> None:
    folder = Path(hub.store.__file__).parent / "migrations"
    spec = spec_from_file_location("organisations", next(folder.rglob("*_organisations.py")))
    assert spec is not None
    assert spec.loader is not None
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    shapes = []
    for number in (0, 1):
        database = Database(tmp_path / f"{number}.db")
        with database.write() as opened:
            if number:
                metadata.create_all(opened, tables=TABLES)
            else:
                with Operations.context(MigrationContext.configure(opened)):
                    migration.upgrade()
            found = opened.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
            columns = opened.exec_driver_sql(
                'SELECT m.name, i.name, i.type, i."notnull", i.pk FROM sqlite_master AS m '
                "JOIN pragma_table_info(m.name) AS i WHERE m.type = 'table' ORDER BY m.name, i.cid"
            )
            shapes.append(([row for row in found if "INDEX" in row[1]], columns.all()))
        database.close()
    assert shapes[0] == shapes[1]


def test_an_organisation_keeps_its_id_and_gains_the_number_that_is_learned_later(connection: Connection) -> None:
    first = id_of(connection, Sighting("a", COMMON, None, GHENT))
    second = id_of(connection, Sighting("b", f"{COMMON} bv", A, GHENT), LATER)
    assert first == second
    assert known(connection, [first])[first].kbo == A


def test_ids_are_the_same_in_every_rebuild(connection: Connection, tmp_path: Path) -> None:
    mentions = [Sighting("a", COMMON, A, GHENT), Sighting("a", TELLING), Sighting("b", COMMON, None, AALST)]
    here = sight(connection, mentions, now=NOW).organisations
    database = open_store(tmp_path / "other.db")
    with database.write() as other:
        metadata.create_all(other, tables=TABLES)
        assert sight(other, mentions, now=LATER).organisations == here
    database.close()


def test_what_is_mentioned_again_is_only_counted(connection: Connection) -> None:
    mention = Sighting("a", TELLING, A, GHENT)
    before = id_of(connection, mention)
    assert sight(connection, [mention] * 3, now=LATER) == Sighted({mention: before}, frozenset())
    assert [(each.count, each.last_seen) for each in views.mentions(connection, before)] == [(4, LATER)]


def test_looking_up_where_a_mention_belongs_counts_nothing(connection: Connection) -> None:
    mention = Sighting("a", TELLING, A, GHENT)
    there = id_of(connection, mention)
    assert belonging(connection, [mention, Sighting("b", TELLING)]) == {mention: there}
    assert views.mentions(connection, there)[0].count == 1


def test_two_that_prove_to_be_one_become_one_and_the_older_id_leads_there(connection: Connection) -> None:
    unnumbered = id_of(connection, Sighting("a", COMMON, None, GHENT))
    numbered = id_of(connection, Sighting("b", TELLING, A, AALST))
    settled = sight(connection, [Sighting("b", COMMON, A, GHENT)], now=LATER)
    assert settled.retracted == frozenset()
    told = known(connection, [unnumbered])[unnumbered]
    assert (told.id, told.kbo, told.alternative_names) == (numbered, A, (COMMON,))
    assert views.ids(connection, numbered) == [unnumbered]


def test_a_number_is_taken_back_when_a_second_company_of_that_name_appears(connection: Connection) -> None:
    guessed = Sighting("a", TELLING, None, GHENT)
    first = id_of(connection, Sighting("b", TELLING, A, GHENT))
    assert id_of(connection, guessed) == first
    settled = sight(connection, [Sighting("c", TELLING, B, GHENT)], now=LATER)
    assert settled.retracted == {first}
    assert of(connection, guessed).ambiguous
    assert of(connection, Sighting("b", TELLING, A, GHENT)).id == first


def test_the_id_of_what_was_found_by_name_is_never_given_to_another(connection: Connection) -> None:
    unnumbered = Sighting("a", TELLING, None, GHENT)
    first = id_of(connection, unnumbered)
    assert id_of(connection, Sighting("b", TELLING, A, GHENT)) == first
    id_of(connection, Sighting("c", TELLING, B, GHENT))
    assert id_of(connection, unnumbered) != first


def test_the_order_of_runs_makes_no_difference_to_who_is_together(connection: Connection, tmp_path: Path) -> None:
    names = [TELLING, "Vermorgen Staelns", COMMON, f"{COMMON} vzw", "AD Delhaize", "Stad Gent", "Ville de Gand"]
    mentions = [
        Sighting(source, name, kbo, place)
        for source, kbo in (("a", A), ("b", None), ("c", B), ("d", None))
        for name in names
        for place in (GHENT, AALST)
        if kbo is None or (kbo == A) == (place == GHENT)
    ]
    found = []
    for seed in range(3):
        database = open_store(tmp_path / f"{seed}.db")
        with database.write() as other:
            metadata.create_all(other, tables=TABLES)
            for mention in Random(seed).sample(mentions, len(mentions)):
                sight(other, [mention], now=NOW)
            together = sight(other, mentions, now=NOW).organisations
        found.append({frozenset(m for m in mentions if together[m] == each) for each in set(together.values())})
        database.close()
    assert found[0] == found[1] == found[2]


def test_the_other_names_of_an_organisation_are_told_once_each(connection: Connection) -> None:
    for name in ("Stad Gent", "STAD GENT", "Ville de Gand", "Ville de gand"):
        id_of(connection, Sighting("a", name, A, GHENT))
    assert of(connection, Sighting("a", "Stad Gent", A, GHENT)).alternative_names == ("Ville de Gand",)


def test_what_a_person_merged_stays_merged_and_its_number_is_sure(connection: Connection) -> None:
    one, other = Sighting("a", TELLING), Sighting("b", "Novival Jobs", A, agency=True)
    survivor, merged = id_of(connection, one), id_of(connection, other)
    decisions.merge(connection, survivor, merged, WORD)
    id_of(connection, Sighting("c", "Novival Jobs", None, agency=True), LATER)
    reconsider(connection, now=LATER)
    assert {of(connection, each).id for each in (one, other)} == {survivor}
    assert (of(connection, one).kbo, of(connection, one).decided) == (A, True)


def test_a_name_that_a_person_split_off_stays_apart_in_later_runs(connection: Connection) -> None:
    whole = id_of(connection, Sighting("a", TELLING, A, GHENT))
    id_of(connection, Sighting("b", TELLING, None, AALST))
    part, moved = decisions.split(connection, whole, (f"{TELLING} nv", AALST), WORD)
    assert moved == 1
    assert id_of(connection, Sighting("c", TELLING, None, AALST), LATER) == part
    reconsider(connection, now=LATER)
    assert id_of(connection, Sighting("d", TELLING, None, AALST), LATER) == part
    assert id_of(connection, Sighting("d", TELLING, None, GHENT), LATER) == whole


def as_older_rules_had_it(connection: Connection, name: str, key: str) -> None:
    """Let a name be found by another key, as before a change of the rules, in mentions and in decisions."""
    of = name_key(name)
    for table in ("organisation_name", "organisation_decision"):
        connection.exec_driver_sql(f"UPDATE {table} SET name_key = ? WHERE name_key = ?", (key, of))


def test_a_name_that_was_split_off_stays_so_when_the_rules_read_names_otherwise(connection: Connection) -> None:
    whole = id_of(connection, Sighting("a", TELLING, A, GHENT))
    part, _ = decisions.split(connection, whole, (TELLING, GHENT), WORD)
    as_older_rules_had_it(connection, TELLING, "as it was read before")
    renew(connection, 2, now=LATER)
    assert id_of(connection, Sighting("c", TELLING, None, GHENT), LATER) == part
    assert [row.name_key for row in decisions.decisions(connection, part)] == [name_key(TELLING)]


def test_a_split_holds_for_every_spelling_that_the_rules_tell_apart_from_then_on(connection: Connection) -> None:
    whole = id_of(connection, Sighting("a", "Stad Gent", A, GHENT))
    id_of(connection, Sighting("a", "Ville de Gand Culture", A, GHENT))
    connection.exec_driver_sql("UPDATE organisation_name SET name_key = ?", (name_key("Stad Gent"),))
    part, moved = decisions.split(connection, whole, ("Stad Gent", GHENT), WORD)
    renew(connection, 2, now=LATER)
    assert moved == 2
    for name in ("Stad Gent", "Ville de Gand Culture"):
        assert id_of(connection, Sighting("b", name, A, GHENT), LATER) == part
    assert {(row.decided_by, row.other) for row in decisions.decisions(connection, part)} == {("an admin", part)}


def test_a_change_of_the_rules_puts_mentions_where_they_belong_and_keeps_the_ids(connection: Connection) -> None:
    there = id_of(connection, Sighting("a", TELLING, None, GHENT))
    id_of(connection, Sighting("a", TELLING, None, GHENT))
    alone = id_of(connection, Sighting("a", "De Brug", None, AALST))
    as_older_rules_had_it(connection, TELLING, "as it was read before")
    beside = id_of(connection, Sighting("b", TELLING, None, GHENT))  # which the older key does not lead to
    renew(connection, 2, now=LATER)
    assert (beside == there, of(connection, Sighting("b", TELLING, None, GHENT)).id) == (False, there)
    assert known(connection, [beside])[beside].id == there
    assert id_of(connection, Sighting("c", "De Brug", None, AALST), LATER) == alone
    assert (is_current(connection, 2), is_current(connection, 3)) == (True, False)


def test_what_the_rules_would_join_stays_apart_when_a_person_says_so(connection: Connection) -> None:
    one = id_of(connection, Sighting("a", COMMON, None, GHENT))
    other = id_of(connection, Sighting("b", TELLING, A, AALST))
    decisions.take_back(connection, other, one, WORD)
    id_of(connection, Sighting("b", COMMON, A, GHENT), LATER)
    assert id_of(connection, Sighting("a", COMMON, None, GHENT), LATER) == one
    assert known(connection, [one])[one].kbo is None


def test_a_merge_can_be_taken_back(connection: Connection) -> None:
    one, other = Sighting("a", TELLING), Sighting("b", "De Brug", None, GHENT)
    survivor, merged = id_of(connection, one), id_of(connection, other)
    decisions.merge(connection, survivor, merged, WORD)
    decisions.take_back(connection, survivor, merged, WORD)
    assert (id_of(connection, one), id_of(connection, other)) == (survivor, merged)
    kinds = [(row.kind, row.undone is None) for row in decisions.decisions(connection, merged, undone=True)]
    assert kinds == [("merge", False), ("apart", True)]


def test_a_decision_about_what_is_not_there_says_what_to_do(connection: Connection) -> None:
    there = id_of(connection, Sighting("a", TELLING))
    with pytest.raises(StoreError, match="hub organisation list"):
        decisions.merge(connection, there, "nobody", WORD)
    with pytest.raises(StoreError, match="has no name 'De Brug' in 44021"):
        decisions.split(connection, there, ("De Brug", GHENT), WORD)


def test_doubtful_pairs_come_with_the_most_offers_first_until_a_person_decides(connection: Connection) -> None:
    for name, offers in ((TELLING, 1), ("Kranendonk Loribrik", 3)):
        one = id_of(connection, Sighting("a", name))
        id_of(connection, Sighting("b", name, A if offers == 1 else B, agency=True))
        for number in range(offers):
            publish(connection, 10 * offers + number, one)
    first, second = views.uncertain(connection)
    assert (first.name, first.live, second.live) == ("Kranendonk Loribrik", 3, 1)
    assert first.reasons == ("agency-or-employer",)
    decisions.take_back(connection, first.organisation, first.other, WORD)
    decisions.merge(connection, second.organisation, second.other, WORD)
    assert views.uncertain(connection) == []


def test_the_offers_of_an_organisation_are_those_still_in_the_feed(connection: Connection) -> None:
    there = id_of(connection, Sighting("a", TELLING))
    publish(connection, 1, there)
    publish(connection, 2, there, live=False)
    assert [(each.name, each.live) for each in views.find(connection, "vermorgen")] == [(TELLING, 1)]


def test_what_was_described_with_an_organisation_that_proved_wrong_is_found_once(connection: Connection) -> None:
    there = id_of(connection, Sighting("a", TELLING))
    publish(connection, 1, there)
    publish(connection, 2, there, live=False)
    retract(connection, [there])
    assert retracted(connection) == {1: there}
    settle_retractions(connection)
    assert retracted(connection) == {}


def publish(connection: Connection, listing: int, organisation: str, *, live: bool = True) -> None:
    connection.exec_driver_sql(
        "INSERT INTO listing (id, source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed)"
        " VALUES (?1, 'a', ?1, x'', x'', ?2, ?1, 'vacancy', '', '')",
        (listing, int(live)),
    )
    attach(connection, {listing: organisation})
