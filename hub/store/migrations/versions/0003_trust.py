"""What makes runs trustworthy: absence that must repeat, expiry, plans held for a person, what happened, and undo."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_EXPIRES = """
UPDATE listing SET expires = (
  SELECT json_extract(CAST(b.bytes AS TEXT), '$.expires')
  FROM opportunity AS o JOIN body AS b ON b.position = o.position WHERE o.id = listing.opportunity)
WHERE live = 1
"""
"""Without it, what is published would expire only once its record changes."""


def upgrade() -> None:
    """Add the tables and columns; what happened before is not known."""
    op.add_column("listing", sa.Column("missing", sa.Text))
    op.add_column("listing", sa.Column("expires", sa.Text))
    op.add_column("listing", sa.Column("filled", sa.Integer))
    op.add_column("run", sa.Column("kind", sa.Text))
    op.execute(_EXPIRES)
    op.create_index("listing_expires", "listing", ["expires"], sqlite_where=sa.text("live = 1 AND expires IS NOT NULL"))
    op.create_index("listing_missing", "listing", ["source"], sqlite_where=sa.text("missing IS NOT NULL"))
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("planned_on", sa.Integer),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("decided", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("why", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("hold_source", "hold", ["source", "state"])
    op.create_table(
        "history",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("opportunity", sa.Text, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("changed", sa.Text, nullable=False),
    )
    op.create_index("history_opportunity", "history", ["opportunity", "position"])
    op.create_table(
        "before",
        sa.Column("run", sa.Integer, primary_key=True),
        sa.Column("opportunity", sa.Text, primary_key=True),
        sa.Column("listing", sa.Integer, nullable=False),
        sa.Column("live", sa.Integer, nullable=False),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("content", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary),
        sa.Column("reason", sa.Text),
        sa.Column("merged_into", sa.Text),
        sa.Column("content_changed", sa.Text),
        sa.Column("missing", sa.Text),
        sa.Column("expires", sa.Text),
        sa.Column("filled", sa.Integer),
    )
