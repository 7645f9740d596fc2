"""The tables of the register of organisations."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from hub.store.schema import metadata

__all__ = [
    "metadata",
    "organisation",
    "organisation_decision",
    "organisation_listing",
    "organisation_name",
    "organisation_retraction",
]

_row = BigInteger().with_variant(Integer, "sqlite")

organisation = Table(
    "organisation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kbo", Text),
    Column("name", Text, nullable=False),
    Column("ambiguous", Integer, nullable=False),
    Column("merged_into", Text),
    Column("merged_by", Text),
    Column("first_seen", Text, nullable=False),
    Index("organisation_kbo", "kbo", unique=True, sqlite_where=text("kbo IS NOT NULL")),
    Index("organisation_merged", "merged_into", sqlite_where=text("merged_into IS NOT NULL")),
)
"""Each organisation, for life: an id is never given to another, nor a row taken out.

``name`` is what it was first called; ``ambiguous`` says that its mentions could be of several; ``merged_into`` is the
survivor, and ``merged_by`` whether a ``rule`` or a ``person`` did that.
"""

organisation_name = Table(
    "organisation_name",
    metadata,
    Column("id", _row, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kbo", Text),
    Column("place", Text),
    Column("host", Text),
    Column("agency", Integer, nullable=False),
    Column("anchor", Text),
    Column("count", Integer, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Index("organisation_name_key", "name_key"),
    Index("organisation_name_home", "home"),
    Index("organisation_name_organisation", "organisation"),
    Index("organisation_name_anchor", "anchor", sqlite_where=text("anchor IS NOT NULL")),
)
"""Each mention of an organisation once: the same name, from the same source, with the same number, place and site.

``id`` is its digest. ``home`` is the organisation where the rules put it, for this ``reason``; ``organisation`` the one
it is of once merges and people's decisions are heeded. ``anchor`` finds telling names spelled alike in one place.
"""

organisation_decision = Table(
    "organisation_decision",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("name_key", Text),
    Column("place", Text),
    Column("decided", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("undone", Integer),
    sqlite_autoincrement=True,
)
"""What people decided, and why: ``merge`` (other is organisation), ``split`` (that name of organisation, in that place
or everywhere, is other) and ``apart`` (the two never are one). ``undone`` is the decision that took it back."""

organisation_listing = Table(
    "organisation_listing",
    metadata,
    Column("listing", _row, primary_key=True),
    Column("organisation", Text, nullable=False),
    Index("organisation_listing_of", "organisation"),
)
"""Which organisation a listing was described with, when that was done last."""

organisation_retraction = Table(
    "organisation_retraction",
    metadata,
    Column("organisation", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""Organisations of which something said before proved wrong: what was described with them is to be described again."""
