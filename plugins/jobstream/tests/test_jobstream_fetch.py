"""Reading the stream, against its sandbox."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hub_jobstream.adapter import Jobstream, fetched
from hub_jobstream.position import Position, read_cursor
from hub_jobstream.sandbox import JobstreamSandbox
from hub_jobstream.stand_in import ad_id

from hub import (
    AuthenticationRejected,
    Complete,
    Fetched,
    Incomplete,
    Rate,
    RawRecord,
    SourceUnavailable,
    UnexpectedAnswer,
    Withdrawal,
)
from hub.testing import Fault, SandboxJob, adapter_for, fetch

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ids(found: list[Fetched], kind: type[Any]) -> list[str]:
    return sorted(entry.local_id for entry in found if isinstance(entry, kind))


def cursor_of(found: list[Fetched]) -> str:
    end = found[-1]
    assert isinstance(end, Complete)
    assert end.cursor
    return end.cursor


def test_the_first_run_reads_the_snapshot(adapter: Jobstream, sandbox: JobstreamSandbox, clock: Any) -> None:
    *records, end = fetch(adapter, sandbox, now=clock.now)
    assert ids(records, RawRecord) == sorted(sandbox.published())
    assert isinstance(end, Complete)
    assert end.covers == "everything"
    assert read_cursor(end.cursor) == Position(clock.now - timedelta(hours=1), clock.now)


def test_a_later_run_reads_only_what_changed(adapter: Jobstream, sandbox: JobstreamSandbox, clock: Any) -> None:
    cursor = cursor_of(fetch(adapter, sandbox, now=clock.now))
    clock.move(minutes=20)
    counts = sandbox.tick()
    found = fetch(adapter, sandbox, cursor=cursor, now=clock.move(minutes=1))
    assert len(ids(found, Withdrawal)) == counts["withdrawn"] > 0
    assert counts["edited"] <= len(ids(found, RawRecord)) <= counts["added"] + counts["edited"]
    assert found[-1].covers == "changes"  # type: ignore[union-attr]


def test_no_ad_is_told_twice_in_a_run(sandbox: JobstreamSandbox, clock: Any) -> None:
    short = adapter_for(Jobstream, sandbox, {"window_hours": 0.1, "overlap_seconds": 240})
    cursor = cursor_of(fetch(short, sandbox, now=clock.now))
    for _ in range(12):
        clock.move(minutes=6)
        sandbox.tick()
    *found, end = fetch(short, sandbox, cursor=cursor, now=clock.now)
    told = [entry.local_id for entry in found if isinstance(entry, RawRecord | Withdrawal)]
    assert len(told) == len(set(told)) > 20
    assert isinstance(end, Complete)
    assert int(end.proof.split()[0]) > len(told)


def test_the_last_word_on_an_ad_counts_whatever_the_order(sandbox: JobstreamSandbox, clock: Any) -> None:
    adapter = adapter_for(Jobstream, sandbox)
    cursor = cursor_of(fetch(adapter, sandbox, now=clock.now))
    clock.move(minutes=5)
    while not any(number % 3 == 0 for number in sandbox.market.gone):
        sandbox.tick()
    found = fetch(adapter, sandbox, cursor=cursor, now=clock.move(minutes=1))
    gone = [opening for opening in sandbox.market.gone.values() if sandbox._runs(opening)]
    assert set(ids(found, Withdrawal)) == {ad_id(opening) for opening in gone}


def test_both_ends_of_a_window_are_read_so_nothing_falls_between_two(sandbox: JobstreamSandbox, clock: Any) -> None:
    adapter = adapter_for(Jobstream, sandbox, {"overlap_seconds": 1, "snapshot_lag_seconds": 0})
    cursor = cursor_of(fetch(adapter, sandbox, now=clock.now))
    replica = sandbox.published()
    for _ in range(6):
        sandbox.tick()  # in the very second in which the run starts
        found = fetch(adapter, sandbox, cursor=cursor, now=clock.now)
        replica |= {entry.local_id: {} for entry in found if isinstance(entry, RawRecord)}
        replica = {key: value for key, value in replica.items() if key not in ids(found, Withdrawal)}
        cursor = cursor_of(found)
        clock.move(minutes=10)
    assert set(replica) == set(sandbox.published())


def test_an_ad_past_its_last_day_is_withdrawn_wherever_it_is_told() -> None:
    assert fetched("7", {"id": "7", "last_publication_date": "2026-11-20T12:59:59"}, NOW) == Withdrawal("7")
    assert isinstance(fetched("7", {"id": "7", "last_publication_date": "2026-11-20T13:00:01"}, NOW), RawRecord)


def test_a_removal_with_ids_or_with_objects_is_a_withdrawal(sandbox: JobstreamSandbox) -> None:
    for occupation in (None, "32bC_YdL_JtU", {"concept_id": "32bC_YdL_JtU", "label": "Produktutvecklare"}):
        said = {"id": "24025897", "removed": True, "removed_date": "2026-11-20T10:00:00", "occupation": occupation}
        assert fetched("24025897", said, NOW) == Withdrawal("24025897")


def test_no_person_leaves_fetch(adapter: Jobstream, sandbox: JobstreamSandbox, clock: Any) -> None:
    said = json.dumps([e.payload for e in fetch(adapter, sandbox, now=clock.now) if isinstance(e, RawRecord)])
    whole = json.dumps(list(sandbox.published().values()))
    for personal in ("Exempelsson", "exempelsson", "070-000", "8001019999"):
        assert personal in whole
        assert personal not in said
    assert "jobs@" in said


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.server_error, SourceUnavailable),
        (Fault.html, UnexpectedAnswer),
        (Fault.wrong_credentials, AuthenticationRejected),
    ],
)
def test_a_failing_partner_aborts_the_run(
    adapter: Jobstream, sandbox: JobstreamSandbox, fault: Fault, error: type[Exception]
) -> None:
    sandbox.fail_next(fault, times=20)
    with pytest.raises(error):
        fetch(adapter, sandbox)


def test_a_file_that_is_cut_is_not_believed(adapter: Jobstream, sandbox: JobstreamSandbox, clock: Any) -> None:
    sandbox.fail_next(Fault.cut_json)
    [end] = fetch(adapter, sandbox, now=clock.now)
    assert isinstance(end, Incomplete)
    assert "next run reads the same again" in end.reason


def test_an_empty_snapshot_is_no_proof(sandbox: JobstreamSandbox, clock: Any) -> None:
    sandbox.market.openings.clear()
    for version in ("v1", "v2"):
        [end] = fetch(adapter_for(Jobstream, sandbox, {"version": version}), sandbox, now=clock.now)
        assert isinstance(end, Incomplete)
        assert "no ad at all" in end.reason


def test_a_quiet_window_is_complete(adapter: Jobstream, sandbox: JobstreamSandbox, clock: Any) -> None:
    cursor = cursor_of(fetch(adapter, sandbox, now=clock.now))
    [end] = fetch(adapter, sandbox, cursor=cursor, now=clock.move(minutes=20))
    assert isinstance(end, Complete)
    assert end.proof.startswith("0 changes of 0 ads")


def test_after_a_long_gap_a_snapshot_is_read_again(sandbox: JobstreamSandbox, clock: Any) -> None:
    adapter = adapter_for(Jobstream, sandbox)
    cursor = cursor_of(fetch(adapter, sandbox, now=clock.now))
    with SandboxJob(sandbox, cursor=cursor, now=clock.move(hours=13)) as job:
        end = list(adapter.fetch(job))[-1]
    assert job.asked == ["GET /v2/snapshot"]
    assert isinstance(end, Complete)


def test_a_key_is_shown_where_one_is_asked_for(clock: Any) -> None:
    guarded = JobstreamSandbox(1, clock.now.date(), size=20, moment=clock, api_key="sandbox-key")
    assert isinstance(fetch(adapter_for(Jobstream, guarded), guarded, now=clock.now)[-1], Complete)
    with pytest.raises(AuthenticationRejected):
        fetch(adapter_for(Jobstream, guarded, {"api_key": "wrong"}), guarded, now=clock.now)


def test_one_call_a_minute_is_what_the_adapter_declares() -> None:
    assert Jobstream.options_type().rate() == Rate(1, 60)


def test_check_asks_for_the_last_minutes_only(adapter: Jobstream, sandbox: JobstreamSandbox, clock: Any) -> None:
    with SandboxJob(sandbox, now=clock.now) as job:
        said = adapter.check(job)
    assert "answers with 0 changes since 2026-11-20T09:55:00" in said
    assert len(job.asked) == 1


def test_windows_are_asked_for_a_minute_apart(sandbox: JobstreamSandbox, clock: Any) -> None:
    adapter = adapter_for(Jobstream, sandbox, {"seconds_between_calls": 60, "window_hours": 1})
    cursor = Position(clock.now, clock.now).cursor()
    with SandboxJob(sandbox, cursor=cursor, now=clock.move(hours=2)) as job:
        end = list(adapter.fetch(job))[-1]
    assert isinstance(end, Complete)
    assert job.asked == ["GET /v2/stream"] * 3
    # The test's job notes its waits without waiting, so the second one counts from the first call.
    assert [round(wait) for wait in job.waited] == [60, 120]
