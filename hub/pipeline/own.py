"""Runs of the hub's own: they ask no partner, and change what is published for a reason that only the hub knows."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hub.model.opportunity import utc
from hub.pipeline.applying import spend, supersede
from hub.pipeline.holding import discard
from hub.pipeline.report import Counts, Outcome
from hub.store import Connection, Database, runs
from hub.store.plan_file import PlanFile


@dataclass(slots=True)
class Desk:
    """A transaction of the hub's own, with an empty plan attached in which each run in turn writes its entries."""

    connection: Connection
    holds: Path
    files: list[Path] = field(default_factory=list)

    def run(
        self,
        source: str,
        kind: str,
        now: datetime,
        *,
        plan: Callable[[], None],
        said: str,
        counts: Callable[[int], Counts],
    ) -> tuple[int, int]:
        """Make a run of a source that plans and applies, and return its number and how many positions it spent.

        Args:
            source: id of the source.
            kind: of the run.
            now: the moment.
            plan: writes the entries.
            said: why there is such a run.
            counts: makes of the number of entries what is recorded.
        """
        began, moment = time.monotonic(), utc(now)
        applied = runs.state(self.connection, source).applied_run
        number = runs.start(self.connection, source, moment, moment=now.isoformat(), kind=kind)
        runs.fence(self.connection, source, run=number, planned_on=applied)
        plan()
        first, last = spend(self.connection, source=source, run=number, now=moment) or (None, None)
        count = 0 if first is None or last is None else last - first + 1
        self.connection.exec_driver_sql("DELETE FROM plan.entry")
        self.files += supersede(self.connection, self.holds, source, run=number, now=moment)
        runs.finish(
            self.connection,
            number,
            finished=utc(datetime.now(UTC)),
            outcome=Outcome.complete.value,
            reason=said,
            counts=counts(count).as_dict(),
            notes={},
            first_position=first,
            last_position=last,
            seconds=time.monotonic() - began,
        )
        return number, count


@contextmanager
def desk(database: Database, plans: Path) -> Iterator[Desk]:
    """Open a transaction with an empty plan attached.

    Args:
        database: the store.
        plans: the folder for plans in the making; those that wait for a person are beside it.
    """
    plan = PlanFile(plans / f"{uuid.uuid4().hex}.plan")
    try:
        with database.write(plan.path) as connection:
            made = Desk(connection, plans.parent / "holds")
            yield made
    finally:
        plan.close()
    discard(made.files)
