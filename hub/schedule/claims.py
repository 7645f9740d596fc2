"""Taking sources and slots, holding on to them while they are worked on, and writing down how that ended."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hub.errors import HubError, SourceBusy
from hub.model.opportunity import utc
from hub.store import Connection, Database, leases, runs, slots
from hub.store.leases import Lease
from hub.store.slots import Slot

_log = logging.getLogger(__name__)
_BEATS = 3
"""How many times a lease is renewed before it would run out."""
_KEPT = timedelta(days=30)
_CUT_OFF = "the process that ran it ended, or stood still, before it was done; nothing of it was applied"

Choose = Callable[[Connection, Slot | None], str | None]
"""Returns which slot to use after the last one that was used; None when none is due."""


@dataclass(slots=True, eq=False)
class Claim:
    """A source in our hands: the lease, and the slot it is worked on for (None when a person asked for it)."""

    lease: Lease
    due: str | None
    began: str
    lost: bool = False
    """Whether another has taken over: nothing can be applied any more."""
    unwanted: threading.Event = field(default_factory=threading.Event)
    """Set when the work has to end, whether it is done or not."""

    @property
    def source(self) -> str:
        """The source."""
        return self.lease.source

    def fence(self, connection: Connection) -> None:
        """Raise Superseded unless the source is still ours; first in each transaction that applies something."""
        leases.fence(connection, self.lease)


@dataclass(frozen=True, slots=True)
class Ending:
    """How the work on a claim ended: a state of `hub.store.slots`, the run, and what is said of it.

    A run that did not say how it ended gets the outcome ``interrupted`` where the state is that, else ``failed``.
    """

    state: str
    run: int | None = None
    said: str | None = None


class Claims:
    """The sources that this process works on. A thread of its own renews their leases.

    Args:
        database: the store.
        seconds: how long a lease lasts that is not renewed.
        owner: who we are; host and process by default.
        clock: seconds since 1970.
        clear: removes what a run that was cut off left behind.
    """

    def __init__(
        self,
        database: Database,
        *,
        seconds: float = 30,
        owner: str | None = None,
        clock: Callable[[], float] = time.time,
        clear: Callable[[int], object] = lambda _run: None,
    ) -> None:
        self.database = database
        self.seconds = seconds
        self.clock = clock
        self.owner = owner or f"process {os.getpid()} on {socket.gethostname()}"
        self._clear = clear
        self._held: set[Claim] = set()
        self._changed = threading.Condition()
        self._heart: threading.Thread | None = None

    @property
    def now(self) -> datetime:
        """This moment."""
        return datetime.fromtimestamp(self.clock(), UTC)

    @property
    def held(self) -> tuple[Claim, ...]:
        """What is in our hands."""
        with self._changed:
            return tuple(self._held)

    def take(self, source: str) -> Claim:
        """Take a source because a person asks for it; SourceBusy says who works on it."""
        with self.database.write() as connection:
            lease = self._lease(connection, source)
            if lease is None:
                raise SourceBusy(self._said_busy(connection, source))
            return self._hold(Claim(lease, None, utc(self.now)))

    def take_slot(self, source: str, choose: Choose) -> Claim | None:
        """Take the slot of a source that is due; None when there is none, or another has the source.

        Lease and slot are one transaction, so of several processes one has both and the others neither.
        """
        with self.database.write() as connection:
            claim = self._claim_slot(connection, source, choose)
        return self._hold(claim) if claim else None

    def _claim_slot(self, connection: Connection, source: str, choose: Choose) -> Claim | None:
        lease = self._lease(connection, source)
        if lease is None:
            return None
        due, now = choose(connection, slots.latest_of(connection, source)), self.now
        if due is None or not slots.claim(connection, lease, due, utc(now)):
            leases.release(connection, lease)
            return None
        slots.forget(connection, source, utc(now - _KEPT))
        return Claim(lease, due, utc(now))

    def end(self, claim: Claim, ending: Ending) -> None:
        """Write down how the work ended, and give the source back; nothing is written where another took over."""
        self._let_go(claim)
        with self.database.write() as connection:
            claim.fence(connection)
            now = utc(self.now)
            outcome = "interrupted" if ending.state == slots.INTERRUPTED else "failed"
            reason = ending.said or _CUT_OFF
            cut = self._cut_off(connection, claim.source, outcome, reason)
            run = ending.run if ending.run is not None else next(iter(cut), None)
            if claim.due is not None:
                slots.finish(connection, claim.lease, claim.due, now=now, state=ending.state, run=run, said=ending.said)
            elif ending.state != slots.INTERRUPTED:
                slots.record_by_hand(connection, claim.lease, claim.began, now, run)
            leases.release(connection, claim.lease)

    @contextmanager
    def holding(self, source: str) -> Iterator[Claim]:
        """Work on a source because a person asks for it; what ends the block early counts as interrupted."""
        claim = self.take(source)
        state = slots.INTERRUPTED
        try:
            yield claim
            state = slots.DONE
        finally:
            self.end(claim, Ending(state))

    def _lease(self, connection: Connection, source: str) -> Lease | None:
        """Take a lease, and put in order what a process left behind that had it and never gave it back."""
        lease = leases.claim(connection, source, self.owner, now=self.clock(), seconds=self.seconds)
        if lease:
            self._cut_off(connection, source, "interrupted", _CUT_OFF)
            slots.interrupt(connection, source, utc(self.now))
        return lease

    def _cut_off(self, connection: Connection, source: str, outcome: str, reason: str) -> list[int]:
        """Write down how runs ended that could not say so themselves, put away what they left, and return them."""
        cut = runs.end_unfinished(connection, source, finished=utc(self.now), outcome=outcome, reason=reason)
        for run in cut:
            self._clear(run)
        return cut

    def _said_busy(self, connection: Connection, source: str) -> str:
        holder = leases.holders(connection, self.clock())[source]
        until = utc(datetime.fromtimestamp(holder.until, UTC))
        return (
            f"'{source}' is being worked on by {holder.owner}; run it when that is done. Should that process be gone, "
            f"its claim ends by itself at {until}"
        )

    # The heartbeat ----------------------------------------------------------------------------------------------

    def _hold(self, claim: Claim) -> Claim:
        with self._changed:
            self._held.add(claim)
            if self._heart is None:
                self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
                self._heart.start()
        return claim

    def _let_go(self, claim: Claim) -> None:
        with self._changed:
            self._held.discard(claim)
            self._changed.notify_all()

    def _beat(self) -> None:
        """Renew what is held, until nothing is."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._held, timeout=self.seconds / _BEATS)
                if not self._held:
                    self._heart = None
                    return
                held = tuple(self._held)
            try:
                self.renew(held)
            except HubError as error:
                _log.warning("leases could not be renewed, the next beat tries again: %s", error)

    def renew(self, held: tuple[Claim, ...]) -> None:
        """Renew leases, and mark the claims that were lost."""
        with self.database.write() as connection:
            now = self.clock()
            for claim in held:
                claim.lost = not leases.renew(connection, claim.lease, now=now, seconds=self.seconds)
