"""What the present code and mappings would do to what is published: archived answers read again, nothing changed.

The raw data of a source are the last run that covered everything and what was applied after it; of several words about
one record the latest counts. The runs are read newest first, so that it is enough to remember which ids were met.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

import orjson

from hub.adapter import Complete, Duplicate, Incomplete, RawRecord, Refused, Withdrawal
from hub.app.hub import Hub
from hub.app.replaying import archived_job
from hub.errors import HubError
from hub.model.issue import Issue, issue
from hub.pipeline import Notes, Source
from hub.pipeline.difference import differences
from hub.pipeline.opportunity import body, content_digest, listing_json, reference
from hub.pipeline.plan import BRUSSELS, Item, is_text
from hub.pipeline.prepare import Prepared, prepare
from hub.pipeline.seen import Seen
from hub.pipeline.source import MODEL_VERSION
from hub.store import Connection, listings, matches, quarantine, runs
from hub.store.listings import Known
from hub.store.runs import RunRow

Progress = Callable[[int, int], None]

_BATCH = 500
_EXAMPLES = 3
_CLOCK = "partnerModified"


@dataclass(slots=True)
class Change:
    """How often one field would change, with some examples: local id, before, after."""

    count: int = 0
    examples: list[tuple[str, Any, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """Records that would go one way, with the ids of some."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, local_id: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(local_id)


@dataclass(slots=True)
class Impact:
    """What would change for one source.

    Args:
        runs: the runs whose answers were read again, newest first.
        read: records read again.
        same: those that would stay as they are, refused ones that stay refused among them.
        published: records that would be published and are not now.
        refused: records that are published and would be refused; their last good version stays until it is withdrawn.
        changed: opportunities that would change.
        fields: in which fields.
        ended: opportunities that would leave the feed, since the partner's answers would be read otherwise.
        unread: live listings about which nothing was read again.
        gaps: why something could not be read again.
        notes: why records would be refused, and the fields and values nobody knows.
    """

    source: str
    runs: list[int] = field(default_factory=list)
    read: int = 0
    same: int = 0
    published: Group = field(default_factory=Group)
    refused: Group = field(default_factory=Group)
    changed: Group = field(default_factory=Group)
    fields: dict[str, Change] = field(default_factory=dict)
    ended: Group = field(default_factory=Group)
    unread: int = 0
    gaps: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    @property
    def silent(self) -> bool:
        """Whether nothing would change."""
        return not (self.published.count or self.refused.count or self.changed.count or self.ended.count)

    def refuse(self, local_id: str, issues: Sequence[Issue]) -> None:
        """Count a published record that would be refused."""
        self.refused.add(local_id)
        self.notes.refuse(issues)

    def change(self, local_id: str, before: Any, after: Any) -> None:
        """Count an opportunity that would change, if it would."""
        found = list(differences(before, after))
        if not found:
            self.same += 1
            return
        self.changed.add(local_id)
        for each in {each.field: each for each in found}.values():
            change = self.fields.setdefault(each.field, Change())
            change.count += 1
            if len(change.examples) < _EXAMPLES:
                change.examples.append((local_id, each.before, each.after))

    def as_dict(self) -> dict[str, Any]:
        """Return the impact as JSON-able values, with the names of `hub impact --json`."""
        return {
            "id": self.source,
            "runs": self.runs,
            "read": self.read,
            "same": self.same,
            **{name: _group(getattr(self, name)) for name in ("published", "refused", "changed", "ended")},
            "reasons": dict(self.notes.reasons.most_common()),
            "fields": {
                name: {"count": change.count, "examples": [_example(*each) for each in change.examples]}
                for name, change in sorted(self.fields.items(), key=lambda pair: -pair[1].count)
            },
            "unread": self.unread,
            "gaps": self.gaps,
        }


def impact(hub: Hub, source_id: str, progress: Progress = lambda _done, _total: None) -> Impact:
    """Read the archived answers of a source again and say what would change; nothing is changed.

    Args:
        hub: the opened hub.
        source_id: id of the source.
        progress: told how many records are read, of how many live listings.
    """
    source = hub.source(source_id)
    with hub.database.read() as connection:
        found = runs.applied(connection, source.id)
    again = _Again(hub, source, progress)
    again.read(found)
    return again.impact


class _Again:
    """Reading one source again."""

    def __init__(self, hub: Hub, source: Source, progress: Progress) -> None:
        self.impact = Impact(source.id)
        self._hub = hub
        self._source = source
        self._progress = progress
        self._said = orjson.dumps([MODEL_VERSION, source.partner, source.licence, source.attribution])
        self._seen = Seen()
        self._others: set[str] = set()
        with hub.database.read() as connection:
            self._kept = quarantine.kept(connection, source.id)
            self._live = listings.count_live(connection, source.id)

    def read(self, found: Sequence[RunRow]) -> None:
        """Read the runs again, newest first, and judge what none of them tells about."""
        for run in reversed(found):
            self.impact.runs.append(run.id)
            for batch in _batches(self._items(run)):
                self._take(batch, run)
                self._progress(self.impact.read, self._live)
        if not found:
            self.impact.gaps.append("no run of it was applied yet; run it first")
        elif found[0].covers != "everything":
            self.impact.gaps.append("none of its archived runs is known to have covered everything")
        self._judge_absent()

    def _items(self, run: RunRow) -> Iterator[Item]:
        """Yield what a run would read today; what stops it becomes a gap."""
        job = archived_job(self._hub, run)
        ends: list[Complete | Incomplete] = []
        try:
            for item in self._source.adapter.fetch(job):
                if isinstance(item, Complete | Incomplete):
                    ends.append(item)
                else:
                    yield item
        except HubError as error:
            self._gap(run, str(error))
            return
        except Exception as error:  # a fault in an adapter must not hide what it does to the other sources
            self._gap(run, f"{type(error).__name__} in the adapter '{self._source.adapter.name}': {error}")
            return
        if job.answers.approximate:
            asked = f"{job.answers.approximate:,} questions are asked otherwise than then"
            self._gap(run, f"{asked}, so they were answered in the order of that run")
        end = ends[0] if ends else Incomplete("the adapter gave no proof that it saw everything")
        if isinstance(end, Incomplete) and run.outcome == "complete":
            self._gap(run, f"it would be incomplete: {end.reason}")

    def _gap(self, run: RunRow, reason: str) -> None:
        self.impact.gaps.append(f"run {run.id}: {reason}")

    def _take(self, batch: Sequence[Item], run: RunRow) -> None:
        ids = [str(item.local_id) for item in batch if _named(item)]
        with self._hub.database.read() as connection:
            known = listings.known(connection, self._source.id, ids)
            for item in batch:
                local_id = str(item.local_id) if _named(item) else ""
                if local_id and self._first(local_id, known.get(local_id)):
                    self.impact.read += 1
                    self._judge(item, known.get(local_id), run, connection)

    def _first(self, local_id: str, known: Known | None) -> bool:
        """Say whether this is the latest word about an id."""
        if known:
            return self._seen.add(known.id)
        if local_id in self._others:
            return False
        self._others.add(local_id)
        return True

    def _judge(self, item: Item, known: Known | None, run: RunRow, connection: Connection) -> None:
        live = known if known and known.live else None
        match item:
            case RawRecord():
                self._record(item, known, run, connection)
            case Refused():
                self._refused(str(item.local_id), live, (item.issue,))
            case Withdrawal() if live:
                self.impact.ended.add(item.local_id)
            case Duplicate() if live and self._is_live(item.of, connection):
                self.impact.ended.add(item.local_id)
            case _:
                self.impact.same += 1

    def _record(self, record: RawRecord, known: Known | None, run: RunRow, connection: Connection) -> None:
        live = known if known and known.live else None
        # What depends on the day is judged as on the day it was published, or every day would bring changes.
        made = prepare(self._source, record, _day(live.content_changed if live else run.started), self.impact.notes)
        if isinstance(made, Prepared) and known and known.kind != made.listing.kind:
            made = (issue("kind-changed", "kind", made.listing.kind.value, before=known.kind),)
        if not isinstance(made, Prepared):
            self._refused(record.local_id, live, made)
        elif live is None:
            self.impact.published.add(record.local_id)
        else:
            self._compare(record.local_id, made, live, connection)

    def _refused(self, local_id: str, live: Known | None, issues: Sequence[Issue]) -> None:
        if live and local_id not in self._kept:
            self.impact.refuse(local_id, issues)
        else:
            self.impact.same += 1

    def _compare(self, local_id: str, made: Prepared, known: Known, connection: Connection) -> None:
        content = listing_json(made.listing)
        if content_digest(content, made, self._said) == known.content:
            self.impact.same += 1
            return
        stored = matches.versions(connection, [known.id]).get(known.id)
        clocks = {"first_seen": known.first_seen, "content_changed": known.content_changed}
        after = body(content, made, reference(self._source, local_id, made, **clocks))
        self.impact.change(local_id, _read(stored), _read(after))

    def _is_live(self, local_id: str, connection: Connection) -> bool:
        found = listings.known(connection, self._source.id, [local_id]).get(local_id)
        return bool(found and found.live)

    def _judge_absent(self) -> None:
        """Count the live listings that were not met: gone where everything could be read again, else unread."""
        whole = not self.impact.gaps
        with self._hub.database.read() as connection:
            for numbers in listings.live(connection, self._source.id):
                absent = [number for number in numbers if number not in self._seen]
                if not whole:
                    self.impact.unread += len(absent)
                elif absent:
                    for known in listings.numbered(connection, absent):
                        self.impact.ended.add(known.local_id)


def _named(item: Item) -> bool:
    return bool(item.local_id) and is_text(item.local_id)


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, _BATCH)):
        yield batch


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(BRUSSELS).date()


def _read(published: bytes | None) -> dict[str, Any]:
    """Return a published body without the partner's clock, which alone is no change."""
    said: dict[str, Any] = orjson.loads(published) if published else {}
    for each in said.get("listings", ()):
        each.pop(_CLOCK, None)
    return said


def _group(group: Group) -> dict[str, Any]:
    return {"count": group.count, "examples": group.examples}


def _example(local_id: str, before: Any, after: Any) -> dict[str, Any]:
    return {"localId": local_id, "before": before, "after": after}
