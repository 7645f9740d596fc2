"""Applying a plan: one short transaction that changes everything or nothing.

The plan file is attached, so every step is one statement over all its entries and no body passes through Python again.
"""

from collections.abc import Callable

from sqlalchemy import Connection, text

from hub.store.plan_file import PlanFile

_TAKE = text("UPDATE counter SET value = value + :count WHERE name = 'position' RETURNING value")

# Each entry has its place in the plan, from 1; added to :base, the last position before this run, it is its position.
_STEPS = (
    # Bodies that are replaced or end go first, while their opportunity still says where they are.
    """
    DELETE FROM body WHERE position IN (
      SELECT o.position FROM plan.entry AS e CROSS JOIN opportunity AS o ON o.id = e.opportunity
      WHERE e.action = 'updated' OR e.body IS NULL)
    """,
    """
    INSERT INTO listing (source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed)
    SELECT :source, local_id, raw, content, 1, opportunity, kind, first_seen, content_changed
    FROM plan.entry WHERE action = 'created' ORDER BY place
    """,
    """
    UPDATE listing SET raw = e.raw, content = e.content, live = 1, content_changed = e.content_changed
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('updated', 'returned')
    """,
    "UPDATE listing SET raw = t.raw FROM plan.touch AS t WHERE listing.id = t.listing",
    """
    UPDATE listing SET live = 0
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.body IS NULL
    """,
    """
    INSERT INTO opportunity (id, kind, position, changed)
    SELECT opportunity, kind, :base + place, :now FROM plan.entry WHERE action = 'created' ORDER BY place
    """,
    """
    UPDATE opportunity SET position = :base + e.place, reason = NULL, merged_into = NULL, changed = :now
    FROM plan.entry AS e WHERE opportunity.id = e.opportunity AND e.action IN ('updated', 'returned')
    """,
    # The action is the reason a tombstone gives.
    """
    UPDATE opportunity SET position = :base + e.place, reason = e.action, merged_into = e.merged_into, changed = :now
    FROM plan.entry AS e WHERE opportunity.id = e.opportunity AND e.body IS NULL
    """,
    """
    INSERT INTO body (position, bytes)
    SELECT :base + place, body FROM plan.entry WHERE body IS NOT NULL ORDER BY place
    """,
)


def publish(
    connection: Connection, plan: PlanFile, *, source: str, now: str, progress: Callable[[int, int], None]
) -> tuple[int, int] | None:
    """Apply the attached plan and return the first and last position it spent, None when it spent none.

    Args:
        connection: a transaction opened with the plan's path (`Database.write`).
        plan: the plan.
        source: id of the source.
        now: the moment, ISO 8601 in UTC.
        progress: told how many steps are done, of how many.
    """
    count = plan.spending()
    last = int(connection.execute(_TAKE, {"count": count}).scalar_one()) if count else 0
    for done, step in enumerate(_STEPS, 1):
        connection.exec_driver_sql(step, {"source": source, "now": now, "base": last - count})
        progress(done, len(_STEPS))
    return (last - count + 1, last) if count else None
