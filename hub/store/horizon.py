"""Until when tombstones are told: after that the feed leaves them out, and who was away for longer begins anew.

An id stays known for ever, so that it is never given to another and its page can say that it is gone. What the feed
leaves out keeps its position, below zero.
"""

from sqlalchemy import Connection, text

_MARK = text(
    """
    INSERT OR REPLACE INTO milestone (taken, position, listing_position)
    SELECT :now, (SELECT value FROM counter WHERE name = 'position'),
           (SELECT value FROM counter WHERE name = 'listing-position')
    """
)
_LAST_BEFORE = text(
    "SELECT taken, position, listing_position FROM milestone WHERE taken <= :before ORDER BY taken DESC LIMIT 1"
)
_FORGET = (
    """
    UPDATE counter SET value = max(value, coalesce((
      SELECT max(position) FROM opportunity WHERE reason IS NOT NULL AND position BETWEEN 1 AND :position), 0))
    WHERE name = 'forgotten'
    """,
    """
    UPDATE counter SET value = max(value, coalesce((
      SELECT max(position) FROM listing WHERE live = 0 AND position BETWEEN 1 AND :listing_position), 0))
    WHERE name = 'forgotten-listing'
    """,
    """
    UPDATE view SET forgotten = max(forgotten, coalesce((
      SELECT max(i.position) FROM view_item AS i
      WHERE i.view = view.id AND i.present = 0 AND i.position <= :position), 0))
    """,
    "UPDATE opportunity SET position = -position WHERE reason IS NOT NULL AND position BETWEEN 1 AND :position",
    "UPDATE listing SET position = -position WHERE live = 0 AND position BETWEEN 1 AND :listing_position",
    "DELETE FROM view_item WHERE present = 0 AND position <= :position",
    "DELETE FROM milestone WHERE taken < :taken",
)


def advance(connection: Connection, *, now: str, before: str) -> None:
    """Note where the feeds stand now, and tell no tombstone any more that is older than this.

    Args:
        connection: a transaction that may write.
        now: the moment, ISO 8601 in UTC.
        before: tombstones from before this moment go.
    """
    connection.execute(_MARK, {"now": now})
    mark = connection.execute(_LAST_BEFORE, {"before": before}).mappings().one_or_none()
    if mark is None:
        return
    for step in _FORGET:
        connection.execute(text(step), dict(mark))
