"""How long listings stood, and which of them are likely over: their links are dead, or they are older than is usual."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, LargeBinary, Table, Text, text

from hub.links import Share
from hub.model.opportunity import utc
from hub.store.schema import listing as listing_table
from hub.store.schema import metadata

_row = BigInteger().with_variant(Integer, "sqlite")

lifetime = Table(
    "lifetime",
    metadata,
    Column("listing", _row, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", LargeBinary),
    Column("linked", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("ended", Text),
    Column("reason", Text),
    Index("lifetime_ended", "source", "ended", sqlite_where=text("ended IS NOT NULL")),
    Index("lifetime_since", "source", "since", sqlite_where=text("ended IS NULL")),
)
"""From which day each listing stood, by its partner's word or the first sight of it, and until which, and why it ended.

``content`` is that of the listing when this was read, and ``linked`` says whether its addresses were read too.
"""

Index("listing_doubt", listing_table.c.source, sqlite_where=text("doubt IS NOT NULL"))  # finds what is doubted now

_LIVES = 1000
_SOURCES = text(
    "SELECT DISTINCT l.source FROM listing AS l WHERE l.live = 1 "
    "AND l.source NOT IN (SELECT source FROM lease WHERE owner IS NOT NULL AND until > :now) "
    "AND l.source NOT IN (SELECT source FROM hold WHERE state = 'waiting') ORDER BY l.source"
)
_END = (
    # Those that ended before anybody looked at them stood from the first sight of them.
    "INSERT INTO lifetime (listing, source, kind, linked, since) "
    "SELECT l.id, l.source, l.kind, 0, substr(l.first_seen, 1, 10) FROM listing AS l "
    "LEFT JOIN lifetime AS t ON t.listing = l.id WHERE l.source = :source AND l.live = 0 AND t.listing IS NULL",
    "UPDATE lifetime SET reason = l.ended, ended = substr(coalesce("
    "  (SELECT o.changed FROM opportunity AS o WHERE o.id = l.opportunity AND o.reason IS NOT NULL), :now), 1, 10) "
    "FROM listing AS l WHERE l.id = lifetime.listing AND l.source = :source AND l.live = 0 AND lifetime.ended IS NULL",
    "DELETE FROM link WHERE source = :source AND listing IN (SELECT listing FROM lifetime WHERE ended IS NOT NULL)",
)
_ENDED = text(
    "SELECT CAST(julianday(ended) - julianday(since) AS INTEGER) FROM lifetime "
    "WHERE source = :source AND ended IS NOT NULL AND reason = 'withdrawn' AND kind = 'vacancy' AND ended >= since "
    "ORDER BY ended DESC, listing DESC LIMIT :limit"
)
# An address that several listings share says nothing of one of them, and what failed before a listing changed nothing
# of it now.
_EVIDENCE = (
    "k.failures > 0 AND k.first_failure > l.content_changed "
    "AND NOT EXISTS (SELECT 1 FROM link AS o WHERE o.source = k.source AND o.url = k.url AND o.listing <> k.listing)"
)
_FAILING = text(
    "SELECT count(DISTINCT k.listing) FROM link AS k CROSS JOIN listing AS l ON l.id = k.listing "  # noqa: S608
    f"WHERE k.source = :source AND l.live = 1 AND {_EVIDENCE}"
)
_CHECKED = text("SELECT count(DISTINCT listing) FROM link WHERE source = :source AND checked IS NOT NULL")
_SIGN_OF_LIFE = (
    "CASE WHEN l.content_changed > l.first_seen THEN max(t.since, substr(l.content_changed, 1, 10)) ELSE t.since END"
)
_AGED = (
    f"t.ended IS NULL AND t.since < :old_before AND l.live = 1 AND l.kind = 'vacancy' AND l.expires IS NULL "
    f"AND {_SIGN_OF_LIFE} < :old_before"
)
_OLD = text(
    f"SELECT count(*) FROM lifetime AS t CROSS JOIN listing AS l ON l.id = t.listing "  # noqa: S608 - constants only
    f"WHERE t.source = :source AND {_AGED}"
)
_AGELESS = text(
    "SELECT count(*) FROM listing WHERE source = :source AND live = 1 AND kind = 'vacancy' AND expires IS NULL"
)
# Where new doubts are held back, those of before stay for as long as there is evidence.
_WANTED = f"""
    WITH dead AS (
      SELECT DISTINCT k.listing AS id FROM link AS k CROSS JOIN listing AS l ON l.id = k.listing
      WHERE k.source = :source AND k.verdict = 'dead' AND l.live = 1 AND {_EVIDENCE}
        AND (:links = 'judge' OR :links = 'hold' AND instr(l.doubt, 'dead-link') > 0)
    ), aged AS (
      SELECT l.id FROM lifetime AS t CROSS JOIN listing AS l ON l.id = t.listing
      WHERE t.source = :source AND {_AGED} AND (:age = 'judge' OR :age = 'hold' AND instr(l.doubt, 'old') > 0)
    ), concerned AS (
      SELECT id FROM dead UNION SELECT id FROM aged
      UNION SELECT id FROM listing WHERE source = :source AND doubt IS NOT NULL AND live = 1
    ), wanted AS (
      SELECT l.*, nullif(trim(iif(l.id IN (SELECT id FROM dead), 'dead-link', '') || ' '
        || iif(l.id IN (SELECT id FROM aged), 'old', '')), '') AS becomes
      FROM concerned AS c CROSS JOIN listing AS l ON l.id = c.id
    )
"""  # noqa: S608 - constants only
_PLANNED = "FROM wanted WHERE becomes IS NOT doubt"
_COUNT = text(f"{_WANTED} SELECT coalesce(sum(becomes IS NOT NULL), 0), coalesce(sum(becomes IS NULL), 0) {_PLANNED}")
_PLAN = text(
    "INSERT INTO plan.entry (local_id, action, listing, opportunity, kind, first_seen, content_changed, doubt) "
    f"{_WANTED} SELECT local_id, iif(becomes IS NULL, 'trusted', 'doubted'), id, opportunity, kind, first_seen, "
    f"content_changed, becomes {_PLANNED} ORDER BY id"
)


_REASONS = text("SELECT missing, doubt FROM listing WHERE id = :listing")


class Weighing(StrEnum):
    """What becomes of one kind of doubt: new ones follow the evidence, none is added, or all are lifted."""

    judge = "judge"
    hold = "hold"
    lift = "lift"


def reasons(connection: Connection, listing: int) -> list[str]:
    """Return why a listing is thought to be over: ``absent`` from the partner's list, ``dead-link``, or ``old``."""
    missing, doubt = connection.execute(_REASONS, {"listing": listing}).one()
    return [*(["absent"] if missing else []), *(doubt.split() if doubt else [])]


def end(connection: Connection, source: str, *, now: datetime) -> None:
    """Note which listings ended, and forget their addresses."""
    for step in _END:
        connection.execute(text(step), {"source": source, "now": utc(now)})


# Doubts ---------------------------------------------------------------------------------------------------------


def sources_free(connection: Connection, *, now: float) -> Sequence[str]:
    """Return the sources with live listings that nobody works on, and of which no plan waits for a person.

    Args:
        connection: a transaction.
        now: the moment, in seconds since 1970.
    """
    return connection.execute(_SOURCES, {"now": now}).scalars().all()


def lives(connection: Connection, source: str) -> Sequence[int]:
    """Return how many days each of the last vacancies stood that the partner of a source withdrew."""
    return connection.execute(_ENDED, {"source": source, "limit": _LIVES}).scalars().all()


def failing(connection: Connection, source: str) -> Share:
    """Return how many live listings have an address of their own that is gone, of how many that were looked at."""
    said = {"source": source}
    return Share(connection.execute(_FAILING, said).scalar_one(), connection.execute(_CHECKED, said).scalar_one())


def old(connection: Connection, source: str, before: date) -> Share:
    """Return how many live vacancies without a last day gave no sign of life since a day, of how many there are."""
    said = {"source": source, "old_before": before.isoformat()}
    return Share(connection.execute(_OLD, said).scalar_one(), connection.execute(_AGELESS, said).scalar_one())


def count_doubts(
    connection: Connection, source: str, *, links: Weighing, age: Weighing, before: date | None
) -> tuple[int, int]:
    """Return how many listings `plan_doubts` would doubt, and how many it would trust again."""
    doubted, trusted = connection.execute(_COUNT, _weighed(source, links, age, before)).one()
    return doubted, trusted


def plan_doubts(connection: Connection, source: str, *, links: Weighing, age: Weighing, before: date | None) -> None:
    """Write into the attached, empty plan which listings of a source are doubted, for what, and which trusted again.

    Args:
        connection: a transaction with the plan attached.
        source: id of the source.
        links: what becomes of doubts because of dead links.
        age: what becomes of doubts because of age.
        before: the day before which a vacancy must have given its last sign of life to be old.
    """
    connection.execute(_PLAN, _weighed(source, links, age, before))


def _weighed(source: str, links: Weighing, age: Weighing, before: date | None) -> dict[str, str | None]:
    day = before.isoformat() if before else None
    return {"source": source, "links": links.value, "age": age.value, "old_before": day}
