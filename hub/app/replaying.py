"""Running an adapter on what was archived or recorded, without the network: the records before and after."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import JsonValue

from hub.adapter import Complete, Duplicate, Incomplete, RawRecord, Refused, Withdrawal
from hub.app.hub import Hub
from hub.app.recording import source_of_recordings
from hub.errors import StoreError
from hub.model.issue import Issue
from hub.pipeline import Notes, Source
from hub.pipeline.opportunity import listing_json
from hub.pipeline.plan import BRUSSELS
from hub.pipeline.prepare import Prepared, prepare
from hub.store import runs
from hub.store.runs import ExchangeRow, RunRow
from hub.testing.recording import Recording
from hub.testing.replay import NotRecorded, Recorded, ReplayJob


@dataclass(frozen=True, slots=True)
class Shown:
    """One record before and after: as the partner sent it, and the listing made of it or why there is none.

    Args:
        listing: what would be published, without what the hub adds; None when the record is refused.
        issues: warnings, or the reasons of the refusal.
    """

    local_id: str
    payload: JsonValue
    listing: dict[str, Any] | None
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class Tally:
    """What a replay brought: how many records went where, and how it ended.

    Args:
        ended: the last word of the fetch, or why it stopped.
        approximate: how many questions were answered by their path and order, since they were asked differently.
    """

    records: int = 0
    published: int = 0
    refused: int = 0
    withdrawn: int = 0
    merged: int = 0
    ended: str = ""
    approximate: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Replay:
    """A source, and the job that gives it again what it was answered."""

    source: Source
    job: ReplayJob
    origin: str
    whole: bool = True

    def records(self, tally: Tally) -> Iterator[Shown]:
        """Yield every record before and after, and count in the tally; StoreError when a body is gone."""
        try:
            for item in self.source.adapter.fetch(self.job):
                if isinstance(item, RawRecord | Refused):
                    yield _counted(self._shown(item), tally)
                else:
                    _count(item, tally)
        except NotRecorded as error:
            tally.ended = f"stopped: {error}" if self.whole else "stopped where the recording stops"
        tally.approximate = self.job.answers.approximate

    def _shown(self, item: RawRecord | Refused) -> Shown:
        if isinstance(item, Refused):
            return Shown(item.local_id or "", item.payload, None, (item.issue,))
        return read_again(self.source, item, self.job.now.astimezone(BRUSSELS).date())


def read_again(source: Source, record: RawRecord, today: date) -> Shown:
    """Return one record before and after under the present code, as on this day; one from quarantine as well."""
    made = prepare(source, record, today, Notes())
    if isinstance(made, Prepared):
        return Shown(record.local_id, record.payload, orjson.loads(listing_json(made.listing)), made.warnings)
    return Shown(record.local_id, record.payload, None, made)


def of_recording(hub: Hub, source_id: str, folder: Path) -> Replay:
    """Return the replay of a source on recordings."""
    recording = Recording.load(folder)
    return Replay(source_of_recordings(hub, source_id), recording.job(), str(folder), recording.whole)


def of_run(hub: Hub, source_id: str, number: int | None) -> Replay:
    """Return the replay of a source on the archived answers of a run, the last applied one by default."""
    run = _run(hub, hub.config.source(source_id).id, number)
    return Replay(hub.source(source_id), archived_job(hub, run), f"run {run.id} of {run.started}")


def archived_job(hub: Hub, run: RunRow) -> ReplayJob:
    """Return a job that answers from what the archive keeps of a run."""
    with hub.database.read() as connection:
        exchanges = runs.exchanges(connection, run.id)
    return ReplayJob(
        [_recorded(row, row.digest) for row in exchanges if row.digest],
        hub.archive,
        cursor=run.cursor,
        now=datetime.fromisoformat(run.moment or run.started),
        folder=hub.config.folder,
    )


def _run(hub: Hub, source: str, number: int | None) -> RunRow:
    with hub.database.read() as connection:
        applied = runs.applied(connection, source)
        run = (applied[-1] if applied else None) if number is None else runs.get(connection, number)
    if run is None or run.source != source:
        which = "was applied yet" if number is None else f"has the number {number}"
        raise StoreError(f"no run of '{source}' {which}; run it with `hub run {source}`, or name --recordings")
    return run


def _recorded(row: ExchangeRow, digest: str) -> Recorded:
    return Recorded(
        row.method, row.host, row.path, row.request, row.status, row.headers, body=digest, size=row.size, digest=digest
    )


def _count(item: Withdrawal | Duplicate | Complete | Incomplete, tally: Tally) -> None:
    match item:
        case Withdrawal():
            tally.withdrawn += 1
        case Duplicate():
            tally.merged += 1
        case Complete():
            tally.ended = f"complete: {item.proof}"
        case Incomplete():
            tally.ended = f"incomplete: {item.reason}"


def _counted(shown: Shown, tally: Tally) -> Shown:
    tally.records += 1
    if shown.listing is None:
        tally.refused += 1
        tally.reasons.update({found.code for found in shown.issues})
    else:
        tally.published += 1
    return shown
