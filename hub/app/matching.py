"""Matches for people: which listings are one opportunity and why, what is uncertain, and deciding otherwise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import combinations, product
from typing import Any

import orjson

from hub.app import explaining
from hub.app.hub import Hub
from hub.errors import StoreError
from hub.matching import NEVER, compare, features
from hub.pipeline import deciding
from hub.pipeline.deciding import Decided
from hub.store import Connection, judgements, matches, passport
from hub.store.judgements import Explained

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One listing of a pair: its source, its id there, its opportunity, and what it says first."""

    number: int
    source: str
    local_id: str
    opportunity: str
    title: str
    organisation: str
    place: str
    url: str | None

    @property
    def name(self) -> str:
        """How a person names it: ``source/local id``."""
        return f"{self.source}/{self.local_id}"


@dataclass(frozen=True, slots=True)
class Match:
    """A pair of listings, and what the rules and people make of it."""

    first: Side
    second: Side
    pair: Explained

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Shown:
    """The listings of an opportunity, the canonical one first, and the pairs among them."""

    opportunity: str
    listings: Sequence[Side]
    matches: Sequence[Match]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Overview:
    """How many listings share an opportunity, how many opportunities that makes, and how many pairs are uncertain."""

    opportunities: int
    listings: int
    unsure: int


def overview(hub: Hub) -> Overview:
    """Return how much is matched."""
    with hub.database.read() as connection:
        opportunities, listings = judgements.count_shared(connection)
        return Overview(opportunities, listings, judgements.count_unsure(connection))


def show(hub: Hub, name: str) -> Shown:
    """Return why the listings of an opportunity are one; also what they nearly match outside of it.

    Args:
        hub: the opened hub.
        name: of the opportunity, or of one of its listings.
    """
    with hub.database.read() as connection:
        numbers = _live(connection, hub, name)
        around = {number for pair in matches.pairs(connection, numbers) for number in pair[:2]}
        sides = _sides(connection, {*numbers, *around})
        found = [
            each for each in judgements.explained(connection, list(sides)) if {each.first, each.second} & set(numbers)
        ]
        opportunity = sides[numbers[0]].opportunity
        order = _order(connection, opportunity)
    listed = sorted((sides[number] for number in numbers), key=lambda side: order.get((side.source, side.local_id), 0))
    return Shown(opportunity, listed, [_match(each, sides) for each in found if _known(each, sides)])


def queue(hub: Hub, limit: int = 20) -> list[Match]:
    """Return the pairs that a person should judge, the most valuable first."""
    with hub.database.read() as connection:
        found = judgements.unsure(connection, limit)
        sides = _sides(connection, {number for each in found for number in (each.first, each.second)})
    return [_match(each, sides) for each in found if _known(each, sides)]


def confirm(
    hub: Hub, first: str, second: str, *, by: str, why: str | None, anyway: bool = False
) -> tuple[int, int] | None:
    """Record that two opportunities, or listings, are one, and publish them so; return the positions spent.

    Args:
        hub: the opened hub.
        first: a listing, or an opportunity.
        second: what it is the same as; whatever either is one with already comes along.
        by: who decides.
        why: what they say about it.
        anyway: whether it holds even of what the rules would never join: two of one source, or of two employers.

    Raises:
        StoreError: they are one already, can never be, or would be joined against the rules without ``anyway``.
    """
    with hub.database.read() as connection:
        ours, theirs = _live(connection, hub, first), _live(connection, hub, second)
        if set(ours) & set(theirs):
            raise StoreError(f"{first} and {second} are one opportunity already")
        if len({member.kind for member in matches.members(connection, [*ours, *theirs])}) > 1:
            raise StoreError(f"{first} and {second} are a vacancy and a programme, which are never one")
        if not anyway and (against := _against(connection, ours, theirs)):
            raise StoreError(
                f"{first} and {second} would be joined against the rules. {against} "
                "If they are one all the same, add --anyway"
            )
    return _decide(hub, list(product(ours, theirs)), "same", by=by, why=why)


def _against(connection: Connection, ours: Sequence[int], theirs: Sequence[int]) -> str | None:
    """Return why listings that are to be one would never be by the rules; None where these leave it open."""
    sides = _sides(connection, {*ours, *theirs})
    published = matches.versions(connection, list(sides))
    read = {number: features(orjson.loads(body)) for number, body in published.items()}
    for one, other in product(ours, theirs):
        first = compare(read[one], read[other]).reasons[0]
        if first.feature in NEVER:
            return f"{sides[one].name} and {sides[other].name}: {explaining.sentence(first.as_dict())}"
    return None


def split(hub: Hub, first: str, second: str | None, *, by: str, why: str | None) -> tuple[int, int] | None:
    """Record that listings are not one opportunity, and return the positions spent.

    Args:
        hub: the opened hub.
        first: a listing, or an opportunity.
        second: what it is not the same as; by default the others of its opportunity: of an opportunity, all part.
        by: who decides.
        why: what they say about it.
    """
    with hub.database.read() as connection:
        ours = _live(connection, hub, first, alone=True)
        theirs = _live(connection, hub, second, alone=True) if second else _others(connection, ours)
    pairs = list(product(ours, theirs)) if theirs else list(combinations(ours, 2))
    if not pairs:
        raise StoreError(f"{first} stands alone, so there is nothing to part")
    if set(ours) & set(theirs):
        raise StoreError(f"{first} and {second} are one listing; name two")
    return _decide(hub, pairs, "different", by=by, why=why)


def again(hub: Hub, progress: Progress = lambda _step, _done, _total: None) -> int:
    """Match every listing anew, and return how many positions that spends."""
    return deciding.match_all(hub.database, hub.data / "plans", datetime.now(UTC), progress=progress)


def renew(hub: Hub, progress: Progress = lambda _step, _done, _total: None) -> bool:
    """Match every listing anew where the rules changed since, and say whether that was so."""
    if deciding.is_matched(hub.database):
        return False
    again(hub, progress)
    return True


def _decide(
    hub: Hub, pairs: Sequence[tuple[int, int]], verdict: str, *, by: str, why: str | None
) -> tuple[int, int] | None:
    with hub.database.read() as connection:
        source = matches.members(connection, [pairs[0][0]])[0].source
    decided = Decided(verdict, by, why, datetime.now(UTC))
    return deciding.decide(hub.database, hub.data / "plans", source, pairs, decided)


def _others(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Return the other listings of the opportunity of one listing; none of a whole opportunity."""
    return sorted(matches.mates(connection, numbers) - set(numbers)) if len(numbers) == 1 else []


def _live(connection: Connection, hub: Hub, name: str, *, alone: bool = False) -> list[int]:
    """Return the numbers of the live listings that a person names; StoreError when there are none.

    Args:
        connection: a transaction.
        hub: the opened hub.
        name: ``source/local id``, or the id or address of an opportunity.
        alone: whether a listing stands for itself only, not for its whole opportunity.
    """
    source, slash, local_id = name.partition("/")
    if slash and source in {each.id for each in hub.config.sources}:
        found = passport.numbers(connection, local_id, source)
    else:
        wanted = name.rstrip("/").rpartition("/")[2] if name.startswith(("http://", "https://")) else name
        found = passport.numbers(connection, wanted)
    if not found:
        raise StoreError(
            f"nothing live is called {name}; name an opportunity by its id or address, or a listing as source/id"
        )
    if len({member.opportunity for member in matches.members(connection, found)}) > 1:
        raise StoreError(f"several listings are called {name}; name the one that you mean as source/id")
    return found if alone else sorted(matches.mates(connection, found))


def _sides(connection: Connection, numbers: set[int]) -> dict[int, Side]:
    versions = matches.versions(connection, numbers)
    return {
        member.id: _side(member, orjson.loads(versions[member.id]))
        for member in matches.members(connection, numbers)
        if member.id in versions
    }


def _side(member: matches.Member, said: Mapping[str, Any]) -> Side:
    place = (said.get("places") or [{}])[0]
    where = " ".join(str(place[name]) for name in ("postalCode", "municipality") if name in place)
    title = next(iter(said["title"].values()))
    organisation = said["organisation"]["name"]
    return Side(
        member.id, member.source, member.local_id, member.opportunity, title, organisation, where, said.get("url")
    )


def _order(connection: Connection, opportunity: str) -> dict[tuple[str, str], int]:
    """Return the listings of an opportunity in the order they are published."""
    body = matches.standing(connection, [opportunity])[opportunity].body
    said = orjson.loads(body) if body else {"listings": []}
    return {(each["source"], each["localId"]): place for place, each in enumerate(said["listings"])}


def _known(pair: Explained, sides: Mapping[int, Side]) -> bool:
    return pair.first in sides and pair.second in sides


def _match(pair: Explained, sides: Mapping[int, Side]) -> Match:
    return Match(sides[pair.first], sides[pair.second], pair)
