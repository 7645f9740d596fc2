"""Ending by the clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from told import EVERYTHING, job

from hub.pipeline import Report
from hub.pipeline.expiry import expire_due
from hub.store import Database, leases, listings, pages, passport, runs

Run = Callable[..., Report]
LAST_MINUTE = datetime(2026, 12, 24, 22, 59, tzinfo=UTC)  # 23:59 in Brussels
MIDNIGHT = datetime(2026, 12, 24, 23, 0, tzinfo=UTC)


def reasons(database: Database) -> dict[str, str | None]:
    with database.read() as connection:
        found = listings.known(connection, "told", ["1", "2", "3"])
        items = {name: pages.item(connection, listing.opportunity) for name, listing in found.items()}
    return {name: item.reason for name, item in items.items() if item}


@pytest.mark.parametrize(("now", "gone"), [(LAST_MINUTE, None), (MIDNIGHT, "expired")])
def test_a_listing_ends_when_its_last_day_is_over_in_brussels(
    run: Run, database: Database, tmp_path: Path, now: datetime, gone: str | None
) -> None:
    run(job("1", expires="2026-12-24"), job("2", expires="2026-12-25"), job("3"), EVERYTHING)
    ended = expire_due(database, tmp_path / "plans", now)
    assert (ended, reasons(database)) == ({"told": 1} if gone else {}, {"1": gone, "2": None, "3": None})


def test_expiry_is_a_run_of_its_own_with_positions_and_history(run: Run, database: Database, tmp_path: Path) -> None:
    first = run(job("1", expires="2026-12-24"), EVERYTHING)
    expire_due(database, tmp_path / "plans", MIDNIGHT)
    with database.read() as connection:
        made = runs.get(connection, (first.run or 0) + 1)
        (latest,) = runs.latest(connection, "told")
        listing = listings.known(connection, "told", ["1"])["1"]
        past = passport.past(connection, listing.opportunity)
    assert made is not None
    assert (made.kind, made.first_position, made.last_position, made.counts["expired"]) == ("expiry", 2, 2, 1)
    assert latest.id == first.run  # what asks how the partner does does not see it
    assert [(each.position, each.run, each.action) for each in past] == [
        (1, first.run, "created"),
        (2, made.id, "expired"),
    ]


def test_what_the_partner_extends_comes_back_with_its_id(run: Run, database: Database, tmp_path: Path) -> None:
    run(job("1", expires="2026-12-24"), EVERYTHING)
    expire_due(database, tmp_path / "plans", MIDNIGHT)
    assert run(job("1", expires="2026-12-24"), EVERYTHING, now=MIDNIGHT).counts.refused == 1
    report = run(job("1", expires="2027-01-31"), EVERYTHING, now=MIDNIGHT)
    assert (report.counts.created, reasons(database)) == (1, {"1": None})
    assert expire_due(database, tmp_path / "plans", MIDNIGHT) == {}


def test_a_source_that_somebody_works_on_is_left_for_the_next_time(
    run: Run, database: Database, tmp_path: Path
) -> None:
    run(job("1", expires="2026-12-24"), EVERYTHING)
    with database.write() as connection:
        lease = leases.claim(connection, "told", "me", now=MIDNIGHT.timestamp(), seconds=30)
    assert expire_due(database, tmp_path / "plans", MIDNIGHT) == {}
    assert lease is not None
    with database.write() as connection:
        leases.release(connection, lease)
    assert expire_due(database, tmp_path / "plans", MIDNIGHT) == {"told": 1}
