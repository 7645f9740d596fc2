"""Starting what is due: each source once at a time, each slot once, so many at once, none disturbing another."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from hub.errors import HubError, Superseded
from hub.model.opportunity import utc
from hub.schedule.claims import Claim, Claims, Ending
from hub.store import Connection, leases, runs, slots
from hub.store.slots import Slot

Due = Callable[[datetime | None, datetime], datetime | None]
"""Returns the slot to use, of the last one that was used and this moment."""
Work = Callable[[Claim], Ending]
"""Does the work of a claim and returns how it ended; runs in a thread of its own."""
Prepare = Callable[[str], Work | None]
"""Returns the work of a source that is due; None when it cannot be done now, which leaves the slot unused."""

_PAUSE_SECONDS = 0.05
_TRIES = 3
"""How often a slot is begun at most: a run that takes its whole process with it must not do so for ever."""

_log = logging.getLogger(__name__)


class Dispatcher:
    """Starts the work of every source that is due.

    Args:
        claims: takes sources and slots.
        due: for each source with a schedule, when it is due.
        prepare: makes the work of a source.
        at_once: how many are worked on at the same time.
        after: told of every source that was worked on, once it is written down how that ended.
    """

    def __init__(
        self,
        claims: Claims,
        due: Mapping[str, Due],
        prepare: Prepare,
        *,
        at_once: int,
        after: Callable[[str], object] = lambda _source: None,
    ) -> None:
        self._claims = claims
        self._due = due
        self._prepare = prepare
        self._at_once = at_once
        self._after = after
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="run")
        self._going: set[str] = set()
        self._lock = threading.RLock()
        self._closed = False

    def dispatch(self) -> list[Future[None]]:
        """Start what is due, as far as there is room; what finds none waits, unclaimed, so that others may take it."""
        with self._lock:
            waiting = self._waiting() if self._room() else ()
            return [future for source in waiting if self._room() and (future := self._start(source))]

    def drain(self, seconds: float) -> None:
        """Start nothing more; let the work that goes on finish for so long, then end it."""
        with self._lock:
            self._closed = True
        patience = time.monotonic() + seconds
        while self._going and time.monotonic() < patience:
            time.sleep(_PAUSE_SECONDS)
        self.end_all()
        self._pool.shutdown(wait=True)

    def end_all(self) -> None:
        """End all work that goes on."""
        for claim in self._claims.held:
            claim.unwanted.set()

    def _room(self) -> bool:
        return not self._closed and len(self._going) < self._at_once

    def _waiting(self) -> list[str]:
        """Return the sources that look due, those whose last slot is oldest first; claiming makes sure.

        By the slot they would use now, one that waited would fall behind with every slot it missed.
        """
        now = self._claims.now
        with self._claims.database.read() as connection:
            busy = leases.holders(connection, self._claims.clock()).keys() | self._going
            latest = slots.latest(connection)
            found = [
                source
                for source in self._due
                if source not in busy and self._slot(connection, source, latest.get(source), now)
            ]
        return sorted(found, key=lambda source: latest[source].due if source in latest else "")

    def _slot(self, connection: Connection, source: str, last: Slot | None, now: datetime) -> str | None:
        """Return the slot to use: a new one, or the last again where its run was cut off."""
        ran = _moment(last.due) if last else _last_run(connection, source)
        slot = self._due[source](ran, now)
        if slot is not None and (last is None or utc(slot) > last.due):
            return utc(slot)
        cut_off = last is not None and last.state in {slots.RUNNING, slots.INTERRUPTED} and last.tries < _TRIES
        return last.due if last and cut_off else None

    def _start(self, source: str) -> Future[None] | None:
        try:
            work = self._prepare(source)
            claim = work and self._claims.take_slot(source, partial(self._choose, source))
        except HubError as error:
            _log.error("source %s could not be claimed, the next tick tries again: %s", source, error)
            return None
        if not work or not claim:
            return None
        self._going.add(source)
        return self._pool.submit(self._run, claim, work)

    def _choose(self, source: str, connection: Connection, last: Slot | None) -> str | None:
        return self._slot(connection, source, last, self._claims.now)

    def _run(self, claim: Claim, work: Work) -> None:
        ending = Ending(slots.FAILED, said="an error of the hub ended it; the log has the details")
        try:
            ending = work(claim)
        except Exception:  # nobody waits for this: what is not told here is never told
            _log.exception("the run of source %s ended in an error of the hub", claim.source)
        finally:
            self._end(claim, ending)
            with self._lock:
                self._going.discard(claim.source)
            self._go_on()

    def _go_on(self) -> None:
        """Use the room that was made at once; what goes wrong goes wrong at the next tick too, and is told there."""
        with suppress(HubError):
            self.dispatch()

    def _end(self, claim: Claim, ending: Ending) -> None:
        try:
            self._claims.end(claim, ending)
            self._after(claim.source)
        except Superseded as error:
            _log.error("%s", error)
        except Exception:  # as above; what was not written is put in order when the lease has run out
            _log.exception("what follows the run of source %s ended in an error of the hub", claim.source)


def _last_run(connection: Connection, source: str) -> datetime | None:
    """Return when a source last ran, for one whose runs are older than the slots."""
    last: Iterator[runs.RunRow] = iter(runs.latest(connection, source, ended=True))
    return next((_moment(run.started) for run in last if run.outcome != "interrupted"), None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
