"""Applying a plan: one short transaction that changes everything or nothing.

The plan file is attached, so every step is one statement over all its entries and no body passes through Python again.
What it finds is kept aside (`before`), so that the run can be undone, and what it does is remembered (`history`).
"""

from collections.abc import Callable

from sqlalchemy import Connection, text

_COUNT = text("SELECT coalesce(max(place), 0) FROM plan.entry")
_TAKE = text("UPDATE counter SET value = value + :count WHERE name = 'position' RETURNING value")

# Each entry has its place in the plan, from 1; added to :base, the last position before this run, it is its position.
_STEPS = (
    """
    INSERT INTO before (run, opportunity, listing, live, raw, content, body, reason, merged_into, content_changed,
                        missing, expires, filled)
    SELECT :run, o.id, l.id, l.live, l.raw, l.content, b.bytes, o.reason, o.merged_into, l.content_changed,
           l.missing, l.expires, l.filled
    FROM plan.entry AS e CROSS JOIN listing AS l ON l.id = e.listing CROSS JOIN opportunity AS o ON o.id = e.opportunity
    LEFT JOIN body AS b ON b.position = o.position
    WHERE e.action IN ('updated', 'returned', 'withdrawn', 'expired', 'merged', 'missing', 'found')
    """,
    # Within a string of JSON quotation marks are escaped, and only an opportunity has listings: this is nowhere else.
    """
    INSERT INTO body (position, bytes)
    SELECT :base + e.place, CAST(CASE e.action
      WHEN 'missing'
      THEN replace(CAST(b.bytes AS TEXT), '"status":"active","listings":[', '"status":"likelyExpired","listings":[')
      ELSE replace(CAST(b.bytes AS TEXT), '"status":"likelyExpired","listings":[', '"status":"active","listings":[')
      END AS BLOB)
    FROM plan.entry AS e CROSS JOIN opportunity AS o ON o.id = e.opportunity
    CROSS JOIN body AS b ON b.position = o.position WHERE e.action IN ('missing', 'found')
    """,
    # Bodies that are replaced or end go while their opportunity still says where they are.
    """
    DELETE FROM body WHERE position IN (
      SELECT o.position FROM plan.entry AS e CROSS JOIN opportunity AS o ON o.id = e.opportunity
      WHERE e.action IN ('updated', 'returned', 'withdrawn', 'expired', 'merged', 'missing', 'found'))
    """,
    """
    INSERT INTO listing (source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed, expires,
                         filled)
    SELECT :source, local_id, raw, content, 1, opportunity, kind, first_seen, content_changed, expires, filled
    FROM plan.entry WHERE action = 'created' ORDER BY place
    """,
    """
    UPDATE listing SET raw = e.raw, content = e.content, live = 1, content_changed = e.content_changed,
      missing = e.missing, expires = e.expires, filled = e.filled
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('updated', 'returned')
    """,
    """
    UPDATE listing SET raw = t.raw, expires = t.expires, filled = t.filled
    FROM plan.touch AS t WHERE listing.id = t.listing
    """,
    """
    UPDATE listing SET live = 0, missing = NULL, raw = coalesce(e.raw, listing.raw),
      content = coalesce(e.content, listing.content)
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('withdrawn', 'expired', 'merged')
    """,
    """
    UPDATE listing SET missing = e.missing
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('missing', 'found')
    """,
    """
    INSERT INTO opportunity (id, kind, position, changed)
    SELECT opportunity, kind, :base + place, :now FROM plan.entry WHERE action = 'created' ORDER BY place
    """,
    """
    UPDATE opportunity SET position = :base + e.place, reason = NULL, merged_into = NULL, changed = :now
    FROM plan.entry AS e
    WHERE opportunity.id = e.opportunity AND e.action IN ('updated', 'returned', 'missing', 'found')
    """,
    # The action is the reason a tombstone gives.
    """
    UPDATE opportunity SET position = :base + e.place, reason = e.action, merged_into = e.merged_into, changed = :now
    FROM plan.entry AS e WHERE opportunity.id = e.opportunity AND e.action IN ('withdrawn', 'expired', 'merged')
    """,
    """
    INSERT INTO body (position, bytes)
    SELECT :base + place, body FROM plan.entry WHERE body IS NOT NULL ORDER BY place
    """,
    """
    INSERT INTO history (position, opportunity, run, action, changed)
    SELECT :base + place, opportunity, :run, action, :now FROM plan.entry ORDER BY place
    """,
)


def publish(
    connection: Connection,
    *,
    source: str,
    run: int,
    now: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[int, int] | None:
    """Apply the attached plan and return the first and last position it spent, None when it spent none.

    Args:
        connection: a transaction opened with the plan's path (`Database.write`).
        source: id of the source.
        run: the run that applies it.
        now: the moment, ISO 8601 in UTC.
        progress: told how many steps are done, of how many.
    """
    count = int(connection.execute(_COUNT).scalar_one())
    last = int(connection.execute(_TAKE, {"count": count}).scalar_one()) if count else 0
    for done, step in enumerate(_STEPS, 1):
        connection.exec_driver_sql(step, {"source": source, "run": run, "now": now, "base": last - count})
        progress(done, len(_STEPS))
    return (last - count + 1, last) if count else None
