"""One run after another, on a real store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Complete, Duplicate, Incomplete, Job, RawRecord, Refused, Withdrawal
from hub.errors import SourceUnavailable, UnexpectedVolume
from hub.model.issue import issue
from hub.pipeline import Desk, Expect, Outcome, Report, Source, run_source
from hub.pipeline.opportunity import opportunity_id
from hub.store import Database, listings, pages, quarantine, runs

Run = Callable[..., Report]


def state(database: Database) -> list[tuple[Any, ...]]:
    """Return all that readers of the feed can see."""
    with database.read() as connection:
        return [tuple(item) for item in pages.items(connection, after=0, limit=1000)]


def titles(database: Database) -> dict[str, str]:
    """Return the title of each live opportunity by local id."""
    bodies = [orjson.loads(item[5]) for item in state(database) if item[5]]
    return {body["listings"][0]["localId"]: body["title"]["nl"] for body in bodies}


def test_a_first_run_publishes_every_record(run: Run, database: Database) -> None:
    report = run(job("1", "Lasser"), job("2", "Kok"), EVERYTHING)
    assert report.outcome is Outcome.complete
    assert (report.counts.fetched, report.counts.created, report.live, report.positions) == (2, 2, 2, (1, 2))
    assert titles(database) == {"1": "Lasser", "2": "Kok"}


def test_an_item_named_by_the_mail_address_of_a_person_is_kept_aside(run: Run, database: Database) -> None:
    run(job("jan.peeters@voorbeeld.be", "Lasser"), job("jobs@voorbeeld.be", "Kok"), EVERYTHING)
    assert titles(database) == {"jobs@voorbeeld.be": "Kok"}
    with database.read() as connection:
        (kept,) = quarantine.find(connection, "told", 10)
    assert kept.issues[0]["code"] == "personal-id"


def test_a_second_identical_run_reads_nothing_anew_and_publishes_nothing(
    run: Run, told: Told, database: Database
) -> None:
    run(job("1"), job("2"), EVERYTHING)
    before, told.read = state(database), []
    report = run(job("1"), job("2"), EVERYTHING)
    assert (report.counts.unchanged, report.positions, told.read) == (2, None, [])
    assert state(database) == before


def test_a_changed_record_moves_to_the_end_with_its_id_and_first_sight(run: Run, database: Database) -> None:
    run(job("1", "Lasser"), job("2", "Kok"), EVERYTHING)
    first = {item[0]: item[2] for item in state(database)}
    run(job("1", "Laspersoon"), job("2", "Kok"), EVERYTHING)
    after = {item[0]: item[2] for item in state(database)}
    assert set(after) == set(first)
    assert sorted(after.values()) == [2, 3]
    assert titles(database)["1"] == "Laspersoon"


def test_a_change_nobody_can_see_spends_no_position(run: Run, database: Database) -> None:
    run(job("1"), EVERYTHING)
    before = state(database)
    report = run(job("1", internal="x"), EVERYTHING)
    assert (report.counts.unchanged, report.positions) == (1, None)
    assert state(database) == before


def test_what_a_complete_list_lacks_is_withdrawn_with_a_reason(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    report = run(job("1"), EVERYTHING)
    gone = [item for item in state(database) if item[3]]
    assert report.withdrawn == 1
    assert [(item[3], item[5]) for item in gone] == [("withdrawn", None)]


def test_a_list_of_changes_withdraws_only_what_it_names(run: Run, database: Database) -> None:
    run(job("1"), job("2"), job("3"), EVERYTHING)
    report = run(Withdrawal("2"), Complete("end of the window", covers="changes"))
    assert report.withdrawn == 1
    assert set(titles(database)) == {"1", "3"}


def test_an_incomplete_run_applies_what_it_read_and_withdraws_nothing(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    report = run(job("3"), Incomplete("the file ends inside a value; ask the partner for a whole one"))
    assert report.outcome is Outcome.incomplete
    assert set(titles(database)) == {"1", "2", "3"}


def test_a_fetch_that_ends_without_a_word_is_incomplete(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    report = run(job("1"))
    assert report.outcome is Outcome.incomplete
    assert report.reason is not None
    assert "no proof" in report.reason
    assert set(titles(database)) == {"1", "2"}


@pytest.mark.parametrize(("words", "outcome"), [((), Outcome.held), ((job("", "Kok"),), Outcome.incomplete)])
def test_a_list_without_anything_readable_is_not_believed(
    run: Run, database: Database, words: tuple[Any, ...], outcome: Outcome
) -> None:
    run(job("1"), EVERYTHING)
    report = run(*(RawRecord(7, {}) for _ in words), EVERYTHING)  # type: ignore[arg-type]
    assert report.outcome is outcome
    assert set(titles(database)) == {"1"}


def test_no_changes_is_a_good_answer_for_a_list_of_changes(run: Run) -> None:
    run(job("1"), EVERYTHING)
    assert run(Complete("nothing changed", covers="changes")).outcome is Outcome.complete


def test_a_partner_that_fails_half_way_changes_nothing(run: Run, database: Database) -> None:
    run(job("1"), EVERYTHING)
    before = state(database)
    report = run(job("2"), SourceUnavailable("the partner answered 500; the next run tries again"))
    assert report.outcome is Outcome.failed
    assert report.reason == "the partner answered 500; the next run tries again"
    assert state(database) == before


def test_a_broken_adapter_fails_its_own_run_and_the_next_run_continues(run: Run, database: Database) -> None:
    report = run(job("1"), RuntimeError("boom"))
    assert report.outcome is Outcome.failed
    assert run(job("1"), EVERYTHING).outcome is Outcome.complete
    assert set(titles(database)) == {"1"}


def test_the_cursor_moves_only_with_a_complete_run(run: Run, told: Told) -> None:
    run(job("1"), Complete("all", cursor="monday"))
    run(job("2"), Incomplete("cut off"))
    run(job("2"), Complete("changes", covers="changes", cursor="tuesday"))
    run(Complete("changes", covers="changes", cursor="wednesday"))
    assert told.cursors == [None, "monday", "monday", "tuesday"]


def test_a_new_version_of_the_adapter_starts_from_the_beginning_and_reads_everything_anew(
    run: Run, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(job("1"), Complete("all", cursor="monday"))
    monkeypatch.setattr(Told, "version", "2")
    report = run(job("1"), Complete("all", cursor="tuesday"))
    assert told.cursors == [None, None]
    assert (told.read, report.counts.unchanged, report.positions) == (["1", "1"], 1, None)


def test_a_refused_record_is_kept_aside_and_its_last_good_version_stays(run: Run, database: Database) -> None:
    run(job("1", "Lasser"), EVERYTHING)
    report = run(job("1", ""), EVERYTHING)
    assert (report.counts.refused, dict(report.notes.reasons), report.withdrawn) == (1, {"missing-field": 1}, 0)
    assert titles(database) == {"1": "Lasser"}
    with database.read() as connection:
        (kept,) = quarantine.find(connection, "told", 10)
    assert (kept.local_id, kept.payload, kept.issues[0]["code"]) == ("1", {"title": ""}, "missing-field")
    assert (kept.adapter, kept.edition) == ("told", {"version": "1", "mappings": []})


def test_a_record_that_is_mended_leaves_the_quarantine(run: Run, database: Database) -> None:
    run(job("1", ""), EVERYTHING)
    run(job("1", "Lasser"), Complete("changes", covers="changes"))
    with database.read() as connection:
        assert quarantine.count(connection) == 0
    assert titles(database) == {"1": "Lasser"}


def test_a_bug_in_the_adapter_refuses_one_record_only(run: Run, database: Database) -> None:
    report = run(job("1", bug=True), job("2"), EVERYTHING)
    assert report.outcome is Outcome.complete
    assert dict(report.notes.reasons) == {"adapter-failed": 1}
    assert set(titles(database)) == {"2"}


def test_a_record_that_cannot_be_read_counts_as_seen(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    unreadable = Refused(issue("row-length", line="3", expected="5", found="4"), ["a"], "2")
    report = run(job("1"), unreadable, EVERYTHING)
    assert (report.counts.refused, report.withdrawn) == (1, 0)
    assert set(titles(database)) == {"1", "2"}


def test_an_id_told_twice_is_published_once_and_the_second_is_kept_aside(run: Run, database: Database) -> None:
    report = run(job("1", "Lasser"), job("1", "Kok"), EVERYTHING)
    assert (report.counts.created, dict(report.notes.reasons)) == (1, {"duplicate-id": 1})
    assert titles(database) == {"1": "Lasser"}


def live(database: Database) -> set[str]:
    return set(titles(database))


CHANGES = Complete("end of the window", covers="changes")


def test_records_that_lose_their_id_take_nothing_out_of_the_feed_at_first(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    nameless = Refused(issue("empty-id"), {"title": "Kok"})
    report = run(job("1"), nameless, EVERYTHING)
    assert (report.outcome, report.withdrawn, live(database)) == (Outcome.incomplete, 0, {"1", "2"})
    assert "without an id" in str(report.reason)
    assert run(job("1"), nameless, EVERYTHING).withdrawn == 1


@pytest.mark.parametrize("of", ["ghost", "1"])
def test_a_double_whose_other_one_is_not_published_stays(run: Run, database: Database, of: str) -> None:
    run(job("1"), job("2"), EVERYTHING)
    report = run(Duplicate("1", of=of), job("2"), EVERYTHING)
    assert (report.counts.merged, report.positions, live(database)) == (0, None, {"1", "2"})


def test_two_that_are_called_doubles_of_each_other_both_stay(run: Run, database: Database) -> None:
    run(job("1"), job("2"), job("3"), EVERYTHING)
    run(Duplicate("1", of="2"), Duplicate("2", of="1"), job("3"), EVERYTHING)
    assert live(database) == {"1", "2", "3"}


def test_a_double_of_one_that_goes_in_the_same_run_stays(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    run(Duplicate("1", of="2"), Withdrawal("2"), CHANGES)
    assert live(database) == {"1"}


def test_too_many_doubles_wait_for_a_person(run: Run) -> None:
    many = [job(str(number)) for number in range(100)]
    run(*many, EVERYTHING)
    report = run(many[0], *(Duplicate(str(number), of="0") for number in range(1, 100)), EVERYTHING)
    assert report.outcome is Outcome.held


def test_two_words_about_one_id_make_a_list_of_changes_unbelievable(run: Run, told: Told) -> None:
    run(job("1"), Complete("all", cursor="monday"))
    report = run(job("1", "Kok"), Withdrawal("1"), Complete("changes", covers="changes", cursor="tuesday"))
    assert report.outcome is Outcome.incomplete
    run(CHANGES)
    assert told.cursors[-1] == "monday"


def test_whose_offer_it_is_is_part_of_what_is_published(run: Run, database: Database) -> None:
    run(job("1", provenance="vdab"), EVERYTHING)
    report = run(job("1", provenance="forem"), EVERYTHING)
    assert report.counts.updated == 1
    (item,) = state(database)
    assert orjson.loads(item[5])["listings"][0]["provenance"] == "forem"


def test_an_offer_whose_last_day_has_passed_ends_as_expired(run: Run, database: Database) -> None:
    run(job("1", expires="2026-12-24"), job("2"), EVERYTHING)
    report = run(job("1", expires="2026-11-01"), job("2"), EVERYTHING)
    assert report.withdrawn == 1
    assert [item[3] for item in state(database) if item[3]] == ["expired"]


@pytest.mark.parametrize("payload", [{"a": "\ud800"}, {"a": 2**70}, {1: "a"}, {"a": {1, 2}}])
def test_a_record_that_is_no_json_is_kept_aside_alone(run: Run, database: Database, payload: Any) -> None:
    report = run(RawRecord("1", payload), job("2"), EVERYTHING)
    assert (report.outcome, dict(report.notes.reasons)) == (Outcome.complete, {"unreadable-record": 1})
    assert live(database) == {"2"}


@pytest.mark.parametrize("local_id", [7, "\ud800", None])
def test_an_id_that_is_no_text_refuses_its_record_alone(run: Run, database: Database, local_id: Any) -> None:
    for _again in range(2):
        report = run(RawRecord(local_id, {"title": "Kok"}), job("2"), EVERYTHING)
        assert (report.outcome, report.counts.refused) == (Outcome.complete, 1)
    assert live(database) == {"2"}


@pytest.mark.parametrize("fault", ["unknown code", "returns nothing", "no listing"])
def test_an_adapter_that_breaks_its_contract_in_one_record_loses_that_record_only(
    run: Run, database: Database, fault: str
) -> None:
    report = run(job("1", fault=fault), job("2"), EVERYTHING)
    assert (report.outcome, dict(report.notes.reasons)) == (Outcome.complete, {"adapter-failed": 1})
    assert live(database) == {"2"}


def test_a_word_that_is_none_of_a_fetch_fails_the_run(run: Run) -> None:
    report = run(job("1"), cast("Any", None), EVERYTHING)
    assert (report.outcome, "NoneType" in str(report.reason)) == (Outcome.failed, True)


def test_a_withdrawal_of_what_was_never_here_leaves_no_trace(run: Run, database: Database) -> None:
    run(job("1"), EVERYTHING)
    report = run(Withdrawal("9"), CHANGES)
    with database.read() as connection:
        assert (report.counts.refused, quarantine.count(connection)) == (0, 0)


def test_what_is_refused_and_then_withdrawn_leaves_the_quarantine(run: Run, database: Database) -> None:
    run(job("1", "Kok"), EVERYTHING)
    run(job("1", ""), CHANGES)
    run(Withdrawal("1"), CHANGES)
    with database.read() as connection:
        assert quarantine.count(connection) == 0


def test_an_unexpected_volume_that_an_adapter_sees_is_held(run: Run, database: Database) -> None:
    run(job("1"), EVERYTHING)
    report = run(UnexpectedVolume("the header says 40,000 records"))
    assert (report.outcome, live(database)) == (Outcome.held, {"1"})


def test_a_duplicate_the_partner_names_becomes_a_tombstone_that_points_to_the_other(
    run: Run, database: Database
) -> None:
    run(job("1"), job("2"), EVERYTHING)
    report = run(job("1"), Duplicate("2", of="1"), EVERYTHING)
    (gone,) = [item for item in state(database) if item[3]]
    assert report.counts.merged == 1
    assert (gone[3], gone[4]) == ("merged", opportunity_id("told", "1"))


def test_what_comes_back_gets_a_new_position_and_the_same_id(run: Run, database: Database) -> None:
    run(job("1"), job("2"), EVERYTHING)
    before = {item[0] for item in state(database)}
    run(job("1"), EVERYTHING)
    report = run(job("1"), job("2"), EVERYTHING)
    after = state(database)
    assert {item[0] for item in after} == before
    assert (report.positions, [item[3] for item in after]) == ((4, 4), [None, None])


def test_a_plan_that_withdraws_too_much_waits_for_a_person(run: Run, database: Database) -> None:
    many = [job(str(number)) for number in range(200)]
    run(*many, EVERYTHING)
    before = state(database)
    report = run(*many[:150], EVERYTHING)
    assert report.outcome is Outcome.held
    assert report.withdrawn == 0
    assert state(database) == before


def test_a_small_source_may_lose_a_few_listings_without_a_person(run: Run) -> None:
    many = [job(str(number)) for number in range(25)]
    run(*many, EVERYTHING)
    assert run(*many[:5], EVERYTHING).outcome is Outcome.complete


def test_a_list_shorter_than_expected_waits_for_a_person(run: Run) -> None:
    assert run(job("1"), EVERYTHING, expect=Expect(min=2)).outcome is Outcome.held


def test_a_run_that_fails_while_applying_changes_nothing(
    run: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(job("1"), EVERYTHING)
    before = state(database)
    monkeypatch.setattr(quarantine, "release_unseen", _fail_late)
    report = run(job("1", "Anders"), job("2"), job("3", ""), EVERYTHING)
    assert report.outcome is Outcome.failed
    assert state(database) == before
    with database.read() as connection:
        assert quarantine.count(connection) == 0


def _fail_late(*_arguments: object) -> None:
    raise OSError("no space left on device")


def test_a_run_planned_on_an_older_state_applies_nothing(database: Database, tmp_path: Path) -> None:
    slow, quick = Told(), Told([job("1", "Kok"), EVERYTHING])
    desk = Desk(database, tmp_path, MORNING, [])

    def overtaken(cursor: str | None) -> Job:
        run_source(Source("told", quick), desk, lambda _cursor: cast("Job", Cursor(None)))
        return cast("Job", Cursor(cursor))

    slow.words = [job("1", "Lasser"), EVERYTHING]
    report = run_source(Source("told", slow), desk, overtaken)
    assert report.outcome is Outcome.failed
    assert "another run" in str(report.reason)
    assert titles(database) == {"1": "Kok"}


def test_every_run_is_recorded_with_its_outcome_and_counts(run: Run, database: Database) -> None:
    run(job("1"), EVERYTHING)
    run(SourceUnavailable("down"))
    with database.read() as connection:
        latest, first = runs.latest(connection, "told", 2)
        live = listings.count_live(connection, "told")
    assert (first.outcome, first.counts["created"], latest.outcome, latest.reason, live) == (
        "complete",
        1,
        "failed",
        "down",
        1,
    )


def test_a_record_that_changes_its_kind_is_refused_and_its_last_good_version_stays(
    run: Run, database: Database
) -> None:
    run(job("1", "Lasser"), EVERYTHING)
    report = run(job("1", "Lasopleiding", programme=True), EVERYTHING)
    assert dict(report.notes.reasons) == {"kind-changed": 1}
    assert titles(database) == {"1": "Lasser"}
