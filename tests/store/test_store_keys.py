"""Keys in the store: given, compared, replaced, taken back, and seen at once by whoever looks them up."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.adapter import Rate
from hub.errors import StoreError
from hub.store import Database, keys, open_store
from hub.store.keys import Grant, key_text
from hub.store.keys.keyring import Keyring

NOW, SOON, LATER = "2026-11-23T06:00:00Z", "2026-11-30T06:00:00Z", "2027-11-23T06:00:00Z"
GRANT = Grant("Portaal Gent", "it@gent.example", ("ghent",), expires=LATER)
REVOKE = """
import sys
from pathlib import Path
from hub.store import keys, open_store
database = open_store(Path(sys.argv[1]))
with database.write() as connection:
    keys.revoke(connection, sys.argv[2], now="2026-11-23T07:00:00Z")
database.close()
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


@pytest.fixture
def ring(database: Database) -> Iterator[Keyring]:
    made = Keyring(database, limit=2)
    yield made
    made.close()


def give(database: Database, grant: Grant = GRANT) -> key_text.MadeKey:
    with database.write() as connection:
        return keys.give(connection, grant, now=NOW)


def test_a_key_carries_its_id_and_256_random_bits() -> None:
    made = [key_text.make() for _ in range(200)]
    assert all(key_text.id_of(each.text) == each.id and len(each.text) == key_text.LENGTH for each in made)
    assert len({each.text.rpartition(each.id)[2] for each in made}) == 200
    assert made[0].text not in f"{made[0]!r} {made[0]}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "schakel_",
        "schakel_abc_x",
        "sk_" + "a" * 60,
        "schakel_abcdefghjk_" + "é" * 43,
        "schakel_abcdefghjk_" + "a" * 99,
    ],
)
def test_what_cannot_be_a_key_has_no_id(text: str) -> None:
    assert key_text.id_of(text) is None


def test_only_the_very_key_matches_what_is_stored() -> None:
    made, other = key_text.make(), key_text.make()
    stored = key_text.digest(made.text)
    assert key_text.matches(made.text, stored)
    assert not key_text.matches(other.text, stored)
    assert not key_text.matches(made.text[:-1], stored)


def test_the_store_holds_no_secret(database: Database) -> None:
    made = give(database)
    secret = made.text.rpartition("_")[2].encode()
    files = [path.read_bytes() for path in database.path.parent.glob("hub.db*")]
    assert any(made.id.encode() in each for each in files)
    assert not any(secret in each for each in files)


def test_a_key_is_kept_with_what_it_is_for(database: Database) -> None:
    grant = Grant("Portaal", "it@portal.example", ("ghent", "youth"), Rate(100, 60), LATER)
    one, two = give(database, grant), give(database, Grant("Ander", "it@other.example", None))
    with database.read() as connection:
        found = {row.id: row for row in keys.find(connection)}
    assert (found[one.id].grant, found[one.id].created, found[one.id].last_used) == (grant, NOW, None)
    assert (found[one.id].opens("youth"), found[one.id].opens("all"), found[two.id].opens("all")) == (True, False, True)
    assert [found[one.id].state(at) for at in (NOW, LATER)] == ["live", "expired"]


def test_a_key_that_is_replaced_works_until_its_last_day_beside_the_new_one(database: Database) -> None:
    old = give(database)
    with database.write() as connection:
        new = keys.replace(connection, old.id, GRANT, now=NOW, until=SOON)
        first, second = keys.get(connection, old.id), keys.get(connection, new.id)
    assert (first.grant.expires, second.grant.expires, second.replaces) == (SOON, LATER, old.id)
    with database.write() as connection, pytest.raises(StoreError, match=f"replaced by {new.id}"):
        keys.replace(connection, old.id, GRANT, now=NOW, until=SOON)


def test_a_replaced_key_never_lives_longer_than_it_would_have(database: Database) -> None:
    old = give(database, Grant("Portaal", "it@portal.example", None, expires="2026-11-24T06:00:00Z"))
    with database.write() as connection:
        keys.replace(connection, old.id, GRANT, now=NOW, until=SOON)
        assert keys.get(connection, old.id).grant.expires == "2026-11-24T06:00:00Z"


def test_a_dead_key_cannot_be_replaced_nor_revoked_twice(database: Database) -> None:
    made = give(database)
    with database.write() as connection:
        keys.revoke(connection, made.id, now=NOW)
    for step in (
        lambda connection: keys.revoke(connection, made.id, now=NOW),
        lambda connection: keys.replace(connection, made.id, GRANT, now=NOW, until=SOON),
        lambda connection: keys.get(connection, "nothing"),
    ):
        with database.write() as connection, pytest.raises(StoreError, match=r"already|revoked|no key"):
            step(connection)


def test_when_a_key_was_used_never_goes_back(database: Database) -> None:
    made = give(database)
    with database.write() as connection:
        before = keys.changes(connection)
        keys.note_used(connection, {made.id: SOON})
        keys.note_used(connection, {made.id: NOW})
        assert (keys.get(connection, made.id).last_used, keys.changes(connection)) == (SOON, before)


def test_a_key_is_read_once_for_as_long_as_no_key_changes(database: Database, ring: Keyring) -> None:
    made = give(database)
    first = ring.find(made.id)
    with database.write() as connection:
        connection.execute(text("INSERT INTO source (id) VALUES ('a')"))
        keys.note_used(connection, {made.id: SOON})
    assert first is not None
    assert ring.find(made.id) is first


def test_the_ring_keeps_no_more_than_it_may_and_nothing_of_what_is_no_key(database: Database, ring: Keyring) -> None:
    made = [give(database) for _ in range(4)]
    assert all(ring.find(each.id) for each in made)
    assert [ring.known(each.id) for each in made] == [False, False, True, True]
    assert ring.find("abcdefghjk") is None
    assert not ring.known("abcdefghjk")


def test_a_key_that_another_process_revokes_is_revoked_at_once(database: Database, ring: Keyring) -> None:
    made = give(database)
    row = ring.find(made.id)
    assert row is not None
    assert row.revoked is None
    subprocess.run([sys.executable, "-c", REVOKE, str(database.path), made.id], check=True, timeout=60)
    row = ring.find(made.id)
    assert row is not None
    assert row.revoked == "2026-11-23T07:00:00Z"


def test_what_was_revoked_stays_so_when_an_older_copy_takes_the_place_of_the_store(tmp_path: Path) -> None:
    now, copy = open_store(tmp_path / "now.db"), open_store(tmp_path / "copy.db")
    old = give(now)
    with copy.write(plan=now.path) as connection:
        keys.survive(connection)
    new = give(now)
    with now.write() as connection:
        keys.revoke(connection, old.id, now=NOW)
    with copy.write(plan=now.path) as connection:
        keys.survive(connection)
        assert {row.id: row.state(NOW) for row in keys.find(connection)} == {old.id: "revoked", new.id: "live"}
    now.close()
    copy.close()
