"""What belongs to each view that an admin defined; kept as opportunities change, and never worked out for a reader."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from hub.views import ALL, BUILT_IN, Filter, accepts

_BATCH = 1000
_DEFINED = text("SELECT id, filter FROM view ORDER BY id")
_MOVED = text(
    """
    SELECT o.id, o.kind, o.position, b.bytes FROM opportunity AS o LEFT JOIN body AS b ON b.position = o.position
    WHERE o.position BETWEEN :first AND :last ORDER BY o.position
    """
)
_LIVE = text(
    """
    SELECT o.id, o.kind, o.position, b.bytes FROM opportunity AS o CROSS JOIN body AS b ON b.position = o.position
    WHERE o.reason IS NULL ORDER BY o.position
    """
)
_BODY = text("SELECT bytes FROM body WHERE position = :position")
_TOLD_SINCE = text("SELECT opportunity, count(*) FROM history WHERE changed >= :since GROUP BY opportunity")
_ENDED_SINCE = text(
    """
    SELECT o.id, o.kind, b.version FROM opportunity AS o
    CROSS JOIN history AS h ON h.opportunity = o.id AND h.position = abs(o.position)
    CROSS JOIN listing AS l ON l.opportunity = o.id CROSS JOIN before AS b ON b.run = h.run AND b.listing = l.id
    WHERE o.reason IS NOT NULL AND o.changed >= :since AND b.version IS NOT NULL
    """
)
_PUT = (
    "INSERT INTO view_item (view, position, opportunity, present) VALUES (?, ?, ?, 1) "
    "ON CONFLICT (view, opportunity) DO UPDATE SET position = excluded.position, present = 1"
)
_LEAVE = "UPDATE view_item SET position = ?, present = 0 WHERE view = ? AND opportunity = ? AND present = 1"
_PRESENT = text("SELECT opportunity FROM view_item WHERE view = :view AND present = 1")
_DEFINE = text(
    "INSERT INTO view (id, filter, forgotten) VALUES (:id, :filter, 0) "
    "ON CONFLICT (id) DO UPDATE SET filter = excluded.filter"
)
_DROP = ("DELETE FROM view_item WHERE view = ?", "DELETE FROM view WHERE id = ?")
_TAKE = text("UPDATE counter SET value = value + :count WHERE name = 'position' RETURNING value")
_KINDS = text("SELECT kind, max(position) FROM opportunity WHERE position BETWEEN :first AND :last GROUP BY kind")
_HEADS = text("SELECT view, max(position) FROM view_item WHERE position BETWEEN :first AND :last GROUP BY view")


class Chosen(NamedTuple):
    """An opportunity that belongs to a view."""

    id: str
    kind: str
    position: int


class Change(NamedTuple):
    """What a new definition made of a view: how many came in and left, and its last position."""

    view: str
    entered: int
    left: int
    position: int

    @property
    def moved(self) -> bool:
        """Whether readers of its change feed hear anything of it."""
        return bool(self.entered or self.left)


def follow(connection: Connection, first: int, last: int) -> None:
    """Bring the views up to date with the opportunities at these positions."""
    views = defined(connection)
    if not views:
        return
    for start in range(first, last + 1, _BATCH):
        span = {"first": start, "last": min(start + _BATCH - 1, last)}
        coming: list[tuple[str, int, str]] = []
        going: list[tuple[int, str, str]] = []
        for identifier, kind, position, found in connection.execute(_MOVED, span).all():
            said = orjson.loads(found) if found else None
            for view, wanted in views.items():
                if said is not None and accepts(wanted, kind, said):
                    coming.append((view, position, identifier))
                else:
                    going.append((position, view, identifier))
        _write(connection, coming, going)


def define(connection: Connection, wanted: Mapping[str, Filter]) -> list[Change]:
    """Let there be these views and no others, and return what that changed; nothing where they are as they were.

    What enters a view, and what leaves it, does so at new positions, so that readers hear of both.
    """
    known = _stored(connection)
    for gone in known.keys() - wanted.keys():
        for step in _DROP:
            connection.exec_driver_sql(step, (gone,))
    new = {name: each for name, each in wanted.items() if known.get(name) != _written(each)}
    return [_redefine(connection, name, each) for name, each in sorted(new.items())]


def differ(connection: Connection, wanted: Mapping[str, Filter]) -> bool:
    """Tell whether the views are others than these."""
    return _stored(connection) != {name: _written(each) for name, each in wanted.items()}


def defined(connection: Connection) -> dict[str, Filter]:
    """Return the views that an admin defined."""
    return {name: Filter.model_validate_json(said) for name, said in _stored(connection).items()}


def moved(connection: Connection, first: int, last: int) -> dict[str, int]:
    """Return the views in which something moved at these positions, each with its last one of them."""
    span = {"first": first, "last": last}
    kinds: dict[str, int] = dict(connection.execute(_KINDS, span).all())
    heads = {view.id: kinds[view.kind] for view in BUILT_IN if view.kind in kinds}
    whole = {ALL.id: max(kinds.values())} if kinds else {}
    return whole | heads | dict(connection.execute(_HEADS, span).all())


def chosen(connection: Connection, wanted: Filter) -> Iterator[Chosen]:
    """Yield each live opportunity that a view with this filter would hold."""
    for identifier, kind, position, found in connection.execute(_LIVE):
        if accepts(wanted, kind, orjson.loads(found)):
            yield Chosen(identifier, kind, position)


def body(connection: Connection, position: int) -> bytes:
    """Return what is published at a position."""
    return bytes(connection.execute(_BODY, {"position": position}).scalar_one())


def told_since(connection: Connection, since: str) -> Iterator[tuple[str, int]]:
    """Yield each opportunity that changed since a moment, and how often."""
    yield from connection.execute(_TOLD_SINCE, {"since": since}).all()


def ended_since(connection: Connection, since: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield each opportunity that ended since a moment, its kind, and what it last said, as far as that is known."""
    yield from connection.execute(_ENDED_SINCE, {"since": since}).all()


def _stored(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(_DEFINED).all())


def _written(wanted: Filter) -> str:
    return orjson.dumps(wanted.asked).decode()


def _redefine(connection: Connection, view: str, wanted: Filter) -> Change:
    connection.execute(_DEFINE, {"id": view, "filter": _written(wanted)})
    was = set(connection.execute(_PRESENT, {"view": view}).scalars())
    found = [each.id for each in chosen(connection, wanted)]
    entering = [identifier for identifier in found if identifier not in was]
    leaving = sorted(was.difference(found))
    last = int(connection.execute(_TAKE, {"count": len(entering) + len(leaving)}).scalar_one())
    place = last - len(entering) - len(leaving)
    coming = [(view, place + number, identifier) for number, identifier in enumerate(entering, 1)]
    going = [(place + number, view, identifier) for number, identifier in enumerate(leaving, len(entering) + 1)]
    _write(connection, coming, going)
    return Change(view, len(entering), len(leaving), last)


def _write(
    connection: Connection, coming: Sequence[tuple[str, int, str]], going: Sequence[tuple[int, str, str]]
) -> None:
    if going:
        connection.exec_driver_sql(_LEAVE, list(going))
    if coming:
        connection.exec_driver_sql(_PUT, list(coming))
