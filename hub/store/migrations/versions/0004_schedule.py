"""Who may work on a source, and which slots of its schedule were used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "lease",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("until", sa.Float),
    )
    op.create_table(
        "slot",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("due", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("run", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("claimed", sa.Text, nullable=False),
        sa.Column("ended", sa.Text),
        sa.Column("said", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
    )
