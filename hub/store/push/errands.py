"""Sending what waits: who may send to whom, what is due, and what came of it.

Only who holds the lease of a subscriber sends to it; an attempt that is not settled is made again by whoever is next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import Connection, text, update

from hub.store.push import State
from hub.store.push.tables import subscriber

_WAITS = "(SELECT min(d.next_try) FROM delivery AS d WHERE d.subscriber = s.id AND d.state = 'waiting')"
_DUE = text(
    f"""
    SELECT id, failing FROM (
      SELECT s.id, s.failing_since IS NOT NULL AS failing, {_WAITS} AS due FROM subscriber AS s
      WHERE s.lease_until IS NULL OR s.lease_until <= :now)
    WHERE due <= :now ORDER BY failing, due
    """  # noqa: S608 - constants only
)
_NEXT_DUE = text(
    f"""
    SELECT min(max(due, coalesce(lease_until, due))) FROM (
      SELECT s.lease_until, {_WAITS} AS due FROM subscriber AS s)
    """  # noqa: S608 - constants only
)
_LEASE = text("UPDATE subscriber SET epoch = epoch + 1, lease_until = :until WHERE id = :id RETURNING epoch")
_NEXT = text(
    """
    SELECT d.id, d.tries, d.next_try, e.id, e.type, e.data, e.made, s.url, s.view, s.key, s.state, s.failing_since,
           s.secret, iif(s.old_ends > :now, s.old_secret, NULL)
    FROM delivery AS d CROSS JOIN event AS e ON e.id = d.event CROSS JOIN subscriber AS s ON s.id = d.subscriber
    WHERE d.subscriber = :id AND d.state = 'waiting' AND d.next_try <= :now AND d.id IS NOT :done
    ORDER BY d.next_try, d.id LIMIT 1
    """
)
_HOLD = text(
    "UPDATE subscriber SET lease_until = :until, failing_since = :failing WHERE id = :id AND epoch = :epoch RETURNING 1"
)
_WRITE = text(
    """
    UPDATE delivery SET state = :state, tries = :tries, next_try = :next_try, status = :status, error = :error,
      ended = :ended WHERE id = :id AND state = 'waiting'
    """
)
_NOTE = text("INSERT INTO attempt (delivery, at, status, seconds, error) VALUES (:id, :at, :status, :seconds, :error)")


@dataclass(frozen=True, slots=True)
class Errand:
    """One delivery that is due, to be sent by who holds the lease of its subscriber; ``epoch`` is the proof of it.

    Moments are seconds since 1970, but ``made``, which is ISO 8601 in UTC. ``secrets`` are encrypted, the newest first.
    """

    subscriber: str
    epoch: int
    delivery: int
    tries: int
    due: float
    event: str
    type: str
    data: Mapping[str, Any]
    made: str
    url: str
    view: str
    key: str | None
    state: str
    failing_since: float | None
    secrets: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt.

    Args:
        state: of the delivery from here on.
        at: when it began, seconds since 1970.
        seconds: how long it took.
        status: of the answer; None where none came.
        error: why it failed, in a sentence.
        next_try: of a delivery that waits, seconds since 1970.
        failing_since: since when every attempt failed, seconds since 1970.
    """

    state: State
    at: float
    seconds: float
    status: int | None = None
    error: str | None = None
    next_try: float | None = None
    failing_since: float | None = None


def due(connection: Connection, now: float) -> list[tuple[str, bool]]:
    """Return the subscribers that nobody sends to and something is due for, and whether they are failing.

    Those that are not come first, and then those that wait longest.
    """
    return [(row.id, bool(row.failing)) for row in connection.execute(_DUE, {"now": now})]


def next_due(connection: Connection) -> float | None:
    """Return when something is due next, seconds since 1970; None where nothing waits."""
    found = connection.execute(_NEXT_DUE).scalar()
    return None if found is None else float(found)


def take(connection: Connection, identifiers: Iterable[str], *, now: float, seconds: float) -> list[Errand]:
    """Take the leases of these subscribers, found by `due` in this transaction, and return what is to be sent first."""
    return [errand for each in identifiers if (errand := _taken(connection, each, now, now + seconds))]


def settle(
    connection: Connection, errand: Errand, outcome: Outcome, *, now: float, ended: str, hold: float | None = None
) -> Errand | None:
    """Write what came of an attempt, and return what is to be sent next under the same lease, if that is held on to.

    Where another took over meanwhile, only that it was delivered is of any meaning; the rest is for that other to say.

    Args:
        connection: a transaction that writes.
        errand: what was sent.
        outcome: what came of it.
        now: seconds since 1970.
        ended: the same moment, ISO 8601 in UTC.
        hold: how many seconds more to hold on to the lease, if something is due; without it, the lease is given back.
    """
    following = None if hold is None else _next(connection, errand.subscriber, errand.epoch, now, errand.delivery)
    until = now + hold if hold is not None and following else None
    mine = {"id": errand.subscriber, "epoch": errand.epoch, "until": until, "failing": outcome.failing_since}
    ours = connection.execute(_HOLD, mine).scalar() is not None
    if ours or outcome.state == "delivered":
        _write(connection, errand, outcome, ended)
    return replace(following, failing_since=outcome.failing_since) if following and ours else None


def release(connection: Connection, errand: Errand) -> None:
    """Give a lease back, as if nothing had been sent; nothing happens when another has it by now."""
    mine = (subscriber.c.id == errand.subscriber, subscriber.c.epoch == errand.epoch)
    connection.execute(update(subscriber).where(*mine).values(lease_until=None))


def _taken(connection: Connection, identifier: str, now: float, until: float) -> Errand | None:
    epoch = connection.execute(_LEASE, {"id": identifier, "until": until}).scalar_one()
    return _next(connection, identifier, int(epoch), now)


def _next(connection: Connection, identifier: str, epoch: int, now: float, done: int | None = None) -> Errand | None:
    found = connection.execute(_NEXT, {"id": identifier, "now": now, "done": done}).one_or_none()
    if found is None:
        return None
    number, tries, when, message, kind, data, made, url, view, key, state, failing_since, *sealed = found
    return Errand(
        subscriber=identifier,
        epoch=epoch,
        delivery=number,
        tries=tries,
        due=when,
        event=message,
        type=kind,
        data=orjson.loads(data),
        made=made,
        url=url,
        view=view,
        key=key,
        state=state,
        failing_since=failing_since,
        secrets=tuple(secret for secret in sealed if secret is not None),
    )


def _write(connection: Connection, errand: Errand, outcome: Outcome, ended: str) -> None:
    said = {
        "id": errand.delivery,
        "state": outcome.state,
        "tries": errand.tries + 1,
        "next_try": outcome.next_try,
        "at": outcome.at,
        "status": outcome.status,
        "seconds": outcome.seconds,
        "error": outcome.error,
        "ended": None if outcome.state == "waiting" else ended,
    }
    if connection.execute(_WRITE, said).rowcount:
        connection.execute(_NOTE, said)
