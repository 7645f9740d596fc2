"""From what a source says to what the hub would change: the plan, spooled to a file, so memory stays flat."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeGuard
from zoneinfo import ZoneInfo

import orjson
import zstandard
from pydantic import JsonValue

from hub.adapter import Duplicate, RawRecord, Refused, Withdrawal
from hub.model.issue import Issue, issue
from hub.model.opportunity import utc
from hub.pipeline.absence import Absences, end
from hub.pipeline.filling import Filling, filled
from hub.pipeline.opportunity import body, content_digest, listing_json, opportunity_id, reference
from hub.pipeline.prepare import Prepared, as_json, prepare
from hub.pipeline.report import Counts, Notes
from hub.pipeline.seen import Seen
from hub.pipeline.source import MODEL_VERSION, Source
from hub.store import Database, listings, quarantine
from hub.store.listings import Known
from hub.store.plan_file import Action, Entry, PlanFile, Refusal, Touch

Item = RawRecord | Withdrawal | Duplicate | Refused

BRUSSELS = ZoneInfo("Europe/Brussels")
_DIGEST = 16
_NAMELESS = "#"
UNREADABLE = b'"unreadable"'
EXPIRED = "already-expired"


@dataclass(slots=True)
class _Batch:
    """What one batch of items adds to the plan."""

    known: dict[str, Known]
    planned: set[str]
    entries: list[Entry] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def name(self, local_id: str, known: Known | None, seen: Seen) -> bool:
        """Remember that this run names an id, and say whether it does so for the first time."""
        return seen.add(known.id) if known else local_id not in self.planned


class Planner:
    """Compares what a source says with what the store has, item by item, and writes the difference to the plan.

    Attributes:
        counts: where the records went.
        notes: what was noticed.
        records: how many items could be read at all.
        repeated: how many items named an id that this run had named before; the first word stands.
        recovered: ids that were in quarantine and are fine now.
        filling: what the plan does to the filling of key fields.
    """

    def __init__(self, source: Source, database: Database, plan: PlanFile, now: datetime) -> None:
        self.counts = Counts()
        self.notes = Notes()
        self.records = 0
        self.repeated = 0
        self.recovered: set[str] = set()
        self._source = source
        self._database = database
        self._plan = plan
        self._now = utc(now)
        self._today = now.astimezone(BRUSSELS).date()
        self._stamp = source.stamp().encode()
        self._said = orjson.dumps([MODEL_VERSION, source.partner, source.licence, source.attribution])
        self._seen = Seen()
        self._absences = Absences(source, database, self._seen, now)
        self.filling = Filling()
        self._merges: dict[str, tuple[Known, str]] = {}
        self._merged = 0
        self._nameless = 0
        with database.read() as connection:
            self._kept = quarantine.kept(connection, source.id)

    @property
    def nameless(self) -> int:
        """How many more items without an id came than are in quarantine from before."""
        return max(0, self._nameless - sum(key.startswith(_NAMELESS) for key in self._kept))

    @property
    def going(self) -> int:
        """How many live listings the plan takes out of the feed or doubts, without those a person approved to doubt."""
        absent = self.counts.absent - self._absences.judged
        return self.counts.withdrawn + absent + self.counts.missing + self._merged

    def take(self, items: Sequence[Item]) -> None:
        """Add a batch of items to the plan."""
        ids = [item.local_id for item in items if item.local_id is not None and is_text(item.local_id)]
        with self._database.read() as connection:
            known = listings.known(connection, self._source.id, ids)
        batch = _Batch(known, self._plan.holds([key for key in ids if key not in known]))
        self.counts.fetched += len(items)
        for item in items:
            match item:
                case RawRecord():
                    self._record(item, batch)
                case Withdrawal():
                    self._withdrawal(item, batch)
                case Duplicate():
                    self._duplicate(item, batch)
                case Refused():
                    self._refused(item, batch)
        self._plan.add(batch.entries, batch.touches, batch.refusals)

    def settle_merges(self, *, everything: bool) -> None:
        """End the listings that the partner calls doubles, where the other one is published after this plan."""
        others = [of for _, of in self._merges.values() if of not in self._merges]
        with self._database.read() as connection:
            known = listings.known(connection, self._source.id, others)
        planned = self._plan.actions(others)
        for child, of in self._merges.values():
            other = known.get(of)
            stays = other is not None and other.live and (other.id in self._seen or not everything)
            if of not in self._merges and (planned[of].publishes if of in planned else stays):
                into = other.opportunity if other else opportunity_id(self._source.id, of)
                self._plan.add([end(child, Action.merged, into)])
                self.filling.change(child.filled, None)
                self._merged += 1
            else:
                self.counts.merged -= 1
                self.counts.unchanged += 1

    def count_absent(self) -> int:
        """Return how many live listings a fetch that saw everything did not see."""
        return self._absences.count()

    def infer_absent(self) -> None:
        """Plan what follows for the live listings that a fetch which saw everything did not see."""
        for known in self._absences.infer(self._plan):
            self.filling.change(known.filled, None)
        self.counts.absent, self.counts.missing = self._absences.gone, self._absences.missing

    def settle_found(self) -> None:
        """Plan the end of all doubt about the listings that this run saw, refused ones among them."""
        self.counts.found = self._absences.clear(self._plan)

    # One item ---------------------------------------------------------------------------------------------------

    def _record(self, record: RawRecord, batch: _Batch) -> None:
        packed = packed_json(record.payload)
        raw = self._digest(packed)
        if packed == UNREADABLE or not is_text(record.local_id):
            self._refuse("", raw, packed, (issue("unreadable-record"),), batch)
            self._sight(record.local_id, batch)
            return
        self.records += 1
        known = batch.known.get(record.local_id)
        if not record.local_id:
            self._refuse("", raw, packed, (issue("empty-id"),), batch)
        elif not batch.name(record.local_id, known, self._seen):
            self._repeat(record.local_id, raw, packed, batch)
        elif known and known.live and known.raw == raw:
            self._unchanged(known)
        else:
            self._interpret(record, raw, packed, known, batch)

    def _interpret(self, record: RawRecord, raw: bytes, packed: bytes, known: Known | None, batch: _Batch) -> None:
        prepared = prepare(self._source, record, self._today, self.notes)
        if isinstance(prepared, Prepared):
            if known and known.kind != prepared.listing.kind:
                # It would leave one feed without a tombstone and appear in another under the same id.
                prepared = (issue("kind-changed", "kind", prepared.listing.kind.value, before=known.kind),)
            else:
                self._compare(record.local_id, raw, prepared, known, batch)
                return
        if known and known.live and any(found.code == EXPIRED for found in prepared):
            self._end(known, Action.expired, batch)
        else:
            self._refuse(record.local_id, raw, packed, prepared, batch)

    def _compare(self, local_id: str, raw: bytes, prepared: Prepared, known: Known | None, batch: _Batch) -> None:
        content = listing_json(prepared.listing)
        digest = content_digest(content, prepared, self._said)
        same = known is not None and known.content == digest
        if known and known.live and same:
            self._unchanged(known)
            batch.touches.append(Touch(known.id, raw, _day(prepared.listing.expires), filled(prepared.listing)))
            return
        first_seen = known.first_seen if known else self._now
        changed = known.content_changed if known and same else self._now
        said = reference(self._source, local_id, prepared, first_seen=first_seen, content_changed=changed)
        entry = Entry(
            local_id,
            _action(known),
            known.id if known else None,
            known.opportunity if known else opportunity_id(self._source.id, local_id),
            prepared.listing.kind.value,
            raw,
            digest,
            first_seen,
            changed,
            expires=_day(prepared.listing.expires),
            filled=filled(prepared.listing),
            body=body(content, prepared, said),
        )
        self.filling.change(known.filled if known and known.live else None, entry.filled)
        self._change(entry, batch)

    def _change(self, entry: Entry, batch: _Batch) -> None:
        if entry.action is Action.updated:
            self.counts.updated += 1
        else:
            self.counts.created += 1
        batch.entries.append(entry)
        batch.planned.add(entry.local_id)
        self._recover(entry.local_id)

    def _unchanged(self, known: Known) -> None:
        self.counts.unchanged += 1
        self._recover(known.local_id)

    def _recover(self, local_id: str) -> None:
        if local_id in self._kept:
            self.recovered.add(local_id)

    def _withdrawal(self, item: Withdrawal, batch: _Batch) -> None:
        known = batch.known.get(item.local_id)
        packed = packed_json(item.payload)
        if not batch.name(item.local_id, known, self._seen):
            self._repeat(item.local_id, self._digest(packed), packed, batch)
        elif known and known.live:
            self._end(known, Action.withdrawn, batch)
        elif known or item.payload is None:
            self.counts.unchanged += 1
            self._recover(item.local_id)
        else:
            over = issue("no-longer-offered", value=item.local_id)
            self._refuse(item.local_id, self._digest(packed), packed, (over,), batch)

    def _end(self, known: Known, action: Action, batch: _Batch) -> None:
        self.counts.withdrawn += 1
        batch.entries.append(end(known, action))
        self.filling.change(known.filled, None)
        self._recover(known.local_id)

    def _duplicate(self, item: Duplicate, batch: _Batch) -> None:
        known = batch.known.get(item.local_id)
        self.counts.merged += 1
        self._recover(item.local_id)
        if not batch.name(item.local_id, known, self._seen):
            self.repeated += 1
        elif known and known.live:
            self._merges[item.local_id] = (known, item.of)

    def _refused(self, item: Refused, batch: _Batch) -> None:
        local_id = item.local_id if is_text(item.local_id) else ""
        self._sight(local_id, batch)
        packed = packed_json(item.payload)
        self._refuse(local_id, self._digest(packed), packed, (item.issue,), batch)

    def _sight(self, local_id: object, batch: _Batch) -> None:
        """Remember that a record came whatever it says, so its listing is not gone."""
        if is_text(local_id) and (known := batch.known.get(local_id)):
            self._seen.add(known.id)

    def _repeat(self, local_id: str, raw: bytes, packed: bytes, batch: _Batch) -> None:
        self.repeated += 1
        self._refuse(local_id, raw, packed, (issue("duplicate-id", value=local_id),), batch)

    def _refuse(self, local_id: str, raw: bytes, packed: bytes, issues: tuple[Issue, ...], batch: _Batch) -> None:
        """Keep a record aside; the last good version of its listing, if any, stays published."""
        self.counts.refused += 1
        self.notes.refuse(issues)
        reasons = as_json(issues)
        key = local_id or f"{_NAMELESS}{self._digest(packed + reasons.encode()).hex()}"
        self._nameless += not local_id
        batch.refusals.append(Refusal(key, raw, zstandard.compress(packed), reasons))

    def _digest(self, packed: bytes) -> bytes:
        return hashlib.sha256(self._stamp + packed).digest()[:_DIGEST]


def is_text(local_id: object) -> TypeGuard[str]:
    """Say whether an id is text that can be stored: no number, no half of a surrogate pair."""
    if not isinstance(local_id, str):
        return False
    try:
        local_id.encode()
    except UnicodeEncodeError:
        return False
    return True


def packed_json(payload: JsonValue) -> bytes:
    """Return the record as JSON, `UNREADABLE` where it cannot be written as such."""
    try:
        return orjson.dumps(payload)
    except TypeError:  # what orjson raises: not JSON, nested too deeply, or no valid text
        return UNREADABLE


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _action(known: Known | None) -> Action:
    if known is None:
        return Action.created
    return Action.updated if known.live else Action.returned
