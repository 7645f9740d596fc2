"""Views with what belongs to them, the change feed of listings, and until where tombstones were forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COUNTERS = (
    "INSERT INTO counter (name, value) VALUES ('listing-position', 0), ('forgotten', 0), ('forgotten-listing', 0)"
)
_POSITIONS = """
    UPDATE listing SET position = n.number
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM listing) AS n WHERE n.id = listing.id
"""
_HEAD = """
    UPDATE counter SET value = (SELECT coalesce(max(position), 0) FROM listing) WHERE name = 'listing-position'
"""


def upgrade() -> None:
    """Add the tables; every listing is told once, in the order they came."""
    op.create_table(
        "view",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("filter", sa.Text, nullable=False),
        sa.Column("forgotten", sa.Integer, nullable=False),
    )
    op.create_table(
        "view_item",
        sa.Column("view", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("opportunity", sa.Text, nullable=False),
        sa.Column("present", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("view_item_opportunity", "view_item", ["view", "opportunity"], unique=True)
    op.create_table(
        "milestone",
        sa.Column("taken", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("listing_position", sa.Integer, nullable=False),
    )
    op.add_column("listing", sa.Column("position", sa.Integer))
    for statement in (_COUNTERS, _POSITIONS, _HEAD):
        op.execute(statement)
    op.create_index("listing_position", "listing", ["position"], unique=True)
