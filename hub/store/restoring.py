"""Going on from an older copy of the store without misleading the readers of the feed.

Readers may have seen positions that the copy does not know. So everything is told again at positions above them, and
what only the replaced database knew is told to be gone; a run brings it back, under the same id, where it still exists.
Each position keeps its place in the history: those spent before the copy, those the copy missed, and those spent here.
"""

from pathlib import Path

from sqlalchemy import text

from hub.errors import StoreError
from hub.store.copying import examine
from hub.store.database import Database
from hub.store.migration import HEAD

_HEAD = text("SELECT value FROM counter WHERE name = 'position'")
_TELL_AGAIN = (
    "UPDATE opportunity SET position = position + :seen",
    "UPDATE body SET position = position + :seen",
    "UPDATE counter SET value = value + :seen WHERE name = 'position'",
    """
    INSERT INTO history (position, opportunity, run, action, changed)
    SELECT position, id, 0, 'restored', :now FROM opportunity
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
    INSERT INTO listing (source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed, ended)
    SELECT source, local_id, raw, content, 0, opportunity, kind, first_seen, content_changed,
           coalesce(ended, 'withdrawn') FROM plan.listing AS old
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
    "UPDATE counter SET value = coalesce((SELECT max(position) FROM opportunity), value) WHERE name = 'position'",
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
        if seen > head:
            if lost:
                connection.exec_driver_sql(_KEEP_SAID, {"head": head})
            for step in _TELL_AGAIN:
                connection.execute(text(step), {"seen": seen, "now": now})
            for step in _KEEP_LOST if lost else ():
                connection.exec_driver_sql(step, {"now": now})
        return int(connection.execute(_HEAD).scalar_one())


def _readable(replaced: Path | None) -> int:
    """Return the last position of a replaced database, 0 where it is damaged or of another form."""
    if replaced is None:
        return 0
    try:
        facts = examine(replaced)
    except StoreError:
        return 0
    return facts.head if facts.revision == HEAD else 0
