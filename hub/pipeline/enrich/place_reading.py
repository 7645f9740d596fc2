"""Read what partners write in one field: ``Rue Haute 3, B-1000 Bruxelles``, ``Anvers (Antwerpen)``."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from html import unescape
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import combining, normalize

from hub.pipeline.enrich.belgium import NONE, Gazetteer, NisSet, gazetteer
from hub.pipeline.enrich.belgium_spelling import key

BELGIUM = "BE"
_LONGEST = 200
_PARTS = re.compile(r"\s*[,;|()\[\]\n]\s*|\s+[-–—]+\s+|(?<![\s\-][oasOAS])\s*/\s*")
_CODE = re.compile(r"(?<![\w/])(?P<mark>BE?[\s-]{0,3})?(?P<digits>[1-9]\d{3})(?![\w/])", re.IGNORECASE)
_ONLY_CODE = re.compile(r"(BE?[\s.-]*)?0?([1-9]\d{3})(?:[.,]0+)?", re.IGNORECASE)
_ABROAD = re.compile(
    r"(?:(?P<mark>NL|FR?|DE?|L|LU|LUX)[\s-]+)?(?P<digits>\d{5}|\d{4}(?!\d))(?P<letters>(?<!\d{5})\s?[A-Z]{2}\b)?+[\s,]+(?P<name>\D{2,})"
)
_DEPARTMENT = re.compile(r"\s*\((?:0[1-9]|[1-8]\d|9[0-5]|2[AB])\)")
_MOST_WORDS = 6
_HYPHEN = re.compile(r"\s*-\s*")
_OFFICE = re.compile(r"\d{1,2}")
"""The number of a post office behind a town, as in ``Bruxelles 1``."""


class Abroad(NamedTuple):
    """A place in another country: its postal code and name, and the country where that is written."""

    postal_code: str | None
    name: str
    country: str | None
    letters: bool
    """Whether letters follow four digits, as in the Netherlands only."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one field says of a place in Belgium, taken apart.

    Args:
        code: a postal code.
        marked: the code bears a B for Belgium.
        leading: the code is the first that is written.
        name: the name to keep, as written.
        named: the municipalities that may be meant by every name.
        wider: the municipalities of the provinces and regions that stand there.
        country: the country that stands there, ISO 3166-1.
        unknown: something stands there that is no place and no street.
        several: names stand there of places that are not one.
    """

    code: str | None = None
    marked: bool = False
    leading: bool = False
    name: str | None = None
    named: NisSet | None = None
    wider: NisSet | None = None
    country: str | None = None
    unknown: bool = False
    several: tuple[str, ...] = field(default=())


@lru_cache(maxsize=20_000)
def read_written(text: str) -> Written:
    """Return what a text says of a place in Belgium."""
    tables = gazetteer()
    said = unescape(text.strip()[:_LONGEST])
    if key(said) in tables.by_name or key(said) in tables.by_locality:
        return Written(name=said, named=tables.called(said))
    town, _, office = said.rpartition(" ")
    if _OFFICE.fullmatch(office) and key(town) in tables.by_name:
        return Written(name=town, named=tables.called(town))
    if aside := _province_aside().fullmatch(said):
        said = f"{aside[1]} {aside[2]}"
    found = Written()
    names: list[str] = []
    codes: list[re.Match[str]] = []
    for part in filter(None, _PARTS.split(said)):
        found, names = _with_part(part, found, names, codes, tables)
    distinct = {code["digits"] for code in codes}
    if len(distinct) > 1:
        found = replace(found, unknown=True)
    elif codes:
        first = _CODE.match(said)
        leading = bool(first and first["digits"] in distinct)
        found = replace(found, code=distinct.pop(), marked=any(code["mark"] for code in codes), leading=leading)
    return _together(found, names, tables)


def _with_part(
    part: str, found: Written, names: list[str], codes: list[re.Match[str]], tables: Gazetteer
) -> tuple[Written, list[str]]:
    matches = [code for code in _CODE.finditer(part) if code["digits"] in tables.by_postal_code]
    if not matches:
        return _with_words(part, found, names, tables)
    code = matches[-1]
    before, after = part[: code.start()].strip(" -–,"), part[code.end() :].strip(" -–,.")
    if not after and before and is_street(before) and not _name(before, tables):
        return found, names  # 1000 is the number of the house
    codes.append(code)
    for words in (after, before):
        if words and not (words is before and is_street(words)):
            found, names = _with_words(words, found, names, tables)
    return found, names


def _with_words(words: str, found: Written, names: list[str], tables: Gazetteer) -> tuple[Written, list[str]]:
    country = country_of(words)
    if country:
        return replace(found, country=found.country or country), names
    name = _name(words, tables)
    if name:
        return found, [*names, name]
    wider = wider_of(words, tables)
    if wider:
        return replace(found, wider=wider if found.wider is None else found.wider & wider), names
    shorter = _without_country(words)
    if shorter:
        found, names = _with_words(shorter[0], found, names, tables)
        return replace(found, country=found.country or shorter[1]), names
    if several := _joined(words, tables) or _side_by_side(words, tables):
        return found, [*names, *several]
    return (found if is_street(words) else replace(found, unknown=True)), names


def _joined(words: str, tables: Gazetteer) -> list[str]:
    """Return the names that hyphens join, where all are known: ``Gent-Ledeberg``."""
    pieces = [_name(piece, tables) for piece in _HYPHEN.split(words)]
    return [piece for piece in pieces if piece] if len(pieces) > 1 and all(pieces) else []


def _side_by_side(words: str, tables: Gazetteer) -> list[str]:
    """Return a town and its quarter that only a space parts: ``Antwerpen Berchem``."""
    said = words.split(" ")
    for at in range(1, min(len(said), _MOST_WORDS)):
        one, other = " ".join(said[:at]), " ".join(said[at:])
        if tables.called(one) & tables.called(other) and key(one) != key(other):
            return [one, other]
    return []


def _without_country(words: str) -> tuple[str, str] | None:
    """Return words without the country at their end; two letters are no country without brackets."""
    first, _, last = words.rpartition(" ")
    country = country_of(last) if len(last) > 3 else None
    return (first, country) if first and country else None


def _name(words: str, tables: Gazetteer) -> str | None:
    """Return the name of a place in Belgium in these words, without ``stad`` before or ``centrum`` behind it."""
    if tables.called(words):
        return words
    shorter = _words("municipality").sub("", words, count=1)
    bare = _behind().sub("", shorter if shorter in words else words)
    return bare if bare and bare != words and tables.called(bare) else None


def _together(found: Written, names: list[str], tables: Gazetteer) -> Written:
    """Return what all names agree on; the finest of them is kept, and one that is a province too may be just that."""
    if not names:
        return found
    sets = [tables.called(name) for name in names]
    agreed = frozenset.intersection(*sets)
    if not agreed:
        agreed = frozenset.intersection(
            *(each | tables.by_province.get(key(name), NONE) for each, name in zip(sets, names, strict=True))
        )
        names = [name for name, each in zip(names, sets, strict=True) if each & agreed] if agreed else names
    if not agreed:
        return replace(found, several=tuple(names))
    finest = next((name for name in names if key(name) not in tables.by_name), names[0])
    return replace(found, name=finest, named=agreed & tables.called(finest))


def wider_of(words: str, tables: Gazetteer) -> NisSet | None:
    """Return the municipalities of the province or region these words name; None where they name neither."""
    bare = _words("province").sub("", words, count=1).strip()
    for said in dict.fromkeys((words, bare, _province_behind().sub("", words).strip())):
        if found := tables.by_province.get(key(said)) or tables.by_region.get(key(said)):
            return found
    return None


def clean_code(postal_code: str) -> str:
    """Return a Belgian postal code without what people write around it; another text as it is."""
    found = _ONLY_CODE.fullmatch(postal_code.strip())
    return found[2] if found else postal_code.strip()


def is_marked(postal_code: str) -> bool:
    """Say whether a postal code bears the B of Belgium."""
    found = _ONLY_CODE.fullmatch(postal_code.strip())
    return bool(found and found[1])


def read_abroad(text: str) -> Abroad | None:
    """Return what a text says of a place in a neighbouring country; None without such a postal code or country."""
    said = _DEPARTMENT.sub("", unescape(text.strip()[:_LONGEST]))
    parts = [part for part in _PARTS.split(said) if part]
    countries = {country for part in parts[1:] if (country := country_of(part)) and country != BELGIUM}
    rest = ", ".join(part for index, part in enumerate(parts) if not (index and country_of(part)))
    found = _ABROAD.fullmatch(rest)
    if found is None:
        return Abroad(None, rest, countries.pop(), letters=False) if len(countries) == 1 and "," not in rest else None
    if found["mark"]:
        countries.add(_envelopes()[found["mark"].casefold()])
    code = found["digits"] + (f" {found['letters'].strip()}" if found["letters"] else "")
    country = countries.pop() if len(countries) == 1 else None
    return None if countries else Abroad(code, found["name"].strip(), country, letters=bool(found["letters"]))


@lru_cache(maxsize=4096)
def is_street(words: str) -> bool:
    """Say whether words look like a street or a number in one; never whether such a street exists."""
    if any(map(str.isdigit, words)):
        return True
    bare = "".join(mark for mark in normalize("NFKD", words.casefold()) if not combining(mark))
    said = bare.split()  # empty where there are accents only
    table = _table()["words"]
    return any(word in table["street_starts"] for word in said[:1]) or any(
        word.endswith(tuple(table["street_ends"])) for word in said
    )


def is_shared(words: str) -> bool:
    """Say whether these words hold the name of a province and of a place abroad: Limburg, Luxembourg."""
    return any(name in key(words) for name in _table()["words"]["shared"])


def country_of(words: str) -> str | None:
    """Return the country these words are the name of: a neighbour or Belgium, ISO 3166-1; None for anything else."""
    return _countries().get(key(words))


@cache
def _countries() -> Mapping[str, str]:
    return {key(name): country for country, names in _table()["countries"].items() for name in names}


@cache
def _envelopes() -> Mapping[str, str]:
    return {mark: country for country, marks in _table()["envelopes"].items() for mark in marks}


@cache
def _words(which: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(_longest_first(which))})(?:(?<=')|(?<=’)|\s+|:\s*)", re.IGNORECASE)


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"[\s-]+(?:{'|'.join(_longest_first('behind'))})$", re.IGNORECASE)


@cache
def _province_aside() -> re.Pattern[str]:
    """Return what finds a province whose kind stands apart: ``Liège (Province)``, ``Antwerpen, provincie``."""
    kinds = "|".join(_longest_first("province"))
    return re.compile(rf"([^\d,()]+?)\s*[(,]\s*({kinds})\s*\)?", re.IGNORECASE)


@cache
def _province_behind() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(_longest_first('province'))})$", re.IGNORECASE)


def _longest_first(which: str) -> Iterator[str]:
    said = sorted(_table()["words"][which], key=len, reverse=True)
    return (re.escape(word).replace("'", "['’]") for word in said)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("hub.pipeline.enrich").joinpath("place_words.toml").read_text("utf-8"))
