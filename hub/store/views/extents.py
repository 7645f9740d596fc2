"""How much of what is published somebody may read: every opportunity of some kinds, and what some views hold."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Self

import orjson
from sqlalchemy import Connection, text

from hub.model.vocabulary import Kind
from hub.store import pages
from hub.store.pages import Counts, Item
from hub.views import BUILT_IN, View

_ALL_KINDS = frozenset(kind.value for kind in Kind)
_VIEW_OF = {view.kind: view.id for view in BUILT_IN if view.kind}
_ARE_BUILT_IN = frozenset(view.id for view in BUILT_IN)

_OF_KINDS = "kind IN (SELECT value FROM json_each(:kinds))"
_OF_VIEWS = "view IN (SELECT value FROM json_each(:views))"
WITHIN = f"({_OF_KINDS} OR id IN (SELECT opportunity FROM view_item WHERE {_OF_VIEWS} AND present))"  # noqa: S608
"""The condition that a live opportunity is within an extent."""

_HOLDS = text(f"SELECT 1 FROM view_item WHERE {_OF_VIEWS} AND opportunity = :id AND present >= :least")  # noqa: S608
_MEMBERS = text(f"SELECT opportunity, max(present) FROM view_item WHERE {_OF_VIEWS} GROUP BY opportunity")  # noqa: S608
_TOLD = text(
    f"""
    SELECT o.id FROM json_each(:ids) AS asked CROSS JOIN opportunity AS o ON o.id = asked.value
    WHERE {_OF_KINDS} OR EXISTS (SELECT 1 FROM view_item WHERE {_OF_VIEWS} AND opportunity = o.id)
    """  # noqa: S608 - constants only
)
_MEMBERS_OF_KIND = "FROM view_item AS i CROSS JOIN opportunity AS o ON o.id = i.opportunity WHERE"
_LATEST = text(
    f"""
    SELECT DISTINCT o.id, o.position {_MEMBERS_OF_KIND} {_OF_VIEWS} AND i.present AND o.kind = :kind
    ORDER BY o.position DESC LIMIT :limit
    """
)
_COUNTS = text(
    f"""
    SELECT kind, reason IS NOT NULL AS gone, count(*) FROM opportunity WHERE {_OF_KINDS} GROUP BY kind, gone
    UNION ALL
    SELECT o.kind, o.reason IS NOT NULL AS gone, count(DISTINCT o.id)
    {_MEMBERS_OF_KIND} {_OF_VIEWS} AND (i.present OR o.reason IS NOT NULL) AND NOT {_OF_KINDS} GROUP BY o.kind, gone
    """  # noqa: S608 - constants only
)


class Extent(NamedTuple):
    """How much of what is published somebody may read.

    Args:
        kinds: of which every opportunity may be read.
        views: ids of those that an admin defined whose opportunities may be read too.
    """

    kinds: frozenset[str]
    views: tuple[str, ...]

    @classmethod
    def of(cls, views: Sequence[View]) -> Self:
        """Return the extent of who may read these views."""
        built_in = [view for view in views if view.id in _ARE_BUILT_IN]
        kinds = frozenset(kind.value for view in built_in for kind in view.filter.kinds or Kind)
        return cls(kinds, tuple(view.id for view in views if view not in built_in))

    @property
    def is_whole(self) -> bool:
        """Whether that is everything."""
        return self.kinds == _ALL_KINDS

    @property
    def said(self) -> dict[str, str]:
        """The extent as statements are given it."""
        return {name: orjson.dumps(sorted(value)).decode() for name, value in self._asdict().items()}


WHOLE = Extent(_ALL_KINDS, ())
"""Everything."""


def holds(connection: Connection, extent: Extent, found: Item) -> bool:
    """Tell whether an opportunity is within: held now; or, of one that is gone, told there to be gone."""
    if found.kind in extent.kinds:
        return True
    given = {**extent.said, "id": found.id, "least": 0 if found.reason else 1}
    return bool(extent.views) and connection.execute(_HOLDS, given).first() is not None


def told(connection: Connection, extent: Extent, identifiers: Collection[str]) -> set[str]:
    """Return those of the opportunities that are within, or were and have left since."""
    given = {**extent.said, "ids": orjson.dumps(list(identifiers)).decode()}
    return set(connection.execute(_TOLD, given).scalars())


def members(connection: Connection, extent: Extent) -> dict[str, bool]:
    """Return all that the views of an extent hold, or held, by id, and whether they do now."""
    return {identifier: bool(present) for identifier, present in connection.execute(_MEMBERS, extent.said)}


def latest(connection: Connection, extent: Extent, kind: Kind, limit: int) -> list[Item]:
    """Return what of a kind changed last within an extent, the newest first."""
    if kind in extent.kinds:
        return pages.latest(connection, _VIEW_OF[kind], limit)
    newest = connection.execute(_LATEST, {**extent.said, "kind": kind.value, "limit": limit}).all()
    return [found for row in newest if (found := pages.item(connection, row.id))]


def counts(connection: Connection, extent: Extent) -> Counts:
    """Return how much is within, and how many tombstones are."""
    if extent.is_whole:
        return pages.counts(connection)
    rows = connection.execute(_COUNTS, extent.said).all()
    return Counts({kind: number for kind, gone, number in rows if not gone}, sum(row[2] for row in rows if row[1]))
