"""Complete the places of a listing from what the partner says; what contradicts itself is left as it is.

Only a place that the partner puts in Belgium, or whose parts agree on one (code and name, a code with a B, a Belgian
province or region), is completed; of the neighbouring countries only what their postal codes and the names of countries
make sure. The street is never read, changed or added. A name in the field of the municipality is the town, also where a
province bears it ("Antwerpen", "Namur"), but for Limburg; in the field of the province it is the province; where only
the original is known, it is no more than the province. A locality keeps its name within its municipality.

Coordinates are added only to a place that is no more exact than a municipality: to one with a street, the centre of the
town would promise more than is known.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from hub.model.derivation import Derivation
from hub.model.issue import Issue
from hub.model.listing import Listing
from hub.model.place import Place
from hub.model.programme import Programme
from hub.model.vocabulary import PlacePrecision
from hub.pipeline.enrich.place_finding import find
from hub.pipeline.enrich.place_said import Found, Said
from hub.pipeline.enrich.step import Step

VERSION = "4"
"""Raised when a place would be completed otherwise."""

_PATHS = {
    "postal_code": "postalCode",
    "municipality": "municipality",
    "nis": "nis",
    "province": "province",
    "region": "region",
    "country": "country",
}


class Completed(NamedTuple):
    """Places, the very same where nothing changes; what was noticed; what was derived."""

    places: tuple[Place, ...]
    issues: tuple[Issue, ...] = ()
    derivations: tuple[Derivation, ...] = ()


def with_places(listing: Listing) -> Step:
    """Return the listing with its places completed, and what was noticed; the same listing where nothing changes."""
    done = _completed(listing.places, "places")
    changes: dict[str, Any] = {} if done.places is listing.places else {"places": done.places}
    issues, derivations = done.issues, done.derivations
    if isinstance(listing, Programme):
        for each in _served(listing, changes):
            issues, derivations = issues + each.issues, derivations + each.derivations
    return Step(listing.revised(changes) if changes else listing, issues, derivations)


def _served(programme: Programme, changes: dict[str, Any]) -> tuple[Completed, ...]:
    """Complete where the people a programme serves live, noting what changes."""
    served = _completed(programme.area_served, "areaServed")
    if served.places is not programme.area_served:
        changes["area_served"] = served.places
    who = programme.eligibility
    if who is None:
        return (served,)
    residence = _completed(who.residence, "eligibility.residence")
    if residence.places is not who.residence:
        changes["eligibility"] = who.revised({"residence": residence.places})
    return served, residence


def _completed(places: tuple[Place, ...], path: str) -> Completed:
    if not places:
        return Completed(places)
    found = [_find(place) for place in places]
    done = tuple(_changed(place, each) for place, each in zip(places, found, strict=True))
    if all(map(lambda new, old: new is old, done, places)):
        done = places
    return Completed(
        done,
        tuple(noticed for each in found for noticed in each.issues),
        tuple(
            one
            for index, (old, new, each) in enumerate(zip(places, done, found, strict=True))
            if new is not old
            for one in _derived(old, new, each, f"{path}[{index}]")
        ),
    )


def complete(place: Place) -> tuple[Place, tuple[Issue, ...]]:
    """Return the place with what follows from it, and what was noticed; the same place where nothing changes."""
    found = _find(place)
    return _changed(place, found), found.issues


def _find(place: Place) -> Found:
    """Return what follows; the original is read only where nothing else is left that says where the place is."""
    said = (place.postal_code, place.municipality, place.nis, place.province, place.region, place.country)
    if not any(said[:5]):
        return find(Said(*said, place.original))
    found = find(Said(*said))
    if place.original is None or not found.changes or any(_left(place, found)):
        return found
    more = find(Said(country=found.changes.get("country", place.country), original=place.original))
    return replace(more, changes={**found.changes, **more.changes})


def _left(place: Place, found: Found) -> Iterator[str | None]:
    """Yield what is said of the place once it is changed, but for its country."""
    return (found.changes.get(name, getattr(place, name)) for name in _PATHS if name != "country")


def _changed(place: Place, found: Found) -> Place:
    changes: dict[str, Any] = dict(found.changes)
    if place.original is not None:
        changes.pop("original", None)
    precision = place.precision
    if precision is None and (precision := _precision(place.street, found)) is not None:
        changes["precision"] = precision
    if (
        found.centre
        and precision is PlacePrecision.municipality
        and not place.street
        and (place.latitude, place.longitude) == (None, None)
    ):
        changes["latitude"], changes["longitude"] = found.centre.point
    return place.revised(changes) if changes else place


def _precision(street: str | None, found: Found) -> PlacePrecision | None:
    if not street or found.precision is not PlacePrecision.municipality:
        return found.precision
    return PlacePrecision.address if any(map(str.isdigit, street)) else PlacePrecision.street


def _derived(old: Place, new: Place, found: Found, path: str) -> tuple[Derivation, ...]:
    """Return what was added to a place or replaced in it; how exact it is says nothing new."""
    changed = [name for name in _PATHS if name in found.changes]
    told: list[Derivation] = []
    if changed:
        said = ", ".join(str(value) for name in changed if (value := getattr(old, name))) or None
        fields = tuple(f"{path}.{_PATHS[name]}" for name in changed)
        told.append(Derivation(fields=fields, method=found.method, confidence=found.confidence, said=said))
    if found.centre and new.latitude != old.latitude:
        fields = (f"{path}.latitude", f"{path}.longitude")
        told.append(Derivation(fields=fields, method=found.centre.method, confidence=found.centre.confidence))
    return tuple(told)
