"""Whatever happens to listings, a reader of a view holds what belongs to it, and one of listings what sources say."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, cast

import orjson
import pytest
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
from told import EVERYTHING, MORNING, Cursor, Told, job

from hub.adapter import Job
from hub.pipeline import Desk, Expect, Source, run_source
from hub.pipeline.expiry import expire_due
from hub.pipeline.undo import undo
from hub.store import Database, horizon, open_store, pages, views
from hub.views import Filter, accepts

TITLES = {"welder": "Lasser met ervaring", "cook": "Kok in een school", "cleaner": "Poetshulp aan huis"}
SAME = {
    "employer": "Helder Huis nv",
    "kbo": "0403170701",
    "published": "2026-11-20",
    "description": {"nl": "Je werkt overdag bij vaste klanten in en rond de stad, vier dagen in de week. " * 8},
}
PLACES = {"9000": "44021", "2000": "11002", "1000": "21004"}
FILTERS = {
    "ghent": Filter(places={"44021"}),
    "flemish": Filter(places={"02000"}),
    "north": Filter(sources={"north"}),
    "good": Filter(min_quality=0.45),
    "courses": Filter(kinds={"programme"}),
}
FEEDS = ("all", "vacancies", "programmes", "listings", "one", "two")
READ_AT_ONCE = 3


class Reader:
    """Follows one feed, in small pages, and holds what it says."""

    def __init__(self, feed: str) -> None:
        self.feed, self.position, self.horizon = feed, 0, 0
        self.held: dict[str, bytes] = {}

    def read(self, database: Database, *, most: int = 10_000, limit: int = READ_AT_ONCE) -> None:
        for _ in range(most):
            with database.read() as connection:
                horizon = pages.forgotten(connection, self.feed)
                if self.position < horizon and self.horizon < horizon:
                    self.held, self.position, self.horizon = {}, 0, horizon
                found = pages.items(connection, after=self.position, limit=limit, view=self.feed)
            if not found:
                return
            for item in found:
                assert item.position > self.position
                self.position = item.position
                if item.body is None:
                    assert item.reason
                    self.held.pop(item.id, None)
                else:
                    self.held[item.id] = item.body


def opportunities(database: Database) -> dict[str, tuple[str, bytes]]:
    statement = "SELECT o.id, o.kind, b.bytes FROM opportunity AS o JOIN body AS b USING (position)"
    with database.read() as connection:
        return {name: (kind, body) for name, kind, body in connection.exec_driver_sql(statement)}


def listed(database: Database) -> dict[str, tuple[bytes, bool]]:
    statement = (
        "SELECT l.source || '/' || l.local_id, v.bytes, l.missing IS NOT NULL OR l.doubt IS NOT NULL "
        "FROM listing AS l JOIN version AS v ON v.listing = l.id WHERE l.live"
    )
    with database.read() as connection:
        return {name: (body, bool(doubted)) for name, body, doubted in connection.exec_driver_sql(statement)}


class Following(RuleBasedStateMachine):
    """Two partners, two views, and a reader of every feed."""

    home: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.home))
        shutil.copyfile(self.home / "empty.db", self.folder / "hub.db")
        self.database = open_store(self.folder / "hub.db")
        self.now = MORNING
        self.defined: Mapping[str, Filter] = {}
        self.readers = [Reader(feed) for feed in FEEDS]
        self.runs: list[tuple[str, int]] = []

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    @initialize(one=st.sampled_from(sorted(FILTERS)), two=st.sampled_from(sorted(FILTERS)))
    def begin(self, one: str, two: str) -> None:
        self.redefine(one, two)

    @rule(one=st.sampled_from(sorted(FILTERS)), two=st.sampled_from(sorted(FILTERS)))
    def redefine(self, one: str, two: str) -> None:
        self.defined = {"one": FILTERS[one], "two": FILTERS[two]}
        with self.database.write() as connection:
            views.define(connection, self.defined)
            assert not views.differ(connection, self.defined)

    @rule(
        source=st.sampled_from(["north", "south"]),
        said=st.dictionaries(
            st.sampled_from("abcd"),
            st.tuples(st.sampled_from(sorted(TITLES)), st.sampled_from(sorted(PLACES)), st.booleans(), st.booleans()),
        ),
        patient=st.booleans(),
    )
    def a_source_runs(self, source: str, said: dict[str, tuple[str, str, bool, bool]], patient: bool) -> None:
        words = [
            job(name, TITLES[title], postal_codes=[code], programme=course, **(SAME if same else {}))
            for name, (title, code, course, same) in said.items()
        ]
        self.now += timedelta(hours=2)
        desk = Desk(self.database, self.folder / "plans", self.now, [])
        expect = Expect(absence_runs=2 if patient else 1, floor=1000, min=-1)
        ready = Source(source, Told([*words, EVERYTHING]), partner=source.title(), expect=expect)
        report = run_source(ready, desk, lambda cursor: cast("Job", Cursor(cursor)))
        if report.run and report.positions:
            self.runs.append((source, report.run))

    @precondition(lambda self: self.runs)
    @rule()
    def the_last_run_is_undone(self) -> None:
        source, number = self.runs.pop()
        self.now += timedelta(hours=1)
        undo(self.database, self.folder / "plans", source, number, now=self.now)

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        expire_due(self.database, self.folder / "plans", self.now)
        with self.database.write() as connection:
            old = self.now - timedelta(days=30)
            horizon.advance(connection, now=self.now.isoformat(), before=old.isoformat())

    @rule(number=st.integers(0, len(FEEDS) - 1), most=st.integers(1, 3), limit=st.integers(1, 1000))
    def one_reads_a_little(self, number: int, most: int, limit: int) -> None:
        self.readers[number].read(self.database, most=most, limit=limit)

    @invariant()
    def everybody_who_reads_to_the_end_holds_the_truth(self) -> None:
        if not self.defined:
            return
        truth = opportunities(self.database)
        wanted = {"all": Filter(), "vacancies": Filter(kinds={"vacancy"}), "programmes": Filter(kinds={"programme"})}
        for reader in map(self._copy, self.readers):
            reader.read(self.database)
            if reader.feed == "listings":
                self._holds_the_listings(reader)
                continue
            filter_ = {**wanted, **self.defined}[reader.feed]
            assert reader.held == {
                name: body for name, (kind, body) in truth.items() if accepts(filter_, kind, orjson.loads(body))
            }, reader.feed

    def _holds_the_listings(self, reader: Reader) -> None:
        truth = listed(self.database)
        assert reader.held.keys() == truth.keys()
        for name, (body, doubted) in truth.items():
            said = orjson.loads(reader.held[name])
            assert said == {**orjson.loads(body), "status": "likelyExpired" if doubted else "active"}

    @staticmethod
    def _copy(reader: Reader) -> Reader:
        made = Reader(reader.feed)
        made.held, made.position, made.horizon = dict(reader.held), reader.position, reader.horizon
        return made


@pytest.fixture
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    open_store(tmp_path / "empty.db").close()
    monkeypatch.setattr(Following, "home", tmp_path, raising=False)
    quick = [Phase.generate]  # each step costs some milliseconds: to look for the shortest failure takes minutes
    return settings(
        deadline=None, suppress_health_check=list(HealthCheck), print_blob=False, database=None, phases=quick
    )


def test_readers_of_every_feed_hold_the_truth_in_a_few_steps(quiet: Any) -> None:
    run_state_machine_as_test(Following, settings=settings(quiet, max_examples=12, stateful_step_count=12))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_readers_of_every_feed_hold_the_truth(quiet: Any) -> None:
    run_state_machine_as_test(Following, settings=settings(quiet, max_examples=150, stateful_step_count=30))


@pytest.mark.parametrize("what", ["views.follow", "listing_feed.spend"])
def test_a_hub_that_forgets_to_tell_is_found_out(quiet: Any, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(f"hub.store.publication.{what}", lambda *_: 0)
    once = settings(quiet, max_examples=30, stateful_step_count=12)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Following, settings=once)
