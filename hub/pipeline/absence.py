"""What a complete list lacks: at first a listing is only doubted, and gone once its absence repeats."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.model.opportunity import utc
from hub.pipeline.seen import Seen
from hub.pipeline.source import Source
from hub.store import Connection, Database, holds, listings, runs
from hub.store.listings import Known
from hub.store.plan_file import Action, Entry, PlanFile

_MANY = 500


@dataclass(slots=True)
class Absences:
    """The live listings of a source that a run did not see.

    Args:
        source: the source.
        database: the store.
        seen: the listings that the run saw.
        now: the moment of the run.
        missing: how many are missing for the first time.
        gone: how many are withdrawn, as they were missing before.
        judged: how many of those that are gone were already doubted in a plan that a person approved.
    """

    source: Source
    database: Database
    seen: Seen
    now: datetime
    missing: int = 0
    gone: int = 0
    judged: int = 0
    _approved: frozenset[str] = field(default_factory=frozenset)
    _before: str | None = None

    def count(self) -> int:
        """Return how many there are."""
        with self.database.read() as connection:
            batches = listings.live(connection, self.source.id)
            return sum(number not in self.seen for numbers in batches for number in numbers)

    def infer(self, plan: PlanFile) -> Iterator[Known]:
        """Plan what follows for each after a run that saw everything, and yield those that are gone."""
        with self.database.read() as connection:
            self._before = self._limit(connection)
            self._approved = holds.approved_moments(connection, self.source.id)
            for numbers in listings.live(connection, self.source.id):
                absent = [number for number in numbers if number not in self.seen]
                for known in listings.numbered(connection, absent) if absent else ():
                    action = self._judge(known)
                    if action:
                        plan.add([mark(known, utc(self.now)) if action is Action.missing else end(known, action)])
                    if action is Action.withdrawn:
                        yield known

    def clear(self, plan: PlanFile) -> int:
        """Plan that the missing ones which this run saw are no longer doubted, and return how many there are."""
        with self.database.read() as connection:
            doubted = [known for known in listings.missing(connection, self.source.id) if known.live]
        seen = [known for known in doubted if known.id in self.seen]
        found = 0
        for start in range(0, len(seen), _MANY):
            batch = seen[start : start + _MANY]
            planned = plan.holds([known.local_id for known in batch])
            entries = [mark(known, None) for known in batch if known.local_id not in planned]
            plan.add(entries)
            found += len(entries)
        return found

    def _limit(self, connection: Connection) -> str | None:
        """Return since when a listing must be missing at the latest to be gone now; None where none is."""
        expect = self.source.expect
        whole = runs.whole_since(connection, self.source.id, max(expect.absence_runs - 1, 1))
        return min(whole, utc(self.now - timedelta(hours=expect.absence_hours))) if whole else None

    def _judge(self, known: Known) -> Action | None:
        if self.source.expect.absence_runs > 1:
            if known.missing is None:
                self.missing += 1
                return Action.missing
            if self._before is None or known.missing > self._before:
                return None
        self.gone += 1
        self.judged += known.missing in self._approved
        return Action.withdrawn


def end(known: Known, action: Action, merged_into: str | None = None) -> Entry:
    """Return the planned end of a listing."""
    clocks = (known.first_seen, known.content_changed)
    return Entry(known.local_id, action, known.id, known.opportunity, known.kind, None, None, *clocks, merged_into)


def mark(known: Known, missing: str | None) -> Entry:
    """Return the planned doubt about a listing that is missing since this moment, or for None the end of the doubt."""
    return end(known, Action.missing if missing else Action.found)._replace(missing=missing)
