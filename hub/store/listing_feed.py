"""The change feed of listings: which of them a plan really changed, and the positions they take by it."""

from sqlalchemy import Connection, text

_PREPARE = (
    "CREATE TEMP TABLE IF NOT EXISTS listed (place INTEGER PRIMARY KEY, listing INTEGER NOT NULL UNIQUE)",
    "DELETE FROM listed",
)
# Missing and doubted are one status in the feed. What was over already and ends otherwise was told to be gone.
_CHANGED = text(
    """
    INSERT INTO listed (listing)
    SELECT l.id FROM plan.entry AS e CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id
    LEFT JOIN before AS b ON b.run = :run AND b.listing = l.id
    WHERE b.listing IS NULL OR NOT (
      (b.live = 0 AND l.live = 0) OR (b.live = 1 AND l.live = 1 AND e.body IS NULL
        AND (b.missing IS NOT NULL OR b.doubt IS NOT NULL) = (l.missing IS NOT NULL OR l.doubt IS NOT NULL)))
    ORDER BY e.place
    """
)
_TAKE = text(
    "UPDATE counter SET value = value + (SELECT count(*) FROM listed) WHERE name = 'listing-position' RETURNING value"
)
_TELL = text(
    """
    UPDATE listing SET position = :head + t.number
    FROM (SELECT listing, row_number() OVER (ORDER BY place) AS number FROM listed) AS t WHERE t.listing = listing.id
    """
)
_COUNT = text("SELECT count(*) FROM listed")
_HEAD = text("SELECT value FROM counter WHERE name = 'listing-position'")


def note(connection: Connection, *, source: str, run: int) -> None:
    """Note which listings the attached plan has changed; they are changed already."""
    for step in _PREPARE:
        connection.exec_driver_sql(step)
    connection.execute(_CHANGED, {"source": source, "run": run})


def note_also(connection: Connection, listings: list[int]) -> None:
    """Note listings that change besides."""
    connection.exec_driver_sql("INSERT OR IGNORE INTO listed (listing) VALUES (?)", [(number,) for number in listings])


def spend(connection: Connection) -> int:
    """Give each listing noted its new position, and return how many these are."""
    count = int(connection.execute(_COUNT).scalar_one())
    if count:
        last = int(connection.execute(_TAKE).scalar_one())
        connection.execute(_TELL, {"head": last - count})
    return count


def head(connection: Connection) -> int:
    """Return the last position spent on a listing."""
    return int(connection.execute(_HEAD).scalar_one())
