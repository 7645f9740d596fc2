"""Webhooks: who receives them, what happened, and what became of telling each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Add the tables; nobody receives anything yet."""
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("view", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("old_secret", sa.LargeBinary),
        sa.Column("old_ends", sa.Float),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("verified", sa.Text),
        sa.Column("disabled", sa.Text),
        sa.Column("disabled_by", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("failing_since", sa.Float),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.Float),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("subscriber", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.Float),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("ended", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("delivery_waiting", "delivery", ["subscriber", "next_try"], sqlite_where=_WAITING)
    op.create_index("delivery_subscriber", "delivery", ["subscriber", "id"])
    op.create_index("delivery_event", "delivery", ["event"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("delivery", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("attempt_delivery", "attempt", ["delivery"])
