"""Which opportunity each listing is part of, settled in the transaction that applies a plan.

Only what a plan touches is settled: its listings, those they match, and those they shared an opportunity with. An
opportunity keeps its id for as long as one of its listings lives: over a change of the canonical listing, a merge (the
oldest one stays, the others point to it) and a split (the listing that it began with keeps it).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from hub.matching import Decision, Features, clusters, compare
from hub.pipeline.composing import Part, compose
from hub.pipeline.opportunity import opportunity_id
from hub.store import Connection, matches, publication
from hub.store.matches import Member
from hub.store.publication import Telling

Group = tuple[int, ...]
Pairs = Mapping[tuple[int, int], float]
Ranks = Mapping[str, int]
"""Which source comes first where several list the same: the lower number. Sources that are not named come last."""

_MANY = 40
"""In larger crowds only the pairs found by their keys count."""


@dataclass(slots=True)
class _Crowd:
    """Listings that have to do with each other, and what is known of their pairs."""

    members: dict[int, Member]
    pairs: dict[tuple[int, int], float] = field(default_factory=dict)
    decisions: dict[tuple[int, int], str] = field(default_factory=dict)

    def live(self) -> dict[int, Member]:
        return {number: member for number, member in self.members.items() if member.live}


def settle(connection: Connection, source: str, ranks: Ranks, also: Iterable[int] = ()) -> None:
    """Tell of the opportunities that the listings of the attached plan are or were part of together with others.

    Args:
        connection: a transaction in which the listings have changed.
        source: id of the source whose plan it is.
        ranks: which source comes first.
        also: listings to settle beside those of the plan.
    """
    touched = {*matches.suspects(connection, source), *also}
    if not touched:
        return
    crowd = _crowd(connection, touched)
    groups = clusters({number: member.source for number, member in crowd.live().items()}, crowd.pairs, crowd.decisions)
    ids = assigned(groups, crowd.members, matches.returned(connection))
    tellings = [*_told(connection, crowd, ids, ranks), *_ended(connection, crowd, ids)]
    moves = ((number, ids[group]) for group in groups for number in group)
    matches.move(connection, [move for move in moves if crowd.members[move[0]].opportunity != move[1]])
    publication.tell(connection, crowd.members, tellings)


# Who has to do with whom -----------------------------------------------------------------------------------------


def _crowd(connection: Connection, touched: Collection[int]) -> _Crowd:
    """Return the touched listings and all that are reached from them by matches, decisions and shared opportunities."""
    reached, edge = set(touched), set(touched)
    pairs: dict[tuple[int, int], float] = {}
    decisions: dict[tuple[int, int], str] = {}
    while edge:
        found = {(pair.first, pair.second): pair.score for pair in matches.pairs(connection, edge) if _same(pair)}
        decided = matches.decisions(connection, edge)
        pairs.update(found)
        decisions.update(decided)
        together = [*found, *(pair for pair, verdict in decided.items() if verdict == Decision.same)]
        edge = {number for pair in together for number in pair} | matches.mates(connection, edge)
        edge -= reached
        reached |= edge
    members = {member.id: member for member in matches.members(connection, reached)}
    crowd = _Crowd(members, pairs, decisions)
    _complete(connection, crowd)
    return crowd


def _same(pair: matches.Pair) -> bool:
    return pair.verdict == Decision.same


def _complete(connection: Connection, crowd: _Crowd) -> None:
    """Judge the pairs too that have no key in common: whether a group holds depends on all its pairs."""
    for numbers in _together(crowd):
        missing = [pair for pair in combinations(sorted(numbers), 2) if pair not in crowd.pairs]
        if not missing or len(numbers) > _MANY:
            continue
        packed = matches.features(connection, numbers)
        read = {number: Features.unpacked(each) for number, each in packed.items()}
        for first, second in missing:
            if first in read and second in read:
                verdict = compare(read[first], read[second])
                if verdict.decision is not Decision.different:
                    crowd.pairs[first, second] = verdict.score


def _together(crowd: _Crowd) -> list[set[int]]:
    """Return the live listings that are linked, directly or over others."""
    groups: dict[int, set[int]] = {number: {number} for number in crowd.live()}
    for first, second in [*crowd.pairs, *crowd.decisions]:
        if first in groups and second in groups and groups[first] is not groups[second]:
            joint = groups[first] | groups[second]
            groups.update(dict.fromkeys(joint, joint))
    return list({id(group): group for group in groups.values() if len(group) > 2}.values())


# Which id each group has -----------------------------------------------------------------------------------------


def assigned(
    groups: Sequence[Group], members: Mapping[int, Member], returned: Collection[int] = ()
) -> dict[Group, str]:
    """Return the id of the opportunity of each group.

    Args:
        groups: the live listings of each opportunity to be.
        members: all listings concerned, each with the opportunity it is part of so far.
        returned: those that were over until now: the ones that stayed have the better right to its id.
    """
    of = {number: group for group in groups for number in group}
    claims: dict[Group, list[str]] = {}
    for name in sorted({members[number].opportunity for number in of}):
        claimants = [members[number] for number in of if members[number].opportunity == name]
        heir = min(claimants, key=lambda member: (member.id in returned, *_age(member)))
        claims.setdefault(of[heir.id], []).append(name)
    ids = {group: _oldest(names, group, members) for group, names in claims.items()}
    taken = {member.opportunity for member in members.values()}
    for group in groups:
        if group not in ids:
            ids[group] = _new_id(group, members, taken)
            taken.add(ids[group])
    return ids


def _age(member: Member) -> tuple[bool, str, int]:
    """Order the listings of an opportunity: the one it began with, then the oldest."""
    began = opportunity_id(member.source, member.local_id) == member.opportunity
    return not began, member.first_seen, member.id


def _oldest(names: Sequence[str], group: Group, members: Mapping[int, Member]) -> str:
    """Return which of the opportunities that end up in one group goes on: that of the listing seen first."""
    first = min((members[number] for number in group if members[number].opportunity in names), key=_seen)
    return first.opportunity


def _seen(member: Member) -> tuple[str, int]:
    return member.first_seen, member.id


def _new_id(group: Group, members: Mapping[int, Member], taken: Collection[str]) -> str:
    """Return the id of a group that split off: that of its oldest listing, unless what it left goes on under it."""
    oldest = min((members[number] for number in group), key=_seen)
    for attempt in range(len(taken) + 1):
        suffix = f"\n{attempt}" if attempt else ""
        name = opportunity_id(oldest.source, oldest.local_id + suffix)
        if name not in taken:
            return name
    raise AssertionError("more ids were tried than are taken")


# What is told ----------------------------------------------------------------------------------------------------


def _told(connection: Connection, crowd: _Crowd, ids: Mapping[Group, str], ranks: Ranks) -> Iterable[Telling]:
    """Yield what changes of the opportunities that go on or begin."""
    versions = matches.versions(connection, [number for group in ids for number in group])
    standing = matches.standing(connection, set(ids.values()))
    for group, name in ids.items():
        parts = [_part(crowd.members[number], versions[number]) for number in group]
        body = compose(parts, ranks)
        before = standing.get(name)
        if before is None or before.reason is not None or before.body != body:
            action = "created" if before is None else "returned" if before.reason is not None else "updated"
            yield Telling(name, crowd.members[group[0]].kind, action, body=body)


def _part(member: Member, version: bytes) -> Part:
    doubted = member.missing is not None or member.doubt is not None
    return Part(member.source, version, doubted=doubted, first_seen=member.first_seen, number=member.id)


def _ended(connection: Connection, crowd: _Crowd, ids: Mapping[Group, str]) -> Iterable[Telling]:
    """Yield the tombstones of the opportunities that no group goes on under."""
    going_on = set(ids.values())
    over = {member.opportunity for member in crowd.members.values()} - going_on
    standing = matches.standing(connection, over)
    of = {number: name for group, name in ids.items() for number in group}
    for name in sorted(over):
        if name in standing and standing[name].reason is None:
            were = sorted((m for m in crowd.members.values() if m.opportunity == name), key=_age)
            heirs = [of[member.id] for member in were if member.live]
            if heirs:
                yield Telling(name, were[0].kind, "merged", "merged", heirs[0])
            else:
                last = were[-1]
                reason = last.ended or "withdrawn"
                yield Telling(name, last.kind, reason, reason, last.merged_into)
