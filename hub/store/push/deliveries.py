"""What subscribers were sent, as rows: for them and for people to look up, and to have sent once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select, update

from hub.store.push import ENDPOINT_DISABLED, ENDPOINT_VERIFY, State
from hub.store.push.tables import attempt, delivery, event

_COLUMNS = (delivery, event.c.type, event.c.data, event.c.made)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try: when it began (seconds since 1970), what was answered, how long it took, and why it failed."""

    at: float
    status: int | None
    seconds: float
    error: str | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery; ``next_try`` is in seconds since 1970, the other moments are ISO 8601 in UTC."""

    id: int
    subscriber: str
    state: State
    tries: int
    next_try: float | None
    status: int | None
    error: str | None
    ended: str | None
    event: str
    type: str
    data: Any
    made: str


def latest(connection: Connection, subscriber: str, limit: int, before: int | None = None) -> list[DeliveryRow]:
    """Return the deliveries of a subscriber, the newest first, from before that number on."""
    found = _of(subscriber).order_by(delivery.c.id.desc()).limit(limit)
    return [_row(row) for row in connection.execute(found if before is None else found.where(delivery.c.id < before))]


def get(connection: Connection, subscriber: str, number: int) -> DeliveryRow | None:
    """Return a delivery of this subscriber, None where it has none of this number."""
    found = connection.execute(_of(subscriber).where(delivery.c.id == number)).one_or_none()
    return _row(found) if found else None


def attempts(connection: Connection, numbers: Sequence[int]) -> dict[int, list[AttemptRow]]:
    """Return the attempts of these deliveries, by delivery, the first one first."""
    found: dict[int, list[AttemptRow]] = {number: [] for number in numbers}
    for row in connection.execute(select(attempt).where(attempt.c.delivery.in_(numbers)).order_by(attempt.c.id)):
        found[row.delivery].append(AttemptRow(row.at, row.status, row.seconds, row.error))
    return found


def asked_to_prove(connection: Connection, subscriber: str, since: str) -> tuple[int, int | None]:
    """Return how often a subscriber was asked to prove itself since then, and the delivery of it that still waits."""
    found = _of(subscriber).where(event.c.type == ENDPOINT_VERIFY)
    recent = [_row(row) for row in connection.execute(found.where(event.c.made >= since))]
    waiting = connection.execute(found.where(delivery.c.state == "waiting")).first()
    return len(recent), None if waiting is None else int(waiting.id)


def replay(connection: Connection, row: DeliveryRow, *, now: float) -> bool:
    """Have a delivery sent once more, as if it were new; False for what is never sent again."""
    if row.type in {ENDPOINT_VERIFY, ENDPOINT_DISABLED}:
        return False
    values = {"state": "waiting", "tries": 0, "next_try": now, "status": None, "error": None, "ended": None}
    connection.execute(update(delivery).where(delivery.c.id == row.id).values(values))
    return True


def _of(subscriber: str) -> Any:
    joined = delivery.join(event, event.c.id == delivery.c.event)
    return select(*_COLUMNS).select_from(joined).where(delivery.c.subscriber == subscriber)


def _row(found: Row[Any]) -> DeliveryRow:
    row = found._mapping
    return DeliveryRow(
        **{name: row[name] for name in DeliveryRow.__slots__ if name != "data"}, data=orjson.loads(row["data"])
    )
