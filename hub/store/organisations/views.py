"""What people ask of the register: which organisations there are, what one consists of, which pairs are uncertain."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from hub.organisations import Outcome, Reason, Sighting, Verdict, same, taken_apart
from hub.store.organisations.decisions import decided

_LIVE = text(
    "SELECT a.organisation, count(DISTINCT l.opportunity) FROM organisation_listing AS a "
    "JOIN listing AS l ON l.id = a.listing WHERE l.live = 1 GROUP BY a.organisation"
)
_MERGED = text("SELECT id, merged_into FROM organisation WHERE merged_into IS NOT NULL")
_FOUND = text(
    "SELECT o.id, o.name, o.kbo, o.ambiguous, count(n.id) FROM organisation AS o "
    "JOIN organisation_name AS n ON n.organisation = o.id "
    "WHERE :words IS NULL OR o.id = :words OR o.kbo = :words OR o.id IN "
    "(SELECT organisation FROM organisation_name WHERE name LIKE '%' || :words || '%' OR name_key = :key) "
    "GROUP BY o.id"
)
_MENTIONS = text(
    "SELECT name, name_key, source, kbo, place, agency, reason, sum(count) AS count, "
    "min(first_seen) AS first_seen, max(last_seen) AS last_seen "
    "FROM organisation_name WHERE organisation = :id "
    "GROUP BY name, name_key, source, kbo, place, agency, reason ORDER BY sum(count) DESC, name, source, place"
)
_SIGHTED = (
    "SELECT n.organisation, n.source, n.name, coalesce(o.kbo, n.kbo), n.place, n.host, n.agency, n.{by}, o.ambiguous "
    "FROM organisation_name AS n JOIN organisation AS o ON o.id = n.organisation WHERE n.{by} IN "
    "(SELECT {by} FROM organisation_name WHERE {by} IS NOT NULL GROUP BY {by} HAVING count(DISTINCT organisation) > 1) "
    "GROUP BY n.organisation, n.{by}, n.place, n.agency ORDER BY n.{by}, n.organisation"
)
_TOGETHER = (text(_SIGHTED.format(by="name_key")), text(_SIGHTED.format(by="anchor")))
_MOST_OF_ONE_NAME = 40


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation in a list; ``live`` is how many opportunities in the feed are its."""

    id: str
    name: str
    kbo: str | None
    ambiguous: bool
    mentions: int
    live: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One way in which a source names an organisation, why the rules have it there, how often, and since when."""

    name: str
    name_key: str
    source: str
    kbo: str | None
    place: str | None
    agency: bool
    reason: str
    count: int
    first_seen: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Two organisations that may be one: what the rules say, and how many opportunities in the feed are of the two."""

    organisation: str
    name: str
    other: str
    other_name: str
    score: float
    reasons: tuple[str, ...]
    live: int


class _Side(NamedTuple):
    organisation: str
    ambiguous: bool
    sighting: Sighting


def find(connection: Connection, words: str | None = None, *, limit: int = 50) -> list[Listed]:
    """Return the organisations by this name, part of a name, number or id, or all; those with most offers first."""
    live = _live(connection)
    key = taken_apart(words).key if words else None
    found = [
        Listed(row[0], row[1], row[2], bool(row[3]), row[4], live[row[0]])
        for row in connection.execute(_FOUND, {"words": words, "key": key})
    ]
    return sorted(found, key=lambda each: (-each.live, -each.mentions, each.name, each.id))[:limit]


def mentions(connection: Connection, organisation: str) -> Sequence[Mention]:
    """Return how sources name an organisation, the most frequent first."""
    return [_mention(row) for row in connection.execute(_MENTIONS, {"id": organisation})]


def _mention(row: Any) -> Mention:
    values = dict(row._mapping)
    return Mention(**{**values, "agency": bool(values["agency"])})


def ids(connection: Connection, organisation: str) -> list[str]:
    """Return the ids that lead to an organisation beside its own."""
    merged = _merged(connection)
    return sorted(each for each in merged if _root(merged, each) == organisation)


def uncertain(connection: Connection, *, limit: int = 50) -> list[Uncertain]:
    """Return the pairs of organisations that a person should judge, those with most offers in the feed first."""
    live, apart = _live(connection), decided(connection).apart
    found: dict[frozenset[str], Uncertain] = {}
    for statement in _TOGETHER:
        for one, other, verdict in _pairs(connection, statement):
            pair = frozenset((one.organisation, other.organisation))
            if pair not in apart and (pair not in found or found[pair].score < verdict.score):
                found[pair] = _uncertain(one, other, verdict, live)
    return sorted(found.values(), key=lambda each: (-each.live, -each.score, each.organisation, each.other))[:limit]


def _pairs(connection: Connection, statement: Any) -> Iterator[tuple[_Side, _Side, Verdict]]:
    groups: dict[str, list[_Side]] = defaultdict(list)
    for row in connection.execute(statement):
        groups[row[7]].append(_Side(row[0], bool(row[8]), Sighting._make((*row[1:6], bool(row[6])))))
    for sides in groups.values():
        # A name in every town is nobody's to judge pair by pair.
        for one, other in combinations(sides, 2) if len(sides) <= _MOST_OF_ONE_NAME else ():
            if one.organisation != other.organisation and (verdict := _doubt(one, other)):
                yield one, other, verdict


def _doubt(one: _Side, other: _Side) -> Verdict | None:
    """Return the verdict on a pair where it is for a person to give."""
    verdict = same(one.sighting, other.sighting)
    if verdict.outcome is Outcome.same and (one.ambiguous or other.ambiguous):
        return Verdict(Outcome.unsure, verdict.score / 2, (Reason.name_two_numbers, *verdict.reasons))
    return verdict if verdict.outcome is not Outcome.different else None


def _uncertain(one: _Side, other: _Side, verdict: Verdict, live: Counter[str]) -> Uncertain:
    first, second = sorted(
        (one, other), key=lambda side: (-live[side.organisation], side.sighting.kbo is None, side.organisation)
    )
    return Uncertain(
        first.organisation,
        first.sighting.name,
        second.organisation,
        second.sighting.name,
        round(verdict.score, 3),
        tuple(reason.value for reason in verdict.reasons),
        live[one.organisation] + live[other.organisation],
    )


def _live(connection: Connection) -> Counter[str]:
    merged, live = _merged(connection), Counter[str]()
    for organisation, count in connection.execute(_LIVE):
        live[_root(merged, organisation)] += count
    return live


def _merged(connection: Connection) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(_MERGED)}


def _root(merged: Mapping[str, str], organisation: str) -> str:
    while organisation in merged:
        organisation = merged[organisation]
    return organisation
