"""What people decided about organisations: it stands beside what the rules find, and wins whenever they run again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text, update

from hub.errors import StoreError
from hub.organisations import name_key
from hub.store.organisations.rows import organisation_id
from hub.store.organisations.tables import organisation as organisation_table
from hub.store.organisations.tables import organisation_decision as decision_table

MERGE, SPLIT, APART = "merge", "split", "apart"

_WAYS = text(
    "WITH RECURSIVE way (id) AS (SELECT id FROM organisation WHERE merged_by = 'person' "
    "UNION SELECT organisation FROM organisation_decision WHERE kind <> 'merge' "
    "UNION SELECT other FROM organisation_decision WHERE kind <> 'merge' "
    "UNION SELECT o.merged_into FROM way JOIN organisation AS o ON o.id = way.id WHERE o.merged_into IS NOT NULL) "
    "SELECT o.id, o.merged_into FROM way JOIN organisation AS o ON o.id = way.id WHERE o.merged_into IS NOT NULL"
)
_ROOT = text(
    "WITH RECURSIVE way (id) AS (VALUES (:id) UNION SELECT o.merged_into FROM way JOIN organisation AS o "
    "ON o.id = way.id WHERE o.merged_into IS NOT NULL) "
    "SELECT o.id FROM way JOIN organisation AS o ON o.id = way.id WHERE o.merged_into IS NULL"
)
# Whatever the rules put into the organisation or one that was merged into it, by that name, in that place or anywhere.
_REFRESH = text(
    "UPDATE organisation_name SET organisation = :to WHERE organisation = :from "
    "AND (:key IS NULL OR name_key = :key) AND (:place IS NULL OR place = :place)"
)
_PART = text(
    "SELECT count(*) FROM organisation_name WHERE organisation = :id AND name_key = :key "
    "AND (:place IS NULL OR place = :place)"
)
_MEMBERS = text(
    "WITH RECURSIVE way (id) AS (VALUES (:id) UNION SELECT o.id FROM way JOIN organisation AS o "
    "ON o.merged_into = way.id) "
    "UPDATE organisation_name SET organisation = :to WHERE home IN way AND organisation = :from"
)

_SPLIT_OFF = text("SELECT name FROM organisation WHERE id = :other")
_CALLED = text("SELECT DISTINCT name FROM organisation_name WHERE organisation = :other AND name_key = :key")


@dataclass(frozen=True, slots=True)
class Word:
    """Who decides, why, and when (ISO 8601 in UTC)."""

    by: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision; ``undone`` is the later one that took it back."""

    id: int
    kind: str
    organisation: str
    other: str
    name_key: str | None
    place: str | None
    decided: str
    decided_by: str
    why: str
    undone: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """All that is decided.

    Args:
        merged: into what each organisation went, as far as decisions lead there.
        split: the organisation of a name, by the one it was taken from, its key, and its place (None for any).
        apart: pairs that are never one.
    """

    merged: Mapping[str, str]
    split: Mapping[tuple[str, str, str | None], str]
    apart: frozenset[frozenset[str]]

    @property
    def nothing(self) -> bool:
        """Whether the rules stand alone."""
        return not (self.merged or self.split)

    def root(self, organisation: str) -> str:
        """Return the survivor of an organisation."""
        while organisation in self.merged:
            organisation = self.merged[organisation]
        return organisation

    def final(self, home: str, key: str, place: str | None) -> str:
        """Return the organisation of a mention that the rules put into this home."""
        root = self.root(home)
        apart = self.split.get((root, key, place)) or self.split.get((root, key, None))
        return self.root(apart) if apart else root


def decided(connection: Connection) -> Decided:
    """Return all decisions that hold; they are people's, so there are few."""
    rows = decisions(connection)
    if not rows:
        return Decided({}, {}, frozenset())
    merged = Decided({row[0]: row[1] for row in connection.execute(_WAYS)}, {}, frozenset())
    split = {
        (merged.root(row.organisation), row.name_key or "", row.place): row.other for row in rows if row.kind == SPLIT
    }
    pairs = [row for row in rows if row.kind in {APART, SPLIT}]
    apart = {frozenset((row.organisation, row.other)) for row in pairs}
    apart |= {frozenset((merged.root(row.organisation), merged.root(row.other))) for row in pairs}
    return Decided(merged.merged, split, frozenset(apart))


def decisions(connection: Connection, organisation: str | None = None, *, undone: bool = False) -> list[DecisionRow]:
    """Return the decisions that hold, or all of them, about one organisation or about any; the oldest first."""
    table = decision_table.c
    found = select(decision_table).order_by(table.id)
    if organisation:
        found = found.where((table.organisation == organisation) | (table.other == organisation))
    if not undone:
        found = found.where(table.undone.is_(None))
    return [DecisionRow(*row) for row in connection.execute(found)]


def merge(connection: Connection, survivor: str, other: str, word: Word) -> None:
    """Make one organisation of two: the other becomes a second id of the survivor, with all of its names."""
    survivor, other = root(connection, survivor), root(connection, other)
    if survivor == other:
        raise StoreError(f"{other} is {survivor} already; `hub organisation show {survivor}` shows its ids")
    number = _decide(connection, MERGE, (survivor, other), word)
    _undo(connection, APART, (survivor, other), number)
    table = organisation_table.c
    connection.execute(
        update(organisation_table).where(table.id == other).values(merged_into=survivor, merged_by="person")
    )
    _refresh(connection, other, survivor)


def take_back(connection: Connection, survivor: str, other: str, word: Word) -> None:
    """Make two organisations again of what was merged, by a person or by the rules; they never are one from now on."""
    row = connection.execute(
        select(organisation_table.c.merged_into).where(organisation_table.c.id == other)
    ).one_or_none()
    if row is not None and row[0] is not None:
        number = _decide(connection, APART, (survivor, other), word)
        _undo(connection, MERGE, (survivor, other), number)
        connection.execute(
            update(organisation_table).where(organisation_table.c.id == other).values(merged_into=None, merged_by=None)
        )
        connection.execute(_MEMBERS, {"id": other, "from": root(connection, survivor), "to": other})
        return
    if root(connection, survivor) == root(connection, other):
        raise StoreError(f"{other} and {survivor} are one; name the id that was merged into the other")
    _decide(connection, APART, (survivor, other), word)


def split(connection: Connection, organisation: str, part: tuple[str, str | None], word: Word) -> tuple[str, int]:
    """Make an organisation of its own of one name of another, and return its id and how many mentions are its.

    Args:
        connection: a transaction that writes.
        organisation: the other's id.
        part: the name, in any spelling, and the key of the place, None for every place.
        word: who decides, and why.
    """
    organisation, (name, place) = root(connection, organisation), part
    key = name_key(name)
    if not connection.execute(_PART, {"id": organisation, "key": key, "place": place}).scalar_one():
        raise StoreError(
            f"{organisation} has no name {name!r}{f' in {place}' if place else ''}; "
            f"`hub organisation show {organisation}` shows those it has"
        )
    target = _founded(connection, (organisation, key, place), name, word.at)
    _decide(connection, SPLIT, (organisation, target), word, part=(key, place))
    moved = connection.execute(_REFRESH, {"from": organisation, "to": target, "key": key, "place": place})
    return target, moved.rowcount


def rename(connection: Connection) -> None:
    """Let what was split off by name be found by what the rules of today make of that name.

    Called while the mentions are still found by the keys of before: a decision holds for every spelling that it held
    for, so where the rules tell these apart now, it is repeated for each.
    """
    table = decision_table.c
    for row in connection.execute(select(decision_table).where(table.kind == SPLIT, table.undone.is_(None))).all():
        about = {"other": row.other, "key": row.name_key}
        first = name_key(str(connection.execute(_SPLIT_OFF, about).scalar_one()))
        further = {name_key(name) for name in connection.execute(_CALLED, about).scalars()} - {first}
        connection.execute(update(decision_table).where(table.id == row.id).values(name_key=first))
        for key in sorted(further):
            connection.execute(decision_table.insert(), {**row._mapping, "id": None, "name_key": key})


def _founded(connection: Connection, said: tuple[str | None, ...], name: str, now: str) -> str:
    """Add an organisation under an id that nobody has, and return it."""
    table, turn = organisation_table.c, 0
    while True:
        identifier = organisation_id("split", *said, str(turn) if turn else None)
        if not connection.execute(select(table.id).where(table.id == identifier)).first():
            break
        turn += 1
    row = {"id": identifier, "name": name, "ambiguous": 0, "first_seen": now}
    connection.execute(organisation_table.insert(), row)
    return identifier


def root(connection: Connection, organisation: str) -> str:
    """Return the survivor of an organisation; StoreError when there is none of this id."""
    found = connection.execute(_ROOT, {"id": organisation}).scalar_one_or_none()
    if found is None:
        raise StoreError(f"there is no organisation {organisation}; `hub organisation list NAME` finds them by name")
    return str(found)


def _refresh(connection: Connection, before: str, after: str) -> None:
    connection.execute(_REFRESH, {"from": before, "to": after, "key": None, "place": None})


def _decide(
    connection: Connection,
    kind: str,
    pair: tuple[str, str],
    word: Word,
    part: tuple[str | None, str | None] = (None, None),
) -> int:
    row: dict[str, Any] = {
        "kind": kind,
        "organisation": pair[0],
        "other": pair[1],
        "name_key": part[0],
        "place": part[1],
        "decided": word.at,
        "decided_by": word.by,
        "why": word.why,
    }
    return int(connection.execute(decision_table.insert().returning(decision_table.c.id), row).scalar_one())


def _undo(connection: Connection, kind: str, pair: tuple[str, str], number: int) -> None:
    table = decision_table.c
    about = table.organisation.in_(pair) & table.other.in_(pair) & (table.kind == kind)
    connection.execute(update(decision_table).where(about, table.undone.is_(None)).values(undone=number))
