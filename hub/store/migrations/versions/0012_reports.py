"""What portals tell: the records that they report, and how often these were shown, opened and applied to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables; nobody has told anything yet."""
    op.create_table(
        "report",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("opportunity", sa.Text, nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("duplicate_of", sa.Text),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("why", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("report_opportunity", "report", ["opportunity", "reason"])
    op.create_index("report_state", "report", ["state", "id"])
    op.create_table(
        "usage",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("portal", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_batch",
        sa.Column("portal", sa.Text, primary_key=True),
        sa.Column("batch", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("ignored", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
