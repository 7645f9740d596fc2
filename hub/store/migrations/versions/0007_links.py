"""Whether what listings link to is still there, how long listings stood, and how well sources describe theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables; they fill by themselves."""
    op.create_table(
        "link",
        sa.Column("listing", sa.Integer, primary_key=True),
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("checked", sa.Text),
        sa.Column("alive_at", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("first_failure", sa.Text),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("due", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("link_due", "link", ["source", "host", "due"])
    op.create_index("link_url", "link", ["source", "url"])
    op.create_index("link_failing", "link", ["source"], sqlite_where=sa.text("failures > 0"))
    op.create_table(
        "lifetime",
        sa.Column("listing", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("linked", sa.Integer, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("ended", sa.Text),
        sa.Column("reason", sa.Text),
    )
    op.create_index("lifetime_ended", "lifetime", ["source", "ended"], sqlite_where=sa.text("ended IS NOT NULL"))
    op.create_index("lifetime_since", "lifetime", ["source", "since"], sqlite_where=sa.text("ended IS NULL"))
    op.create_index("listing_doubt", "listing", ["source"], sqlite_where=sa.text("doubt IS NOT NULL"))
    op.create_table(
        "quality",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("run", sa.Integer),
        sa.Column("listings", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("criteria", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
