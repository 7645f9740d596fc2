"""Reading VDAB, against its sandbox in process."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hub_vdab.adapter import Vdab
from hub_vdab.sandbox import VdabSandbox
from hub_vdab.stand_in import internal_reference

from hub import (
    AuthenticationRejected,
    Complete,
    Duplicate,
    Fetched,
    Incomplete,
    RawRecord,
    SourceUnavailable,
    UnexpectedAnswer,
    Withdrawal,
)
from hub.testing import Fault, SandboxJob, adapter_for, fetch


def ids(fetched: list[Fetched], kind: type[Any]) -> set[str]:
    return {entry.local_id for entry in fetched if isinstance(entry, kind)}


def test_the_first_run_reads_all_that_is_published(adapter: Vdab, sandbox: VdabSandbox, clock: Any) -> None:
    *fetched, end = fetch(adapter, sandbox, now=clock.now)
    live = {internal_reference(opening) for opening in sandbox.market.openings.values() if "vdab" in opening.listed_by}
    assert ids(fetched, RawRecord) | ids(fetched, Duplicate) == live
    assert end == Complete(
        f"{len(live):,} published vacancies read, all that VDAB states.", "everything", "2026-11-20T12:00:00.000Z"
    )


def test_only_the_parent_of_doubles_is_a_record(adapter: Vdab, sandbox: VdabSandbox, clock: Any) -> None:
    fetched = fetch(adapter, sandbox, now=clock.now)
    told = {entry.local_id: entry.of for entry in fetched if isinstance(entry, Duplicate)}
    assert told
    assert set(told.values()) <= ids(fetched, RawRecord)
    assert not set(told) & ids(fetched, RawRecord)


def test_a_later_run_reads_only_what_changed(adapter: Vdab, sandbox: VdabSandbox, clock: Any) -> None:
    cursor = fetch(adapter, sandbox, now=clock.now)[-1].cursor  # type: ignore[union-attr]
    clock.move(hours=2)
    counts = sandbox.tick()
    *fetched, end = fetch(adapter, sandbox, cursor=cursor, now=clock.move(minutes=1))
    changed = ids(fetched, RawRecord) | ids(fetched, Duplicate)
    assert len(changed) == counts["added"] + counts["edited"] > 0
    assert len(ids(fetched, Withdrawal)) == counts["withdrawn"] > 0
    assert isinstance(end, Complete)
    assert (end.covers, end.cursor) == ("changes", "2026-11-20T14:01:00.000Z")


def test_every_change_is_seen_over_many_runs(adapter: Vdab, sandbox: VdabSandbox, clock: Any) -> None:
    replica: dict[str, Any] = {}
    cursor = None
    for _ in range(5):
        for entry in (fetched := fetch(adapter, sandbox, cursor=cursor, now=clock.move(hours=30))):
            if isinstance(entry, RawRecord):
                replica[entry.local_id] = entry.payload
            elif isinstance(entry, Withdrawal):
                replica.pop(entry.local_id, None)
        cursor = fetched[-1].cursor  # type: ignore[union-attr]
        sandbox.tick()
    fetched = fetch(adapter, sandbox, cursor=cursor, now=clock.move(hours=1))
    replica |= {entry.local_id: entry.payload for entry in fetched if isinstance(entry, RawRecord)}
    replica = {key: value for key, value in replica.items() if key not in ids(fetched, Withdrawal)}
    whole = {e.local_id: e.payload for e in fetch(adapter, sandbox, now=clock.now) if isinstance(e, RawRecord)}
    assert replica == whole


def test_after_more_than_five_days_everything_is_read_again(adapter: Vdab, sandbox: VdabSandbox, clock: Any) -> None:
    with SandboxJob(sandbox, cursor="2026-11-20T12:00:00.000Z", now=clock.now + timedelta(days=6)) as job:
        end = list(adapter.fetch(job))[-1]
    assert "GET /v4/vacatures/initial" in job.asked
    assert isinstance(end, Complete)
    assert end.covers == "everything"


def test_short_windows_follow_each_other(sandbox: VdabSandbox, clock: Any) -> None:
    daily = adapter_for(Vdab, sandbox, {"window_days": 1, "overlap_seconds": 0})
    with SandboxJob(sandbox, cursor="2026-11-17T00:00:00.000Z", now=clock.now) as job:
        end = list(daily.fetch(job))[-1]
    # A window with changes takes one page more, the empty one that ends it.
    assert 4 <= job.asked.count("GET /v4/vacatures/bulk") <= 8
    assert isinstance(end, Complete)


def test_lists_longer_than_a_page_are_read_to_their_end(sandbox: VdabSandbox, clock: Any) -> None:
    paged = adapter_for(Vdab, sandbox, {"page_size": 7})
    whole = adapter_for(Vdab, sandbox)
    assert fetch(paged, sandbox, now=clock.now) == fetch(whole, sandbox, now=clock.now)


def test_one_by_one_gives_the_same_as_in_batches(sandbox: VdabSandbox, clock: Any) -> None:
    single = adapter_for(Vdab, sandbox, {"details": "single"})
    batches = adapter_for(Vdab, sandbox, {"batch_size": 11})
    assert fetch(single, sandbox, now=clock.now) == fetch(batches, sandbox, now=clock.now)


def test_a_vacancy_gone_between_list_and_details_is_withdrawn(sandbox: VdabSandbox, clock: Any) -> None:
    slow = adapter_for(Vdab, sandbox, {"batch_size": 1})
    with SandboxJob(sandbox, now=clock.now) as job:
        reading = slow.fetch(job)
        first = next(reading)
        sandbox.tick()
        fetched = [first, *reading]
    gone = {internal_reference(opening) for opening in sandbox._listed.gone}
    assert gone
    assert ids(fetched, Withdrawal) == gone - ids([first], RawRecord)


def test_no_contact_person_leaves_fetch(adapter: Vdab, sandbox: VdabSandbox, clock: Any) -> None:
    records = [entry.payload for entry in fetch(adapter, sandbox, now=clock.now) if isinstance(entry, RawRecord)]
    said = json.dumps(records)
    people = [opening.contact for opening in sandbox.market.openings.values()]
    assert not any(person.name in said or person.mail in said or person.phone in said for person in people)
    assert "jobs@" in said


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.server_error, SourceUnavailable),
        (Fault.half_body, UnexpectedAnswer),
        (Fault.html, UnexpectedAnswer),
        (Fault.cut_json, UnexpectedAnswer),
        (Fault.wrong_credentials, AuthenticationRejected),
    ],
)
@pytest.mark.parametrize("path", ["/initial", "/vacatures"])
def test_a_failing_partner_aborts_the_run(
    adapter: Vdab, sandbox: VdabSandbox, fault: Fault, error: type[Exception], path: str
) -> None:
    sandbox.fail_next(fault, path=path, times=9)
    with pytest.raises(error):
        fetch(adapter, sandbox)


def test_an_empty_list_of_all_that_is_published_is_no_proof(adapter: Vdab, sandbox: VdabSandbox) -> None:
    sandbox.fail_next(Fault.empty_list, path="/initial")
    [end] = fetch(adapter, sandbox)
    assert isinstance(end, Incomplete)
    assert "lists no vacancy at all" in end.reason


def test_an_empty_page_before_the_total_is_incomplete_and_what_was_read_is_kept(
    sandbox: VdabSandbox, clock: Any
) -> None:
    paged = adapter_for(Vdab, sandbox, {"page_size": 50})
    sandbox.fail_next(Fault.empty_list, after=1, path="/initial")
    *fetched, end = fetch(paged, sandbox, now=clock.now)
    assert isinstance(end, Incomplete)
    assert "50 items came, but the partner states a total of" in end.reason
    assert len(fetched) == 50


def test_wrong_secrets_are_refused(sandbox: VdabSandbox) -> None:
    wrong = adapter_for(Vdab, sandbox, {"client_secret": "wrong"})
    with pytest.raises(AuthenticationRejected):
        fetch(wrong, sandbox)


def test_credentials_may_stand_in_a_basic_header(sandbox: VdabSandbox) -> None:
    basic = adapter_for(Vdab, sandbox, {"credentials_in": "basic", "scope": None})
    assert isinstance(fetch(basic, sandbox)[-1], Complete)


def test_a_batch_field_that_vdab_does_not_know_says_what_to_set(sandbox: VdabSandbox) -> None:
    wrong = adapter_for(Vdab, sandbox, {"batch_field": "ids"})
    with pytest.raises(UnexpectedAnswer):
        fetch(wrong, sandbox)


def test_check_asks_for_a_token_and_one_entry(adapter: Vdab, sandbox: VdabSandbox) -> None:
    with SandboxJob(sandbox) as job:
        said = adapter.check(job)
    assert said.startswith(f"{adapter.options.base_url}/vacatures/initial accepts the credentials")
    assert len(job.asked) == 2
