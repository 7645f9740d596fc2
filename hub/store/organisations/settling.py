"""Where new mentions belong, and what they change about those of the same name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from hub.organisations import Home, Placed, Reason, near, resolve, taken_apart
from hub.store.organisations import rows as rows_of
from hub.store.organisations.decisions import Decided, decided
from hub.store.organisations.rows import Row

_FOUND = text(
    "SELECT id, kbo, ambiguous FROM organisation WHERE id IN (SELECT value FROM json_each(:ids)) "
    "OR kbo IN (SELECT value FROM json_each(:numbers))"
)
_TAKEN = text("SELECT id FROM organisation WHERE id IN (SELECT value FROM json_each(:ids))")
_FOUND_NEW = text(
    "INSERT INTO organisation (id, kbo, name, ambiguous, first_seen) SELECT r.value ->> 0, r.value ->> 1, "
    "r.value ->> 2, r.value ->> 3, r.value ->> 4 FROM json_each(:rows) AS r"
)
_LEARN = text(
    "UPDATE organisation SET kbo = learned.value FROM json_each(:learned) AS learned "
    "WHERE organisation.id = learned.key"
)
_LEFT = text(
    "SELECT w.value FROM json_each(:ids) AS w WHERE NOT EXISTS (SELECT 1 FROM organisation_name WHERE home = w.value)"
)
_MERGE = text("UPDATE organisation SET merged_into = :to, merged_by = 'rule' WHERE id = :id AND merged_into IS NULL")
_FOLLOW = text("UPDATE organisation_name SET organisation = :to WHERE organisation = :id")


class Settled(NamedTuple):
    """The organisation of each new mention by its number, and the organisations that lost some of theirs."""

    organisations: dict[int, str]
    retracted: frozenset[str]


class _Organisation(NamedTuple):
    kbo: str | None
    ambiguous: bool


@dataclass(slots=True)
class _Homes:
    """Which organisation each home is, while mentions are settled.

    Attributes:
        known: the organisations that the mentions are of, and those of their numbers.
        by_kbo: the organisation of each number.
        made: new ones: their id, number, first name, whether they are ambiguous, and since when.
        learned: the number that each of these was found to have.
        taken: organisations that some home is already.
    """

    known: dict[str, _Organisation]
    by_kbo: dict[str, str]
    now: str
    made: list[tuple[str, str | None, str, int, str]] = field(default_factory=list)
    learned: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def choose(self, home: Home, members: Sequence[Row], whole: Mapping[str, int]) -> str | None:
        """Return the organisation that a home is already: that of its number, else the one most of it was."""
        if home.kbo and home.kbo in self.by_kbo:
            return self.by_kbo[home.kbo]
        counts = Counter[str]()
        for row in members:
            if row.home:
                counts[row.home] += row.count
        fit = [each for each in counts if self._may_be(each, home, members, whole)]
        return min(fit, key=lambda each: (-counts[each], each), default=None)

    def _may_be(self, identifier: str, home: Home, members: Sequence[Row], whole: Mapping[str, int]) -> bool:
        known = self.known[identifier]
        if known.kbo or identifier in self.taken or known.ambiguous != home.ambiguous:
            return False
        # One that would be torn apart gains no number: who keeps its id must be what it was.
        return home.kbo is None or whole[identifier] == sum(row.home == identifier for row in members)

    def found(self, identifier: str, home: Home, members: Sequence[Row]) -> None:
        """Add a new organisation."""
        name = min(members, key=lambda row: (row.sighting.name.isupper(), -row.count, row.sighting.name)).sighting.name
        self.made.append((identifier, home.kbo, name, int(home.ambiguous), self.now))
        self.known[identifier] = _Organisation(home.kbo, home.ambiguous)

    def learn(self, identifier: str, kbo: str) -> None:
        """Note that an organisation has this number."""
        self.by_kbo[kbo] = identifier
        if self.known[identifier].kbo is None:
            self.known[identifier] = _Organisation(kbo, ambiguous=False)
            self.learned[identifier] = kbo


def settle(connection: Connection, fresh: Sequence[Row], *, now: str) -> Settled:
    """Put new mentions where they belong, move those of the same names that belong elsewhere now, and write all."""
    keys = {taken_apart(row.sighting.name).key for row in fresh}
    around = _around(connection, fresh, keys)
    rows = [*rows_of.of_names(connection, keys | around), *fresh]
    return place(connection, rows, around=around, now=now)


def place(connection: Connection, rows: Sequence[Row], *, around: set[str], now: str) -> Settled:
    """Put all of these mentions where they belong, and write what changes.

    Args:
        connection: a transaction that writes.
        rows: every mention by some names, new ones too.
        around: names that are here only as neighbours, whose own neighbours may not be.
        now: the moment, ISO 8601 in UTC.
    """
    placed = resolve([row.sighting for row in rows])
    groups: dict[Home, list[Row]] = defaultdict(list)
    for row, there in zip(rows, placed, strict=True):
        if not _keeps_near(row, there, around):
            groups[there.home].append(row)
    homes = _homes(connection, rows, groups, now)
    decisions = decided(connection)
    targets = _targets(connection, homes, groups, decisions)
    before = {row.id: row.home for row in rows}
    moved = _assign(zip(rows, placed, strict=True), targets, decisions)
    _write(connection, homes, [row for row in moved if not before[row.id]], [row for row in moved if before[row.id]])
    retracted = _leave(connection, moved, before)
    return Settled({row.id: row.organisation for row in rows if not before[row.id]}, retracted)


def _around(connection: Connection, fresh: Sequence[Row], keys: set[str]) -> set[str]:
    """Return the keys of names in the same places that are nearly one of these."""
    by_anchor: dict[str, list[Row]] = defaultdict(list)
    for row in fresh:
        if anchor := rows_of.anchor(row.sighting):
            by_anchor[anchor].append(row)
    found = set()
    for anchor, name in rows_of.anchored(connection, by_anchor) if by_anchor else ():
        other = taken_apart(name)
        if other.key not in keys and any(near(taken_apart(row.sighting.name), other) for row in by_anchor[anchor]):
            found.add(other.key)
    return found


def _keeps_near(row: Row, there: Placed, around: set[str]) -> bool:
    """Say whether a neighbour stays with a name nearly like it that is not here to be seen."""
    was, now = row.reason == Reason.name_near, there.reason == Reason.name_near
    return was and not now and taken_apart(row.sighting.name).key in around


def _homes(connection: Connection, rows: Sequence[Row], groups: Iterable[Home], now: str) -> _Homes:
    wanted = {
        "ids": orjson.dumps(sorted({row.home for row in rows if row.home})).decode(),
        "numbers": orjson.dumps(sorted({home.kbo for home in groups if home.kbo})).decode(),
    }
    found = connection.execute(_FOUND, wanted).all()
    known = {row[0]: _Organisation(row[1], bool(row[2])) for row in found}
    return _Homes(known, {row[1]: row[0] for row in found if row[1]}, now)


def _targets(
    connection: Connection, homes: _Homes, groups: Mapping[Home, list[Row]], decisions: Decided
) -> dict[int, str]:
    """Return the organisation that the rules give each mention, by its number; those people keep apart stay so."""
    whole = Counter(row.home for members in groups.values() for row in members)
    ordered = sorted(groups.items(), key=lambda item: (item[0].kbo is None, item[0].kbo or "", item[0][1:]))
    chosen: dict[Home, str] = {}
    for home, members in ordered:
        if identifier := homes.choose(home, members, whole):
            chosen[home] = identifier
            homes.taken.add(identifier)
            if home.kbo:
                homes.learn(identifier, home.kbo)
    new = _new_ids(connection, [home for home, _members in ordered if home not in chosen])
    for home, identifier in new.items():
        homes.found(identifier, home, groups[home])
    targets: dict[int, str] = {}
    for home, members in ordered:
        targets |= _heeding(decisions, chosen.get(home) or new[home], members)
    return targets


def _heeding(decisions: Decided, target: str, members: Sequence[Row]) -> dict[int, str]:
    """Return the target for each member, but for names that a person keeps apart from it the home they have."""
    if not decisions.apart:
        return {row.id: target for row in members}
    kept = {
        taken_apart(row.sighting.name).key: row.home
        for row in members
        if row.home and not row.sighting.kbo and frozenset((row.home, target)) in decisions.apart
    }
    return {
        row.id: target if row.sighting.kbo else kept.get(taken_apart(row.sighting.name).key, target) for row in members
    }


def _new_ids(connection: Connection, homes: Sequence[Home]) -> dict[Home, str]:
    """Return an id that nobody has for each home: of its number, else of its name and where it is."""
    found: dict[Home, str] = {}
    waiting, turn = list(homes), 0
    while waiting:
        tried = {home: _founded(home, turn) for home in waiting}
        asked = orjson.dumps(list(tried.values())).decode()
        taken = set(connection.execute(_TAKEN, {"ids": asked}).scalars()) | set(found.values())
        for home, identifier in tried.items():
            if identifier not in taken:
                found[home] = identifier
                taken.add(identifier)
        waiting, turn = [home for home in waiting if home not in found], turn + 1
    return found


def _founded(home: Home, turn: int) -> str:
    again = str(turn) if turn else None
    if home.kbo:
        return rows_of.organisation_id("kbo", home.kbo, again)
    return rows_of.organisation_id("name", home.name, "agency" if home.agency else "", home.form, home.scope, again)


def _assign(placed: Iterable[tuple[Row, Placed]], targets: Mapping[int, str], decisions: Decided) -> list[Row]:
    """Write into each mention where it belongs, and return those that moved or are new."""
    moved, nothing = [], decisions.nothing
    for row, there in placed:
        home = targets.get(row.id, row.home)
        organisation = (
            home if nothing else decisions.final(home, taken_apart(row.sighting.name).key, row.sighting.place)
        )
        reason = there.reason if row.id in targets else row.reason
        if home != row.home or organisation != row.organisation or reason != row.reason:
            row.home, row.organisation, row.reason = home, organisation, reason
            moved.append(row)
    return moved


def _write(connection: Connection, homes: _Homes, fresh: Sequence[Row], moved: Sequence[Row]) -> None:
    if homes.made:
        connection.execute(_FOUND_NEW, {"rows": orjson.dumps(homes.made).decode()})
    if homes.learned:
        connection.execute(_LEARN, {"learned": orjson.dumps(homes.learned).decode()})
    rows_of.insert(connection, fresh)
    rows_of.move(connection, moved)


def _leave(connection: Connection, moved: Sequence[Row], before: Mapping[int, str]) -> frozenset[str]:
    """Merge the organisations that all mentions went from to one other, and return those that only lost some."""
    gone: dict[str, Counter[str]] = defaultdict(Counter)
    for row in moved:
        if before[row.id] and before[row.id] != row.home:
            gone[before[row.id]][row.home] += row.count
    if not gone:
        return frozenset()
    empty = set(connection.execute(_LEFT, {"ids": orjson.dumps(sorted(gone)).decode()}).scalars())
    for identifier in sorted(empty):
        survivor = min(gone[identifier], key=lambda each: (-gone[identifier][each], each))
        connection.execute(_MERGE, {"id": identifier, "to": survivor})
        connection.execute(_FOLLOW, {"id": identifier, "to": survivor})
    return frozenset(each for each, to in gone.items() if each not in empty or len(to) > 1)
