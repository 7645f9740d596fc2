"""Which opportunity each listing is part of, settled in the transaction that applies a plan.

Only what a plan touches is settled: its listings, those they match, and those they shared an opportunity with. An
opportunity keeps its id for as long as one of its listings lives: over a change of the canonical listing, a merge (the
oldest one stays, the others point to it) and a split (the listing that it began with keeps it).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, count

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
    """Listings that have to do with each other, and what is known of their pairs; ``links`` are those that join."""

    members: dict[int, Member]
    pairs: dict[tuple[int, int], float] = field(default_factory=dict)
    decisions: dict[tuple[int, int], str] = field(default_factory=dict)
    links: set[tuple[int, int]] = field(default_factory=set)

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
    arrived = matches.arrived(connection, source)
    ids = assigned(groups, crowd.members, arrived, partial(matches.is_lived_in, connection))
    moves = [(number, name) for group, name in ids.items() for number in group]
    moves = [(number, name) for number, name in moves if crowd.members[number].opportunity != name]
    # A double is that of a listing, wherever this one goes.
    went = {crowd.members[number].opportunity: name for number, name in moves if crowd.members[number].source == source}
    tellings = [*_told(connection, crowd, ids, ranks), *_ended(connection, crowd, ids, went)]
    matches.move(connection, moves)
    matches.lead_on(connection, went)
    publication.tell(connection, crowd.members, tellings)


# Who has to do with whom -----------------------------------------------------------------------------------------


def _crowd(connection: Connection, touched: Collection[int]) -> _Crowd:
    """Return the touched listings and all that are reached from them by matches, decisions and shared opportunities."""
    reached, edge = set(touched), set(touched)
    crowd = _Crowd({})
    while edge:
        found, decided = matches.pairs(connection, edge), matches.decisions(connection, edge)
        crowd.pairs.update({(pair.first, pair.second): pair.score for pair in found})
        crowd.decisions.update(decided)
        links = {(pair.first, pair.second) for pair in found if pair.verdict == Decision.same}
        links |= {pair for pair, verdict in decided.items() if verdict == Decision.same}
        crowd.links |= links
        edge = {number for pair in links for number in pair} | matches.mates(connection, edge)
        edge -= reached
        reached |= edge
    crowd.members = {member.id: member for member in matches.members(connection, reached)}
    _complete(connection, crowd)
    return crowd


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
    for first, second in crowd.links:
        if first in groups and second in groups and groups[first] is not groups[second]:
            joint = groups[first] | groups[second]
            groups.update(dict.fromkeys(joint, joint))
    return list({id(group): group for group in groups.values() if len(group) > 2}.values())


# Which id each group has -----------------------------------------------------------------------------------------


def assigned(
    groups: Sequence[Group],
    members: Mapping[int, Member],
    arrived: Collection[int] = (),
    lived_in: Callable[[str], bool] = lambda _name: False,
) -> dict[Group, str]:
    """Return the id of the opportunity of each group.

    Each id goes to the group of the listing with the best right to it, unless an older one goes there; then to the
    group of the next.

    Args:
        groups: the live listings of each opportunity to be.
        members: all listings concerned, each with the opportunity it is part of so far.
        arrived: those that were not live until now: the ones that stayed have the better right to an id.
        lived_in: says whether an id is that of listings beside these.
    """
    of = {number: group for group in groups for number in group}
    claims: dict[str, list[Member]] = {}
    for member in sorted((members[number] for number in of), key=lambda member: (member.id in arrived, *_age(member))):
        claims.setdefault(member.opportunity, []).append(member)
    ids: dict[Group, str] = {}
    waiting = sorted(claims)
    while waiting:
        name = waiting.pop()
        while claims[name]:
            group = of[claims[name].pop(0).id]
            rivals = [each for each in (name, ids.get(group)) if each]
            ids[group] = _oldest(rivals, group, members, arrived)
            if ids[group] == name:
                waiting += rivals[1:]
                break
    taken = {member.opportunity for member in members.values()}
    for group in groups:
        if group not in ids:
            ids[group] = _new_id(group, members, lambda name: name in taken or lived_in(name))
            taken.add(ids[group])
    return ids


def _age(member: Member) -> tuple[bool, str, int]:
    """Order the listings of an opportunity: the one it began with, then the oldest."""
    began = opportunity_id(member.source, member.local_id) == member.opportunity
    return not began, member.first_seen, member.id


def _oldest(names: Collection[str], group: Group, members: Mapping[int, Member], arrived: Collection[int]) -> str:
    """Return which of the opportunities that end up in one group goes on: that of the listing there longest."""
    found = [members[number] for number in group if members[number].opportunity in names]
    return min(found, key=lambda member: (member.id in arrived, *_seen(member))).opportunity


def _seen(member: Member) -> tuple[str, int]:
    return member.first_seen, member.id


def _new_id(group: Group, members: Mapping[int, Member], is_taken: Callable[[str], bool]) -> str:
    """Return the id of a group that split off: that of its oldest listing, unless others go on under it."""
    oldest = min((members[number] for number in group), key=_seen)
    names = (opportunity_id(oldest.source, f"{oldest.local_id}\n{attempt}") for attempt in count(1))
    own = opportunity_id(oldest.source, oldest.local_id)
    return own if not is_taken(own) else next(name for name in names if not is_taken(name))


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


def _ended(
    connection: Connection, crowd: _Crowd, ids: Mapping[Group, str], went: Mapping[str, str]
) -> Iterable[Telling]:
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
                ending = matches.ending(connection)
                yield _tombstone(name, [m for m in were if m.id in ending] or were, went)


def _tombstone(name: str, were: Sequence[Member], went: Mapping[str, str]) -> Telling:
    """Return the end of an opportunity whose listings all ended, as the last of them did."""
    last = were[-1]
    into = went.get(last.merged_into or "", last.merged_into)
    if last.ended is None or into == name:  # a double of a listing that ended with it leads nowhere
        return Telling(name, last.kind, "withdrawn", "withdrawn")
    return Telling(name, last.kind, last.ended, last.ended, into)
