"""What the organisations of two listings say about them: the one thing that is never weighed away."""

from hub.matching.employers import Likeness, likeness
from hub.matching.features import Features
from hub.matching.rules import RULES
from hub.matching.verdict import Reason

VETOES = frozenset({"organisation-other-number", "organisation-other"})
_WEIGHTS = RULES.weights
_PUBLISHERS = frozenset({"public", "intermediary"})
_BODIES = frozenset({"city", "commune", "welfare", "province", "provincie"})
_ORDER = (Likeness.same, Likeness.alike, Likeness.contained)
_BY_NAME = {
    Likeness.same: "organisation-name",
    Likeness.alike: "organisation-alike",
    Likeness.contained: "organisation-contained",
}


def employer(one: Features, other: Features, *, by_reference: bool) -> Reason:
    """Return what the organisations say; a feature of `VETOES` where they cannot be the same.

    Args:
        one: a listing.
        other: a listing of another source.
        by_reference: whether a partner says itself that the two are the same.
    """
    if one.kbo and other.kbo:
        if one.kbo == other.kbo:
            return Reason("organisation-number", _WEIGHTS["organisation-number"], (one.kbo,))
        return _partner(one, other) or Reason("organisation-other-number", 0.0, (one.kbo, other.kbo))
    if not one.names or not other.names:
        return Reason("organisation-unknown", _WEIGHTS["organisation-unknown"])
    near, names = _nearest(one, other)
    if near in _BY_NAME:
        return Reason(_BY_NAME[near], _WEIGHTS[_BY_NAME[near]], names)
    return _partner(one, other) or _others(one, other, by_reference=by_reference)


def _nearest(one: Features, other: Features) -> tuple[Likeness, tuple[str, str]]:
    if len(one.names) == len(other.names) == 1:
        names = (one.names[0], other.names[0])
        return likeness(*sorted(names)), names
    found = {likeness(*sorted((ours, theirs))): (ours, theirs) for ours in one.names for theirs in other.names}
    return next(
        ((near, found[near]) for near in _ORDER if near in found), (Likeness.different, next(iter(found.values())))
    )


def _partner(one: Features, other: Features) -> Reason | None:
    """Return the reason where the organisation of one programme is named as a partner of the other."""
    if not one.partners and not other.partners:
        return None
    for ours, theirs in ((one, other), (other, one)):
        named = [name for name in (ours.kbo, *ours.names) if name and name in theirs.partners]
        if named:
            return Reason("organisation-partner", _WEIGHTS["organisation-partner"], (named[0],))
    return None


def _others(one: Features, other: Features, *, by_reference: bool) -> Reason:
    """Return what two names say that are not alike: an agency's copy, a city's list, or another organisation."""
    names = (one.names[0], other.names[0])
    if one.kind == "programme":
        if named := _in_title(one, other) or _in_title(other, one):
            return Reason("organisation-in-title", _WEIGHTS["organisation-in-title"], (named,))
        if _publishes(one) or _publishes(other):
            return Reason("organisation-publisher", _WEIGHTS["organisation-publisher"], names)
    if not by_reference:
        return Reason("organisation-other", 0.0, names)
    if "intermediary" in {one.role, other.role}:
        return Reason("organisation-agency", _WEIGHTS["organisation-agency"], names)
    return Reason("organisation-held", _WEIGHTS["organisation-held"], names)


def _in_title(one: Features, other: Features) -> str | None:
    """Return the name of the organisation of a programme that stands in the title of another, as in a city's list."""
    titles = [set(title.split()) for title in other.titles]
    return next((name for name in one.names if any(titled.issuperset(name.split()) for titled in titles)), None)


def _publishes(listing: Features) -> bool:
    """Say whether the organisation may be one that lists what others run."""
    return listing.role in _PUBLISHERS or not _BODIES.isdisjoint(listing.names[0].split())
