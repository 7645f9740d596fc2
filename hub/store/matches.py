"""Which listings have something in common, which pairs of them are one opportunity, and what people decided of pairs.

Listings go by their numbers; of a pair the lower comes first. Keys are signed 64-bit integers (`hub/matching`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, text

from hub.store import listing_feed
from hub.store.stamps import stamp, stamped

CROWDED = 50
"""A key that more listings have than this tells too little; it leads to no candidates."""

_BATCH = 2000
_CHANGED = text(
    "SELECT l.id, f.bytes FROM plan.entry AS e CROSS JOIN listing AS l ON l.id = e.listing "
    "LEFT JOIN feature AS f ON f.listing = l.id WHERE e.body IS NOT NULL OR l.live = 0"
)
_PUBLISHED = text(
    "SELECT e.place, l.id, e.body FROM plan.entry AS e CROSS JOIN listing AS l "
    "ON l.source = :source AND l.local_id = e.local_id WHERE e.body IS NOT NULL ORDER BY e.place"
)
_FROM_PLAN = (
    """
    INSERT INTO feature (listing, bytes)
    SELECT l.id, f.bytes FROM plan.feature AS f CROSS JOIN plan.entry AS e ON e.place = f.place
    CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id ORDER BY l.id
    """,
    """
    INSERT OR IGNORE INTO block (key, listing)
    SELECT b.key, l.id FROM plan.block AS b CROSS JOIN plan.entry AS e ON e.place = b.place
    CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id ORDER BY b.key
    """,
    """
    INSERT OR REPLACE INTO match (first, second, score, verdict, reasons, found)
    SELECT min(l.id, p.other), max(l.id, p.other), p.score, p.verdict, p.reasons, :now
    FROM plan.pair AS p CROSS JOIN plan.entry AS e ON e.place = p.place
    CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id
    """,
)
# A key is counted before it is followed; CROSS JOIN pins the order of the loops.
_CANDIDATES = text(
    """
    SELECT k.key, b.listing FROM (
      SELECT value AS key FROM json_each(:wanted) AS w
      WHERE (SELECT count(*) FROM (SELECT 1 FROM block AS c WHERE c.key = w.value LIMIT :crowded + 1))
        BETWEEN 1 AND :crowded) AS k
    CROSS JOIN block AS b ON b.key = k.key CROSS JOIN listing AS l ON l.id = b.listing WHERE l.source <> :source
    """
)
_FEATURES = text(
    "SELECT f.listing, f.bytes FROM json_each(:wanted) AS w CROSS JOIN feature AS f ON f.listing = w.value"
)
_FORGET = text("DELETE FROM feature WHERE listing IN (SELECT value FROM json_each(:wanted))")
_UNPAIR = (
    text("DELETE FROM match WHERE first IN (SELECT value FROM json_each(:wanted))"),
    text("DELETE FROM match WHERE second IN (SELECT value FROM json_each(:wanted))"),
)
_ANY_LIVE = text("SELECT EXISTS (SELECT 1 FROM listing WHERE live = 1)")
_WRITTEN, _MATCHED = "features", "matching"
_PAIRED = """
    SELECT first, second, score, verdict FROM match WHERE first IN (SELECT value FROM json_each(:wanted))
    UNION
    SELECT first, second, score, verdict FROM match WHERE second IN (SELECT value FROM json_each(:wanted))
"""
_DECIDED = """
    SELECT first, second, verdict FROM decision WHERE first IN (SELECT value FROM json_each(:wanted))
    UNION
    SELECT first, second, verdict FROM decision WHERE second IN (SELECT value FROM json_each(:wanted))
"""
_MEMBERS = text(
    "SELECT l.id, l.source, l.local_id, l.live, l.opportunity, l.kind, l.first_seen, l.missing, l.doubt, l.ended, "
    "l.merged_into FROM json_each(:wanted) AS w CROSS JOIN listing AS l ON l.id = w.value ORDER BY l.id"
)
_MATES = text(
    "SELECT DISTINCT mate.id FROM json_each(:wanted) AS w CROSS JOIN listing AS l ON l.id = w.value "
    "CROSS JOIN listing AS mate ON mate.opportunity = l.opportunity WHERE mate.live = 1"
)
_VERSIONS = text(
    "SELECT v.listing, v.bytes FROM json_each(:wanted) AS w CROSS JOIN version AS v ON v.listing = w.value"
)
_STANDING = text(
    "SELECT o.id, o.reason, b.bytes FROM json_each(:wanted) AS w CROSS JOIN opportunity AS o ON o.id = w.value "
    "LEFT JOIN body AS b ON b.position = o.position"
)
# Of the listings of a plan, those that are not certain to stand alone: they have a pair, a decision, or mates.
_SUSPECTS = text(
    """
    WITH planned AS (
      SELECT l.id, l.opportunity FROM plan.entry AS e CROSS JOIN listing AS l
      ON l.source = :source AND l.local_id = e.local_id)
    SELECT id FROM planned AS p
    WHERE EXISTS (SELECT 1 FROM match AS m WHERE m.first = p.id AND m.verdict = 'same')
       OR EXISTS (SELECT 1 FROM match AS m WHERE m.second = p.id AND m.verdict = 'same')
       OR EXISTS (SELECT 1 FROM decision AS d WHERE d.first = p.id OR d.second = p.id)
       OR EXISTS (SELECT 1 FROM listing AS o WHERE o.opportunity = p.opportunity AND o.id <> p.id AND o.live = 1)
    """
)
_ARRIVED = text(
    "SELECT l.id FROM plan.entry AS e CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id "
    "WHERE e.action IN ('created', 'returned')"
)
_ENDING = text("SELECT listing FROM plan.entry WHERE action IN ('withdrawn', 'expired', 'merged')")
_LEAD_ON = (
    "UPDATE listing SET merged_into = ? WHERE merged_into = ? "
    "AND id IN (SELECT listing FROM plan.entry WHERE action = 'merged')"
)
_LIVED_IN = text("SELECT EXISTS (SELECT 1 FROM listing WHERE opportunity = :id AND live = 1)")
_DECIDE = text(
    "INSERT INTO decision (first, second, verdict, decided, decided_by, why) "
    "VALUES (:first, :second, :verdict, :decided, :by, :why) ON CONFLICT (first, second) DO UPDATE SET "
    "verdict = excluded.verdict, decided = excluded.decided, decided_by = excluded.decided_by, why = excluded.why"
)


class Member(NamedTuple):
    """A listing as far as it matters for which opportunity it is part of."""

    id: int
    source: str
    local_id: str
    live: int
    opportunity: str
    kind: str
    first_seen: str
    missing: str | None
    doubt: str | None
    ended: str | None
    merged_into: str | None


class Pair(NamedTuple):
    """Two listings and what the rules make of them: ``same`` or ``unsure``."""

    first: int
    second: int
    score: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an opportunity stands in the feed before it is told anew."""

    reason: str | None
    body: bytes | None


def changed(connection: Connection) -> list[tuple[int, bytes | None]]:
    """Return the listings whose features the attached plan makes obsolete, and these, None where there are none."""
    return [(number, packed) for number, packed in connection.execute(_CHANGED)]


def forget(connection: Connection, listings: Collection[int], blocks: Sequence[tuple[int, int]]) -> None:
    """Forget what listings are compared by.

    Args:
        connection: a transaction.
        listings: their numbers.
        blocks: the keys they are found by, each with its listing.
    """
    if blocks:
        connection.exec_driver_sql("DELETE FROM block WHERE key = ? AND listing = ?", list(blocks))
    for numbers in _in_batches(listings):
        connection.execute(_FORGET, {"wanted": _json(numbers)})


def unpair(connection: Connection, listings: Collection[int]) -> None:
    """Forget what the rules made of all pairs of these listings; decisions stay."""
    for numbers in _in_batches(listings):
        for statement in _UNPAIR:
            connection.execute(statement, {"wanted": _json(numbers)})


def partners(connection: Connection, listings: Collection[int]) -> set[int]:
    """Return the listings that are the same opportunity as one of these, as far as the rules say."""
    found = [pair for numbers in _in_batches(listings) for pair in pairs(connection, numbers) if pair.verdict == "same"]
    return {number for pair in found for number in pair[:2]}


def take_planned(connection: Connection, *, source: str, now: str) -> None:
    """Keep the features, keys and pairs that were found while the attached plan was made."""
    for step in _FROM_PLAN:
        connection.exec_driver_sql(step, {"source": source, "now": now})


def put(connection: Connection, features: Sequence[tuple[int, bytes]], blocks: Sequence[tuple[int, int]]) -> None:
    """Keep features and keys of listings."""
    if features:
        connection.exec_driver_sql("INSERT OR REPLACE INTO feature VALUES (?, ?)", list(features))
    if blocks:
        connection.exec_driver_sql("INSERT OR IGNORE INTO block VALUES (?, ?)", sorted(blocks))


def put_pairs(connection: Connection, pairs: Sequence[tuple[int, int, float, str, str]], *, now: str) -> None:
    """Keep pairs, each with its score, its verdict and its reasons as JSON; in any order of the two."""
    if pairs:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO match VALUES (?, ?, ?, ?, ?, ?)",
            [(min(a, b), max(a, b), *said, now) for a, b, *said in pairs],
        )


def planned(connection: Connection, source: str) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the listings that the attached plan publishes, and what it publishes of each, in batches."""
    rows = connection.execute(_PUBLISHED, {"source": source}).all()
    for start in range(0, len(rows), _BATCH):
        yield [(number, body) for _place, number, body in rows[start : start + _BATCH]]


def candidates(connection: Connection, keys: Iterable[tuple[int, int]], *, source: str) -> list[tuple[int, int]]:
    """Return which listings of other sources have one of these keys, each with the number that the key came with.

    Args:
        connection: a transaction.
        keys: keys, each with a number.
        source: id of the source whose listings are left out.
    """
    whose: dict[int, list[int]] = {}
    for key, number in keys:
        whose.setdefault(key, []).append(number)
    rows = connection.execute(_CANDIDATES, {"wanted": _json(whose), "source": source, "crowded": CROWDED})
    return sorted({(number, other) for key, other in rows for number in whose[key]})


def features(connection: Connection, listings: Collection[int]) -> dict[int, bytes]:
    """Return the features of listings."""
    return _each(connection, _FEATURES, listings)


def versions(connection: Connection, listings: Collection[int]) -> dict[int, bytes]:
    """Return what is published of each of these listings where it stands alone."""
    return _each(connection, _VERSIONS, listings)


def suspects(connection: Connection, source: str) -> list[int]:
    """Return the listings of the attached plan that are not certain to stand alone, before it and after."""
    return list(connection.execute(_SUSPECTS, {"source": source}).scalars())


def arrived(connection: Connection, source: str) -> set[int]:
    """Return the listings that are live by the attached plan and were not before it."""
    return set(connection.execute(_ARRIVED, {"source": source}).scalars())


def ending(connection: Connection) -> set[int]:
    """Return the listings that the attached plan ends."""
    return set(connection.execute(_ENDING).scalars())


def pairs(connection: Connection, listings: Collection[int]) -> list[Pair]:
    """Return the pairs that any of these listings is part of."""
    return [Pair(*row) for row in connection.execute(text(_PAIRED), {"wanted": _json(listings)})]


def decisions(connection: Connection, listings: Collection[int]) -> dict[tuple[int, int], str]:
    """Return what people decided of the pairs that any of these listings is part of: ``same`` or ``different``."""
    rows = connection.execute(text(_DECIDED), {"wanted": _json(listings)})
    return {(first, second): verdict for first, second, verdict in rows}


def decide(
    connection: Connection, pair: tuple[int, int], verdict: str, *, decided: str, by: str, why: str | None
) -> None:
    """Record what a person says of a pair; it replaces what was said of it before."""
    values = {"first": min(pair), "second": max(pair), "verdict": verdict}
    connection.execute(_DECIDE, values | {"decided": decided, "by": by, "why": why})


def members(connection: Connection, listings: Collection[int]) -> list[Member]:
    """Return these listings."""
    return [Member(*row) for row in connection.execute(_MEMBERS, {"wanted": _json(listings)})]


def mates(connection: Connection, listings: Collection[int]) -> set[int]:
    """Return the live listings of the opportunities that these listings are part of."""
    return set(connection.execute(_MATES, {"wanted": _json(listings)}).scalars())


def rewrite(connection: Connection, versions: Iterable[tuple[int, bytes]]) -> None:
    """Let what is published of these listings alone be this."""
    rows = [(body, number) for number, body in versions]
    if rows:
        connection.exec_driver_sql("UPDATE version SET bytes = ? WHERE listing = ?", rows)
        listing_feed.note_also(connection, [number for _, number in rows])


def standing(connection: Connection, opportunities: Collection[str]) -> dict[str, Standing]:
    """Return how opportunities stand in the feed."""
    rows = connection.execute(_STANDING, {"wanted": _json(opportunities)})
    return {row[0]: Standing(row[1], row[2]) for row in rows}


def move(connection: Connection, moves: Iterable[tuple[int, str]]) -> None:
    """Let listings be part of these opportunities from now on."""
    rows = [(opportunity, number) for number, opportunity in moves]
    if rows:
        connection.exec_driver_sql("UPDATE listing SET opportunity = ? WHERE id = ?", rows)


def lead_on(connection: Connection, went: Mapping[str, str]) -> None:
    """Let those that the attached plan calls doubles lead to where the listings went that they are doubles of."""
    if went:
        connection.exec_driver_sql(_LEAD_ON, [(new, old) for old, new in went.items()])


def is_lived_in(connection: Connection, opportunity: str) -> bool:
    """Say whether a live listing is part of an opportunity."""
    return bool(connection.execute(_LIVED_IN, {"id": opportunity}).scalar())


def prepare(connection: Connection, rules: int) -> None:
    """Forget what an older edition of the rules wrote down to compare listings by, which this one cannot read."""
    if stamped(connection, _WRITTEN) == rules:
        return
    for table in ("block", "feature"):
        connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - constants only
    stamp(connection, _WRITTEN, rules)
    if not connection.execute(_ANY_LIVE).scalar():
        stamp(connection, _MATCHED, rules)


def finish(connection: Connection, rules: int) -> None:
    """Record that every listing was matched by this edition of the rules."""
    stamp(connection, _MATCHED, rules)


def is_matched(connection: Connection, rules: int) -> bool:
    """Say whether every listing was matched by this edition of the rules."""
    return stamped(connection, _MATCHED) == rules or not connection.execute(_ANY_LIVE).scalar()


def _each(connection: Connection, statement: Any, listings: Collection[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for numbers in _in_batches(listings):
        found.update((row[0], row[1]) for row in connection.execute(statement, {"wanted": _json(numbers)}))
    return found


def _in_batches(values: Collection[int]) -> Iterator[list[int]]:
    listed = list(values)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]


def _json(values: Collection[Any]) -> str:
    return orjson.dumps(list(values)).decode()
