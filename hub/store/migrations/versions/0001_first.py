"""The first form of the store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_row = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create every table."""
    _create_sources_and_runs()
    _create_published()
    _create_kept_aside()


def _create_sources_and_runs() -> None:
    counter = op.create_table(
        "counter", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.BigInteger, nullable=False)
    )
    op.bulk_insert(counter, [{"name": "position", "value": 0}])
    op.create_table(
        "source",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("cursor", sa.Text),
        sa.Column("stamp", sa.Text),
        sa.Column("applied_run", _row),
        sa.Column("last_complete", sa.Text),
    )
    op.create_table(
        "run",
        sa.Column("id", _row, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("finished", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("proof", sa.Text),
        sa.Column("counts", sa.Text),
        sa.Column("notes", sa.Text),
        sa.Column("plan", sa.Text),
        sa.Column("first_position", _row),
        sa.Column("last_position", _row),
        sa.Column("seconds", sa.Float),
        sqlite_autoincrement=True,
    )
    op.create_index("run_source", "run", ["source", "id"])


def _create_published() -> None:
    op.create_table(
        "listing",
        sa.Column("id", _row, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("local_id", sa.Text, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("live", sa.Integer, nullable=False),
        sa.Column("opportunity", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("content_changed", sa.Text, nullable=False),
        sa.UniqueConstraint("source", "local_id"),
    )
    op.create_table(
        "opportunity",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("position", _row, nullable=False, unique=True),
        sa.Column("reason", sa.Text),
        sa.Column("merged_into", sa.Text),
        sa.Column("changed", sa.Text, nullable=False),
    )
    op.create_index("opportunity_kind", "opportunity", ["kind", "position"])
    op.create_table(
        "body", sa.Column("position", _row, primary_key=True), sa.Column("bytes", sa.LargeBinary, nullable=False)
    )


def _create_kept_aside() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", _row, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("local_id", sa.Text, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("issues", sa.Text, nullable=False),
        sa.Column("adapter", sa.Text, nullable=False),
        sa.Column("first_run", _row, nullable=False),
        sa.Column("last_run", _row, nullable=False),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("last_seen", sa.Text, nullable=False),
        sa.UniqueConstraint("source", "local_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "exchange",
        sa.Column("id", _row, primary_key=True, autoincrement=True),
        sa.Column("run", _row, sa.ForeignKey("run.id"), nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("digest", sa.Text),
        sa.Column("size", _row, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
    )
    op.create_index("exchange_run", "exchange", ["run"])
