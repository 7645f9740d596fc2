"""Opportunities of several listings: what each says alone, what of it is compared, and which are the same."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# A listing was its opportunity until now; what is published of it is what it says alone.
_LISTINGS = (
    """
    UPDATE listing SET ended = o.reason, merged_into = o.merged_into
    FROM opportunity AS o WHERE o.id = listing.opportunity AND listing.live = 0
    """,
    """
    UPDATE listing SET run = h.run FROM history AS h WHERE h.opportunity = listing.opportunity AND h.action = 'created'
    """,
    """
    INSERT INTO version (listing, bytes)
    SELECT l.id, CAST(replace(CAST(b.bytes AS TEXT), '"status":"likelyExpired","listings":[',
                              '"status":"active","listings":[') AS BLOB)
    FROM listing AS l CROSS JOIN opportunity AS o ON o.id = l.opportunity
    CROSS JOIN body AS b ON b.position = o.position
    WHERE l.live = 1
    """,
)
# The files of plans that wait have no place for what is needed now; the next run makes a plan anew.
_NOTHING_WAITS = """
    UPDATE hold SET state = 'superseded', decided = held, decided_by = 'hub', why = 'a newer hub plans it anew'
    WHERE state = 'waiting'
"""
_BEFORE = """
    INSERT INTO before (run, listing, live, raw, content, version, ended, merged_into, content_changed, missing,
                        expires, filled)
    SELECT run, listing, live, raw, content,
           CAST(replace(CAST(body AS TEXT), '"status":"likelyExpired","listings":[',
                        '"status":"active","listings":[') AS BLOB),
           reason, merged_into, content_changed, missing, expires, filled
    FROM earlier
"""


def upgrade() -> None:
    """Add the tables and columns; nothing is compared yet."""
    for name, kind in (("run", sa.Integer), ("ended", sa.Text), ("merged_into", sa.Text), ("doubt", sa.Text)):
        op.add_column("listing", sa.Column(name, kind))
    op.create_index("listing_opportunity", "listing", ["opportunity"])
    op.add_column("source", sa.Column("rank", sa.Integer))
    op.add_column("quarantine", sa.Column("edition", sa.Text))
    for name in ("version", "feature"):
        op.create_table(
            name, sa.Column("listing", sa.Integer, primary_key=True), sa.Column("bytes", sa.LargeBinary, nullable=False)
        )
    op.create_table(
        "block",
        sa.Column("key", sa.BigInteger, primary_key=True),
        sa.Column("listing", sa.Integer, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match",
        sa.Column("first", sa.Integer, primary_key=True),
        sa.Column("second", sa.Integer, primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("match_second", "match", ["second", "first"])
    op.create_table(
        "decision",
        sa.Column("first", sa.Integer, primary_key=True),
        sa.Column("second", sa.Integer, primary_key=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("decision_second", "decision", ["second", "first"])
    for step in (*_LISTINGS, _NOTHING_WAITS):
        op.execute(step)
    _found_by_listing()


def _found_by_listing() -> None:
    """Keep what runs found by listing, no longer by opportunity."""
    op.rename_table("before", "earlier")
    op.create_table(
        "before",
        sa.Column("run", sa.Integer, primary_key=True),
        sa.Column("listing", sa.Integer, primary_key=True),
        sa.Column("live", sa.Integer, nullable=False),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("content", sa.LargeBinary),
        sa.Column("version", sa.LargeBinary),
        sa.Column("ended", sa.Text),
        sa.Column("merged_into", sa.Text),
        sa.Column("content_changed", sa.Text),
        sa.Column("missing", sa.Text),
        sa.Column("doubt", sa.Text),
        sa.Column("expires", sa.Text),
        sa.Column("filled", sa.Integer),
    )
    op.execute(_BEFORE)
    op.drop_table("earlier")
