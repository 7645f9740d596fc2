"""Which mentions are of one organisation, all of them taken together.

Pairs alone would snowball: a name without a number would join the two companies that bear it. So a number is where
mentions gather first, and a mention without one joins a number, or the others of its name, only where nothing else
could be meant. Each mention is placed by what is stated, never by where another one was placed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.organisations.likeness import near
from hub.organisations.naming import Name, taken_apart
from hub.organisations.sighting import Sighting
from hub.organisations.verdict import Reason, fits

_SPREAD_PLACES = 3
_TELLING_LETTERS = 6


class Home(NamedTuple):
    """What mentions gather under: a number, or else a name, as an employer or an agency, and how far it reaches.

    Args:
        kbo: the number; all the rest is empty then.
        name: the key of the name.
        agency: whether it places people elsewhere.
        form: the kind of its legal form, where names of several kinds must be told apart.
        scope: the place or the source it is of; ``""`` for a name that tells enough by itself.
        ambiguous: whether several numbers could be meant, so that not even its mentions are surely one organisation.
    """

    kbo: str | None = None
    name: str = ""
    agency: bool = False
    form: str = ""
    scope: str = ""
    ambiguous: bool = False


class Placed(NamedTuple):
    """Where a mention belongs, and why."""

    home: Home
    reason: Reason


def resolve(sightings: Sequence[Sighting]) -> list[Placed]:
    """Return where each mention belongs; the order of the mentions makes no difference."""
    found: list[Placed | None] = [None] * len(sightings)
    for members in _by_name(sightings).values():
        for number, placed in _Bearers(sightings, members).placed():
            found[number] = placed
    placed_all = [placed for placed in found if placed is not None]
    moved = _near_homes(sightings, placed_all)
    return [Placed(moved[each.home], Reason.name_near) if each.home in moved else each for each in placed_all]


def _by_name(sightings: Sequence[Sighting]) -> dict[tuple[str, bool], list[int]]:
    names: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, each in enumerate(sightings):
        names[taken_apart(each.name).key, each.agency].append(number)
    return names


@dataclass(slots=True)
class _Stated:
    """What is known of the bearer of a number under one name."""

    places: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)

    def fits(self, form: str) -> bool:
        """Say whether it may have this legal form."""
        return not self.forms or any(fits(each, form) for each in self.forms)


class _Bearers:
    """Everybody of one name, in one role."""

    def __init__(self, sightings: Sequence[Sighting], members: Iterable[int]) -> None:
        self._all = [(number, sightings[number], taken_apart(sightings[number].name)) for number in members]
        self._stated: dict[str, _Stated] = defaultdict(_Stated)
        for _number, each, name in self._all:
            if each.kbo:
                self._learn(self._stated[each.kbo], each, name)
        self._hosts = {host for known in self._stated.values() for host in known.hosts}

    @staticmethod
    def _learn(known: _Stated, each: Sighting, name: Name) -> None:
        if each.place:
            known.places.add(each.place)
        if each.host and not name.franchise:
            known.hosts.add(each.host)
        if name.form:
            known.forms.add(name.form)

    def placed(self) -> Iterable[tuple[int, Placed]]:
        """Yield where each member belongs."""
        free = []
        for number, each, name in self._all:
            if each.kbo:
                yield number, Placed(Home(each.kbo), Reason.kbo_same)
            elif found := self._number(each, name):
                yield number, Placed(Home(found[0]), found[1])
            else:
                free.append((number, each, name))
        if free:
            yield from self._by_scope(free)

    def _number(self, each: Sighting, name: Name) -> tuple[str, Reason] | None:
        """Return the one number that can be meant, and why."""
        if not self._stated:
            return None
        if each.host in self._hosts and (kbo := self._one(lambda known: each.host in known.hosts, name)):
            return kbo, Reason.name_site
        if name.distinctive:
            kbo = next(iter(self._stated)) if len(self._stated) == 1 else None
            return (kbo, Reason.name_distinctive) if kbo and self._stated[kbo].fits(name.form) else None
        if name.sign_only:
            return None
        if each.place and (kbo := self._one(lambda known: each.place in known.places, name)):
            return kbo, Reason.name_place
        return self._spread(name)

    def _one(self, knows: Callable[[_Stated], bool], name: Name) -> str | None:
        """Return the number of which alone this is known, if its legal form fits."""
        found = [kbo for kbo, known in self._stated.items() if knows(known)]
        return found[0] if len(found) == 1 and self._stated[found[0]].fits(name.form) else None

    def _spread(self, name: Name) -> tuple[str, Reason] | None:
        """Return the number that alone bears a name seen with it in many places."""
        if len(self._stated) != 1 or name.franchise or len(name.rare) < _TELLING_LETTERS:
            return None
        kbo, known = next(iter(self._stated.items()))
        spread = len(known.places) >= _SPREAD_PLACES and known.fits(name.form)
        return (kbo, Reason.name_spread) if spread else None

    def _by_scope(self, free: Sequence[tuple[int, Sighting, Name]]) -> Iterable[tuple[int, Placed]]:
        linked = _linked_places(free)
        scopes: dict[tuple[str, bool], list[tuple[int, Sighting, Name]]] = defaultdict(list)
        for item in free:
            scopes[self._scope(item[1], item[2], linked)].append(item)
        for (scope, ambiguous), items in scopes.items():
            forms = {name.form for _number, _each, name in items if name.form}
            for number, each, name in items:
                form = name.form if len(forms) > 1 else ""
                home = Home(None, name.key, each.agency, form, scope, ambiguous)
                yield number, Placed(home, self._why(home))

    def _scope(self, each: Sighting, name: Name, linked: dict[str, str]) -> tuple[str, bool]:
        """Return how far a name without a number reaches, and whether several organisations could be meant."""
        if name.distinctive and not self._stated:
            return "", False
        if name.distinctive:  # one number whose form does not fit leaves one other organisation; several leave none
            return (each.place or each.source, True) if len(self._stated) > 1 else ("", False)
        if name.sign_only:  # a town has several shops under one sign, of several owners
            return each.place or f"from {each.source}", True
        if each.place is None:
            return (f"site {each.host}", False) if each.host and not name.franchise else (f"from {each.source}", True)
        several = sum(each.place in known.places for known in self._stated.values()) > 1
        return linked.get(each.place, each.place), several

    @staticmethod
    def _why(home: Home) -> Reason:
        if home.ambiguous:
            return Reason.name_two_numbers
        return Reason.name_place if home.scope else Reason.name_distinctive


def _linked_places(free: Iterable[tuple[int, Sighting, Name]]) -> dict[str, str]:
    """Return for each place the first of those that a site links it with: there one name has one site."""
    by_host: dict[str, set[str]] = defaultdict(set)
    for _number, each, name in free:
        if each.host and each.place and not name.franchise:
            by_host[each.host].add(each.place)
    return {place: min(places) for _host, places in sorted(by_host.items()) if len(places) > 1 for place in places}


def _near_homes(sightings: Sequence[Sighting], placed: Sequence[Placed]) -> dict[Home, Home]:
    """Return where the names that are a known one misspelled belong: exactly one other is nearly so in their place."""
    cells: dict[tuple[str, bool, str], dict[tuple[Home, str], Name]] = defaultdict(dict)
    for each, there in zip(sightings, placed, strict=True):
        name = taken_apart(each.name)
        if name.distinctive and each.place and name.anchor and not there.home.ambiguous:
            cells[each.place, each.agency, name.anchor][there.home, name.key] = name
    found: dict[Home, set[Home]] = defaultdict(set)
    for names in cells.values():
        for (home, _key), name in names.items() if len(names) > 1 else ():
            if home.kbo is None:
                found[home] |= {other for (other, _), like in names.items() if other != home and _near(name, like)}
    # The one that is stated with a number counts; else the first of the alphabet, so that each finds the same one.
    moved = {home: _target(home, others) for home, others in found.items()}
    return {home: to for home, to in moved.items() if to is not None and moved.get(to) is None}


def _near(name: Name, other: Name) -> bool:
    return fits(name.form, other.form) and near(name, other)


def _target(home: Home, others: set[Home]) -> Home | None:
    numbered = {other for other in others if other.kbo}
    if numbered:
        return next(iter(numbered)) if len(numbered) == 1 else None
    return min(others) if len(others) == 1 and min(others) < home else None
