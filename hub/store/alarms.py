"""Alarms as rows: opened once, counted while they last, closed when they are over; and the notices about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select, update

from hub.store.schema import alarm as alarm_table
from hub.store.schema import notice as notice_table


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm. Times are ISO 8601 in UTC; ``params`` is what its sentence mentions."""

    id: int
    source: str
    kind: str
    opened: str
    last: str
    closed: str | None
    count: int
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice that is to be sent: of which alarm, that it ``opened`` or ``closed``, and by which way."""

    id: int
    alarm: int
    event: str
    way: str
    tries: int


def open_alarms(connection: Connection, source: str | None = None) -> list[AlarmRow]:
    """Return the alarms that are open, of one source or of all, the newest first."""
    found = select(alarm_table).where(alarm_table.c.closed.is_(None)).order_by(alarm_table.c.id.desc())
    return _alarms(connection, found.where(alarm_table.c.source == source) if source else found)


def latest(connection: Connection, limit: int) -> list[AlarmRow]:
    """Return the newest alarms, open and closed."""
    return _alarms(connection, select(alarm_table).order_by(alarm_table.c.id.desc()).limit(limit))


def get(connection: Connection, number: int) -> AlarmRow:
    """Return one alarm."""
    return _alarms(connection, select(alarm_table).where(alarm_table.c.id == number))[0]


def settle(
    connection: Connection, source: str, holding: Mapping[str, Mapping[str, str]], now: str, *, again: bool
) -> tuple[list[int], list[int]]:
    """Bring the alarms of a source up to date, and return the numbers of those opened and closed.

    Args:
        connection: a transaction that writes.
        source: id of the source.
        holding: what its sentence mentions, by kind of each condition that holds now.
        now: the moment, ISO 8601 in UTC.
        again: whether what still holds was seen once more, as after a run, or only looked at.
    """
    before = {row.kind: row for row in open_alarms(connection, source)}
    for kind, row in before.items():
        if kind in holding:
            said = {"last": now, "count": row.count + again, "said": _packed(holding[kind])}
            connection.execute(update(alarm_table).where(alarm_table.c.id == row.id).values(said))
    over = [row.id for kind, row in before.items() if kind not in holding]
    if over:
        connection.execute(update(alarm_table).where(alarm_table.c.id.in_(over)).values(closed=now))
    return [_open(connection, source, kind, holding[kind], now) for kind in holding if kind not in before], over


def announce(connection: Connection, numbers: Sequence[int], event: str, ways: Sequence[str], now: str) -> None:
    """Note that people are to be told of these alarms, by each of these ways."""
    rows = [
        {"alarm": number, "event": event, "way": way, "made": now, "tries": 0} for number in numbers for way in ways
    ]
    if rows:
        connection.execute(notice_table.insert(), rows)


def due(connection: Connection, now: str, limit: int = 100) -> list[NoticeRow]:
    """Return the notices that are to be sent now, the oldest first."""
    waiting = notice_table.c.sent.is_(None)
    ripe = notice_table.c.next_try.is_(None) | (notice_table.c.next_try <= now)
    found = select(notice_table).where(waiting, ripe).order_by(notice_table.c.id).limit(limit)
    return [NoticeRow(row.id, row.alarm, row.event, row.way, row.tries) for row in connection.execute(found)]


def mark_sent(connection: Connection, notice: int, now: str) -> None:
    """Note that a notice was sent."""
    connection.execute(update(notice_table).where(notice_table.c.id == notice).values(sent=now, error=None))


def mark_failed(connection: Connection, notice: int, *, error: str, next_try: str) -> None:
    """Note that a notice could not be sent, and when to try again."""
    values = {"tries": notice_table.c.tries + 1, "error": error, "next_try": next_try}
    connection.execute(update(notice_table).where(notice_table.c.id == notice).values(values))


def _open(connection: Connection, source: str, kind: str, params: Mapping[str, str], now: str) -> int:
    row = {"source": source, "kind": kind, "opened": now, "last": now, "count": 1, "said": _packed(params)}
    return int(connection.execute(alarm_table.insert().returning(alarm_table.c.id), row).scalar_one())


def _alarms(connection: Connection, found: Any) -> list[AlarmRow]:
    return [_alarm(row._mapping) for row in connection.execute(found)]


def _alarm(row: Any) -> AlarmRow:
    values = {name: row[name] for name in AlarmRow.__slots__ if name != "params"}
    return AlarmRow(**values, params=orjson.loads(row["said"]))


def _packed(params: Mapping[str, str]) -> str:
    return orjson.dumps(dict(params)).decode()
