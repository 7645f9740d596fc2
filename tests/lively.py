"""Processes that share one store: some follow a schedule of every second, one works on a source and stands still."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection as Wire
from multiprocessing.context import ForkServerContext
from multiprocessing.context import ForkServerProcess as Process
from pathlib import Path
from typing import cast

from told import MORNING, Cursor, Told, job

from hub.adapter import Complete, Fetched, Job
from hub.errors import Superseded
from hub.pipeline import Desk, Expect, Source, run_source
from hub.schedule import Claim, Claims, Dispatcher, Ending
from hub.store import Connection, leases, open_store, slots

LEASE_SECONDS = 0.6
_TICK_SECONDS = 0.1
_LASTS_SECONDS = 0.05
_SECOND = timedelta(seconds=1)

processes = ForkServerContext()
processes.set_forkserver_preload(["hub.pipeline", "hub.schedule", "hub.store.upgrading"])

Worked = tuple[str, str, float, float]
"""Source, slot, and from when to when it was worked on."""


def started(target: object, *arguments: object) -> tuple[Process, Wire]:
    """Start a process with a wire to it; it has its own end as last argument."""
    ours, theirs = processes.Pipe()
    process = processes.Process(target=target, args=(*arguments, theirs), daemon=True)  # type: ignore[arg-type]
    process.start()
    theirs.close()
    return process, ours


def every_second(last: datetime | None, now: datetime) -> datetime | None:
    """Be due every second, and leave none out, so that each one that is missing was lost."""
    slot = last + _SECOND if last else now.replace(microsecond=0)
    return slot if slot <= now else None


def follow(path: Path, sources: list[str], until: float, wire: Wire) -> None:
    """Work on what is due until a moment, as `hub serve` does, and tell all of it."""
    worked: list[Worked] = []

    def work(claim: Claim) -> Ending:
        began = time.time()
        time.sleep(_LASTS_SECONDS)
        worked.append((claim.source, str(claim.due), began, time.time()))
        return Ending(slots.DONE)

    with closing(open_store(path)) as database:
        due = dict.fromkeys(sources, every_second)
        dispatcher = Dispatcher(Claims(database, seconds=30), due, lambda _source: work, at_once=8)
        while time.time() < until:
            dispatcher.dispatch()
            time.sleep(_TICK_SECONDS)
        dispatcher.drain(30)
    wire.send(worked)


def stand_still(path: Path, fenced: bool, wire: Wire) -> None:
    """Read a source under a lease, wait for a word, and try to apply what was read."""
    with closing(open_store(path)) as database:
        claims = Claims(database, seconds=LEASE_SECONDS, owner="the paused one")
        claim = claims.take_slot("told", lambda _connection, _last: "2026-11-22T08:00:00Z")
        assert claim is not None
        fence = partial(leases.fence, lease=claim.lease) if fenced else _no_fence
        desk = Desk(database, path.parent / f"plans-{time.time()}", MORNING, [], fence=fence)
        told = _Waiting([job(str(number)) for number in range(30)], wire)
        try:
            report = run_source(Source("told", told, partner="P", expect=Expect()), desk, _open)
            wire.send(report.outcome.value)
        except Superseded:
            wire.send("superseded")


def _no_fence(_connection: Connection) -> None:
    """Let everything pass: what the fence is tested against."""


def _open(cursor: str | None) -> Job:
    return cast("Job", Cursor(cursor))


class _Waiting(Told):
    def __init__(self, words: list[Fetched], wire: Wire) -> None:
        super().__init__(words)
        self._wire = wire

    def fetch(self, job: Job) -> Iterator[Fetched]:
        yield from super().fetch(job)
        self._wire.send("read")
        self._wire.recv()
        yield Complete("the test says so")


def moment(text: str) -> float:
    """Return a slot as seconds since 1970."""
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()
