"""Say what the name of an organisation hides: its number, its other names, its capitals; and name its sectors.

Nothing is guessed: a number counts by its check digits, another name where the name says that it is one. What the
partner wrote is kept with what was derived.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from stdnum.be import vat

from hub.model.code import Code
from hub.model.derivation import Derivation
from hub.model.issue import Issue, issue
from hub.model.listing import Listing
from hub.model.organisation import Organisation
from hub.pipeline.enrich.nace import labelled
from hub.pipeline.enrich.step import Step

VERSION = "1"
NUMBER_IN_NAME = "number-in-name"
OTHER_NAME = "other-name-in-name"
CAPITALS = "capitals-mended"

_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = 5
_LONG_NAME = 6
_SHORT = 3
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûü]", re.IGNORECASE)
_DIGITS = r"(?P<number>[01]?\d{3}[ .]?\d{3}[ .]?\d{3})(?!\d)"
_DOTTED = r"(?P<number>[01]\d{3}\.\d{3}\.\d{3})(?!\d)"
_APOSTROPHES = ("'", "’")
_EDGES = " ,;:-–—|/"


@dataclass(frozen=True, slots=True)
class _Named:
    """A name and what was found in it."""

    name: str
    kbo: str | None = None
    others: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


def with_organisation(listing: Listing) -> Step:
    """Return the listing with what the name of its organisation says, and with its sectors named; else the same one."""
    organisation, derivations, issues = _organisation(listing.organisation)
    sectors, named = _named_sectors(listing.sectors, "sectors")
    changes: dict[str, Any] = {}
    if organisation is not listing.organisation:
        changes["organisation"] = organisation
    if named:
        changes["sectors"] = sectors
    derivations = (*derivations, *named)
    return Step(listing.revised(changes) if changes else listing, issues, derivations)


def _organisation(said: Organisation) -> tuple[Organisation, tuple[Derivation, ...], tuple[Issue, ...]]:
    found = _found_in(said.name)
    sectors, named = _named_sectors(said.sectors, "organisation.sectors")
    if found.kbo and said.kbo and found.kbo != said.kbo:
        # One of both is of another organisation, so the name tells nothing.
        contradiction = issue("enterprise-number-contradicts-name", "organisation.kbo", said.kbo, stated=found.kbo)
        return (said.revised({"sectors": sectors}) if named else said), named, (contradiction,)
    changes = _changes(said, found)
    derivations = tuple(_derived(said, found, method, changes) for method in found.methods if changes)
    if named:
        changes["sectors"] = sectors
    return (said.revised(changes) if changes else said), (*derivations, *named), ()


def _changes(said: Organisation, found: _Named) -> dict[str, Any]:
    others = tuple(name for name in found.others if name not in (*said.alternative_names, found.name))
    told = {
        "name": found.name if found.name != said.name else None,
        "kbo": found.kbo if said.kbo is None else None,
        "alternative_names": (*said.alternative_names, *others) if others else None,
    }
    return {field: value for field, value in told.items() if value is not None}


_NAME = ("name", "organisation.name")
_FIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    NUMBER_IN_NAME: (_NAME, ("kbo", "organisation.kbo")),
    OTHER_NAME: (_NAME, ("alternative_names", "organisation.alternativeNames")),
    CAPITALS: (_NAME,),
}
_CONFIDENCE: Mapping[str, float] = {NUMBER_IN_NAME: 0.99, OTHER_NAME: 0.95, CAPITALS: 0.9}


def _derived(said: Organisation, found: _Named, method: str, changed: Mapping[str, Any]) -> Derivation:
    fields = tuple(path for field, path in _FIELDS[method] if field in changed)
    first = method == found.methods[0] and "name" in changed
    return Derivation(fields=fields, method=method, confidence=_CONFIDENCE[method], said=said.name if first else None)


@lru_cache(maxsize=65_536)  # employers repeat
def _found_in(name: str) -> _Named:
    found = _Named(name)
    for find in (_with_number, _with_others, _with_capitals):
        found = find(found)
    return found


# Numbers --------------------------------------------------------------------------------------------------------


def _with_number(found: _Named) -> _Named:
    """Take an enterprise number out of the name, if its check digits are right and it is surely meant as one."""
    match = next((each for pattern in _numbers() if (each := pattern.search(found.name))), None)
    if match is None or not vat.is_valid(match["number"]):
        return found
    rest = f"{found.name[: match.start()].rstrip(_EDGES)} {found.name[match.end() :].lstrip(_EDGES)}".strip(_EDGES)
    number = vat.compact(match["number"])
    return replace(found, name=rest or found.name, kbo=number, methods=(*found.methods, NUMBER_IN_NAME))


@cache
def _numbers() -> tuple[re.Pattern[str], ...]:
    """Return what finds a number: behind what says so, or with its dots; ten bare digits may be a phone number."""
    labels = "|".join(re.escape(label) for label in sorted(_words()["number"]["labels"], key=len, reverse=True))
    patterns = (rf"(?<!\w)(?:(?:{labels})[ .:]*(?:be ?)?|be ?){_DIGITS}", rf"(?<![\d.]){_DOTTED}")
    return tuple(re.compile(rf"[(\[]?\s*{pattern}\s*[)\]]?", re.IGNORECASE) for pattern in patterns)


# Other names ----------------------------------------------------------------------------------------------------


def _with_others(found: _Named) -> _Named:
    """Take another name out of the name: ``Linde vzw (voorheen De Boom)``."""
    match = _other_name().search(found.name)
    rest = match and found.name[: match.start()].strip(_EDGES)
    if not match or not rest:
        return found
    other = (match["inside"] or match["behind"]).strip(_EDGES)
    return (
        replace(found, name=rest, others=(mend_capitals(other),), methods=(*found.methods, OTHER_NAME))
        if other
        else found
    )


@cache
def _other_name() -> re.Pattern[str]:
    phrases = "|".join(re.escape(each) for each in sorted(_words()["other_name"]["phrases"], key=len, reverse=True))
    inside = rf"\s*\((?:{phrases})[ :]+(?P<inside>[^()]+)\)\s*$"
    behind = rf"\s*[,;–-]\s+(?:{phrases})[ :]+(?P<behind>[^()]+)$"
    return re.compile(rf"{inside}|{behind}", re.IGNORECASE)


# Capitals -------------------------------------------------------------------------------------------------------


def _with_capitals(found: _Named) -> _Named:
    """Mend a name that shouts; abbreviations and legal forms stay."""
    mended = mend_capitals(found.name)
    return found if mended == found.name else replace(found, name=mended, methods=(*found.methods, CAPITALS))


def mend_capitals(name: str) -> str:
    """Return the name of an organisation without shouting: ``BAKKERIJ DE LINDE NV`` is ``Bakkerij De Linde NV``.

    A single short word may be an abbreviation, so it stays.
    """
    words = [word for word in _WORD.findall(name) if word not in _words()["forms"]]
    if not name.isupper() or not any(len(word) >= (_LONG_WORD if len(words) > 1 else _LONG_NAME) for word in words):
        return name
    french = not _words()["french"]["words"].isdisjoint(_WORD.findall(name.lower()))
    small = _words()["small"]["words"] | (_words()["french"]["small"] if french else frozenset())
    return _WORD.sub(lambda word: _cased(word[0], name[: word.start()], small), name)


def _cased(word: str, before: str, small: frozenset[str]) -> str:
    lower, first = word.lower(), not before.strip()
    if not first and word in _words()["forms"]:
        return str(_words()["forms"][word])
    if (not first and lower in small) or (len(word) == 1 and before.endswith(_APOSTROPHES)):
        return lower
    if _is_abbreviation(word):
        return word
    return f"Mc{lower[2:].capitalize()}" if lower.startswith("mc") else lower.capitalize()


def _is_abbreviation(word: str) -> bool:
    """Say whether a word stays in capitals: listed, without a vowel, or too short to tell, save common ones."""
    short = len(word) <= _SHORT and word.lower() not in _words()["common"]["words"]
    return short or word in _words()["abbreviations"]["words"] or not _VOWELS.search(word)


# Sectors --------------------------------------------------------------------------------------------------------


def _named_sectors(codes: tuple[Code, ...], field: str) -> tuple[tuple[Code, ...], tuple[Derivation, ...]]:
    """Return the codes of NACE-BEL with their names, and one derivation for each way that these were found."""
    told = codes
    named: dict[tuple[str, float], list[str]] = {}
    for place, code in enumerate(codes):
        if code.scheme == "nace-bel" and code.label is None and (found := labelled(code)):
            told = (*told[:place], found.code, *told[place + 1 :])
            named.setdefault((found.method, found.confidence), []).append(f"{field}[{place}].label")
    derivations = (
        Derivation(fields=tuple(paths), method=method, confidence=confidence)
        for (method, confidence), paths in named.items()
    )
    return told, tuple(derivations)


_SETS = ("abbreviations", "small", "common", "french")


@cache
def _words() -> Mapping[str, Any]:
    read = tomllib.loads(files("hub.pipeline.enrich").joinpath("organisation_words.toml").read_text("utf-8"))
    sets = {name: {key: frozenset(said) for key, said in read[name].items()} for name in _SETS}
    return {**read, **sets}
