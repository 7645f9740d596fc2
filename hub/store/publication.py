"""Applying a plan: one short transaction that changes everything or nothing.

First the listings change as the plan says, then it is told what that makes of the opportunities they are part of. The
plan file is attached, so every step is one statement over all its entries and no body passes through Python again.
What a run finds is kept aside (`before`), so that it can be undone, and what it does is remembered (`history`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from hub.store import listing_feed, push, views
from hub.views import LISTINGS

ACTIVE = '"status":"active","listings":['
DOUBTED = '"status":"likelyExpired","listings":['
"""How a body says its status. Within a string of JSON quotation marks are escaped: it says so nowhere else."""

_TAKE = text("UPDATE counter SET value = value + :count WHERE name = 'position' RETURNING value")
_TOLD = """
    CREATE TEMP TABLE IF NOT EXISTS told (
      place INTEGER PRIMARY KEY, opportunity TEXT NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL, reason TEXT,
      merged_into TEXT, listing INTEGER, body BLOB)
"""
_JOINED = "CREATE TEMP TABLE IF NOT EXISTS joined (listing INTEGER PRIMARY KEY)"
_PREPARE = (_TOLD, _JOINED, "DELETE FROM told", "DELETE FROM joined")

_CHANGE = (
    """
    INSERT INTO before (run, listing, live, raw, content, version, ended, merged_into, content_changed, missing, doubt,
                        expires, filled)
    SELECT :run, l.id, l.live, l.raw, l.content, v.bytes, l.ended, l.merged_into, l.content_changed, l.missing, l.doubt,
           l.expires, l.filled
    FROM plan.entry AS e CROSS JOIN listing AS l ON l.id = e.listing LEFT JOIN version AS v ON v.listing = l.id
    """,
    """
    INSERT INTO listing (source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed, missing,
                         doubt, expires, filled, run)
    SELECT :source, local_id, raw, content, 1, opportunity, kind, first_seen, content_changed, missing, doubt, expires,
           filled, :run
    FROM plan.entry WHERE action = 'created' ORDER BY place
    """,
    """
    UPDATE listing SET raw = e.raw, content = e.content, live = 1, content_changed = e.content_changed,
      missing = e.missing, doubt = e.doubt, expires = e.expires, filled = e.filled, ended = NULL, merged_into = NULL
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('updated', 'returned')
    """,
    """
    UPDATE listing SET raw = t.raw, expires = t.expires, filled = t.filled
    FROM plan.touch AS t WHERE listing.id = t.listing
    """,
    # The action is the reason why it is over.
    """
    UPDATE listing SET live = 0, missing = NULL, doubt = NULL, raw = coalesce(e.raw, listing.raw),
      content = coalesce(e.content, listing.content), ended = e.action, merged_into = e.merged_into
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('withdrawn', 'expired', 'merged')
    """,
    """
    UPDATE listing SET missing = e.missing
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('missing', 'found')
    """,
    """
    UPDATE listing SET doubt = e.doubt
    FROM plan.entry AS e WHERE listing.id = e.listing AND e.action IN ('doubted', 'trusted')
    """,
    """
    DELETE FROM version WHERE listing IN (
      SELECT listing FROM plan.entry WHERE action IN ('withdrawn', 'expired', 'merged'))
    """,
    """
    INSERT INTO version (listing, bytes)
    SELECT l.id, e.body FROM plan.entry AS e CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id
    WHERE e.body IS NOT NULL ORDER BY e.place ON CONFLICT (listing) DO UPDATE SET bytes = excluded.bytes
    """,
)
# A listing that stands alone is its opportunity. Of a doubt it is told where the status changes by it, for there may be
# another doubt besides. Of one that stays over it is told where its opportunity ended with it, not by a merge.
_ALONE = f"""
    INSERT INTO told (opportunity, kind, action, reason, merged_into, listing)
    SELECT l.opportunity, l.kind, e.action, CASE WHEN l.live = 0 THEN e.action END, l.merged_into,
           CASE WHEN l.live THEN l.id END
    FROM plan.entry AS e CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id
    WHERE l.id NOT IN (SELECT listing FROM joined) AND NOT (
      e.action IN ('missing', 'found', 'doubted', 'trusted') AND (l.missing IS NOT NULL OR l.doubt IS NOT NULL) = (
        SELECT instr(CAST(b.bytes AS TEXT), '{DOUBTED}') > 0
        FROM opportunity AS o CROSS JOIN body AS b ON b.position = o.position WHERE o.id = l.opportunity))
    AND NOT EXISTS (
      SELECT 1 FROM before AS b CROSS JOIN opportunity AS o ON o.id = l.opportunity
      WHERE b.run = :run AND b.listing = l.id AND b.live = 0 AND l.live = 0
        AND (o.reason IS NOT b.ended OR o.merged_into IS NOT b.merged_into))
    ORDER BY e.place
"""  # noqa: S608 - constants only
_COUNT = text("SELECT coalesce(max(place), 0) FROM told")
_HEAD = text("SELECT value FROM counter WHERE name = 'position'")
_MATCHED_AT = text("SELECT head FROM plan.matched")
# Each has its place, from 1; added to :base, the last position before this run, it is its position.
_TELL = (
    # Bodies that are replaced or end go while their opportunity still says where they are.
    """
    DELETE FROM body WHERE position IN (
      SELECT o.position FROM told AS t CROSS JOIN opportunity AS o ON o.id = t.opportunity)
    """,
    """
    INSERT INTO opportunity (id, kind, position, reason, merged_into, changed)
    SELECT opportunity, kind, :base + place, reason, merged_into, :now FROM told WHERE true ORDER BY place
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, reason = excluded.reason,
      merged_into = excluded.merged_into, changed = excluded.changed
    """,
    f"""
    INSERT INTO body (position, bytes)
    SELECT :base + t.place, coalesce(t.body, CASE WHEN l.missing IS NULL AND l.doubt IS NULL THEN v.bytes
      ELSE CAST(replace(CAST(v.bytes AS TEXT), '{ACTIVE}', '{DOUBTED}') AS BLOB) END)
    FROM told AS t LEFT JOIN listing AS l ON l.id = t.listing LEFT JOIN version AS v ON v.listing = t.listing
    WHERE t.reason IS NULL ORDER BY t.place
    """,  # noqa: S608 - constants only
    """
    INSERT INTO history (position, opportunity, run, action, changed)
    SELECT :base + place, opportunity, :run, action, :now FROM told ORDER BY place
    """,
)


class Telling(NamedTuple):
    """What is told of one opportunity: a body, or the reason of a tombstone and where it went."""

    opportunity: str
    kind: str
    action: str
    reason: str | None = None
    merged_into: str | None = None
    body: bytes | None = None


def publish(
    connection: Connection,
    *,
    source: str,
    run: int,
    now: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    join: Callable[[Connection], None] = lambda _connection: None,
) -> tuple[int, int] | None:
    """Apply the attached plan and return the first and last position it spent, None when it spent none.

    Args:
        connection: a transaction opened with the plan's path (`Database.write`).
        source: id of the source.
        run: the run that applies it.
        now: the moment, ISO 8601 in UTC.
        progress: told how many steps are done, of how many.
        join: called when the listings have changed: tells of the opportunities of several (`tell`).
    """
    said = {"source": source, "run": run, "now": now}
    total = len(_CHANGE) + len(_TELL) + 1
    for step in _PREPARE:
        connection.exec_driver_sql(step)
    for done, step in enumerate(_CHANGE, 1):
        connection.exec_driver_sql(step, said)
        progress(done, total)
    listing_feed.note(connection, source=source, run=run)
    join(connection)
    if listing_feed.spend(connection):
        push.announce(connection, {LISTINGS: listing_feed.head(connection)}, now)
    connection.exec_driver_sql(_ALONE, said)
    progress(len(_CHANGE) + 1, total)
    count = int(connection.execute(_COUNT).scalar_one())
    if not count:
        return None
    last = int(connection.execute(_TAKE, {"count": count}).scalar_one())
    for done, step in enumerate(_TELL, len(_CHANGE) + 2):
        connection.exec_driver_sql(step, said | {"base": last - count})
        progress(done, total)
    views.follow(connection, last - count + 1, last)
    push.announce_moved(connection, last - count + 1, last, now)
    return last - count + 1, last


def tell(connection: Connection, listings: Iterable[int], tellings: Sequence[Telling]) -> None:
    """Say what is told of the opportunities that these listings are or were part of, instead of each listing alone."""
    connection.exec_driver_sql("INSERT OR IGNORE INTO joined VALUES (?)", [(number,) for number in listings])
    if tellings:
        connection.exec_driver_sql(
            "INSERT INTO told (opportunity, kind, action, reason, merged_into, body) VALUES (?, ?, ?, ?, ?, ?)",
            [tuple(telling) for telling in tellings],
        )


def head(connection: Connection) -> int:
    """Return the last position spent."""
    return int(connection.execute(_HEAD).scalar_one())


def matched_at(connection: Connection) -> int | None:
    """Return at which position matches were looked for while the attached plan was made; None where they were not."""
    return connection.execute(_MATCHED_AT).scalar()
