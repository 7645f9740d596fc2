"""The outbox of webhooks: events written where they happen, and one delivery per subscriber.

An event and its deliveries are written in the transaction in which it happens, so neither is there without the other.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, insert, select, text, update

from hub.store import views
from hub.store.push.tables import attempt, delivery, event, subscriber
from hub.views import BUILT_IN, LISTED

FEED_ADVANCED = "feed.advanced"
SOURCE_STALE, SOURCE_RECOVERED = "source.stale", "source.recovered"
OPPORTUNITY_DISPUTED = "opportunity.disputed"
ENDPOINT_VERIFY, ENDPOINT_DISABLED = "endpoint.verify", "endpoint.disabled"

State = Literal["waiting", "delivered", "failed", "given-up"]

_HOLDS = text("SELECT 1 FROM view_item WHERE view = :view AND opportunity = :opportunity AND present = 1")
_KIND = text("SELECT kind FROM opportunity WHERE id = :opportunity")
_OLD = "SELECT id FROM event WHERE made < :before AND id NOT IN (SELECT event FROM delivery WHERE state = 'waiting')"
_FORGET = (
    f"DELETE FROM attempt WHERE delivery IN (SELECT id FROM delivery WHERE event IN ({_OLD}))",  # noqa: S608
    f"DELETE FROM delivery WHERE event IN ({_OLD})",  # noqa: S608
    "DELETE FROM event WHERE made < :before AND id NOT IN (SELECT event FROM delivery)",
)


def announce(connection: Connection, heads: Mapping[str, int], now: str) -> int:
    """Tell who follows these views that they moved, and return how many that are.

    Args:
        connection: the transaction in which they move.
        heads: the new last position of each view that moved.
        now: the moment, ISO 8601 in UTC.
    """
    count = 0
    for view, position in heads.items():
        asking = _asking(connection, FEED_ADVANCED, [view])
        count += _tell(connection, FEED_ADVANCED, {"view": view, "position": position}, asking, now)
    return count


def announce_moved(connection: Connection, first: int, last: int, now: str) -> int:
    """Tell who follows a view in which something moved at these positions; cheap where nobody follows anything."""
    if not _asking(connection, FEED_ADVANCED):
        return 0
    return announce(connection, views.moved(connection, first, last), now)


def tell(connection: Connection, kind: str, data: Mapping[str, Any], now: str) -> int:
    """Write an event for all who ask for its type, in the transaction in which it happens; return how many those are.

    Args:
        connection: a transaction that writes.
        kind: its type, such as ``source.stale``.
        data: its data, JSON-able.
        now: the moment, ISO 8601 in UTC.
    """
    return _tell(connection, kind, data, _asking(connection, kind), now)


def dispute(connection: Connection, opportunity: str, data: Mapping[str, Any], now: str) -> int:
    """Tell who asks for it, and follows a view that holds this opportunity, that it is disputed; return how many.

    Args:
        connection: the transaction in which it is reported.
        opportunity: its id.
        data: what is said beside the id, JSON-able and without personal data, such as the reason.
        now: the moment, ISO 8601 in UTC.
    """
    holding = [view for view in _views(connection) if _holds(connection, view, opportunity)]
    asking = _asking(connection, OPPORTUNITY_DISPUTED, holding)
    return _tell(connection, OPPORTUNITY_DISPUTED, {"opportunity": opportunity, **data}, asking, now)


def tell_one(
    connection: Connection, identifier: str, kind: str, data: Mapping[str, Any], now: str, *, state: State = "waiting"
) -> int:
    """Write an event for one subscriber, and return the number of its delivery."""
    _tell(connection, kind, data, [identifier], now, state=state)
    newest = select(delivery.c.id).where(delivery.c.subscriber == identifier).order_by(delivery.c.id.desc()).limit(1)
    return int(connection.execute(newest).scalar_one())


def note_disabled(connection: Connection, identifier: str, why: str, *, now: str) -> None:
    """Write an event that is not sent, but that the subscriber sees among its deliveries."""
    tell_one(connection, identifier, ENDPOINT_DISABLED, {"why": why}, now, state="given-up")


def give_up(connection: Connection, identifier: str, why: str, *, now: str) -> None:
    """Let no delivery of a subscriber wait any longer."""
    waiting = (delivery.c.subscriber == identifier, delivery.c.state == "waiting")
    values = {"state": "given-up", "error": why, "next_try": None, "ended": now}
    connection.execute(update(delivery).where(*waiting).values(values))


def forget(connection: Connection, *, before: str) -> None:
    """Forget events of before that moment (ISO 8601 in UTC) of which no delivery waits."""
    for step in _FORGET:
        connection.execute(text(step), {"before": before})


def survive(connection: Connection) -> None:
    """Keep the subscribers of the store that a copy replaces, attached as ``plan``, and what they wait for.

    So who was removed since the copy hears nothing more, and secrets that were replaced stay replaced.
    """
    for table in (subscriber, event, delivery, attempt):
        connection.exec_driver_sql(f"DELETE FROM {table.name}")  # noqa: S608 - names of our own
        connection.exec_driver_sql(f"INSERT INTO {table.name} SELECT * FROM plan.{table.name}")  # noqa: S608


# Who asks -----------------------------------------------------------------------------------------------------


def _asking(connection: Connection, kind: str, of_views: Iterable[str] | None = None) -> list[str]:
    found = connection.execute(
        select(subscriber.c.id, subscriber.c.view, subscriber.c.events).where(subscriber.c.state == "active")
    )
    wanted = None if of_views is None else set(of_views)
    return [row.id for row in found if kind in orjson.loads(row.events) and (wanted is None or row.view in wanted)]


def _views(connection: Connection) -> list[str]:
    return list(connection.execute(select(subscriber.c.view).distinct()).scalars())


def _holds(connection: Connection, view: str, opportunity: str) -> bool:
    said = {"view": view, "opportunity": opportunity}
    built_in = next((each for each in (*BUILT_IN, LISTED) if each.id == view), None)
    if built_in is None:
        return connection.execute(_HOLDS, said).scalar() is not None
    kind = connection.execute(_KIND, said).scalar()
    return kind is not None and built_in.kind in {None, kind}


def _tell(
    connection: Connection,
    kind: str,
    data: Mapping[str, Any],
    to: Iterable[str],
    now: str,
    *,
    state: State = "waiting",
) -> int:
    identifier = f"msg_{uuid.uuid4().hex}"
    waits = state == "waiting"
    row = {"event": identifier, "state": state, "tries": 0, "next_try": seconds(now) if waits else None}
    rows = [{**row, "subscriber": each, "ended": None if waits else now} for each in to]
    if rows:
        said = {"id": identifier, "type": kind, "data": orjson.dumps(data).decode(), "made": now}
        connection.execute(insert(event), said)
        connection.execute(insert(delivery), rows)
    return len(rows)


def seconds(moment: str) -> float:
    """Return a moment in ISO 8601 as seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()
