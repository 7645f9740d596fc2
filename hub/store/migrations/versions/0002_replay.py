"""What a replay needs: of an exchange its question's digest and some headers, of a run where it started."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; of what was recorded before, nothing is known."""
    op.add_column("exchange", sa.Column("request", sa.Text))
    op.add_column("exchange", sa.Column("headers", sa.Text))
    op.add_column("run", sa.Column("moment", sa.Text))
    op.add_column("run", sa.Column("cursor", sa.Text))
    op.add_column("run", sa.Column("covers", sa.Text))
