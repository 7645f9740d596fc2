"""The table of the keys that open what is not public."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from hub.store.schema import metadata

__all__ = ["access_key", "metadata"]

_row = BigInteger().with_variant(Integer, "sqlite")

access_key = Table(
    "access_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("views", Text),
    Column("calls", _row),
    Column("seconds", _row),
    Column("created", Text, nullable=False),
    Column("expires", Text),
    Column("revoked", Text),
    Column("last_used", Text),
    Column("replaces", Text),
)
"""Each key that was ever given, without its secret: ``hash`` is the SHA-256 of the whole key.

``name`` is the portal's, ``owner`` the mail address of its team. ``views`` is a JSON list of ids, NULL for every view.
``calls`` in ``seconds`` is its own rate, NULL for that of all keys. ``last_used`` is right to the minute.
``replaces`` is the key that it was made from by rotation.
"""
