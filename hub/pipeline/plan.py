"""From what a source says to what the hub would change: the plan, spooled to a file, so memory stays flat."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import zstandard

from hub.adapter import Duplicate, RawRecord, Refused, Withdrawal
from hub.model.issue import Issue, issue
from hub.model.opportunity import utc
from hub.pipeline.opportunity import body, content_digest, listing_json, opportunity_id, reference
from hub.pipeline.prepare import Prepared, as_json, prepare
from hub.pipeline.report import Counts, Notes
from hub.pipeline.source import Source
from hub.store import Database, listings, quarantine
from hub.store.listings import Known
from hub.store.plan_file import Action, Entry, PlanFile, Refusal, Touch

Item = RawRecord | Withdrawal | Duplicate | Refused

BRUSSELS = ZoneInfo("Europe/Brussels")
_DIGEST = 16


@dataclass(slots=True)
class _Batch:
    """What one batch of items adds to the plan."""

    known: dict[str, Known]
    planned: set[str]
    entries: list[Entry] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class Planner:
    """Compares what a source says with what the store has, item by item, and writes the difference to the plan."""

    def __init__(self, source: Source, database: Database, plan: PlanFile, now: datetime) -> None:
        self.counts = Counts()
        self.notes = Notes()
        self._source = source
        self._database = database
        self._plan = plan
        self._now = utc(now)
        self._today = now.astimezone(BRUSSELS).date()
        self._stamp = source.stamp().encode()
        self._said = orjson.dumps([source.partner, source.licence, source.attribution])
        self._seen = bytearray()
        with database.read() as connection:
            self._kept = quarantine.kept(connection, source.id)
        self.recovered: set[str] = set()

    def take(self, items: Sequence[Item]) -> None:
        """Add a batch of items to the plan."""
        ids = [item.local_id for item in items if item.local_id is not None]
        ids += [item.of for item in items if isinstance(item, Duplicate)]
        with self._database.read() as connection:
            known = listings.known(connection, self._source.id, ids)
        planned = self._plan.holds([key for key in ids if key not in known])
        batch = _Batch(known, planned)
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

    def infer_absent(self) -> None:
        """Plan the withdrawal of every live listing that a fetch which saw everything did not see."""
        with self._database.read() as connection:
            for numbers in listings.live(connection, self._source.id):
                absent = [number for number in numbers if not self._was_seen(number)]
                self.counts.absent += len(absent)
                gone = listings.numbered(connection, absent) if absent else ()
                self._plan.add([self._ending(known, Action.withdrawn) for known in gone])

    # One item ---------------------------------------------------------------------------------------------------

    def _record(self, record: RawRecord, batch: _Batch) -> None:
        packed = orjson.dumps(record.payload)
        raw = hashlib.sha256(self._stamp + packed).digest()[:_DIGEST]
        known = batch.known.get(record.local_id)
        if self._is_repeated(record.local_id, known, batch):
            self._refuse(record.local_id, raw, packed, (issue("duplicate-id", value=record.local_id),), batch)
        elif not record.local_id:
            self._refuse("", raw, packed, (issue("empty-id"),), batch)
        elif known and known.live and known.raw == raw:
            self._unchanged(known)
        else:
            self._interpret(record, raw, packed, known, batch)

    def _interpret(self, record: RawRecord, raw: bytes, packed: bytes, known: Known | None, batch: _Batch) -> None:
        prepared = prepare(self._source, record, self._today, self.notes)
        if isinstance(prepared, tuple):
            self._refuse(record.local_id, raw, packed, prepared, batch)
        elif known and known.kind != prepared.listing.kind:
            # It would leave one feed without a tombstone and appear in another under the same id.
            changed = issue("kind-changed", "kind", prepared.listing.kind.value, before=known.kind)
            self._refuse(record.local_id, raw, packed, (changed,), batch)
        else:
            self._compare(record.local_id, raw, prepared, known, batch)

    def _compare(self, local_id: str, raw: bytes, prepared: Prepared, known: Known | None, batch: _Batch) -> None:
        content = listing_json(prepared.listing)
        digest = content_digest(content, prepared, self._said)
        same = known is not None and known.content == digest
        if known and known.live and same:
            self._unchanged(known)
            batch.touches.append(Touch(known.id, raw))
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
            body=body(content, prepared, said),
        )
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
        if self._is_repeated(item.local_id, known, batch):
            self.counts.unchanged += 1
        elif known is None:
            self._refused(Refused(issue("no-longer-offered", value=item.local_id), item.payload, item.local_id), batch)
        elif known.live:
            self.counts.withdrawn += 1
            batch.entries.append(self._ending(known, Action.withdrawn))
        else:
            self.counts.unchanged += 1

    def _duplicate(self, item: Duplicate, batch: _Batch) -> None:
        self.counts.merged += 1
        known = batch.known.get(item.local_id)
        if known and known.live and not self._is_repeated(item.local_id, known, batch):
            other = batch.known.get(item.of)
            into = other.opportunity if other else opportunity_id(self._source.id, item.of)
            batch.entries.append(self._ending(known, Action.merged, into))

    def _refused(self, item: Refused, batch: _Batch) -> None:
        packed = orjson.dumps(item.payload)
        raw = hashlib.sha256(self._stamp + packed).digest()[:_DIGEST]
        known = batch.known.get(item.local_id) if item.local_id is not None else None
        if known:
            self._mark_seen(known.id)
        self._refuse(item.local_id or "", raw, packed, (item.issue,), batch)

    def _refuse(self, local_id: str, raw: bytes, packed: bytes, issues: tuple[Issue, ...], batch: _Batch) -> None:
        """Keep a record aside; the last good version of its listing, if any, stays published."""
        self.counts.refused += 1
        self.notes.refuse(issues)
        key = local_id or f"#{raw.hex()}"
        batch.refusals.append(Refusal(key, raw, zstandard.compress(packed), as_json(issues)))

    # Entries ----------------------------------------------------------------------------------------------------

    def _ending(self, known: Known, action: Action, merged_into: str | None = None) -> Entry:
        clocks = (known.first_seen, known.content_changed)
        return Entry(known.local_id, action, known.id, known.opportunity, known.kind, None, None, *clocks, merged_into)

    # What was seen ----------------------------------------------------------------------------------------------

    def _is_repeated(self, local_id: str, known: Known | None, batch: _Batch) -> bool:
        """Say whether this run met the id before, and remember it; one byte a known listing."""
        if known is None:
            return local_id in batch.planned
        if self._was_seen(known.id):
            return True
        self._mark_seen(known.id)
        return False

    def _was_seen(self, listing: int) -> bool:
        return listing < len(self._seen) and self._seen[listing] == 1

    def _mark_seen(self, listing: int) -> None:
        if listing >= len(self._seen):
            self._seen.extend(bytes(listing + 4096 - len(self._seen)))
        self._seen[listing] = 1


def _action(known: Known | None) -> Action:
    if known is None:
        return Action.created
    return Action.updated if known.live else Action.returned
