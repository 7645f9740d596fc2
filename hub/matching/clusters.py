"""Which listings are one opportunity together, from what is known of their pairs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from math import log

from hub.matching.rules import RULES
from hub.matching.verdict import Decision, probability

Pair = tuple[int, int]
Group = tuple[int, ...]

_SLACK = 1e-9
_SAME = probability(RULES.same) - _SLACK
_UNSURE = probability(RULES.unsure) - _SLACK


def clusters(
    members: Mapping[int, str], pairs: Mapping[Pair, float], decisions: Mapping[Pair, str] | None = None
) -> list[Group]:
    """Return the groups, each in order, those of one listing too; the same in whatever order all is given.

    Two groups become one only where every pair across is known and at least unsure, so that near-misses do not chain;
    and where no source has a listing in both. What people decided goes before, and is never overruled.

    Args:
        members: source of each listing.
        pairs: score of the pairs that are the same or unsure, the lower number first.
        decisions: ``same`` or ``different`` of the pairs that a person judged, the lower number first.
    """
    decided = {pair: said for pair, said in (decisions or {}).items() if _among(pair, members)}
    known = {pair: score for pair, score in pairs.items() if _among(pair, members) and pair not in decided}
    groups = _Groups(members, known, decided)
    for pair in sorted(pair for pair, said in decided.items() if said == Decision.same):
        groups.join(pair, by_decision=True)
    found = {pair: score for pair, score in known.items() if score >= _SAME}
    rivals = _rivalled(found, members)
    for pair in sorted(found, key=lambda pair: (-found[pair], pair)):
        if pair not in rivals:
            groups.join(pair, by_decision=False)
    return groups.all()


def _among(pair: Pair, members: Mapping[int, str]) -> bool:
    return pair[0] in members and pair[1] in members


class _Groups:
    """Groups in the making; each listing begins alone."""

    def __init__(self, members: Mapping[int, str], known: Mapping[Pair, float], decided: Mapping[Pair, str]) -> None:
        self._members = members
        self._known = known
        self._decided = decided
        self._of: dict[int, list[int]] = {number: [number] for number in members}

    def join(self, pair: Pair, *, by_decision: bool) -> None:
        """Make one of the groups of a pair, if nothing across them forbids it."""
        one, other = (self._of[number] for number in pair)
        if one is other or any(self._parted(*across) for across in product(one, other)):
            return
        if not by_decision and not self._fit(one, other):
            return
        one.extend(other)
        for number in other:
            self._of[number] = one

    def _parted(self, ours: int, theirs: int) -> bool:
        return self._decided.get(_ordered(ours, theirs)) == Decision.different

    def _fit(self, one: list[int], other: list[int]) -> bool:
        """Say whether no source is in both, and every pair across is at least unsure, or decided to be the same."""
        if {self._members[number] for number in one} & {self._members[number] for number in other}:
            return False
        across = [_ordered(ours, theirs) for ours, theirs in product(one, other)]
        return all(self._known.get(pair, 0.0) >= _UNSURE or pair in self._decided for pair in across)

    def all(self) -> list[Group]:
        """Return the groups in order."""
        return sorted({tuple(sorted(group)) for group in self._of.values()})


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _rivalled(found: Mapping[Pair, float], members: Mapping[int, str]) -> set[Pair]:
    """Return the pairs of which another listing of the same source fits about as well, where neither is certain."""
    sides: dict[tuple[int, str], list[Pair]] = defaultdict(list)
    for one, other in found:
        sides[one, members[other]].append((one, other))
        sides[other, members[one]].append((one, other))
    return {pair for pairs in sides.values() if len(pairs) > 1 for pair in _too_near(pairs, found)}


def _too_near(pairs: Iterable[Pair], found: Mapping[Pair, float]) -> list[Pair]:
    odds = {pair: _odds(found[pair]) for pair in pairs}
    best, second = sorted(odds.values(), reverse=True)[:2]
    if best >= RULES.certain:
        return []
    return [pair for pair in odds if best - second < RULES.margin or odds[pair] < best]


def _odds(score: float) -> float:
    return log(score / (1.0 - score)) if score < 1.0 else RULES.certain
