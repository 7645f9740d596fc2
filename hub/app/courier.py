"""Carrying what is due to its subscriber: taken under a lease, signed, sent once, and settled in the store.

Between taking and settling anything may end the process: the lease then runs out, and the same is sent again. So each
event arrives at least once, and rarely more often.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hub.errors import StoreError
from hub.model.opportunity import utc
from hub.push import GONE, Answer, Vault, Verdict, body, headers, judge
from hub.store import Connection, Database, keys, push
from hub.store.push import errands, subscribers
from hub.store.push.errands import Errand
from hub.views import View

LEASE_SECONDS = 60.0
"""How long an attempt and all around it may take before another process may make it too."""

Post = Callable[[str, bytes, Mapping[str, str]], Answer]
Notice = Callable[[Connection, Errand, str, str], None]

_log = logging.getLogger(__name__)


@dataclass
class Courier:
    """Takes, carries and settles errands. Safe to use from several threads.

    Args:
        database: the store.
        vault: opens what is needed to sign; raises StoreError where that is missing.
        post: sends these bytes with these headers to an address.
        views: those there are, by id.
        notice: tells people, in the transaction given, that a subscriber was disabled, and why.
        clock: seconds since 1970.
        lot: draws a number from 0 to 1.
    """

    database: Database
    vault: Callable[[], Vault]
    post: Post
    views: Mapping[str, View]
    clock: Callable[[], float]
    lot: Callable[[], float]
    notice: Notice = field(default=lambda _connection, _errand, _why, _now: None)

    def take(self, limit: int, *, failing: int) -> list[Errand]:
        """Return what is due, at most so much: one errand for each subscriber that nobody sends to.

        Raises StoreError, and uses up no attempt, where nothing can be signed.

        Args:
            limit: how many errands there may be.
            failing: how many of them may be for subscribers that fail, which are slow and take the place of others.
        """
        with self.database.read() as connection:
            if limit <= 0 or not _chosen(errands.due(connection, self.clock()), limit, failing):
                return []
        self.vault()
        with self.database.write() as connection:
            now = self.clock()
            chosen = _chosen(errands.due(connection, now), limit, failing)
            taken = errands.take(connection, chosen, now=now, seconds=LEASE_SECONDS)
            return [errand for errand in taken if self._admitted(connection, errand)]

    def carry(self, errand: Errand) -> tuple[float, Answer]:
        """Send an errand, and return when that began and what came of it."""
        at = self.clock()
        try:
            live = [self.vault().open(sealed) for sealed in errand.secrets]
            said = body(errand.type, errand.made, errand.data)
        except (StoreError, ValueError) as error:
            _log.error("%s could not be signed for %s: %s", errand.event, errand.subscriber, error)
            return at, Answer(0.0, trouble="the hub could not sign it")
        try:
            return at, self.post(errand.url, said, headers(live, errand.event, int(at), said))
        except Exception:  # whatever it is, it is this delivery that fails and no other
            _log.exception("%s could not be sent to %s", errand.event, errand.subscriber)
            return at, Answer(0.0, trouble="the hub could not send it")

    def settle(self, errand: Errand, at: float, answer: Answer, *, hold: bool = False) -> Errand | None:
        """Write what came of an errand, and return the next one for the same subscriber, if wanted and due."""
        verdict = judge(errand, answer, at, self.lot())
        now = self.clock()
        _log.debug("%s to %s: %s", errand.event, errand.subscriber, verdict.outcome.error or verdict.outcome.status)
        with self.database.write() as connection:
            keeps = hold and not verdict.disabled
            following = errands.settle(
                connection,
                errand,
                verdict.outcome,
                now=now,
                ended=_written(now),
                hold=LEASE_SECONDS if keeps else None,
            )
            self._conclude(connection, errand, verdict, _written(now))
            return following if following and self._admitted(connection, following) else None

    def release(self, errand: Errand) -> None:
        """Give an errand back that was not carried to its end."""
        with self.database.write() as connection:
            errands.release(connection, errand)

    def _conclude(self, connection: Connection, errand: Errand, verdict: Verdict, now: str) -> None:
        """Let a subscriber receive from here on, or no longer, where an attempt decides that."""
        if errand.type != push.ENDPOINT_VERIFY and not verdict.disabled:
            return
        row = subscribers.get(connection, errand.subscriber)
        if row is None or row.wanted.url != errand.url:  # what another address answered says nothing of this one
            return
        if verdict.disabled and row.state == "active":
            self._disable(connection, errand, verdict.disabled, now, told=verdict.outcome.status != GONE)
        elif errand.type == push.ENDPOINT_VERIFY and verdict.outcome.state == "delivered":
            subscribers.activate(connection, errand.subscriber, now=now)
            _log.info("%s proved its address", errand.subscriber)

    def _disable(self, connection: Connection, errand: Errand, why: str, now: str, *, told: bool = True) -> None:
        subscribers.disable(connection, errand.subscriber, why, now=now)
        if told:  # one that wants nothing more is no trouble
            self.notice(connection, errand, why, now)
        _log.warning("nothing more is sent to %s: %s", errand.subscriber, why)

    def _admitted(self, connection: Connection, errand: Errand) -> bool:
        """Tell whether a subscriber may still follow its view; one that may not is disabled."""
        why = _barred(connection, self.views.get(errand.view), errand.key)
        if why is None:
            return True
        self._disable(connection, errand, why, _written(self.clock()))
        errands.release(connection, errand)
        return False


def _chosen(due: Sequence[tuple[str, bool]], limit: int, failing: int) -> list[str]:
    """Return whom to send to: who does not fail comes first in what is due, and no more of the others than may be."""
    well = [identifier for identifier, fails in due if not fails]
    ill = [identifier for identifier, fails in due if fails]
    return [*well, *ill[: max(failing, 0)]][:limit]


def _barred(connection: Connection, view: View | None, key: str | None) -> str | None:
    if view is None:
        return "its view is no longer there"
    if view.access == "public" or (key and _opens(connection, key, view.id)):
        return None
    return "its view is read with a key, and it was not registered with one that is live and opens it"


def _opens(connection: Connection, key: str, view: str) -> bool:
    """Tell whether a key, or one that took its place, opens a view now."""
    now = utc(datetime.now(UTC))
    rows = keys.find(connection)
    line = {key}
    while more := {row.id for row in rows if row.replaces in line} - line:
        line |= more
    return any(row.id in line and row.state(now) == "live" and row.opens(view) for row in rows)


def _written(moment: float) -> str:
    return utc(datetime.fromtimestamp(moment, UTC))
