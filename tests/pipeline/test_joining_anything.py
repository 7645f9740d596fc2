"""Whatever happens to listings that several sources share, in whatever order: what is published stays right.

The steps are what partners, people and the clock do. After each one the store is read as it is, and compared with what
can be told without it: which listings are one opportunity, what it says, and under which id it goes on.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast
from unittest.mock import patch

import orjson
import pytest
from hypothesis import HealthCheck, settings
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

from hub.adapter import Complete, Duplicate, Fetched, Job, Withdrawal
from hub.matching import Decision, Features, clusters, compare, features, keys
from hub.pipeline import Desk, Expect, Report, Source, holding, run_source
from hub.pipeline.composing import Part, compose
from hub.pipeline.deciding import Decided, decide, match_all, take_back
from hub.pipeline.doubt import Doubting, doubt_due
from hub.pipeline.expiry import expire_due
from hub.pipeline.undo import undo
from hub.store import Database, open_store, pages, runs

CHANGES = Complete("the test says so", covers="changes")
PATIENT, STRICT = Expect(absence_runs=2, floor=1000), Expect(absence_runs=1, floor=0, max_drop=0.0, max_changed=0.0)
SOURCES, IDS = ("north", "south", "east", "west"), ("1", "2", "3")
KBO, OTHER_KBO = "0403170701", "0201310929"
METHOD = "organisation-register"

CLEANER: dict[str, Any] = {
    "title": "Poetshulp met dienstencheques",
    "employer": "Helder Huis nv",
    "postal_codes": ["9000"],
    "published": "2026-11-20",
    "description": {
        "nl": "Je poetst bij vaste klanten in en rond Gent: stofzuigen, dweilen, ramen lappen, strijken. Je krijgt "
        "een opleiding, een fiets en een vast contract van twintig tot achtendertig uur per week."
    },
}
NEAR = {
    "nl": "Je poetst bij vaste klanten in en rond Gent: stofzuigen, dweilen en koken voor het gezin. Wij bieden een "
    "opleiding, een fiets en een vast contract van twintig tot dertig uur per week aan."
}
BAKER = {
    **CLEANER,
    "title": "Bakker in de nachtploeg",
    "description": {"nl": "Je bakt brood en banket in de nacht, van tien tot zes, vijf dagen per week, in de winkel."},
}
OPENINGS: dict[str, dict[str, Any]] = {
    "numbered": {**CLEANER, "kbo": KBO},
    "unnumbered": CLEANER,
    "of another": {**CLEANER, "kbo": OTHER_KBO},
    "near": {**CLEANER, "kbo": KBO, "description": NEAR},
    "alike": {**CLEANER, "employer": "Helder Huis Gent"},
    "fuller": {**CLEANER, "kbo": KBO, "openings": 3},
    "ending": {**CLEANER, "expires": "2026-11-29"},
    "nowhere": {name: said for name, said in CLEANER.items() if name != "postal_codes"},
    "referred": {**CLEANER, "references": ("elsewhere:1",)},
    "referred, in Brussels": {**CLEANER, "postal_codes": ["1000"], "references": ("elsewhere:1",)},
    "baker": BAKER,
    "referred baker": {**BAKER, "references": ("elsewhere:1",)},
}
"""Openings as a source may list them; which of them the rules join is up to the rules."""


class Row(NamedTuple):
    """A live listing in the store."""

    id: int
    source: str
    local_id: str
    opportunity: str
    first_seen: str
    doubted: bool
    version: bytes


@dataclass
class Seen:
    """What a reader of the feed holds."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    tombstones: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    position: int = 0

    def follow(self, database: Database) -> None:
        with database.read() as connection:
            while found := pages.items(connection, after=self.position, limit=7):
                for item in found:
                    self.bodies.pop(item.id, None)
                    self.tombstones.pop(item.id, None)
                    if item.body is None:
                        self.tombstones[item.id] = (item.reason, item.merged_into)
                    else:
                        self.bodies[item.id] = item.body
                self.position = found[-1].position


def rows(database: Database, statement: str, *values: object) -> list[Any]:
    with database.read() as connection:
        return list(connection.exec_driver_sql(statement, values).all())


def live(database: Database) -> dict[int, Row]:
    found = rows(
        database,
        "SELECT l.id, l.source, l.local_id, l.opportunity, l.first_seen, l.missing IS NOT NULL OR l.doubt IS NOT NULL, "
        "v.bytes FROM listing AS l LEFT JOIN version AS v ON v.listing = l.id WHERE l.live = 1 ORDER BY l.id",
    )
    return {row[0]: Row(*row) for row in found}


def decided(database: Database) -> dict[tuple[int, int], str]:
    return {(a, b): verdict for a, b, verdict in rows(database, "SELECT first, second, verdict FROM decision")}


def stated_kbo(version: Mapping[str, Any]) -> str | None:
    """Return the number that the partner states, not what the register adds."""
    added = [name for each in version.get("derived", ()) if each["method"] == METHOD for name in each["fields"]]
    return None if "organisation.kbo" in added else version["organisation"].get("kbo")


def components(numbers: Iterable[int], links: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Return the numbers that are linked, directly or over others."""
    of = {number: {number} for number in numbers}
    for one, other in links:
        if one in of and other in of and of[one] is not of[other]:
            of[one] |= of[other]
            of.update(dict.fromkeys(of[other], of[one]))
    return list({id(each): each for each in of.values()}.values())


def expected_groups(
    listed: Mapping[int, Row], packed: Mapping[int, Features], said: Mapping[tuple[int, int], str]
) -> set[tuple[int, ...]]:
    """Return which listings are one opportunity, judged at once over all there is."""
    scores = {}
    verdicts = {pair: compare(packed[pair[0]], packed[pair[1]]) for pair in combinations(sorted(listed), 2)}
    keyed = {pair for pair in verdicts if set(keys(packed[pair[0]])) & set(keys(packed[pair[1]]))}
    same = {pair for pair in keyed if verdicts[pair].decision is Decision.same}
    together = [pair for pair, verdict in said.items() if verdict == "same"]
    for group in components(listed, [*same, *together]):
        whole = combinations(sorted(group), 2)
        scores.update(
            {pair: verdicts[pair].score for pair in whole if verdicts[pair].decision is not Decision.different}
        )
    return set(clusters({number: row.source for number, row in listed.items()}, scores, said))


class Joining(RuleBasedStateMachine):
    """Four partners with a few openings in common, over and over again from an empty store that was made once."""

    home: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.home))
        shutil.copyfile(self.home / "empty.db", self.folder / "hub.db")
        self.database = open_store(self.folder / "hub.db")
        self.now = MORNING
        self.lists: dict[str, dict[str, str]] = {source: {} for source in SOURCES}
        self.runs: list[tuple[str, int]] = []
        self.ranks: dict[str, int] = {}
        self.reader = Seen()
        self.before: dict[int, str] = {}
        self.last: dict[int, str] = {}

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    # What happens ----------------------------------------------------------------------------------------------

    @property
    def plans(self) -> Path:
        return self.folder / "plans"

    def run(
        self,
        source: str,
        *words: Fetched,
        expect: Expect = PATIENT,
        settle: Callable[[], None] = lambda: None,
        plans: str = "plans",
    ) -> Report:
        self.now += timedelta(hours=2)
        desk = Desk(self.database, self.folder / plans, self.now, [], settle=settle)
        ready = Source(source, Told(words), partner=source.title(), expect=expect)
        report = run_source(ready, desk, lambda cursor: cast("Job", Cursor(cursor)))
        assert report.outcome != "failed", report.reason
        if report.run and report.positions:
            self.runs.append((source, report.run))
        self._ids_stay()
        return report

    def whole(self, source: str) -> list[Fetched]:
        return [*(job(local_id, **OPENINGS[name]) for local_id, name in self.lists[source].items()), EVERYTHING]

    sources, ids, openings = st.sampled_from(SOURCES), st.sampled_from(IDS), st.sampled_from(sorted(OPENINGS))
    one_list = st.dictionaries(ids, openings, min_size=1)

    @initialize(lists=st.lists(one_list, min_size=4, max_size=4))
    def begin(self, lists: list[dict[str, str]]) -> None:
        for source, said in zip(SOURCES, lists, strict=True):
            self.lists[source] = dict(said)
            self.run(source, *self.whole(source))

    @rule(source=sources, local_id=ids, opening=openings)
    def lists_or_edits(self, source: str, local_id: str, opening: str) -> None:
        self.lists[source][local_id] = opening
        self.run(source, *self.whole(source))

    @rule(source=sources, chosen=one_list)
    def renews_its_list(self, source: str, chosen: dict[str, str]) -> None:
        self.lists[source] = dict(chosen)
        self.run(source, *self.whole(source), expect=Expect(absence_runs=1, floor=1000, min=-1))

    @rule(source=sources, local_id=ids)
    def withdraws(self, source: str, local_id: str) -> None:
        self.lists[source].pop(local_id, None)
        self.run(source, Withdrawal(local_id), CHANGES)

    @rule(source=sources, local_id=ids)
    def silently_lacks(self, source: str, local_id: str) -> None:
        self.lists[source].pop(local_id, None)
        self.run(source, *self.whole(source))

    @rule(source=sources)
    def lists_the_same_twice(self, source: str) -> None:
        self.run(source, *self.whole(source))
        self.run(source, *self.whole(source))

    @rule(source=sources, local_id=ids, of=ids, opening=openings)
    def calls_one_a_double(self, source: str, local_id: str, of: str, opening: str) -> None:
        if local_id != of:
            self.lists[source].pop(local_id, None)
            self.lists[source][of] = opening
            self.run(source, Duplicate(local_id, of), *self.whole(source))

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        expire_due(self.database, self.plans, self.now)
        self._note_ids()  # one source after the other ends, so what is one in between may part again

    @rule(source=sources)
    def old_ones_are_doubted(self, source: str) -> None:
        self.now += timedelta(hours=2)
        doubt_due(self.database, self.plans, self.now, [Doubting(source, expect=Expect(max_age_days=2, floor=1000))])

    @rule(source=sources, local_id=ids, opening=openings)
    def waits_for_a_person(self, source: str, local_id: str, opening: str) -> None:
        self.lists[source][local_id] = opening
        self.run(source, *self.whole(source), expect=STRICT)

    def waiting(self) -> list[int]:
        return [number for (number,) in rows(self.database, "SELECT id FROM hold WHERE state = 'waiting'")]

    @precondition(lambda self: self.waiting())
    @rule(approve=st.booleans())
    def a_person_judges_what_waits(self, approve: bool) -> None:
        decision, folder = holding.Decision("An", None, self.now), self.folder / "holds"
        for number in self.waiting():
            if approve:
                holding.approve(self.database, folder, number, decision, lambda _: None)
            else:
                holding.reject(self.database, folder, number, decision)

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def a_run_is_undone(self, data: st.DataObject) -> None:
        source, number = data.draw(st.sampled_from(self.runs))
        self.now += timedelta(hours=1)
        undo(self.database, self.plans, source, number, now=self.now)

    @rule(data=st.data(), verdict=st.sampled_from(["same", "different"]))
    def a_person_decides(self, data: st.DataObject, verdict: str) -> None:
        listed = live(self.database)
        if len(listed) > 1:
            pair = data.draw(st.sampled_from(list(combinations(sorted(listed), 2))))
            self.now += timedelta(hours=1)
            decide(self.database, self.plans, listed[pair[0]].source, [pair], Decided(verdict, "An", None, self.now))

    @rule(order=st.permutations(SOURCES), named=st.integers(0, 4))
    def ranks_change(self, order: Sequence[str], named: int) -> None:
        self.ranks = {source: place for place, source in enumerate(order[:named])}
        with self.database.write() as connection:
            runs.rank(connection, self.ranks)
        self.everything_anew(silent=False)

    @rule(source=sources, other=sources, local_id=ids, said=st.tuples(openings, openings), refreshes=st.integers(0, 1))
    def two_publish_at_once(
        self, source: str, other: str, local_id: str, said: tuple[str, str], refreshes: int
    ) -> None:
        if source == other:
            return

        def meanwhile() -> None:
            self.run(other, *self.whole(other), plans="others")

        self.lists[source][local_id], self.lists[other][local_id] = said
        with patch("hub.pipeline._REFRESHES", refreshes):  # without any, it is found while nobody else can write
            self.run(source, *self.whole(source), settle=meanwhile)

    @rule()
    def the_hub_starts_again(self) -> None:
        self.database.close()
        self.database = open_store(self.folder / "hub.db")

    @rule()
    def same_lists_again_are_silent(self) -> None:
        for source in SOURCES:
            if self.lists[source]:
                for _ in range(2):
                    self.run(source, *self.whole(source))
                assert self.run(source, *self.whole(source)).positions is None

    @rule()
    def everything_anew(self, *, silent: bool = True) -> None:
        take_back(self.database, self.plans, self.now)  # what a run that waits has learned of organisations
        pairs = rows(self.database, "SELECT first, second, score, verdict FROM match")
        spent = match_all(self.database, self.plans, self.now)
        assert spent == 0 or not silent
        assert rows(self.database, "SELECT first, second, score, verdict FROM match") == pairs

    # What holds after each -------------------------------------------------------------------------------------

    @invariant()
    def all_is_right(self) -> None:
        listed = live(self.database)
        self._ids_stay()
        self._every_position_is_spent_once()
        self._readers_hold_what_is_published()
        packed = self._what_is_compared_is_that_of_live_listings(listed)
        groups = self._groups(listed)
        assert set(groups.values()) == expected_groups(listed, packed, decided(self.database))
        self._no_rule_is_broken(listed, groups.values())
        self._it_says_what_its_listings_say(listed, groups)
        self._tombstones_lead_on()

    def _every_position_is_spent_once(self) -> None:
        spent = rows(self.database, "SELECT position, opportunity FROM history ORDER BY position")
        assert [position for position, _ in spent] == list(range(1, len(spent) + 1))
        assert rows(self.database, "SELECT value FROM counter WHERE name = 'position'") == [(len(spent),)]
        last = {opportunity: position for position, opportunity in spent}
        assert dict(rows(self.database, "SELECT id, position FROM opportunity")) == last

    def _readers_hold_what_is_published(self) -> None:
        bodies = "SELECT o.id, b.bytes FROM opportunity AS o JOIN body AS b ON b.position = o.position"
        assert self.reader.bodies == dict(rows(self.database, bodies))
        assert rows(self.database, "SELECT count(*) FROM body") == [(len(self.reader.bodies),)]
        gone = rows(self.database, "SELECT id, reason, merged_into FROM opportunity WHERE reason IS NOT NULL")
        assert self.reader.tombstones == {name: (reason, into) for name, reason, into in gone}

    def _what_is_compared_is_that_of_live_listings(self, listed: Mapping[int, Row]) -> dict[int, Features]:
        versions = dict(rows(self.database, "SELECT listing, bytes FROM version"))
        packed = dict(rows(self.database, "SELECT listing, bytes FROM feature"))
        assert versions.keys() == packed.keys() == listed.keys()
        assert {number: features(orjson.loads(body)).packed() for number, body in versions.items()} == packed
        read = {number: Features.unpacked(each) for number, each in packed.items()}
        blocks = {(key, number) for number, each in read.items() for key in keys(each)}
        assert set(rows(self.database, "SELECT key, listing FROM block")) == blocks
        found = {
            (a, b): (score, verdict)
            for a, b, score, verdict in rows(self.database, "SELECT first, second, score, verdict FROM match")
        }
        assert found == self._pairs(listed, read)
        return read

    def _pairs(
        self, listed: Mapping[int, Row], read: Mapping[int, Features]
    ) -> dict[tuple[int, int], tuple[float, str]]:
        pairs = {}
        for one, other in combinations(sorted(listed), 2):
            verdict = compare(read[one], read[other])
            if verdict.decision is not Decision.different and set(keys(read[one])) & set(keys(read[other])):
                pairs[one, other] = (verdict.score, verdict.decision.value)
        return pairs

    def _groups(self, listed: Mapping[int, Row]) -> dict[str, tuple[int, ...]]:
        groups: dict[str, tuple[int, ...]] = defaultdict(tuple)
        for number, row in listed.items():
            groups[row.opportunity] += (number,)
        assert groups.keys() == self.reader.bodies.keys()
        return groups

    def _no_rule_is_broken(self, listed: Mapping[int, Row], groups: Iterable[tuple[int, ...]]) -> None:
        said = decided(self.database)
        by_people = {
            number: id(each)
            for each in components(listed, [p for p, v in said.items() if v == "same"])
            for number in each
        }
        numbers = {number: stated_kbo(orjson.loads(row.version)) for number, row in listed.items()}
        for one, other in (pair for group in groups for pair in combinations(group, 2)):
            assert said.get((one, other)) != "different"
            if by_people[one] != by_people[other]:
                assert listed[one].source != listed[other].source
                assert None in {numbers[one], numbers[other]} or numbers[one] == numbers[other]

    def _it_says_what_its_listings_say(self, listed: Mapping[int, Row], groups: Mapping[str, tuple[int, ...]]) -> None:
        for name, group in groups.items():
            members = [listed[number] for number in group]
            said = orjson.loads(self.reader.bodies[name])
            parts = [
                Part(m.source, m.version, doubted=m.doubted, first_seen=m.first_seen, number=m.id) for m in members
            ]
            assert self.reader.bodies[name] == compose(parts, self.ranks)
            assert (said["status"] == "likelyExpired") == all(member.doubted for member in members)
            assert [(each["source"], each["localId"]) for each in said["listings"]] == self._in_order(members)

    def _in_order(self, members: Iterable[Row]) -> list[tuple[str, str]]:
        def rank(row: Row) -> tuple[object, ...]:
            score = orjson.loads(row.version)["quality"]["score"]
            return row.doubted, self.ranks.get(row.source, 99), -score, row.first_seen, row.id

        return [(row.source, row.local_id) for row in sorted(members, key=rank)]

    def _tombstones_lead_on(self) -> None:
        leads = {name: into for name, (_, into) in self.reader.tombstones.items()}
        for name, (reason, into) in self.reader.tombstones.items():
            assert (into is None) == (reason != "merged"), name
            passed, at = {name}, into
            while at is not None:
                assert at not in passed
                assert at in self.reader.bodies or at in leads
                passed.add(at)
                at = leads.get(at)

    def _ids_stay(self) -> None:
        """An id ends only where no listing of it lives on, or in a merge; one that is new was needed."""
        listed = live(self.database)
        self.reader.follow(self.database)
        for name, group in self._groups(listed).items():
            lived = {self.before[number] for number in group if number in self.before}
            theirs = lived or {self.last[number] for number in group if number in self.last}
            assert name in theirs or theirs <= self.reader.bodies.keys()
        for name in set(self.before.values()) - self.reader.bodies.keys():
            found = {
                listed[number].opportunity for number, was in self.before.items() if was == name and number in listed
            }
            assert not found or self.reader.tombstones[name][1] in found
        self._note_ids()

    def _note_ids(self) -> None:
        self.before = {number: row.opportunity for number, row in live(self.database).items()}
        self.last |= self.before


@pytest.fixture
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings:
    open_store(tmp_path / "empty.db").close()
    monkeypatch.setattr(Joining, "home", tmp_path, raising=False)
    return settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=False, database=None)


@pytest.mark.usefixtures("quiet")
def test_the_openings_are_the_same_different_and_neither() -> None:
    found = Joining()
    with closing(found.database):
        found.lists["north"] = dict.fromkeys(IDS, "baker") | {"1": "unnumbered"}
        found.lists["south"] = {"1": "numbered", "2": "near", "3": "referred baker"}
        found.lists["east"] = {"1": "of another", "2": "nowhere", "3": "referred"}
        for source in found.lists:
            found.run(source, *found.whole(source))
        found.all_is_right()
        verdicts = rows(found.database, "SELECT DISTINCT verdict FROM match ORDER BY verdict")
        assert [verdict for (verdict,) in verdicts] == ["same", "unsure"]
        assert len(live(found.database)) > len(found.reader.bodies)


def test_whatever_happens_in_a_few_steps(quiet: settings) -> None:
    run_state_machine_as_test(Joining, settings=settings(quiet, max_examples=8, stateful_step_count=15))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_whatever_happens_in_many_steps(quiet: settings) -> None:
    run_state_machine_as_test(Joining, settings=settings(quiet, max_examples=60, stateful_step_count=40))
