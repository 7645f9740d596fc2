"""What readers report and count, as rows: each once, followed by what follows, and never a person's data."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clean.notes import clean_note
from hub.errors import StoreError
from hub.model.vocabulary import ReportReason
from hub.store import Connection, Database, links, open_store, push, retention
from hub.store.feedback import reports, usage
from hub.store.feedback.reports import ANONYMOUS, Filed, Reader, Said
from hub.store.feedback.tables import report, usage_batch
from hub.store.feedback.tables import usage as usage_table
from hub.store.feedback.usage import Batch, Count, Counted
from hub.store.links import link
from hub.store.push import subscribers
from hub.store.push.subscribers import Wanted
from hub.store.push.tables import delivery, event
from hub.store.schema import listing, opportunity

NOW, LATER = "2026-11-22T18:00:00Z", "2026-11-23T18:00:00Z"
JOB, OTHER, GONE = "job", "other", "gone"
PORTAL, SECOND = Reader("k1", "k1"), Reader("k2", "k2")
EXPIRED = Said(JOB, ReportReason.expired)


def stranger(number: int) -> Reader:
    return Reader(ANONYMOUS, f"mark-{number}")


def filled(path: Path) -> Database:
    """Return a store with a job of two sources, another of one, and one that is part of the first now."""
    database = open_store(path)
    shared = {"kind": "vacancy", "raw": b"", "content": b"", "first_seen": NOW, "content_changed": NOW}
    with database.write() as connection:
        for number, (identifier, into) in enumerate(((JOB, None), (OTHER, None), (GONE, JOB)), 1):
            row = {"id": identifier, "kind": "vacancy", "position": number, "changed": NOW, "merged_into": into}
            connection.execute(opportunity.insert(), {**row, "reason": "merged" if into else None})
        for source, local_id, whose, live in (
            ("a", "1", JOB, 1),
            ("b", "1", JOB, 1),
            ("c", "1", JOB, 0),
            ("a", "2", OTHER, 0),
        ):
            row = {"source": source, "local_id": local_id, "opportunity": whose, "live": live}
            connection.execute(listing.insert(), {**shared, **row})
    return database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = filled(tmp_path / "hub.db")
    yield database
    database.close()


@pytest.fixture(scope="module")
def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = filled(tmp_path_factory.mktemp("shared") / "hub.db")
    yield database
    database.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


def add(connection: Connection, said: Said = EXPIRED, reader: Reader = PORTAL, now: str = NOW) -> Filed:
    filed = reports.add(connection, said, reader, now)
    assert filed
    return filed


def decide(connection: Connection, filed: Filed, decision: Any = "rejected") -> None:
    reports.decide(connection, [filed.id], decision, by="An", why=None, now=NOW)


# Reports ---------------------------------------------------------------------------------------------------------


def test_a_report_is_kept_with_the_sources_that_list_it_now(connection: Connection) -> None:
    filed = add(connection, replace(EXPIRED, position=7, note="De zaak is dicht"))
    row = reports.get(connection, filed.id)
    assert (row.opportunity, row.reason, row.position, row.reader, row.made) == (JOB, "expired", 7, "k1", NOW)
    assert (row.sources, row.note, row.state) == (("a", "b"), "De zaak is dicht", "open")


def test_what_is_decided_holds_for_its_reader_until_the_opportunity_changes(connection: Connection) -> None:
    first = add(connection)
    decide(connection, first)
    assert add(connection, now=LATER) == Filed(first.id, "rejected", repeated=True)
    assert add(connection, reader=SECOND).repeated is False
    connection.execute(opportunity.update().where(opportunity.c.id == JOB).values(changed=LATER))
    assert add(connection, now=LATER).repeated is False


def test_deciding_twice_keeps_the_first_decision(connection: Connection) -> None:
    filed = add(connection)
    decide(connection, filed, "accepted")
    decide(connection, filed, "rejected")
    assert reports.get(connection, filed.id).state == "accepted"
    with pytest.raises(StoreError, match="there is no report 99"):
        reports.get(connection, 99)


def test_lists_tell_what_waits_and_what_was_decided_of_a_source_or_a_reason(connection: Connection) -> None:
    first, second = add(connection), add(connection, Said(OTHER, ReportReason.duplicate, duplicate_of=JOB))
    decide(connection, first)
    assert [row.id for row in reports.find(connection, limit=9)] == [second.id]
    assert [row.id for row in reports.find(connection, decided=True, limit=9)] == [first.id]
    assert [row.id for row in reports.find(connection, source="b", decided=True, limit=9)] == [first.id]
    assert reports.find(connection, source="b", limit=9) == []
    assert [row.id for row in reports.find(connection, reason="duplicate", limit=9)] == [second.id]


def test_the_tally_counts_what_is_new_or_open_by_source_and_reason(connection: Connection) -> None:
    add(connection, now="2026-01-01T00:00:00Z")
    decide(connection, add(connection, reader=SECOND, now=LATER))
    decide(connection, add(connection, Said(OTHER, ReportReason.other), now="2026-01-01T00:00:00Z"))
    found = reports.tally(connection, NOW)
    assert found == {source: {"expired": reports.Tally(new=1, open=1)} for source in ("a", "b")}


# Notes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("Bel An Janssens op 0478 12 34 56", "Bel"),
        ("Bel 09 234 56 78 of 02/345.67.89", "Bel … of …"),
        ("Het adres an@example.org klopt niet", "Het adres klopt niet"),
        ("mail info@example.org", "mail …"),
        ("rijksregister 85.07.30-033.28", "rijksregister …"),
        ("nummer 68123456 is dicht sinds 2026-11-20", "nummer 68123456 is dicht sinds 2026-11-20"),
        ("  twee\nregels\x00 ", "twee regels"),
        ("", None),
        ("an@example.org", None),
    ],
)
def test_a_note_keeps_what_is_wrong_and_loses_who_it_may_lead_to(
    connection: Connection, note: str, kept: str | None
) -> None:
    filed = add(connection, replace(EXPIRED, note=note))
    assert reports.get(connection, filed.id).note == kept


@given(st.text(max_size=500))
def test_no_note_keeps_a_mail_address_or_a_long_number(text: str) -> None:
    found = clean_note(f"{text} an@example.org {text} 0478 12 34 56 {text}")
    assert "an@example.org" not in found
    assert "0478 12 34 56" not in found
    assert clean_note("x" * 500) == "x" * 500


# What follows ----------------------------------------------------------------------------------------------------


def subscribe(connection: Connection, *events: str) -> None:
    wanted = Wanted("https://portal.example/", "all", events, None)
    subscribers.add(connection, "sub_1", wanted, token="t", secret=b"s", now=NOW)
    subscribers.activate(connection, "sub_1", now=NOW)


def told(connection: Connection) -> list[Any]:
    rows = connection.execute(event.select().join(delivery, delivery.c.event == event.c.id)).all()
    return [orjson.loads(row.data) for row in rows if row.type == push.OPPORTUNITY_DISPUTED]


def test_one_report_by_a_key_lets_who_asks_know_and_the_next_says_nothing_new(connection: Connection) -> None:
    subscribe(connection, push.OPPORTUNITY_DISPUTED)
    add(connection)
    add(connection, Said(JOB, ReportReason.offensive), SECOND)
    assert told(connection) == [{"opportunity": JOB, "reason": "expired"}]


def test_of_readers_without_a_key_it_takes_two(connection: Connection) -> None:
    subscribe(connection, push.OPPORTUNITY_DISPUTED)
    add(connection, reader=stranger(1))
    add(connection, Said(JOB, ReportReason.offensive), stranger(1))
    assert told(connection) == []
    add(connection, Said(JOB, ReportReason.wrong_place), stranger(2))
    assert told(connection) == [{"opportunity": JOB, "reason": "wrongPlace"}]


def test_who_does_not_ask_hears_nothing_of_reports(connection: Connection) -> None:
    subscribe(connection, push.FEED_ADVANCED)
    add(connection)
    assert told(connection) == []


def test_after_a_decision_a_new_report_disputes_anew(connection: Connection) -> None:
    subscribe(connection, push.OPPORTUNITY_DISPUTED)
    decide(connection, add(connection))
    assert not reports.disputed(connection, JOB)
    add(connection, reader=SECOND)
    assert len(told(connection)) == 2


def put_link(connection: Connection, number: int, checked: str | None, due: str) -> None:
    row = {"listing": number, "part": "page", "source": "a", "url": f"https://x.example/{number}", "host": "x.example"}
    more = {"checked": checked, "failures": 0, "misses": 0, "verdict": "unknown", "due": due}
    connection.execute(link.insert(), {**row, **more})


def test_what_is_said_to_be_over_is_looked_at_before_all_else(connection: Connection) -> None:
    for number in (1, 2, 4):
        put_link(connection, number, "2026-11-20T00:00:00Z", "2026-12-01T00:00:00Z")
    add(connection, Said(JOB, ReportReason.wrong_place))
    assert {row.due for row in connection.execute(link.select())} == {"2026-12-01T00:00:00Z"}
    add(connection)
    due = {row.listing: row.due[:4] for row in connection.execute(link.select())}
    assert due == {1: "1970", 2: "1970", 4: "2026"}
    (host,) = links.due(connection, "a", now=datetime.fromisoformat(LATER), limit=9)
    assert host.urls == ["https://x.example/1", "https://x.example/2"]


def test_a_page_that_was_just_looked_at_is_left_alone(connection: Connection) -> None:
    put_link(connection, 1, "2026-11-22T17:30:00Z", "2026-12-01T00:00:00Z")
    add(connection)
    assert connection.execute(link.select()).one().due == "2026-12-01T00:00:00Z"


def test_a_crowd_without_keys_is_bounded_and_a_key_still_heard(connection: Connection) -> None:
    for number in range(reports.MOST_OPEN):
        add(connection, reader=stranger(number))
    assert reports.add(connection, EXPIRED, stranger(999), NOW) is None
    assert reports.add(connection, EXPIRED, stranger(0), NOW) == Filed(1, "open", repeated=True)
    assert add(connection, reader=PORTAL).repeated is False


# Counts ----------------------------------------------------------------------------------------------------------

BATCH = Batch("k1", "b1", "2026-11-22", b"d")


def test_counts_go_to_every_source_that_lists_it_also_by_a_former_id(connection: Connection) -> None:
    rows = [Count(JOB, 5, 2, 1), Count(GONE, 1, 0, 0), Count(OTHER, 7, 0, 0), Count("never", 1, 1, 1)]
    assert usage.add(connection, BATCH, rows, NOW) == Counted(3, 1)
    found = usage.by_source(connection, "2026-11-22")
    assert found == {
        "a": {"shown": 13, "opened": 2, "applied": 1},
        "b": {"shown": 6, "opened": 2, "applied": 1},
    }
    assert usage.by_source(connection, "2026-11-23") == {}


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 9)), max_size=12))
def test_however_often_batches_come_each_counts_once(shared_database: Database, sent: list[tuple[str, int]]) -> None:
    first = dict(reversed(sent))  # what came first under each id
    with shared_database.write() as connection:
        connection.execute(usage_table.delete())
        connection.execute(usage_batch.delete())
        for name, number in sent:
            batch = BATCH._replace(id=name, digest=bytes([number]))
            added = usage.add(connection, batch, [Count(JOB, number, 0, 0)], NOW)
            assert (added is None) == (number != first[name])
        found = usage.by_source(connection, "2026-11-22")
    assert found.get("a", Counter())["shown"] == sum(first.values())


def test_a_source_is_told_by_day_and_by_portal(connection: Connection) -> None:
    usage.add(connection, BATCH, [Count(JOB, 5, 2, 1)], NOW)
    usage.add(connection, BATCH._replace(portal="k2", day="2026-11-21"), [Count(JOB, 1, 0, 0)], NOW)
    assert usage.by_day(connection, "b", "2026-11-01")["2026-11-21"] == {"shown": 1}
    assert usage.by_portal(connection, "b", "2026-11-01") == {
        "k1": {"shown": 5, "opened": 2, "applied": 1},
        "k2": {"shown": 1},
    }


# Keeping ---------------------------------------------------------------------------------------------------------


def test_what_is_old_goes_and_what_waits_of_something_live_stays(connection: Connection) -> None:
    decide(connection, add(connection))
    add(connection, Said(JOB, ReportReason.offensive))
    add(connection, Said(GONE, ReportReason.offensive))
    usage.add(connection, BATCH, [Count(JOB, 5, 2, 1)], NOW)
    limits = retention.Limits("", "", 1000, LATER, "2026-11-22", "2026-11-22")
    old = retention.clean(connection, limits)
    assert (old.reports, old.usage, old.batches) == (2, 0, 0)
    assert [row.reason for row in connection.execute(report.select())] == ["offensive"]
    old = retention.clean(connection, replace(limits, usage_before="2026-11-23", batches_before="2026-11-23"))
    assert (old.usage, old.batches) == (6, 1)


def test_what_portals_told_since_a_copy_survives_going_back_to_it(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        filed = add(connection)
        usage.add(connection, BATCH, [Count(JOB, 5, 2, 1)], NOW)
    copy = open_store(tmp_path / "copy.db")
    with copy.write(database.path) as connection:
        reports.survive(connection)
        usage.survive(connection)
        assert reports.get(connection, filed.id).opportunity == JOB
        assert usage.by_source(connection, NOW[:10])["a"] == {"shown": 5, "opened": 2, "applied": 1}
        assert usage.add(connection, BATCH, [Count(JOB, 5, 2, 1)], NOW) == Counted(1, 0, repeated=True)
    copy.close()
