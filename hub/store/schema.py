"""The tables. `hub/store/migrations` brings a database from any earlier form to this one."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

_row = BigInteger().with_variant(Integer, "sqlite")

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""The last position spent, in one row: taken last in the applying transaction, so positions become visible in order."""

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cursor", Text),
    Column("stamp", Text),
    Column("applied_run", _row),
    Column("last_complete", Text),
    Column("rank", Integer),
)
"""Where each source stands. ``applied_run`` fences: a run applies only on top of the state it was planned on.

Of several listings of one opportunity the canonical one is that of the source with the lowest ``rank``.
"""

run = Table(
    "run",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("finished", Text),
    Column("outcome", Text),
    Column("reason", Text),
    Column("proof", Text),
    Column("counts", Text),
    Column("notes", Text),
    Column("plan", Text),
    Column("first_position", _row),
    Column("last_position", _row),
    Column("seconds", Float),
    Column("moment", Text),
    Column("cursor", Text),
    Column("covers", Text),
    Column("kind", Text),
    Index("run_source", "source", "id"),
    sqlite_autoincrement=True,
)
"""Every execution of every source, and what came of it. ``moment`` is when it started, to the microsecond, and
``cursor`` where; ``covers`` is what it saw: ``everything`` the partner lists or only the ``changes``, absent where it
was not complete. ``kind`` is absent for a run that asked the partner; ``expiry``, ``doubt``, ``match`` and ``undo`` are
the hub's own.
"""

listing = Table(
    "listing",
    metadata,
    Column("id", _row, primary_key=True),
    Column("source", Text, nullable=False),
    Column("local_id", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("live", Integer, nullable=False),
    Column("opportunity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("content_changed", Text, nullable=False),
    Column("missing", Text),
    Column("expires", Text),
    Column("filled", Integer),
    Column("run", _row),
    Column("ended", Text),
    Column("merged_into", Text),
    Column("doubt", Text),
    Column("position", _row),
    UniqueConstraint("source", "local_id"),
    Index("listing_position", "position", unique=True),
    Index("listing_opportunity", "opportunity"),
    Index("listing_expires", "expires", sqlite_where=text("live = 1 AND expires IS NOT NULL")),
    Index("listing_missing", "source", sqlite_where=text("missing IS NOT NULL")),
)
"""Narrow on purpose: identity, digests of the raw record and of the content, and the opportunity it is part of.

``missing`` is the moment of the first complete run that no longer listed it; ``doubt`` another reason to think that it
is over; ``expires`` its own last day; ``filled`` has a bit for each key field that says something
(`hub/pipeline/filling.py`). ``run`` created it. Of one that is over, ``ended`` says why, and ``merged_into`` of which
opportunity its source calls it a double. ``position`` is where it stands in the change feed of listings.
"""

version = Table(
    "version",
    metadata,
    Column("listing", _row, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
"""What is published of each live listing where it stands alone; an opportunity is composed of these."""

feature = Table(
    "feature",
    metadata,
    Column("listing", _row, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
"""What of each live listing is compared with others (`hub/matching`)."""

block = Table(
    "block",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("listing", _row, primary_key=True),
    sqlite_with_rowid=False,
)
"""Live listings by what they have in common with those they may be the same as."""

match = Table(
    "match",
    metadata,
    Column("first", _row, primary_key=True),
    Column("second", _row, primary_key=True),
    Column("score", Float, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("found", Text, nullable=False),
    Index("match_second", "second", "first"),
    sqlite_with_rowid=False,
)
"""Pairs of live listings that are, or may be, one opportunity, and why; the lower number first."""

decision = Table(
    "decision",
    metadata,
    Column("first", _row, primary_key=True),
    Column("second", _row, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("decided", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("why", Text),
    Index("decision_second", "second", "first"),
    sqlite_with_rowid=False,
)
"""What people decided of pairs of listings; it wins over every rule, for as long as there are such listings."""

opportunity = Table(
    "opportunity",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("position", _row, nullable=False, unique=True),
    Column("reason", Text),
    Column("merged_into", Text),
    Column("changed", Text, nullable=False),
    Index("opportunity_kind", "kind", "position"),
)
"""Each opportunity once, at the position of its last change. A ``reason`` makes it a tombstone."""

body = Table(
    "body",
    metadata,
    Column("position", _row, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
"""The published JSON, written once at apply, keyed by position."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("local_id", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("issues", Text, nullable=False),
    Column("adapter", Text, nullable=False),
    Column("edition", Text),
    Column("first_run", _row, nullable=False),
    Column("last_run", _row, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    UniqueConstraint("source", "local_id"),
    sqlite_autoincrement=True,
)
"""Records kept aside, each with its issues; one row an item, however often it is refused.

``edition`` is which version of the adapter and its mappings read it last, as JSON.
"""

exchange = Table(
    "exchange",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("run", _row, ForeignKey("run.id"), nullable=False),
    Column("method", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("status", Integer),
    Column("digest", Text),
    Column("size", _row, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("request", Text),
    Column("headers", Text),
    Index("exchange_run", "run"),
)
"""Which archived bytes a run received, from where, and the digest of the question they answer."""

hold = Table(
    "hold",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("run", _row, nullable=False),
    Column("planned_on", _row),
    Column("digest", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("held", Text, nullable=False),
    Column("decided", Text),
    Column("decided_by", Text),
    Column("why", Text),
    Index("hold_source", "source", "state"),
    sqlite_autoincrement=True,
)
"""Plans kept back for a person, and what was decided: waiting, approved, rejected, or superseded by a later run."""

history = Table(
    "history",
    metadata,
    Column("position", _row, primary_key=True),
    Column("opportunity", Text, nullable=False),
    Column("run", _row, nullable=False),
    Column("action", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Index("history_opportunity", "opportunity", "position"),
)
"""Every position ever spent: on which opportunity, by which run, and what it did."""

before = Table(
    "before",
    metadata,
    Column("run", _row, primary_key=True),
    Column("listing", _row, primary_key=True),
    Column("live", Integer, nullable=False),
    Column("raw", LargeBinary),
    Column("content", LargeBinary),
    Column("version", LargeBinary),
    Column("ended", Text),
    Column("merged_into", Text),
    Column("content_changed", Text),
    Column("missing", Text),
    Column("doubt", Text),
    Column("expires", Text),
    Column("filled", Integer),
)
"""What each applied run found of the listings it changed, so that it can be undone."""

lease = Table(
    "lease",
    metadata,
    Column("source", Text, primary_key=True),
    Column("epoch", _row, nullable=False),
    Column("owner", Text),
    Column("until", Float),
)
"""Who may work on a source, until when (seconds since 1970); every new lease has a higher epoch, which fences."""

slot = Table(
    "slot",
    metadata,
    Column("source", Text, primary_key=True),
    Column("due", Text, primary_key=True),
    Column("epoch", _row, nullable=False),
    Column("owner", Text, nullable=False),
    Column("run", _row),
    Column("state", Text, nullable=False),
    Column("claimed", Text, nullable=False),
    Column("ended", Text),
    Column("said", Text),
    Column("tries", Integer, nullable=False),
)
"""Each moment of a schedule that was used, once: who took it, and how it ended."""

alarm = Table(
    "alarm",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("opened", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("closed", Text),
    Column("count", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Index("alarm_open", "source", "kind", unique=True, sqlite_where=text("closed IS NULL")),
    sqlite_autoincrement=True,
)
"""What is out of the ordinary; at most one of a kind is open for a source, and it counts its repetitions."""

notice = Table(
    "notice",
    metadata,
    Column("id", _row, primary_key=True, autoincrement=True),
    Column("alarm", _row, nullable=False),
    Column("event", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("sent", Text),
    Column("tries", Integer, nullable=False),
    Column("next_try", Text),
    Column("error", Text),
    sqlite_autoincrement=True,
)
"""What people are told of alarms, one row for each way, until it was sent."""
