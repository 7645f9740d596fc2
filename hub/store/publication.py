"""Applying a plan: one short transaction that changes everything or nothing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from hub.store.database import execute_many
from hub.store.plan_file import Action, Entry, PlanFile

Row = dict[str, Any]

_TAKE = text("UPDATE counter SET value = value + :count WHERE name = 'position' RETURNING value")
_INSERT_LISTING = (
    "INSERT INTO listing (source, local_id, raw, content, live, opportunity, first_seen, content_changed) "
    "VALUES (:source, :local_id, :raw, :content, 1, :opportunity, :first_seen, :content_changed)"
)
_UPDATE_LISTING = (
    "UPDATE listing SET raw = :raw, content = :content, live = 1, content_changed = :content_changed "
    "WHERE id = :listing"
)
_TOUCH_LISTING = "UPDATE listing SET raw = :raw WHERE id = :listing"
_END_LISTING = "UPDATE listing SET live = 0 WHERE id = :listing"
_DROP_BODY = "DELETE FROM body WHERE position = (SELECT position FROM opportunity WHERE id = :opportunity)"
_INSERT_BODY = "INSERT INTO body (position, bytes) VALUES (:position, :body)"
_INSERT_OPPORTUNITY = (
    "INSERT INTO opportunity (id, kind, position, changed) VALUES (:opportunity, :kind, :position, :now)"
)
_MOVE_OPPORTUNITY = (
    "UPDATE opportunity SET position = :position, kind = :kind, reason = NULL, merged_into = NULL, changed = :now "
    "WHERE id = :opportunity"
)
_END_OPPORTUNITY = (
    "UPDATE opportunity SET position = :position, reason = :action, merged_into = :merged_into, changed = :now "
    "WHERE id = :opportunity"
)

_STATEMENTS: dict[Action, tuple[str, ...]] = {
    Action.created: (_INSERT_LISTING, _INSERT_OPPORTUNITY, _INSERT_BODY),
    Action.updated: (_UPDATE_LISTING, _DROP_BODY, _MOVE_OPPORTUNITY, _INSERT_BODY),
    Action.returned: (_UPDATE_LISTING, _MOVE_OPPORTUNITY, _INSERT_BODY),
    Action.withdrawn: (_END_LISTING, _DROP_BODY, _END_OPPORTUNITY),
    Action.merged: (_END_LISTING, _DROP_BODY, _END_OPPORTUNITY),
    Action.touched: (_TOUCH_LISTING,),
}
"""The statements of each action, in order; those that end an opportunity use the action as the tombstone's reason."""


def publish(
    connection: Connection, plan: PlanFile, *, source: str, now: str, applied: Callable[[int], None]
) -> tuple[int, int] | None:
    """Apply the plan and return the first and last position it spent, None when it spent none."""
    count = plan.spending()
    last = _take(connection, count) if count else 0
    next_position = last - count + 1
    done = 0
    for batch in plan.entries():
        for action, entries in groupby(batch, key=lambda entry: entry.action):
            rows = list(_rows(entries, source=source, now=now, position=next_position))
            for statement in _STATEMENTS[action]:
                execute_many(connection, statement, rows)
            next_position += 0 if action is Action.touched else len(rows)
        done += len(batch)
        applied(done)
    return (last - count + 1, last) if count else None


def _take(connection: Connection, count: int) -> int:
    return int(connection.execute(_TAKE, {"count": count}).scalar_one())


def _rows(entries: Iterable[Entry], *, source: str, now: str, position: int) -> Iterator[Row]:
    for number, entry in enumerate(entries, position):
        yield {**entry._asdict(), "source": source, "now": now, "position": number}
