"""Finding the listings of other sources that may be the same opportunity: while a plan is made, before it is applied.

The store leads to candidates by keys they have in common, the rules of `hub.matching` judge each pair.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from hub.matching import VERSION, Decision, Features, compare, features, keys
from hub.pipeline.register import Register
from hub.store import Connection, Database, matches, publication
from hub.store.plan_file import PlanFile

Found = tuple[int, int, float, str, str]
"""A number of ours, a listing of another source, the score, the verdict, and the reasons as JSON."""


def describe_plan(database: Database, plan: PlanFile) -> None:
    """Write into a plan what the register knows of the organisations, and what its listings are compared by."""
    register = Register()
    for batch in plan.published():
        belongs = plan.organisations([place for place, _ in batch])
        with database.read() as connection:
            register.look_up(connection, set(belongs.values()))
        fuller, compared, blocks = [], [], []
        for place, body in batch:  # one after the other: much at once makes much for the collector of garbage to visit
            said = orjson.loads(body)
            if register.describe(said, belongs[place]):
                fuller.append((place, orjson.dumps(said)))
            mine = features(said)
            compared.append((place, mine.packed()))
            blocks += [(place, key) for key in keys(mine)]
        plan.describe(fuller)
        plan.add_features(compared, blocks)


def is_fresh(database: Database, plan: PlanFile) -> bool:
    """Say whether the store is as it was when matches were looked for."""
    with database.read() as connection:
        return plan.matched_at() == publication.head(connection)


def match_plan(database: Database, plan: PlanFile, source: str) -> None:
    """Write into a plan which listings of other sources those that it publishes match, as the store is now."""
    with database.read() as connection:
        head = publication.head(connection)
        found = [
            pair
            for batch in plan.featured()
            for pair in _pairs(connection, source, dict(batch), plan.blocks(batch[0][0], batch[-1][0]))
        ]
    plan.matched(found, head)


def match_now(connection: Connection, source: str, *, now: str) -> set[int]:
    """Take the matches of the attached plan over; look for them here and now where the store has moved on since.

    Called when the listings have changed as the plan says. Returns the listings that matched one as it was before.
    """
    matches.prepare(connection, VERSION)
    old = matches.changed(connection)
    lost = matches.partners(connection, [number for number, _ in old])
    changed = [number for number, _ in old]
    matches.forget(connection, changed, _keyed((number, packed) for number, packed in old if packed))
    matches.unpair(connection, changed)
    if publication.matched_at(connection) == publication.head(connection):
        matches.take_planned(connection, source=source, now=now)
        return lost
    for batch in matches.planned(connection, source):
        read = [(number, features(orjson.loads(body))) for number, body in batch]
        packed, blocks = [(number, mine.packed()) for number, mine in read], _blocks(read)
        matches.put(connection, packed, blocks)
        matches.put_pairs(connection, list(_pairs(connection, source, dict(packed), blocks)), now=now)
    return lost


def describe_again(connection: Connection, numbers: Collection[int]) -> None:
    """Make anew what live listings are compared by."""
    old = matches.features(connection, numbers)
    matches.forget(connection, list(old), _keyed(old.items()))
    read = [(number, features(orjson.loads(body))) for number, body in matches.versions(connection, numbers).items()]
    matches.put(connection, [(number, mine.packed()) for number, mine in read], _blocks(read))


def compare_again(connection: Connection, source: str, numbers: Sequence[int], *, now: str) -> set[int]:
    """Compare live listings of a source anew, and return all that this concerns."""
    lost = matches.partners(connection, numbers)
    matches.unpair(connection, numbers)
    packed = matches.features(connection, numbers)
    matches.put_pairs(connection, list(_pairs(connection, source, packed, _keyed(packed.items()))), now=now)
    return lost | set(numbers)


def match_again(connection: Connection, numbers: Collection[int], *, now: str) -> set[int]:
    """Match live listings of any sources anew, of which something else is published now; return all this concerns."""
    of: dict[str, list[int]] = defaultdict(list)
    for member in matches.members(connection, numbers):
        of[member.source].append(member.id)
    describe_again(connection, numbers)
    return set().union(*(compare_again(connection, source, ours, now=now) for source, ours in of.items()))


def _keyed(packed: Iterable[tuple[int, bytes]]) -> list[tuple[int, int]]:
    """Return the keys that listings were found by so far."""
    return [(key, number) for number, each in packed for key in keys(Features.unpacked(each))]


def _blocks(read: Sequence[tuple[int, Features]]) -> list[tuple[int, int]]:
    return [(key, number) for number, mine in read for key in keys(mine)]


def _unpacked(packed: Mapping[int, bytes]) -> dict[int, Features]:
    return {number: Features.unpacked(each) for number, each in packed.items()}


def _pairs(
    connection: Connection, source: str, packed: Mapping[int, bytes], blocks: Iterable[tuple[int, int]]
) -> Iterator[Found]:
    """Yield the pairs of ours with listings of other sources that are one opportunity, or may be.

    Args:
        connection: a transaction.
        source: id of our source.
        packed: the features of ours by their numbers.
        blocks: the keys that ours are found by, each with its number.
    """
    candidates = matches.candidates(connection, blocks, source=source)
    others = _unpacked(matches.features(connection, {other for _, other in candidates}))
    mine = _unpacked({number: packed[number] for number, _ in candidates})
    for number, other in candidates:
        if other in others:
            verdict = compare(mine[number], others[other])
            if verdict.decision is not Decision.different:
                yield number, other, verdict.score, verdict.decision.value, orjson.dumps(told(verdict.reasons)).decode()


def told(reasons: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the reasons of a verdict as JSON-able values."""
    return [reason.as_dict() for reason in reasons]
