"""Complete the Belgian places of a listing from what the partner says; what contradicts itself is left as it is.

Only a place that the partner puts in Belgium, or whose postal code and name are one Belgian municipality, or that names
a Belgian region, is completed. Localities within a municipality are not in the tables and keep their name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hub.clean.names import mend_capitals
from hub.model.derivation import Derivation
from hub.model.issue import Issue, issue
from hub.model.listing import Listing
from hub.model.place import Place
from hub.model.programme import Programme
from hub.model.vocabulary import PlacePrecision
from hub.pipeline.enrich.belgium import Gazetteer, Municipality, NisSet, gazetteer, key
from hub.pipeline.enrich.place_names import read_written
from hub.pipeline.enrich.step import Step

VERSION = "2"
"""Raised when a place would be completed otherwise."""

_BELGIUM = "BE"
_CONFIDENCE = {"postal-code": 1.0, "nis": 1.0, "municipality-name": 0.95, "region-name": 1.0}


@dataclass(frozen=True, slots=True)
class _Said:
    """What a partner says of a place."""

    postal_code: str | None
    municipality: str | None
    nis: str | None
    province: str | None
    region: str | None
    country: str | None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What to change in a place, how exact it is without its street, and what was noticed."""

    changes: Mapping[str, str]
    precision: PlacePrecision | None
    issues: tuple[Issue, ...] = ()
    method: str = "region-name"


def with_places(listing: Listing) -> Step:
    """Return the listing with its places completed, and what was noticed; the same listing where nothing changes."""
    changes: dict[str, Any] = {}
    places, issues, derivations = _completed(listing.places, "places")
    if places is not listing.places:
        changes["places"] = places
    if isinstance(listing, Programme):
        more, derived = _served(listing, changes)
        issues, derivations = issues + more, derivations + derived
    return Step(listing.revised(changes) if changes else listing, issues, derivations)


_Noticed = tuple[tuple[Issue, ...], tuple[Derivation, ...]]


def _served(programme: Programme, changes: dict[str, Any]) -> _Noticed:
    """Complete where the people a programme serves live, noting what changes."""
    served, issues, derivations = _completed(programme.area_served, "areaServed")
    if served is not programme.area_served:
        changes["area_served"] = served
    who = programme.eligibility
    if who is not None and who.residence:
        residence, more, derived = _completed(who.residence, "eligibility.residence")
        issues, derivations = issues + more, derivations + derived
        if residence is not who.residence:
            changes["eligibility"] = who.revised({"residence": residence})
    return issues, derivations


def _completed(
    places: tuple[Place, ...], path: str
) -> tuple[tuple[Place, ...], tuple[Issue, ...], tuple[Derivation, ...]]:
    done = [complete(place) for place in places]
    completed = tuple(place for place, _issues in done)
    issues = tuple(found for _place, issues in done for found in issues)
    told = (
        _derived(old, new, f"{path}[{index}]") for index, (old, new) in enumerate(zip(places, completed, strict=True))
    )
    unchanged = all(map(lambda new, old: new is old, completed, places))
    return (places if unchanged else completed), issues, tuple(one for one in told if one)


_PATHS = {
    "postal_code": "postalCode",
    "municipality": "municipality",
    "nis": "nis",
    "province": "province",
    "region": "region",
    "country": "country",
}


def _derived(old: Place, new: Place, path: str) -> Derivation | None:
    """Return what was added to a place or replaced in it; how exact it is says nothing new."""
    changed = [name for name in _PATHS if getattr(old, name) != getattr(new, name)]
    if not changed:
        return None
    method = _find_for(old).method
    said = ", ".join(getattr(old, name) for name in changed if getattr(old, name)) or None
    fields = tuple(f"{path}.{_PATHS[name]}" for name in changed)
    return Derivation(fields=fields, method=method, confidence=_CONFIDENCE[method], said=said)


def _find_for(place: Place) -> _Found:
    said = (place.postal_code, place.municipality, place.nis, place.province, place.region, place.country)
    return _find(*said, None if any(said[:5]) else place.original)


def complete(place: Place) -> tuple[Place, tuple[Issue, ...]]:
    """Return the place with what follows from it, and what was noticed; the same place where nothing changes."""
    found = _find_for(place)
    changes: dict[str, Any] = dict(found.changes)
    if place.original is not None:
        changes.pop("original", None)
    if place.precision is None and (precision := _precision(place.street, found)) is not None:
        changes["precision"] = precision
    return (place.revised(changes) if changes else place), found.issues


def _precision(street: str | None, found: _Found) -> PlacePrecision | None:
    if not street or found.precision is not PlacePrecision.municipality:
        return found.precision
    return PlacePrecision.address if any(map(str.isdigit, street)) else PlacePrecision.street


@lru_cache(maxsize=20_000)
def _find(*said: str | None) -> _Found:
    stated = _Said(*said)
    tables = gazetteer()
    place = _read(stated, tables)
    if place is None:
        return _Found({}, _said_precision(stated), (issue("place-contradictory", "places", ", ".join(_words(stated))),))
    candidates, issues = _candidates(place, tables)
    if not candidates and (issues or place.country != _BELGIUM):
        return _Found({}, _said_precision(stated), issues)
    known = [tables.municipalities[nis] for nis in candidates]
    named = place.municipality is not None and key(place.municipality) in tables.by_name
    changes = _changes(place, stated, known, named=named)
    return _Found(changes, _known_precision(place, known), issues, _method(place, tables))


def _read(said: _Said, tables: Gazetteer) -> _Said | None:
    """Return what is said with a code and a name that were written together parted; None where two codes differ."""
    together = said.municipality or said.postal_code or said.original
    if not together or said.country not in (None, _BELGIUM):
        return said
    written = read_written(together, tables)
    if not said.municipality and not written.code:
        return said
    stated = _code(said.postal_code) if said.postal_code and said.municipality else None
    if stated and written.code and _code(written.code) != stated:
        return None
    code = written.code if written.code and not stated else said.postal_code
    country = _BELGIUM if written.belgian else said.country
    return replace(said, postal_code=code, municipality=written.name, country=country)


def _method(place: _Said, tables: Gazetteer) -> str:
    if place.postal_code and _code(place.postal_code) in tables.by_postal_code:
        return "postal-code"
    if place.nis in tables.municipalities:
        return "nis"
    return "municipality-name" if place.municipality else "region-name"


def _candidates(place: _Said, tables: Gazetteer) -> tuple[NisSet, tuple[Issue, ...]]:
    """Return the municipalities that all that is said agrees on; none outside Belgium or in contradiction."""
    coded = tables.by_postal_code.get(_code(place.postal_code)) if place.postal_code else None
    named = _named(place, tables)
    if not _is_belgian(place, coded, named, tables):
        return frozenset(), ()
    issues: tuple[Issue, ...] = ()
    if place.postal_code and not coded:
        issues = (issue("postal-code-unknown", "places", place.postal_code),)
    if coded and named and not coded & named:
        return frozenset(), (*issues, _mismatch(place, coded, tables))
    numbered = frozenset({place.nis}) if place.nis and place.nis in tables.municipalities else None
    wider = [_province(place, tables), _region(place, tables)]
    stated = [group for group in (coded, named, numbered, *wider) if group]
    agreed = frozenset.intersection(*stated) if stated else frozenset()
    if stated and not agreed:
        issues += (issue("place-contradictory", "places", ", ".join(_words(place))),)
    return agreed, issues


def _named(place: _Said, tables: Gazetteer) -> NisSet | None:
    """Return the municipalities of that name; a bare "Limburg" is the province, not Limbourg near Verviers."""
    if not place.municipality:
        return None
    name = key(place.municipality)
    named = tables.by_name.get(name)
    province = tables.by_province.get(name)
    if not named or not province or named & province or place.postal_code or place.nis:
        return named
    return named if named & (_province(place, tables) or frozenset()) else None


def _is_belgian(place: _Said, coded: NisSet | None, named: NisSet | None, tables: Gazetteer) -> bool:
    if place.country is not None:
        return place.country == _BELGIUM
    if coded and named and coded & named:
        return True
    return place.region is not None and key(place.region) in tables.by_region


def _province(place: _Said, tables: Gazetteer) -> NisSet | None:
    if not place.province:
        return None
    name = key(place.province)
    return tables.by_province.get(name) or tables.by_region.get(name)


def _region(place: _Said, tables: Gazetteer) -> NisSet | None:
    """Return the municipalities of what stands as region, which partners also use for a province."""
    if not place.region:
        return None
    name = key(place.region)
    return tables.by_region.get(name) or tables.by_province.get(name)


def _mismatch(place: _Said, coded: NisSet, tables: Gazetteer) -> Issue:
    expected = " / ".join(sorted(tables.municipalities[nis].name for nis in coded))
    return issue(
        "municipality-postal-code-mismatch",
        "places",
        place.postal_code,
        expected=expected,
        municipality=place.municipality or "",
    )


def _code(postal_code: str) -> str:
    return postal_code.upper().removeprefix("BE").removeprefix("B").strip(" -")


def _changes(place: _Said, stated: _Said, known: list[Municipality], *, named: bool) -> Mapping[str, str]:
    """Return what differs from what is said; names that are replaced stay readable in ``original``."""
    one = known[0] if len(known) == 1 else None
    follows = {
        "postal_code": _code(place.postal_code) if place.postal_code else None,
        "municipality": one.name if one and (named or not place.municipality) else _mended(place.municipality),
        "nis": one.nis if one else None,
        "province": _shared(municipality.province for municipality in known),
        "region": _shared(municipality.region for municipality in known),
        "country": _BELGIUM,
    }
    changes = {name: value for name, value in follows.items() if value and value != getattr(stated, name)}
    if any(getattr(stated, name) for name in changes):
        changes["original"] = ", ".join(_words(stated))
    return changes


def _mended(name: str | None) -> str | None:
    return mend_capitals(name) if name else None


def _shared(names: Any) -> str | None:
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None


def _words(place: _Said) -> list[str]:
    locality = " ".join(part for part in (place.postal_code, place.municipality) if part)
    return [part for part in (locality, place.province, place.region) if part]


def _known_precision(place: _Said, known: list[Municipality]) -> PlacePrecision | None:
    if not known:
        return _said_precision(place)
    if len(known) == 1:
        return PlacePrecision.municipality
    if _shared(municipality.province for municipality in known):
        return PlacePrecision.province
    return PlacePrecision.region if _shared(municipality.region for municipality in known) else PlacePrecision.country


def _said_precision(place: _Said) -> PlacePrecision | None:
    stated = (
        (place.postal_code or place.municipality or place.nis, PlacePrecision.municipality),
        (place.province, PlacePrecision.province),
        (place.region, PlacePrecision.region),
        (place.country, PlacePrecision.country),
    )
    return next((precision for said, precision in stated if said), None)
