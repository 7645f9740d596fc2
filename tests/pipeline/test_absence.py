"""Absence must repeat: what a complete list lacks is doubted first, and withdrawn once it is still not there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from told import EVERYTHING, MORNING, job

from hub.adapter import Duplicate, Incomplete, Refused, Withdrawal
from hub.model.issue import issue
from hub.pipeline import Expect, Outcome, Report
from hub.store import Database, listings, pages

Run = Callable[..., Report]
TWICE = Expect()
HOUR = timedelta(hours=1)


def statuses(database: Database) -> dict[str, str]:
    """Return by local id the status of what is published, or the reason why it is gone."""
    found = {}
    with database.read() as connection:
        known = listings.known(connection, "told", [str(number) for number in range(200)])
        for local_id, listing in known.items():
            item = pages.item(connection, listing.opportunity)
            assert item is not None
            found[local_id] = item.reason or orjson.loads(item.body or b"")["status"]
    return found


@pytest.fixture
def later(run: Run) -> Callable[..., Report]:
    """Run so many hours after the morning, expecting the default."""

    def run_later(hours: float, *words: Any, expect: Expect = TWICE) -> Report:
        return run(*words, now=MORNING + hours * HOUR, expect=expect)

    return run_later


def test_what_a_complete_list_lacks_once_stays_as_likely_expired(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), EVERYTHING)
    report = later(2, job("1"), EVERYTHING)
    assert (report.withdrawn, report.counts.missing, report.positions) == (0, 1, (3, 3))
    assert statuses(database) == {"1": "active", "2": "likelyExpired"}


def test_what_two_complete_lists_lack_an_hour_apart_is_withdrawn(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), EVERYTHING)
    later(2, job("1"), EVERYTHING)
    report = later(3, job("1"), EVERYTHING)
    assert (report.withdrawn, statuses(database)) == (1, {"1": "active", "2": "withdrawn"})


def test_a_second_list_too_soon_changes_nothing(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), EVERYTHING)
    later(2, job("1"), EVERYTHING)
    report = later(2.9, job("1"), EVERYTHING)
    assert (report.withdrawn, report.positions) == (0, None)
    assert statuses(database)["2"] == "likelyExpired"


def test_with_one_absence_a_listing_is_gone_at_once(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), EVERYTHING)
    later(0, job("1"), EVERYTHING, expect=Expect(absence_runs=1))
    assert statuses(database)["2"] == "withdrawn"


def test_three_absences_are_counted_where_three_are_expected(later: Run, database: Database) -> None:
    thrice = Expect(absence_runs=3)
    later(0, job("1"), job("2"), EVERYTHING, expect=thrice)
    seen = []
    for hours in (2, 4, 6):
        later(hours, job("1"), EVERYTHING, expect=thrice)
        seen.append(statuses(database)["2"])
    assert seen == ["likelyExpired", "likelyExpired", "withdrawn"]


def test_what_is_listed_again_is_active_again_with_its_body_and_id(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), EVERYTHING)
    with database.read() as connection:
        before = {item.id: item.body for item in pages.items(connection, after=0, limit=10)}
    later(2, job("1"), EVERYTHING)
    report = later(4, job("1"), job("2"), EVERYTHING)
    with database.read() as connection:
        assert {item.id: item.body for item in pages.items(connection, after=0, limit=10)} == before
    assert (report.counts.found, report.counts.unchanged, report.positions) == (1, 2, (4, 4))
    later(6, job("1"), EVERYTHING)
    assert statuses(database)["2"] == "likelyExpired"  # and the count begins anew


def test_a_record_that_was_seen_but_refused_is_not_missing(later: Run, database: Database) -> None:
    later(0, *(job(str(number)) for number in range(4)), EVERYTHING)
    later(2, job("0"), EVERYTHING)
    refused = Refused(issue("row-length", line="3", expected="5", found="4"), ["a"], "2")
    later(4, job("0"), job("1", ""), refused, EVERYTHING)
    assert statuses(database) == {"0": "active", "1": "active", "2": "active", "3": "withdrawn"}


def test_an_incomplete_run_withdraws_nothing_but_takes_back_doubt(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), job("3"), EVERYTHING)
    later(2, job("1"), EVERYTHING)
    later(4, job("2"), Incomplete("cut off"))
    assert statuses(database) == {"1": "active", "2": "active", "3": "likelyExpired"}


def test_what_the_partner_says_outright_acts_at_once(later: Run, database: Database) -> None:
    later(0, job("1"), job("2"), job("3"), EVERYTHING)
    later(1, job("1"), Withdrawal("2"), Duplicate("3", of="1"), EVERYTHING)
    assert statuses(database) == {"1": "active", "2": "withdrawn", "3": "merged"}


def test_a_change_of_what_was_missing_is_published_as_active(later: Run, database: Database) -> None:
    later(0, job("1"), job("2", "Kok"), EVERYTHING)
    later(2, job("1"), EVERYTHING)
    report = later(4, job("1"), job("2", "Chef"), EVERYTHING)
    assert (report.counts.updated, report.counts.found, statuses(database)["2"]) == (1, 0, "active")


def test_more_doubts_than_expected_wait_for_a_person(later: Run, database: Database) -> None:
    many = [job(str(number)) for number in range(100)]
    later(0, *many, EVERYTHING)
    report = later(2, *many[:79], EVERYTHING, expect=Expect(min_share=0))
    assert (report.outcome, set(statuses(database).values())) == (Outcome.held, {"active"})
    assert later(2, *many[:80], EVERYTHING, expect=Expect(min_share=0)).outcome is Outcome.complete
