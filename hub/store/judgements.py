"""What is known of matches, for people: pairs with all their reasons, those to be judged, opportunities of several."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, text

from hub.matching import SHOWN

_EXPLAINED = text(
    "SELECT m.first, m.second, m.score, m.verdict, m.reasons, m.found, d.verdict, d.decided, d.decided_by, d.why "
    "FROM match AS m LEFT JOIN decision AS d ON d.first = m.first AND d.second = m.second "
    "WHERE m.first IN (SELECT value FROM json_each(:wanted)) AND m.second IN (SELECT value FROM json_each(:wanted)) "
    "UNION "
    "SELECT d.first, d.second, coalesce(m.score, 0), coalesce(m.verdict, 'different'), coalesce(m.reasons, '[]'), "
    "coalesce(m.found, d.decided), d.verdict, d.decided, d.decided_by, d.why "
    "FROM decision AS d LEFT JOIN match AS m ON d.first = m.first AND d.second = m.second "
    "WHERE d.first IN (SELECT value FROM json_each(:wanted)) AND d.second IN (SELECT value FROM json_each(:wanted))"
)
# Listings that are the same and stand apart all the same have a rival, or part a group: nobody is sure of them either.
_OPEN = """
    FROM match AS m CROSS JOIN listing AS a ON a.id = m.first CROSS JOIN listing AS b ON b.id = m.second
    WHERE (m.verdict = 'unsure' OR a.opportunity <> b.opportunity)
      AND NOT EXISTS (SELECT 1 FROM decision AS d WHERE d.first = m.first AND d.second = m.second)
"""
_ORDER = """
    EXISTS (SELECT 1 FROM json_each(m.reasons) AS r
            WHERE r.value ->> 'feature' IN (SELECT value FROM json_each(:shown))) DESC, m.score DESC, m.first, m.second
"""
_UNSURE = text(
    f"SELECT m.first, m.second, m.score, m.verdict, m.reasons, m.found, NULL, NULL, NULL, NULL {_OPEN} "
    f"ORDER BY {_ORDER} LIMIT :limit"
)
_COUNT_UNSURE = text(f"SELECT count(*) {_OPEN}")
_SHARED = text(
    "SELECT opportunity, count(*) AS size FROM listing WHERE live = 1 GROUP BY opportunity HAVING size > 1 "
    "ORDER BY size DESC, opportunity LIMIT :limit"
)
_COUNT_SHARED = text(
    "SELECT count(*), coalesce(sum(size), 0) FROM ("
    "SELECT count(*) AS size FROM listing WHERE live = 1 GROUP BY opportunity HAVING size > 1)"
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A pair with all that is known of it; ``decision`` is what a person said, None where nobody did."""

    first: int
    second: int
    score: float
    verdict: str
    reasons: Sequence[Mapping[str, Any]]
    found: str
    decision: str | None
    decided: str | None
    decided_by: str | None
    why: str | None


def explained(connection: Connection, listings: Collection[int]) -> list[Explained]:
    """Return all that is known of the pairs among these listings."""
    return [
        _explained(row) for row in connection.execute(_EXPLAINED, {"wanted": orjson.dumps(list(listings)).decode()})
    ]


def unsure(connection: Connection, limit: int) -> list[Explained]:
    """Return the pairs that a person should judge, the most valuable first, as `Verdict.value` has it."""
    said = {"limit": limit, "shown": orjson.dumps(SHOWN).decode()}
    return [_explained(row) for row in connection.execute(_UNSURE, said)]


def count_unsure(connection: Connection) -> int:
    """Return how many pairs a person should judge."""
    return int(connection.execute(_COUNT_UNSURE).scalar_one())


def shared(connection: Connection, limit: int) -> list[tuple[str, int]]:
    """Return opportunities of several live listings and how many they have, the largest first."""
    return [(opportunity, size) for opportunity, size in connection.execute(_SHARED, {"limit": limit})]


def count_shared(connection: Connection) -> tuple[int, int]:
    """Return how many opportunities have several live listings, and how many listings these are."""
    opportunities, listings = connection.execute(_COUNT_SHARED).one()
    return int(opportunities), int(listings)


def _explained(row: Any) -> Explained:
    first, second, score, verdict, reasons, *rest = row
    return Explained(first, second, score, verdict, orjson.loads(reasons), *rest)
