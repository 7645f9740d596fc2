"""Going on from an older copy of the store without misleading the readers of the feed.

Readers may have seen positions that the copy does not know. So everything is told again at positions above them, and
what only the replaced database knew is told to be gone; a run brings it back, under the same id, where it still exists.
Each position keeps its place in the history: those spent before the copy, those the copy missed, and those spent here.
"""

from pathlib import Path

from sqlalchemy import Connection, text

from hub.errors import StoreError
from hub.store import keys, listing_feed, push
from hub.store.copying import examine
from hub.store.database import Database
from hub.store.feedback import reports, usage
from hub.store.migration import HEAD
from hub.views import LISTINGS

_HEAD = text("SELECT value FROM counter WHERE name = 'position'")
_LISTED = text("SELECT value FROM counter WHERE name = 'listing-position'")
_LISTED_THEN = text("SELECT value FROM plan.counter WHERE name = 'listing-position'")
_LISTED_EACH = 100  # no opportunity has so many listings that change at once
# Positions below zero are those of tombstones that are no longer told.
_TELL_AGAIN = (
    "UPDATE opportunity SET position = position + iif(position > 0, :seen, -:seen)",
    "UPDATE listing SET position = position + iif(position > 0, :listed, -:listed)",
    "UPDATE view_item SET position = position + :seen",
    "UPDATE view SET forgotten = iif(forgotten, forgotten + :seen, 0)",
    "UPDATE milestone SET position = position + :seen, listing_position = listing_position + :listed",
    "UPDATE counter SET value = value + :listed WHERE name IN ('listing-position', 'forgotten-listing')",
    "UPDATE counter SET value = value + :seen WHERE name = 'forgotten'",
    "UPDATE body SET position = position + :seen",
    "UPDATE counter SET value = value + :seen WHERE name = 'position'",
    """
    INSERT INTO history (position, opportunity, run, action, changed)
    SELECT position, id, 0, 'restored', :now FROM opportunity WHERE position > 0
    """,
)
# What was said since the copy was taken stays said. Numbers of runs begin anew, so run 0 stands for those of then.
_KEEP_SAID = """
    INSERT INTO history (position, opportunity, run, action, changed)
    SELECT position, opportunity, 0, action, changed FROM plan.history WHERE position > :head
"""
_NOTHING_WAITS = """
    UPDATE hold SET state = 'superseded', decided = :now, decided_by = 'hub', why = 'the store was restored'
    WHERE state = 'waiting'
"""
_KEEP_LOST = (
    """
    INSERT INTO listing (source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed, ended,
                         position)
    SELECT source, local_id, raw, content, 0, opportunity, kind, first_seen, content_changed,
           coalesce(ended, 'withdrawn'),
           (SELECT value FROM counter WHERE name = 'listing-position') + row_number() OVER (ORDER BY id)
    FROM plan.listing AS old
    WHERE NOT EXISTS (SELECT 1 FROM listing AS l WHERE l.source = old.source AND l.local_id = old.local_id)
    """,
    """
    INSERT INTO opportunity (id, kind, position, reason, merged_into, changed)
    SELECT id, kind, (SELECT value FROM counter WHERE name = 'position') + row_number() OVER (ORDER BY position),
           coalesce(reason, 'withdrawn'), merged_into, :now
    FROM plan.opportunity AS old WHERE NOT EXISTS (SELECT 1 FROM opportunity AS o WHERE o.id = old.id)
    """,
    """
    INSERT INTO history (position, opportunity, run, action, changed)
    SELECT position, id, 0, reason, changed FROM opportunity
    WHERE position > (SELECT value FROM counter WHERE name = 'position')
    """,
    # Readers of a view may hold what belonged to it then, but not when the copy was taken.
    """
    INSERT INTO view_item (view, position, opportunity, present)
    SELECT old.view, o.position, old.opportunity, 0
    FROM plan.view_item AS old CROSS JOIN opportunity AS o ON o.id = old.opportunity
    WHERE old.view IN (SELECT id FROM view) AND NOT EXISTS (
      SELECT 1 FROM view_item AS i WHERE i.view = old.view AND i.opportunity = old.opportunity)
    """,
    "UPDATE counter SET value = coalesce((SELECT max(position) FROM opportunity), value) WHERE name = 'position'",
    "UPDATE counter SET value = coalesce((SELECT max(position) FROM listing), value) WHERE name = 'listing-position'",
)


def go_on(database: Database, *, replaced: Path | None, seen: int, now: str) -> int:
    """Let the readers of the feed follow a restored database, and return its last position.

    Args:
        database: the restored one.
        replaced: the database that was there before, where it can still be read.
        seen: the last position that readers may have seen, where more is known than the replaced database tells.
        now: the moment, ISO 8601 in UTC.
    """
    lost = _readable(replaced)
    seen = max(seen, lost)
    with database.write(replaced if lost else None) as connection:
        head = int(connection.execute(_HEAD).scalar_one())
        connection.exec_driver_sql(_NOTHING_WAITS, {"now": now})
        if lost:
            keys.survive(connection)
            push.survive(connection)
            reports.survive(connection)
            usage.survive(connection)
        if seen > head:
            listed = _listed(connection, seen, replaced=lost > 0)
            if lost:
                connection.exec_driver_sql(_KEEP_SAID, {"head": head})
            for step in _TELL_AGAIN:
                connection.execute(text(step), {"seen": seen, "listed": listed, "now": now})
            for step in _KEEP_LOST if lost else ():
                connection.exec_driver_sql(step, {"now": now})
            push.announce(connection, {LISTINGS: listing_feed.head(connection)}, now)
        last = int(connection.execute(_HEAD).scalar_one())
        push.announce_moved(connection, seen + 1, last, now)
        return last


def _listed(connection: Connection, seen: int, *, replaced: bool) -> int:
    """Return a position in the feed of listings that no reader can have seen beyond."""
    known = int(connection.execute(_LISTED).scalar_one())
    if replaced:
        return max(known, int(connection.execute(_LISTED_THEN).scalar_one()))
    return known + _LISTED_EACH * seen


def _readable(replaced: Path | None) -> int:
    """Return the last position of a replaced database, 0 where it is damaged or of another form."""
    if replaced is None:
        return 0
    try:
        facts = examine(replaced)
    except StoreError:
        return 0
    return facts.head if facts.revision == HEAD else 0
