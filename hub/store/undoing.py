"""What a run and those after it found, so that they can be undone; kept for the latest runs of each source."""

from sqlalchemy import Connection, text

KEPT = 20
"""For so many runs that changed something a source can be put back."""

_SINCE = "SELECT id FROM run WHERE source = :source AND id >= :run"
# What there was is written again where it differs from what there is; what the runs created was not there.
_PLAN = text(
    f"""
    INSERT INTO plan.entry (local_id, action, listing, opportunity, kind, raw, content, first_seen, content_changed,
                            merged_into, missing, doubt, expires, filled, body)
    WITH first AS (SELECT listing, min(run) AS run FROM before WHERE run IN ({_SINCE}) GROUP BY listing)
    SELECT l.local_id, CASE WHEN b.live = 0 THEN b.ended WHEN l.live = 1 THEN 'updated' ELSE 'returned' END,
           l.id, l.opportunity, l.kind, b.raw, b.content, l.first_seen, b.content_changed, b.merged_into, b.missing,
           b.doubt, b.expires, b.filled, b.version
    FROM first CROSS JOIN before AS b ON b.run = first.run AND b.listing = first.listing
    CROSS JOIN listing AS l ON l.id = b.listing LEFT JOIN version AS now ON now.listing = l.id
    WHERE coalesce(l.run, 0) NOT IN ({_SINCE}) AND NOT (
      l.live = b.live AND now.bytes IS b.version AND l.content = b.content AND l.missing IS b.missing
      AND l.doubt IS b.doubt AND l.ended IS b.ended AND l.merged_into IS b.merged_into)
    UNION ALL
    SELECT l.local_id, 'withdrawn', l.id, l.opportunity, l.kind, NULL, NULL, l.first_seen, l.content_changed,
           NULL, NULL, NULL, NULL, NULL, NULL
    FROM listing AS l WHERE l.source = :source AND l.live = 1 AND l.run IN ({_SINCE})
    """  # noqa: S608 - constants only
)
_OLDEST = text(
    "SELECT id FROM run WHERE source = :source AND first_position IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET :kept"
)
_SWEEP = text("DELETE FROM before WHERE run IN (SELECT id FROM run WHERE source = :source AND id <= :oldest)")
_FORGOTTEN = text(
    "SELECT min(r.id) FROM run AS r WHERE r.source = :source AND r.id >= :run AND r.first_position IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM history AS h WHERE h.position = r.first_position AND h.run = r.id)"
)


def plan_undoing(connection: Connection, source: str, run: int) -> None:
    """Write into the attached, empty plan what brings back the state before a run, later ones undone too."""
    connection.execute(_PLAN, {"source": source, "run": run})


def too_old(connection: Connection, source: str, run: int) -> bool:
    """Say whether what this run found is no longer, or never was, known."""
    oldest = connection.execute(_OLDEST, {"source": source, "kept": KEPT}).scalar()
    forgotten = connection.execute(_FORGOTTEN, {"source": source, "run": run}).scalar()
    return forgotten is not None or (oldest is not None and run <= oldest)


def sweep(connection: Connection, source: str) -> None:
    """Let go of what those runs found that are too old to be undone; before this run is recorded as ended."""
    oldest = connection.execute(_OLDEST, {"source": source, "kept": KEPT - 1}).scalar()
    if oldest is not None:
        connection.execute(_SWEEP, {"source": source, "oldest": oldest})
