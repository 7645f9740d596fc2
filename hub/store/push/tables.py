"""The tables of webhooks: who receives them, what happened, and what became of telling each of them."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, Table, Text, text

from hub.store.schema import metadata

__all__ = ["attempt", "delivery", "event", "metadata", "subscriber"]

_row = BigInteger().with_variant(Integer, "sqlite")

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("view", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("key", Text),
    Column("secret", LargeBinary, nullable=False),
    Column("old_secret", LargeBinary),
    Column("old_ends", Float),
    Column("created", Text, nullable=False),
    Column("verified", Text),
    Column("disabled", Text),
    Column("disabled_by", Text),
    Column("why", Text),
    Column("failing_since", Float),
    Column("epoch", _row, nullable=False),
    Column("lease_until", Float),
)
"""Who receives webhooks, at which address, about which view, and of which events (a JSON list of types).

``state`` is ``pending`` until the address has proved itself, then ``active``; or ``disabled``, by the ``hub`` or by the
``operator`` (``disabled_by``), for the reason in ``why``. ``secret`` is encrypted with the key of
`hub/store/keys/data_key.py`; ``old_secret`` signs too until ``old_ends``. ``token`` is the SHA-256 of what its holder
manages it with; ``key`` is the access key that opened its view. Who holds the lease (``lease_until``; ``epoch`` is the
proof) is the only one that sends to it. Moments that are reckoned with are seconds since 1970, the others ISO 8601 in
UTC.
"""

event = Table(
    "event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("made", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What happened, written in the transaction in which it did; ``data`` is JSON, ``made`` ISO 8601 in UTC."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("event", Text, nullable=False),
    Column("subscriber", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try", Float),
    Column("status", Integer),
    Column("error", Text),
    Column("ended", Text),
    Index("delivery_waiting", "subscriber", "next_try", sqlite_where=text("state = 'waiting'")),
    Index("delivery_subscriber", "subscriber", "id"),
    Index("delivery_event", "event"),
    sqlite_autoincrement=True,
)
"""One event on its way to one subscriber.

``state`` is ``waiting`` (for ``next_try``, seconds since 1970), ``delivered``, ``failed`` when every try failed, or
``given-up`` when it ended for another reason, such as that its subscriber was disabled. ``status`` and ``error`` are
those of the last attempt.
"""

attempt = Table(
    "attempt",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("delivery", _row, nullable=False),
    Column("at", Float, nullable=False),
    Column("status", Integer),
    Column("seconds", Float, nullable=False),
    Column("error", Text),
    Index("attempt_delivery", "delivery"),
    sqlite_autoincrement=True,
)
"""Each try of a delivery: when it began (seconds since 1970), how long it took, and what came of it."""
