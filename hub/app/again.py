"""Reading again what is kept aside, under the present code and tables and without the partner."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from hub.adapter import Adapter, Fetched, Incomplete, Job, RawRecord
from hub.app.hub import Hub
from hub.pipeline import Desk, Outcome, Report, Source, run_source
from hub.store import quarantine, runs
from hub.store.quarantine import Quarantined

_BY_THE_FETCH = frozenset({"duplicate-id", "no-longer-offered", "empty-id", "unreadable-record"})
"""Reasons that only a new answer of the partner can change: reading the record again must not undo them."""
_SAID = "only what was kept aside was read again, without the partner; its list is read as always at the next run"


@dataclass(frozen=True, slots=True)
class Again:
    """What came of reading a source's quarantine again.

    Args:
        report: of the run that published what is fine now; None where there was nothing to read.
        read: how many records were read again.
        left: how many were not, since only the partner can change why they are kept aside.
        fine: how many are fine now; they are published, or wait where the plan is held.
    """

    source: str
    report: Report | None
    read: int
    left: int
    fine: int

    @property
    def still(self) -> int:
        """How many stay aside, with the reasons they have now."""
        return self.read - self.fine

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        report = self.report.as_dict() if self.report else None
        counts = {"read": self.read, "fine": self.fine, "still": self.still, "left": self.left}
        return {"source": self.source, **counts, "run": report}


def read_aside(hub: Hub, source_id: str, number: int | None = None) -> Again:
    """Read the records that a source has aside again, or the one with this number, and publish those that are fine.

    A run like every other does it: under the lease and fence of the source, through a plan that the guard sees.
    """
    source = hub.source(source_id)
    with hub.claims.holding(source_id) as claim:
        with hub.database.read() as connection:
            kept = quarantine.find(connection, source_id, quarantine.count(connection, source_id))
        kept = [record for record in kept if number is None or record.id == number]
        again = [record for record in kept if _may_change(record)]
        if not again:
            return Again(source_id, None, 0, len(kept), 0)
        desk = Desk(hub.database, hub.data / "plans", datetime.now(UTC), [], fence=claim.fence)
        report = run_source(replace(source, adapter=_saying(source, again)), desk, lambda _cursor: _no_job())
        with hub.database.write() as connection:
            claim.fence(connection)
            if report.run is not None:  # it asked the partner nothing, so nothing rests on it that could be replayed
                runs.finish(connection, report.run, kind="replay")
    done = report.outcome in {Outcome.incomplete, Outcome.held}
    return Again(
        source_id, report, len(again), len(kept) - len(again), len(again) - report.counts.refused if done else 0
    )


def _may_change(record: Quarantined) -> bool:
    return not any(found["code"] in _BY_THE_FETCH for found in record.issues)


def _saying(source: Source, records: Sequence[Quarantined]) -> Adapter[Any]:
    """Return the source's own adapter, but for its fetch, which says these records."""
    adapter = copy.copy(source.adapter)
    adapter.__dict__["fetch"] = partial(_said, records)
    return adapter


def _said(records: Sequence[Quarantined], _job: Job) -> Iterator[Fetched]:
    for record in records:
        yield RawRecord(record.local_id, record.payload)
    yield Incomplete(_SAID)


def _no_job() -> Any:
    """Return what stands where a run has its door to the partner: this one has none."""
    return None
