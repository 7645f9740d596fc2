"""From JobTech's stand-in into the feed, over days: what a reader of the feed holds is what JobTech publishes."""

from collections.abc import Callable, Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import orjson
import pytest
from hub_jobstream.adapter import Jobstream
from hub_jobstream.sandbox import JobstreamSandbox
from hub_jobstream.stand_in import ad_id, first_day, last_day

from hub.pipeline import Desk, Expect, Outcome, Report, Source, run_source
from hub.store import Database, open_store, pages, quarantine
from hub.testing import SandboxJob, adapter_for

TODAY = date(2026, 11, 20)
AT_ONCE = Expect(absence_runs=1)
"""What a snapshot lacks is gone at once, so that a test need not wait an hour."""


class Portal:
    """Reads the feed on from where it was."""

    def __init__(self, database: Database) -> None:
        self.ads: dict[str, Any] = {}
        self._database = database
        self._position = 0
        self._ids: dict[str, str] = {}

    def read(self) -> set[str]:
        """Take over what is new, and return JobTech's ids of all that it holds."""
        with self._database.read() as connection:
            items = pages.items(connection, after=self._position, limit=1_000_000)
        for item in items:
            self._position = item.position
            if item.body:
                listing = orjson.loads(item.body)
                self._ids[item.id] = listing["listings"][0]["localId"]
                self.ads[self._ids[item.id]] = listing
            else:
                self.ads.pop(self._ids.get(item.id, ""), None)
        return set(self.ads)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


@pytest.fixture
def portal(database: Database) -> Portal:
    return Portal(database)


@pytest.fixture
def run(database: Database, sandbox: JobstreamSandbox, clock: Any, tmp_path: Path) -> Callable[[], Report]:
    source = Source("jobstream", adapter_for(Jobstream, sandbox), partner="JobTech", expect=AT_ONCE)

    def once() -> Report:
        with SandboxJob(sandbox, now=clock.now) as job:

            def open_job(cursor: str | None) -> SandboxJob:
                job.cursor = cursor
                return job

            report = run_source(source, Desk(database, tmp_path / "plans", clock.now, []), open_job)
        assert report.outcome is Outcome.complete, report.reason
        return report

    return once


def refused(database: Database) -> set[str]:
    with database.read() as connection:
        return {record.local_id for record in quarantine.find(connection, None, 100_000)}


def out(sandbox: JobstreamSandbox, database: Database) -> set[str]:
    """Return the ids of what JobTech publishes now and the hub can read."""
    return set(sandbox.published()) - refused(database)


def test_over_days_the_feed_is_what_jobtech_publishes(
    run: Callable[[], Report], portal: Portal, sandbox: JobstreamSandbox, database: Database, clock: Any
) -> None:
    run()
    assert portal.read() == out(sandbox, database)
    for _ in range(12):
        clock.move(hours=7)
        sandbox.tick()
        report = run()
        held, published = portal.read(), out(sandbox, database)
        # Only what ended, or appeared late, since the last snapshot may differ; nothing differs after one.
        assert held == published or "changes" in str(report.proof)
    clock.move(days=1)
    run()
    assert portal.read() == out(sandbox, database)
    fresh = Portal(database)
    fresh.read()
    assert fresh.ads == portal.ads


def test_an_ad_that_expires_in_silence_is_gone_after_the_next_snapshot(
    run: Callable[[], Report], portal: Portal, sandbox: JobstreamSandbox, clock: Any
) -> None:
    run()
    opening = min(sandbox.market.openings.values(), key=lambda each: last_day(each, TODAY))
    ends, number = last_day(opening, TODAY), ad_id(opening)
    assert number in portal.read()
    assert portal.ads[number]["expires"] == ends.date().isoformat()
    clock.now = ends.replace(hour=22).astimezone(UTC)
    run()
    assert number in portal.read()
    clock.move(hours=3)
    run()
    assert number not in sandbox.published()
    assert number not in portal.read()


def test_where_days_may_pass_a_silent_end_is_found_when_the_snapshot_is_old_enough(
    database: Database, portal: Portal, sandbox: JobstreamSandbox, clock: Any, tmp_path: Path
) -> None:
    adapter = adapter_for(Jobstream, sandbox, {"reconcile_each_day": False, "reconcile_hours": 48, "gap_hours": 30})
    opening = min(sandbox.market.openings.values(), key=lambda each: last_day(each, TODAY))
    clock.now = last_day(opening, TODAY).replace(hour=12).astimezone(UTC)
    held = []
    for _ in range(3):
        with SandboxJob(sandbox, cursor=None, now=clock.now) as job:
            source = Source("jobstream", adapter, expect=AT_ONCE)
            run_source(source, Desk(database, tmp_path / "plans", clock.now, []), lambda cursor: _at(job, cursor))
        held.append(ad_id(opening) in portal.read())
        clock.move(hours=24)
    assert held == [True, True, False]


def _at(job: SandboxJob, cursor: str | None) -> SandboxJob:
    job.cursor = cursor
    return job


def test_an_ad_that_was_put_off_appears_though_no_window_tells_it(
    run: Callable[[], Report], portal: Portal, sandbox: JobstreamSandbox, clock: Any
) -> None:
    run()
    opening = next(each for each in sandbox.market.openings.values() if first_day(each, TODAY).date() > TODAY)
    assert ad_id(opening) not in portal.read()
    clock.now = first_day(opening, TODAY).astimezone(UTC)
    clock.move(minutes=20)
    report = run()
    assert "the whole snapshot" in str(report.proof)
    assert ad_id(opening) in portal.read()


def test_an_unchanged_second_snapshot_moves_nothing(
    run: Callable[[], Report], portal: Portal, sandbox: JobstreamSandbox, clock: Any
) -> None:
    run()
    portal.read()
    clock.move(minutes=20)
    assert run().positions is None
    clock.move(hours=11, minutes=59)
    report = run()
    assert report.counts.created == report.counts.updated == 0
