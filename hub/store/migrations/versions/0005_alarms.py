"""What is out of the ordinary, from when until when, and whether people were told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("closed", sa.Text),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("alarm_open", "alarm", ["source", "kind"], unique=True, sqlite_where=sa.text("closed IS NULL"))
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("alarm", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("sent", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.Text),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
