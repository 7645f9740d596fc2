"""Organisations as things of their own: who they are, how sources name them, and what people decided about them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables; the next runs fill them."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kbo", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("ambiguous", sa.Integer, nullable=False),
        sa.Column("merged_into", sa.Text),
        sa.Column("merged_by", sa.Text),
        sa.Column("first_seen", sa.Text, nullable=False),
    )
    with_number, merged = sa.text("kbo IS NOT NULL"), sa.text("merged_into IS NOT NULL")
    op.create_index("organisation_kbo", "organisation", ["kbo"], unique=True, sqlite_where=with_number)
    op.create_index("organisation_merged", "organisation", ["merged_into"], sqlite_where=merged)
    _create_names()
    _create_decisions()


def _create_names() -> None:
    op.create_table(
        "organisation_name",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kbo", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("host", sa.Text),
        sa.Column("agency", sa.Integer, nullable=False),
        sa.Column("anchor", sa.Text),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("last_seen", sa.Text, nullable=False),
    )
    op.create_index("organisation_name_key", "organisation_name", ["name_key"])
    op.create_index("organisation_name_home", "organisation_name", ["home"])
    op.create_index("organisation_name_organisation", "organisation_name", ["organisation"])
    anchored = sa.text("anchor IS NOT NULL")
    op.create_index("organisation_name_anchor", "organisation_name", ["anchor"], sqlite_where=anchored)


def _create_decisions() -> None:
    op.create_table(
        "organisation_decision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("other", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("undone", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "organisation_listing",
        sa.Column("listing", sa.Integer, primary_key=True),
        sa.Column("organisation", sa.Text, nullable=False),
    )
    op.create_index("organisation_listing_of", "organisation_listing", ["organisation"])
    op.create_table(
        "organisation_retraction", sa.Column("organisation", sa.Text, primary_key=True), sqlite_with_rowid=False
    )
