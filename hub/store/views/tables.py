"""The tables of the views: which there are, and what belongs to each."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from hub.store.schema import metadata

__all__ = ["metadata", "milestone", "view", "view_item"]

_row = BigInteger().with_variant(Integer, "sqlite")

view = Table(
    "view",
    metadata,
    Column("id", Text, primary_key=True),
    Column("filter", Text, nullable=False),
    Column("forgotten", _row, nullable=False),
)
"""The views an admin defined, each with its filter as JSON.

``forgotten`` is the highest position of a tombstone that its change feed no longer tells.
"""

view_item = Table(
    "view_item",
    metadata,
    Column("view", Text, primary_key=True),
    Column("position", _row, primary_key=True),
    Column("opportunity", Text, nullable=False),
    Column("present", Integer, nullable=False),
    Index("view_item_opportunity", "view", "opportunity", unique=True),
    sqlite_with_rowid=False,
)
"""Each opportunity that belongs to a view, or did, once, at the position of its last change there."""

milestone = Table(
    "milestone",
    metadata,
    Column("taken", Text, primary_key=True),
    Column("position", _row, nullable=False),
    Column("listing_position", _row, nullable=False),
)
"""The last positions at a moment, so that tombstones of before it can be told from those of after."""
