"""The keys that open views which are not public, and the number of times these keys changed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table; nobody has a key yet."""
    op.create_table(
        "access_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("views", sa.Text),
        sa.Column("calls", sa.Integer),
        sa.Column("seconds", sa.Integer),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("expires", sa.Text),
        sa.Column("revoked", sa.Text),
        sa.Column("last_used", sa.Text),
        sa.Column("replaces", sa.Text),
    )
    op.execute("INSERT INTO counter (name, value) VALUES ('keys', 0)")
