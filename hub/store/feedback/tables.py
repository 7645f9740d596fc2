"""The tables of what portals tell: records that they report, and how often these were shown, opened and applied to."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from hub.store.schema import metadata

__all__ = ["metadata", "report", "usage", "usage_batch"]

_row = BigInteger().with_variant(Integer, "sqlite")

report = Table(
    "report",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("opportunity", Text, nullable=False),
    Column("position", _row),
    Column("reason", Text, nullable=False),
    Column("duplicate_of", Text),
    Column("reader", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("sources", Text, nullable=False),
    Column("note", Text),
    Column("made", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided", Text),
    Column("decided_by", Text),
    Column("why", Text),
    Index("report_opportunity", "opportunity", "reason"),
    Index("report_state", "state", "id"),
    sqlite_autoincrement=True,
)
"""Each thing that a reader said to be wrong with an opportunity.

``reason`` is of the vocabulary ``report-reasons``. ``position`` is where the reader met it in the change feed.
``reader`` is the id of a key, or ``anonymous``; ``mark`` tells readers apart: the id of the key once more, or a number
that leads back to nobody. ``sources`` is a JSON list of the sources that listed it then. ``state`` is ``open``, or what
a person decided: ``accepted`` or ``rejected``.
"""

usage = Table(
    "usage",
    metadata,
    Column("day", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("portal", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("count", _row, nullable=False),
    sqlite_with_rowid=False,
)
"""How often the listings of a source were ``shown``, ``opened`` or ``applied`` to on a portal (id of a key) on a day.

An opportunity that several sources list counts for each of them.
"""

usage_batch = Table(
    "usage_batch",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("batch", Text, primary_key=True),
    Column("day", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("made", Text, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("ignored", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The batches of counts that were added, each once: by its digest, with what was answered."""
