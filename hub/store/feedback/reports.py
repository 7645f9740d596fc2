"""What readers say to be wrong with opportunities, what follows from it at once, and what people decide about it.

A report never changes what is published. It lets the hub look sooner whether a page is still there, and subscribers
know where an opportunity is disputed: by a key, or by two readers that are known by nothing but their address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row, select, text, update

from hub.clean.notes import clean_note
from hub.errors import StoreError
from hub.model.vocabulary import ReportReason
from hub.store import links, push
from hub.store.feedback.tables import report as table

ANONYMOUS = "anonymous"
MOST_OPEN = 50
"""Reports without a key that wait for a person at once, of one opportunity."""

State = Literal["open", "accepted", "rejected"]
Decision = Literal["accepted", "rejected"]

_SAME = text(
    "SELECT id, state, decided FROM report WHERE opportunity = :opportunity AND reason = :reason AND mark = :mark "
    "ORDER BY id DESC LIMIT 1"
)
_CHANGED = text("SELECT changed FROM opportunity WHERE id = :opportunity")
_VOICES = text(
    "SELECT count(DISTINCT mark), coalesce(max(reader <> :anonymous), 0) FROM report "
    "WHERE opportunity = :opportunity AND state = 'open'"
)
_WAITING = text(
    "SELECT count(*) FROM report WHERE opportunity = :opportunity AND state = 'open' AND reader = :anonymous"
)
_LISTING = text(
    """
    WITH RECURSIVE way (asked, id) AS (
      SELECT value, value FROM json_each(:wanted) UNION
      SELECT way.asked, o.merged_into FROM way CROSS JOIN opportunity AS o ON o.id = way.id
      WHERE o.merged_into IS NOT NULL)
    SELECT DISTINCT way.asked, l.source, l.live FROM way CROSS JOIN listing AS l ON l.opportunity = way.id
    """
)
_OF = "EXISTS (SELECT 1 FROM json_each(sources) WHERE value = :source)"
_TALLY = text(
    "SELECT s.value AS source, r.reason, sum(r.state = 'open') AS open, sum(r.made >= :since) AS new "
    "FROM report AS r CROSS JOIN json_each(r.sources) AS s WHERE r.made >= :since OR r.state = 'open' "
    "GROUP BY s.value, r.reason"
)
_LIVE = text("SELECT source, count(*) AS listings FROM listing WHERE live = 1 GROUP BY source")
_LOCAL = text("SELECT source, local_id FROM listing WHERE opportunity = :opportunity ORDER BY live DESC, source, id")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who says something: the id of a key or ``anonymous``, and what tells this reader from others."""

    id: str
    mark: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader says: of which opportunity, why, at which position it was read, and what it doubles."""

    opportunity: str
    reason: ReportReason
    position: int | None = None
    duplicate_of: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of saying it: the number of the report, how it stands, and whether it was known already."""

    id: int
    state: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report; moments are ISO 8601 in UTC."""

    id: int
    opportunity: str
    position: int | None
    reason: str
    duplicate_of: str | None
    reader: str
    sources: tuple[str, ...]
    note: str | None
    made: str
    state: State
    decided: str | None
    decided_by: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports there are of one reason: made since some moment, and open, whenever they were made."""

    new: int
    open: int


# Readers ------------------------------------------------------------------------------------------------------


def add(connection: Connection, said: Said, reader: Reader, now: str) -> Filed | None:
    """Keep what a reader says, once; None where too much without a key waits for a person already.

    What was decided holds for that reader for as long as the opportunity stays as it was.

    Args:
        connection: a transaction that writes.
        said: what is said; persons' addresses and numbers in its note are not kept.
        reader: who says it.
        now: the moment, ISO 8601 in UTC.
    """
    known = _known(connection, said, reader)
    if known:
        return known
    if reader.id == ANONYMOUS and _waiting(connection, said.opportunity) >= MOST_OPEN:
        return None
    before = disputed(connection, said.opportunity)
    number = _insert(connection, said, reader, now)
    if said.reason is ReportReason.expired:
        links.hurry(connection, said.opportunity, now=now)
    if not before and disputed(connection, said.opportunity):
        push.dispute(connection, said.opportunity, {"reason": said.reason.value}, now)
    return Filed(number, "open", repeated=False)


def disputed(connection: Connection, opportunity: str) -> bool:
    """Say whether what waits about an opportunity was said by a key, or by two readers."""
    marks, keyed = connection.execute(_VOICES, {"opportunity": opportunity, "anonymous": ANONYMOUS}).one()
    return bool(keyed) or marks > 1


def sources_of(connection: Connection, opportunities: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the sources that list each opportunity, or that last did; of a merged one those of what it went into."""
    listing: dict[str, dict[bool, set[str]]] = {}
    for asked, source, live in connection.execute(_LISTING, {"wanted": orjson.dumps(list(opportunities)).decode()}):
        listing.setdefault(asked, {}).setdefault(bool(live), set()).add(source)
    return {asked: tuple(sorted(found.get(True) or found[False])) for asked, found in listing.items()}


# People -------------------------------------------------------------------------------------------------------


def find(
    connection: Connection, *, source: str | None = None, reason: str | None = None, decided: bool = False, limit: int
) -> list[ReportRow]:
    """Return the reports that wait for a person, the oldest first; or those that were decided, the newest first."""
    found = select(table).where(table.c.state != "open" if decided else table.c.state == "open")
    found = found.order_by(table.c.decided.desc(), table.c.id.desc()) if decided else found.order_by(table.c.id)
    if source:
        found = found.where(text(_OF).bindparams(source=source))
    if reason:
        found = found.where(table.c.reason == reason)
    return [_row(row) for row in connection.execute(found.limit(limit))]


def get(connection: Connection, number: int) -> ReportRow:
    """Return one report; StoreError when there is none of this number."""
    row = connection.execute(select(table).where(table.c.id == number)).one_or_none()
    if row is None:
        raise StoreError(f"there is no report {number}; `hub report list` shows those that wait")
    return _row(row)


def alike(connection: Connection, row: ReportRow) -> list[ReportRow]:
    """Return the reports that say the same of an opportunity and wait, or were decided, together with this one."""
    same = (table.c.opportunity == row.opportunity, table.c.reason == row.reason)
    decided = (table.c.state == row.state, table.c.decided.is_not_distinct_from(row.decided))
    return [_row(each) for each in connection.execute(select(table).where(*same, *decided).order_by(table.c.id))]


def decide(
    connection: Connection, numbers: Sequence[int], decision: Decision, *, by: str, why: str | None, now: str
) -> None:
    """Decide about open reports."""
    values = {"state": decision, "decided": now, "decided_by": by, "why": why}
    connection.execute(update(table).where(table.c.id.in_(numbers), table.c.state == "open").values(values))


def tally(connection: Connection, since: str) -> dict[str, dict[str, Tally]]:
    """Return how many reports there are of each source and reason, made since that moment or still open."""
    found: dict[str, dict[str, Tally]] = {}
    for row in connection.execute(_TALLY, {"since": since}):
        found.setdefault(row.source, {})[row.reason] = Tally(row.new, row.open)
    return found


def live_listings(connection: Connection) -> dict[str, int]:
    """Return how many live listings each source has."""
    return {row.source: row.listings for row in connection.execute(_LIVE)}


def listings_of(connection: Connection, opportunity: str) -> list[str]:
    """Return the listings of an opportunity as ``source/local id``, the live ones first."""
    return [f"{row.source}/{row.local_id}" for row in connection.execute(_LOCAL, {"opportunity": opportunity})]


def survive(connection: Connection) -> None:
    """Keep the reports of the store that a copy replaces, attached as ``plan``, and what was decided about them."""
    connection.exec_driver_sql("INSERT OR REPLACE INTO report SELECT * FROM plan.report")


# Rows ---------------------------------------------------------------------------------------------------------


def _known(connection: Connection, said: Said, reader: Reader) -> Filed | None:
    asked: Mapping[str, Any] = {"opportunity": said.opportunity, "reason": said.reason.value, "mark": reader.mark}
    same = connection.execute(_SAME, asked).one_or_none()
    if same is None:
        return None
    changed = connection.execute(_CHANGED, {"opportunity": said.opportunity}).scalar()
    if same.decided and changed and changed > same.decided:
        return None
    return Filed(same.id, same.state, repeated=True)


def _waiting(connection: Connection, opportunity: str) -> int:
    return int(connection.execute(_WAITING, {"opportunity": opportunity, "anonymous": ANONYMOUS}).scalar_one())


def _insert(connection: Connection, said: Said, reader: Reader, now: str) -> int:
    sources = sources_of(connection, [said.opportunity]).get(said.opportunity, ())
    row = {
        "opportunity": said.opportunity,
        "position": said.position,
        "reason": said.reason.value,
        "duplicate_of": said.duplicate_of,
        "reader": reader.id,
        "mark": reader.mark,
        "sources": orjson.dumps(sources).decode(),
        "note": clean_note(said.note or "") or None,
        "made": now,
        "state": "open",
    }
    return int(connection.execute(table.insert().returning(table.c.id), row).scalar_one())


def _row(row: Row[Any]) -> ReportRow:
    values = {name: row._mapping[name] for name in ReportRow.__slots__}
    return ReportRow(**{**values, "sources": tuple(orjson.loads(values["sources"]))})
