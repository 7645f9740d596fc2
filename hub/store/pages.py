"""What readers of the feed ask of the store."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from hub.model.vocabulary import Kind
from hub.store.publication import ACTIVE, DOUBTED
from hub.views import ALL, LISTINGS

OUTSIDE = "not-in-view"
"""The reason of a tombstone of what is live, but no longer belongs to the view."""

_COLUMNS = "o.id, o.kind, abs(o.position), o.reason, o.merged_into, b.bytes, o.changed"
_FROM = "FROM opportunity AS o LEFT JOIN body AS b ON b.position = o.position"
_OF = "FROM opportunity AS o WHERE"
_PRESENT = f"""
    SELECT o.id, o.kind, i.position, CASE WHEN i.present THEN NULL ELSE coalesce(o.reason, '{OUTSIDE}') END AS reason,
      CASE WHEN i.present THEN NULL ELSE o.merged_into END, CASE WHEN i.present THEN b.bytes END, o.changed
    FROM view_item AS i CROSS JOIN opportunity AS o ON o.id = i.opportunity
    LEFT JOIN body AS b ON b.position = o.position WHERE i.view = :view
"""  # noqa: S608 - constants only
_LISTED = f"""
    SELECT l.source || '/' || l.local_id, l.kind, abs(l.position),
      CASE WHEN l.live = 0 THEN coalesce(l.ended, 'withdrawn') END, l.merged_into,
      CASE WHEN l.missing IS NULL AND l.doubt IS NULL THEN v.bytes
      ELSE CAST(replace(CAST(v.bytes AS TEXT), '{ACTIVE}', '{DOUBTED}') AS BLOB) END, l.content_changed
    FROM listing AS l LEFT JOIN version AS v ON v.listing = l.id
"""  # noqa: S608 - constants only
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE o.id = :id")
_ONE_LISTED = text(f"{_LISTED} WHERE l.source = :source AND l.local_id = :local_id")
_PART_OF = text("SELECT opportunity FROM listing WHERE source = :source AND local_id = :local_id")
_COUNTS = text("SELECT kind, reason IS NOT NULL AS gone, count(*) FROM opportunity GROUP BY kind, gone")


@dataclass(frozen=True, slots=True)
class _Selection:
    """How the items of one feed are asked for.

    Args:
        items: behind a position, in order.
        within: how many there are behind a position and up to another.
        head: the highest position in use.
        forgotten: the highest position of a tombstone that is no longer told.
        live: what is live behind a position, in order.
        latest: what changed last, the newest first.
        count: how many are live.
    """

    items: str
    within: str
    head: str
    forgotten: str
    live: str
    latest: str
    count: str


def _of_opportunities(condition: str) -> _Selection:
    where = f"{_FROM} WHERE {condition}"
    return _Selection(
        items=f"SELECT {_COLUMNS} {where} o.position > :after ORDER BY o.position LIMIT :limit",
        within=f"SELECT count(*) {_OF} {condition} position > :after AND position <= :last",
        head=f"SELECT coalesce(max(position), 0) {_OF} {condition} position > 0",
        forgotten="SELECT value FROM counter WHERE name = 'forgotten'",
        live=f"SELECT {_COLUMNS} {where} o.reason IS NULL AND o.position > :after ORDER BY o.position LIMIT :limit",
        latest=(
            f"SELECT {_COLUMNS} {where} o.position > 0 AND (o.reason IS NULL OR :tombstones) "
            "ORDER BY o.position DESC LIMIT :limit"
        ),
        count=f"SELECT count(*) {_OF} {condition} reason IS NULL",
    )


_VIEW = _Selection(
    items=f"{_PRESENT} AND i.position > :after ORDER BY i.position LIMIT :limit",
    within="SELECT count(*) FROM view_item WHERE view = :view AND position > :after AND position <= :last",
    head="SELECT coalesce(max(position), 0) FROM view_item WHERE view = :view",
    forgotten="SELECT coalesce(max(forgotten), 0) FROM view WHERE id = :view",
    live=f"{_PRESENT} AND i.present AND i.position > :after ORDER BY i.position LIMIT :limit",
    latest=f"{_PRESENT} AND (i.present OR :tombstones) ORDER BY i.position DESC LIMIT :limit",
    count="SELECT count(*) FROM view_item WHERE view = :view AND present",
)
_SELECTIONS: Mapping[str, _Selection] = {
    ALL.id: _of_opportunities(""),
    "vacancies": _of_opportunities(f"o.kind = '{Kind.vacancy.value}' AND"),
    "programmes": _of_opportunities(f"o.kind = '{Kind.programme.value}' AND"),
    LISTINGS: _Selection(
        items=f"{_LISTED} WHERE l.position > :after ORDER BY l.position LIMIT :limit",
        within="SELECT count(*) FROM listing WHERE position > :after AND position <= :last",
        head="SELECT coalesce(max(position), 0) FROM listing WHERE position > 0",
        forgotten="SELECT value FROM counter WHERE name = 'forgotten-listing'",
        live=f"{_LISTED} WHERE l.live = 1 AND l.position > :after ORDER BY l.position LIMIT :limit",
        latest=f"{_LISTED} WHERE l.position > 0 AND (l.live = 1 OR :tombstones) ORDER BY l.position DESC LIMIT :limit",
        count="SELECT count(*) FROM listing WHERE live = 1",
    ),
}
_BATCH = 500


class Item(NamedTuple):
    """One opportunity at its position; ``body`` is its published JSON, None with a ``reason`` for a tombstone.

    In the feed of listings it is one source's version, and the id is that of the source, a ``/`` and the local id.
    """

    id: str
    kind: str
    position: int
    reason: str | None
    merged_into: str | None
    body: bytes | None
    changed: str = ""


Row = tuple[str, str, int, str | None, str | None, bytes | None, str]
"""An item as the store gives it: what an `Item` holds, in the same order."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many opportunities of each kind are in the feed, and how many tombstones."""

    opportunities: dict[str, int]
    tombstones: int


def items(connection: Connection, *, after: int, limit: int, view: str = ALL.id) -> list[Item]:
    """Return the items of a view behind a position, in order of position."""
    return _items(rows(connection, after=after, limit=limit, view=view))


def rows(connection: Connection, *, after: int, limit: int, view: str = ALL.id) -> list[Row]:
    """Return the same as they come: for a page of the feed, making items of them is a seventh of the work."""
    return _rows(connection, _selection(view).items, view, after=after, limit=limit)


def live(connection: Connection, view: str = ALL.id) -> Iterator[Item]:
    """Yield what is live in a view, in order of position; all of one moment, as far as the connection's is."""
    after = 0
    while batch := _items(_rows(connection, _selection(view).live, view, after=after, limit=_BATCH)):
        yield from batch
        after = batch[-1].position


def latest(connection: Connection, view: str, limit: int, *, tombstones: bool = False) -> list[Item]:
    """Return what changed last in a view, the newest first."""
    return _items(_rows(connection, _selection(view).latest, view, limit=limit, tombstones=tombstones))


def item(connection: Connection, identifier: str) -> Item | None:
    """Return one opportunity, live or gone."""
    row = connection.execute(_ONE, {"id": identifier}).one_or_none()
    return Item(*row) if row else None


def listed(connection: Connection, source: str, local_id: str) -> Item | None:
    """Return one listing, live or gone."""
    row = connection.execute(_ONE_LISTED, {"source": source, "local_id": local_id}).one_or_none()
    return Item(*row) if row else None


def opportunity_of(connection: Connection, source: str, local_id: str) -> str | None:
    """Return the id of the opportunity that a listing is part of."""
    return connection.execute(_PART_OF, {"source": source, "local_id": local_id}).scalar()


def head(connection: Connection, view: str = ALL.id) -> int:
    """Return the highest position in use in a view, 0 for an empty one."""
    return _number(connection, _selection(view).head, view)


def forgotten(connection: Connection, view: str = ALL.id) -> int:
    """Return up to where the tombstones of a view are no longer told: a reader from before must begin anew."""
    return _number(connection, _selection(view).forgotten, view)


def count_live(connection: Connection, view: str = ALL.id) -> int:
    """Return how many live items a view holds."""
    return _number(connection, _selection(view).count, view)


def within(connection: Connection, view: str, *, after: int, last: int) -> int:
    """Return how many items of a view are behind a position and not behind another."""
    return _number(connection, _selection(view).within, view, after=after, last=last)


def counts(connection: Connection) -> Counts:
    """Return what the feed holds."""
    opportunities: dict[str, int] = {}
    tombstones = 0
    for kind, gone, number in connection.execute(_COUNTS):
        if gone:
            tombstones += number
        else:
            opportunities[kind] = number
    return Counts(opportunities, tombstones)


def _selection(view: str) -> _Selection:
    return _SELECTIONS.get(view, _VIEW)


def _items(found: list[Row]) -> list[Item]:
    return [tuple.__new__(Item, row) for row in found]


def _number(connection: Connection, statement: str, view: str, **said: int) -> int:
    return int(_rows(connection, statement, view, **said)[0][0])


def _rows(connection: Connection, statement: str, view: str, **said: int) -> list[Any]:
    # The driver's own way, within the connection's transaction: what SQLAlchemy adds costs more than a small answer.
    driver: Any = connection.connection.driver_connection
    found: list[Any] = driver.execute(statement, {"view": view, **said}).fetchall()
    return found
