"""Who receives webhooks, as rows: added, changed, disabled, taken up again, removed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from hub.store import alarms, pages, push
from hub.store.push.tables import attempt, delivery
from hub.store.push.tables import subscriber as table

State = Literal["pending", "active", "disabled"]
By = Literal["hub", "operator"]

_WELL: Mapping[str, Any] = {"disabled": None, "disabled_by": None, "why": None, "failing_since": None}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscriber asks for: an address, the view it follows, and which events; ``key`` opened the view."""

    url: str
    view: str
    events: tuple[str, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One subscriber. ``old_ends`` and ``failing_since`` are seconds since 1970, the other moments ISO 8601 in UTC."""

    id: str
    wanted: Wanted
    state: State
    created: str
    verified: str | None
    disabled: str | None
    disabled_by: str | None
    why: str | None
    failing_since: float | None
    old_ends: float | None
    token: str = field(repr=False)
    secret: bytes = field(repr=False)
    old_secret: bytes | None = field(repr=False)

    def signing(self, now: float) -> tuple[bytes, ...]:
        """Return the secrets that sign at a moment (seconds since 1970), encrypted, the newest first."""
        old = self.old_secret if self.old_ends is not None and self.old_ends > now else None
        return (self.secret,) if old is None else (self.secret, old)


def add(connection: Connection, identifier: str, wanted: Wanted, *, token: str, secret: bytes, now: str) -> None:
    """Add a subscriber, which is pending.

    Args:
        connection: a transaction that writes.
        identifier: its new id.
        wanted: what it asks for.
        token: SHA-256 of what its holder manages it with.
        secret: what its deliveries are signed with, encrypted.
        now: the moment, ISO 8601 in UTC.
    """
    row = {"id": identifier, "state": "pending", "token": token, "secret": secret, "created": now, "epoch": 0}
    connection.execute(insert(table), {**row, **_columns(wanted)})


def get(connection: Connection, identifier: str) -> SubscriberRow | None:
    """Return a subscriber, None where there is none of this id."""
    found = connection.execute(select(table).where(table.c.id == identifier)).one_or_none()
    return _row(found) if found else None


def managed_with(connection: Connection, token: str) -> SubscriberRow | None:
    """Return the subscriber that is managed with the token of this SHA-256, None where there is none."""
    found = connection.execute(select(table).where(table.c.token == token)).one_or_none()
    return _row(found) if found else None


def find(connection: Connection) -> list[SubscriberRow]:
    """Return all subscribers, the oldest first."""
    return [_row(found) for found in connection.execute(select(table).order_by(table.c.created, table.c.id))]


def unproved_at(connection: Connection, start: str) -> int:
    """Return how many subscribers with an address that starts so have not proved it."""
    here = table.c.url.startswith(start, autoescape=True)
    return int(connection.execute(select(func.count()).where(here, table.c.state == "pending")).scalar_one())


def change(connection: Connection, identifier: str, wanted: Wanted, *, now: str) -> None:
    """Let a subscriber ask for something else; at another address it is pending, and what waited is given up."""
    before = get(connection, identifier)
    _set(connection, identifier, **_columns(wanted))
    if before and before.wanted.url != wanted.url:
        push.give_up(connection, identifier, "the address was changed", now=now)
        _set(connection, identifier, state="pending", verified=None, **_WELL)


def rotate(connection: Connection, identifier: str, secret: bytes, *, until: float) -> None:
    """Let a new secret sign, beside the newest of before until that moment (seconds since 1970)."""
    _set(connection, identifier, old_secret=table.c.secret, old_ends=until, secret=secret)


def reseal(connection: Connection, sealed_anew: Callable[[bytes], bytes], *, now: float) -> int:
    """Replace every secret that signs at this moment by what this makes of it, and return how many these are."""
    count = 0
    for row in find(connection):
        secret, *older = map(sealed_anew, row.signing(now))
        _set(connection, row.id, secret=secret, old_secret=older[0] if older else None)
        count += 1 + len(older)
    return count


def activate(connection: Connection, identifier: str, *, now: str) -> None:
    """Let a subscriber receive what it asks for, beginning with where its feed is: it may have missed hints."""
    _set(connection, identifier, state="active", verified=now, **_WELL)
    alarms.settle(connection, identifier, {}, now, again=False)
    row = get(connection, identifier)
    if row and push.FEED_ADVANCED in row.wanted.events:
        view = row.wanted.view
        head = {"view": view, "position": pages.head(connection, view)}
        push.tell_one(connection, identifier, push.FEED_ADVANCED, head, now)


def disable(connection: Connection, identifier: str, why: str, *, now: str, by: By = "hub") -> None:
    """Let a subscriber receive nothing more: what waited is given up, and an event that it can look up says why."""
    _set(connection, identifier, state="disabled", disabled=now, disabled_by=by, why=why)
    push.give_up(connection, identifier, f"the subscriber was disabled: {why}", now=now)
    push.note_disabled(connection, identifier, why, now=now)


def remove(connection: Connection, identifier: str, *, now: str) -> None:
    """Forget a subscriber, with all that it was sent."""
    alarms.settle(connection, identifier, {}, now, again=False)
    of_it = select(delivery.c.id).where(delivery.c.subscriber == identifier)
    connection.execute(delete(attempt).where(attempt.c.delivery.in_(of_it)))
    connection.execute(delete(delivery).where(delivery.c.subscriber == identifier))
    connection.execute(delete(table).where(table.c.id == identifier))


def forget(connection: Connection, *, unproved_before: str, now: str) -> None:
    """Forget who never proved its address since that moment, and secrets that no longer sign."""
    never = select(table.c.id).where(
        table.c.state == "pending", table.c.verified.is_(None), table.c.created < unproved_before
    )
    for identifier in connection.execute(never).scalars().all():
        remove(connection, identifier, now=now)
    connection.execute(
        update(table).where(table.c.old_ends <= push.seconds(now)).values(old_secret=None, old_ends=None)
    )


def _set(connection: Connection, identifier: str, **values: Any) -> None:
    connection.execute(update(table).where(table.c.id == identifier).values(values))


def _columns(wanted: Wanted) -> dict[str, Any]:
    events = orjson.dumps(wanted.events).decode()
    return {"url": wanted.url, "view": wanted.view, "events": events, "key": wanted.key}


def _row(found: Row[Any]) -> SubscriberRow:
    row = found._mapping
    wanted = Wanted(row["url"], row["view"], tuple(orjson.loads(row["events"])), row["key"])
    kept = {name: row[name] for name in SubscriberRow.__slots__ if name != "wanted"}
    return SubscriberRow(wanted=wanted, **kept)
