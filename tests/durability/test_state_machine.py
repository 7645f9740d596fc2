"""Whatever a partner does, and wherever the hub is stopped, nothing leaves the feed without a reason that holds.

A machine plays a partner and a hub against each other. Beside them it keeps its own account of what may go: what the
partner reported as gone, what two whole lists an hour apart lacked, what a person approved or put back.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from churning import FAULTS, Believing, Churning, Partner
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from told import MORNING, Cursor

from hub.adapter import Job
from hub.pipeline import Desk, Expect, Outcome, Report, Source, run_source
from hub.pipeline.holding import Decision, approve, reject
from hub.pipeline.opportunity import opportunity_id
from hub.pipeline.undo import undo
from hub.store import Database, holds, open_store, pages, publication, runs

NAMES = tuple("abcdefghijklmn")
EVERY = (*NAMES, *map(str.upper, NAMES))
TITLES = ("Kok", "Lasser", "Poetshulp")
HOUR = timedelta(hours=1)
GUARDED = Expect(floor=3, max_drop=0.25, max_changed=0.6, max_churn=0.5)
SEEN: dict[str, int] = {}
"""What the machines met, so that it can be told whether they tried anything."""


EXPECTED = ("withdrawn", "absent twice", "held", "approved", "failed", "incomplete", "killed", "undone")


class Killed(BaseException):
    """The hub is stopped here."""


class Hub(RuleBasedStateMachine):
    """A hub, its partner, and an account of what may leave the feed."""

    adapter: ClassVar[type[Churning]] = Churning
    expect: ClassVar[Expect] = GUARDED

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.database: Database = open_store(self.folder / "hub.db")
        self.partner = Partner()
        self.older: dict[str, str] = {}
        self.now: datetime = MORNING
        self.absent: dict[str, datetime] = {}
        self.before: dict[int, dict[str, datetime]] = {}
        self.states: dict[int, set[str]] = {}
        self.held: tuple[datetime, set[str]] | None = None
        self.replica: dict[str, bytes | None] = {}
        self.bookmark = 0

    def teardown(self) -> None:
        """Let the reader catch up, and look at the database as a whole."""
        self.a_reader_of_the_feed_comes_to_hold_what_the_hub_publishes(2)
        with self.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        self.database.close()
        shutil.rmtree(self.folder)

    # The partner ------------------------------------------------------------------------------------------------

    @initialize(names=st.sets(st.sampled_from(NAMES), min_size=6))
    def begin(self, names: set[str]) -> None:
        self.partner.offers = dict.fromkeys(sorted(names), "Kok")
        self.listed()

    @rule(name=st.sampled_from(NAMES), title=st.sampled_from(TITLES))
    def adds_or_edits(self, name: str, title: str) -> None:
        self.older = dict(self.partner.offers)
        self.partner.offers[name] = title
        self.partner.gone.discard(name)

    @rule(names=st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
    def drops_without_a_word(self, names: set[str]) -> None:
        self.older = dict(self.partner.offers)
        for name in names:
            self.partner.offers.pop(name, None)

    @rule(name=st.sampled_from(NAMES))
    def withdraws(self, name: str) -> None:
        if self.partner.offers.pop(name, None):
            self.partner.gone.add(name)

    @rule()
    def empties_its_list(self) -> None:
        self.older, self.partner.offers = self.partner.offers, {}

    @rule()
    def goes_back_in_time(self) -> None:
        self.partner.offers, self.older = {**self.older}, self.partner.offers
        self.partner.gone -= self.partner.offers.keys()

    @rule(name=st.sampled_from(NAMES))
    def changes_the_case_of_an_id(self, name: str) -> None:
        if name in self.partner.offers:
            self.partner.offers[name.upper()] = self.partner.offers.pop(name)

    @rule()
    def shuffles(self) -> None:
        self.partner.backwards = not self.partner.backwards

    @rule(minutes=st.integers(10, 180))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # The hub ----------------------------------------------------------------------------------------------------

    @rule()
    def listed(self) -> None:
        self.run()

    @rule(fault=st.sampled_from(FAULTS))
    def listed_badly(self, fault: str) -> None:
        self.partner.fault = fault
        self.run()
        self.partner.fault = ""

    @rule(name=st.sampled_from(NAMES))
    def drops_one_for_hours(self, name: str) -> None:
        self.listed()
        self.partner.offers.pop(name, None)
        self.listed()
        self.now += 2 * HOUR
        self.listed()

    @rule(steps=st.integers(0, 24))
    def killed_while_it_runs(self, steps: int) -> None:
        before, stood = self.published(), self.stands()
        try:
            report = self.run_once(dying_after(steps))
        except Killed:
            count("killed")
            self.restarted()
            assert (self.published(), self.stands()) == (before, stood)
        else:
            self.judge(report, before)

    @rule()
    def restarted(self) -> None:
        self.database.close()
        self.database = open_store(self.folder / "hub.db")

    @precondition(lambda self: self.held is not None)
    @rule(yes=st.booleans())
    def a_person_decides(self, yes: bool) -> None:
        with self.database.read() as connection:
            (waiting,) = holds.find(connection, "partner", states=(holds.WAITING,))
        decision, folder, before = Decision("An", None, self.now), self.folder / "holds", self.published()
        if yes:
            assert self.held is not None
            moment, listed = self.held
            self.remember(waiting.run, before)
            approve(self.database, folder, waiting.id, decision, lambda _connection: None)
            self.note_absent(listed, moment)
            count("approved")
        else:
            reject(self.database, folder, waiting.id, decision)
            assert self.published() == before
        self.held = None

    @precondition(lambda self: self.before)
    @rule(back=st.integers(1, 3))
    def a_run_is_undone(self, back: int) -> None:
        number = sorted(self.before)[-min(back, len(self.before))]
        undo(self.database, self.folder / "plans", "partner", number, now=self.now)
        assert self.published().keys() == self.states[number]
        self.absent = self.before[number]
        self.before = {run: absent for run, absent in self.before.items() if run < number}
        self.held = None
        count("undone")

    # What must hold ---------------------------------------------------------------------------------------------

    @rule(limit=st.integers(1, 9))
    def a_reader_of_the_feed_comes_to_hold_what_the_hub_publishes(self, limit: int) -> None:
        with self.database.read() as connection:
            while items := pages.items(connection, after=self.bookmark, limit=limit):
                positions = [item.position for item in items]
                assert positions == sorted(set(positions))
                assert positions[0] > self.bookmark
                self.replica |= {item.id: item.body for item in items}
                self.bookmark = positions[-1]
        assert {name: body for name, body in self.replica.items() if body} == self.published()

    @invariant()
    def positions_are_spent_one_after_another(self) -> None:
        with self.database.read() as connection:
            spent = connection.exec_driver_sql("SELECT position FROM history ORDER BY position").scalars().all()
            assert list(spent) == list(range(1, publication.head(connection) + 1))

    # The account ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        before = self.published()
        self.judge(self.run_once(nothing), before)

    def run_once(self, progress: Any) -> Report:
        desk = Desk(
            self.database, self.folder / "plans", self.now, [], progress=progress, fence=progress, settle=progress
        )
        source = Source("partner", self.adapter(self.partner), partner="Partner", expect=self.expect)
        return run_source(source, desk, lambda cursor: cast("Job", Cursor(cursor)))

    def judge(self, report: Report, before: dict[str, bytes]) -> None:
        count(report.outcome.value)
        listed, gone = set(self.partner.offers), set(self.partner.gone)
        after = self.published()
        lost = {name for name in EVERY if opportunity_id("partner", name) in before.keys() - after.keys()}
        if report.outcome is Outcome.held:
            assert after == before
            self.held = (self.now, listed | gone)
            return
        if report.outcome is Outcome.failed:
            assert after == before
            return
        assert report.run is not None
        self.held = None
        self.remember(report.run, before)
        whole = not self.partner.damaged
        assert (report.outcome is Outcome.complete) <= whole, f"{self.partner.fault}: taken for whole"
        due = {name for name, since in self.absent.items() if self.now - since >= HOUR}
        unexplained = lost - gone - (due - listed if whole else set())
        assert not unexplained, f"{sorted(unexplained)} left the feed without a reason"
        count("withdrawn", len(lost & gone))
        count("absent twice", len(lost - gone))
        if whole:
            self.note_absent(listed | gone, self.now)
            assert {opportunity_id("partner", name) for name in listed} <= self.published().keys()
            if report.run % 3 == 0:  # each time would take twice as long
                assert self.run_once(nothing).positions is None
            self.partner.gone.clear()

    def note_absent(self, listed: set[str], moment: datetime) -> None:
        for name in EVERY:
            if name in listed:
                self.absent.pop(name, None)
            else:
                self.absent.setdefault(name, moment)

    def remember(self, run: int, before: dict[str, bytes]) -> None:
        """Keep what undoing a run is to bring back."""
        self.before[run], self.states[run] = dict(self.absent), set(before)

    def published(self) -> dict[str, bytes]:
        """Return every opportunity in the feed and what is said of it, straight from the tables."""
        every = "SELECT o.id, b.bytes FROM opportunity AS o JOIN body AS b USING (position) WHERE o.reason IS NULL"
        with self.database.read() as connection:
            return {row[0]: row[1] for row in connection.exec_driver_sql(every)}

    def stands(self) -> object:
        """Return where the hub stands besides what it publishes."""
        doubts = "SELECT local_id, live, missing, doubt FROM listing ORDER BY id"
        with self.database.read() as connection:
            state = runs.state(connection, "partner")
            return state, publication.head(connection), connection.exec_driver_sql(doubts).all()


class Careless(Hub):
    """A hub that takes every end for the end, withdraws at once and is not guarded."""

    adapter = Believing
    expect = replace(GUARDED, absence_runs=1, floor=1_000, min_share=0)


def nothing(*_: object) -> None:
    """Do nothing."""


def dying_after(steps: int) -> Any:
    """Return what is told of progress, and stops the hub after so many words."""
    left = [steps]

    def told(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    return told


def count(what: str, number: int = 1) -> None:
    SEEN[what] = SEEN.get(what, 0) + number


@contextmanager
def telling() -> Iterator[None]:
    SEEN.clear()
    yield
    sys.stdout.write(f"{dict(sorted(SEEN.items()))}\n")


def playing(examples: int, steps: int, *, anew: bool = False) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not anew,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_leaves_the_feed_without_a_reason() -> None:
    with telling():
        run_state_machine_as_test(Hub, settings=playing(100, 30))
    assert all(SEEN.get(what, 0) > 0 for what in EXPECTED)


@pytest.mark.nightly
@pytest.mark.timeout(14_400)
def test_nothing_leaves_the_feed_in_the_long_run() -> None:
    with telling():
        run_state_machine_as_test(Hub, settings=playing(1_000, 60, anew=True))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_careless_hub_is_found_out() -> None:
    quick = settings(playing(60, 30), phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises(AssertionError, match=r"taken for whole|without a reason"):
        run_state_machine_as_test(Careless, settings=quick)
