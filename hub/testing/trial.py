"""A small hub for one source: the real pipeline over a store of its own, to see what readers of the feed would see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hub.adapter import Adapter, Job
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.store import Database, open_store, pages
from hub.testing.job import SandboxJob
from hub.testing.trouble import Stage

_CLOCKS = re.compile(rb'"(contentChanged|firstSeen|partnerModified)":"[^"]*"')
_ALL = 1_000_000


class Trial:
    """Runs one source; nothing is ever held, so that every change can be seen.

    Args:
        adapter: talks to the stage.
        stage: the partner.
        database: where it is published.
        plans: a folder for plans.
    """

    def __init__(self, adapter: Adapter[Any], stage: Stage, database: Database, plans: Path) -> None:
        self.source = Source("trial", adapter, expect=Expect(max_drop=1.0, floor=_ALL, absence_runs=1))
        self._stage = stage
        self._database = database
        self._plans = plans

    def run(self) -> Report:
        """Run the source once."""
        now = datetime.now(UTC)
        jobs: list[SandboxJob] = []

        def open_job(cursor: str | None) -> Job:
            jobs.append(SandboxJob(self._stage, cursor=cursor, now=now))
            return jobs[-1]

        try:
            return run_source(self.source, Desk(self._database, self._plans, now, []), open_job)
        finally:
            for job in jobs:
                job.close()

    def published(self) -> dict[str, bytes]:
        """Return what is in the feed by its id, no tombstones; without clocks, which alone are no news."""
        with self._database.read() as connection:
            found = pages.items(connection, after=0, limit=_ALL)
        return {item.id: _CLOCKS.sub(b"", item.body) for item in found if item.body is not None}


@contextmanager
def trial(adapter: Adapter[Any], stage: Stage) -> Iterator[Trial]:
    """Give a small hub whose store is gone afterwards."""
    with TemporaryDirectory(prefix="schakel-") as folder:
        database = open_store(Path(folder) / "hub.db")
        try:
            yield Trial(adapter, stage, database, Path(folder) / "plans")
        finally:
            database.close()
