"""Take a job title apart: what one does, and what stands beside it (where, for whom, hours, a call for people)."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from hub.codelists import fold, spellings
from hub.codelists.indexing import COMPOUNDING

LANGUAGES = ("nl", "fr", "en", "de")
"""The languages whose titles are taken apart; in others only a title that is a label as it stands is known."""

_ASIDE = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_BETWEEN = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*[|:;•·!?\n\t…–—]\s*|\s*,\s+|\.\s+|\s*\*+\s*")
_AMOUNT = re.compile(r"\d+\s*(?:u|uur|h|hours?|heures?|std\.?|%)?\s*/\s*\w+", re.IGNORECASE)
_GENDERS = re.compile(r"(?<!\w)[mfhvwxd](?:\s*[/|.\-]\s*[mfhvwxd]){1,3}(?!\w)", re.IGNORECASE)
_SLASH = re.compile(r"\s*/\s*")
_AKIN = 3
_LONGEST = 200
_SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a title that may name a job.

    Args:
        keys: the folded stretch; several where it is told for both genders.
        strict: belongs to others, so that all of them must mean the same: ``kok/kelner``.
        aside: stands in brackets.
    """

    keys: tuple[str, ...]
    strict: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of one language."""

    noise: re.Pattern[str]
    levels: re.Pattern[str]
    since: frozenset[str]
    conjunction: re.Pattern[str]
    attached: re.Pattern[str]
    endings: tuple[tuple[str, str], ...]


def segments(title: str, language: str) -> tuple[Segment, ...]:
    """Return the stretches of a title, those in brackets last."""
    said = _GENDERS.sub(" ", _AMOUNT.sub(" ", title[:_LONGEST]))
    if language in LANGUAGES:
        said = words(language).attached.sub(r"\1", said)
    asides = [part for aside in _ASIDE.findall(said) for part in _told(aside, language, aside=True)]
    outside = [part for each in _BETWEEN.split(_ASIDE.sub(" ", said)) for part in _told(each, language, aside=False)]
    return (*outside, *asides)


def _told(stretch: str, language: str, *, aside: bool) -> Iterator[Segment]:
    written = _SLASH.sub("/", stretch.strip())
    both = spellings(written)
    if len(both) > 1 and _akin(both[1:]):
        yield Segment(_folded(both), aside=aside)
    elif "/" in written:
        sides = [key for each in written.split("/") if (key := _folded([each])) and _says(key[0], language)]
        yield from (Segment(key, strict=len(sides) > 1, aside=aside) for key in sides)
    elif key := _folded([written]):
        yield Segment(key, aside=aside)


def _says(key: str, language: str) -> bool:
    return language not in LANGUAGES or bool(cleaned(key, language))


def _akin(both: Sequence[str]) -> bool:
    """Say whether these are the same words but for the gender."""
    return len({fold(each)[:_AKIN] for each in both}) == 1


def _folded(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for label in labels if (key := fold(label))))


def cleaned(key: str, language: str) -> str:
    """Return a folded stretch without hours, shifts, contracts and calls for people."""
    return " ".join(words(language).noise.sub(" ", key).split())


def unlevelled(key: str, language: str) -> str:
    """Return a folded stretch without words for how experienced or pleasant one must be."""
    return " ".join(words(language).levels.sub(" ", key).split())


def before(key: str, language: str) -> str:
    """Return what stands before the first word that begins where, for whom or with what; all where none does."""
    said = key.split()
    since = words(language).since
    end = next((place for place, word in enumerate(said) if place and word in since), len(said))
    return " ".join(said[:end])


def jobs(key: str, language: str) -> tuple[str, ...]:
    """Return the jobs that a conjunction stands between; one where there is none."""
    return tuple(job for each in words(language).conjunction.split(key) if (job := each.strip()))


def variants(key: str, language: str) -> Iterator[str]:
    """Yield a folded stretch for the other gender, and for one instead of many: in its first word, its last, or all.

    In languages that write compounds as one word, as one word too.
    """
    said = key.split()
    if len(said) == 2 and language in COMPOUNDING:
        yield "".join(said)
    turns = [_turns(word, language) for word in said]
    for ending in sorted(set().union(*turns)):
        turned = [turn.get(ending, word) for turn, word in zip(turns, said, strict=True)]
        yield " ".join(turned)
        if len(said) > 1:
            yield " ".join([turned[0], *said[1:]])
            yield " ".join([*said[:-1], turned[-1]])


@lru_cache(maxsize=65_536)  # words repeat
def _turns(word: str, language: str) -> Mapping[int, str]:
    """Return a word with other endings, by the place of the ending in its table."""
    return {
        place: word.removesuffix(old) + new
        for place, (old, new) in enumerate(words(language).endings)
        if word.endswith(old) and len(word) > len(old) + _SHORTEST_STEM
    }


def without(key: str, names: Iterable[str]) -> str:
    """Return a folded stretch without these folded names, where they stand as whole words."""
    padded = f" {key} "
    for name in names:
        padded = padded.replace(f" {name} ", " ")
    return " ".join(padded.split())


@cache
def words(language: str) -> Words:
    """Return the tables of a language."""
    tables = _tables()

    def told(name: str) -> list[str]:
        return [*tables[name].get("any", ()), *tables[name][language]]

    attached = "|".join(sorted(told("attached"), key=len, reverse=True))
    signs = r"(?:\(-?|\[-?|/-?|[·•.*_:]-?|(?<=[a-zé])-(?=(?:euse|trice|ère|ière|rice|se|e|ne)\b))"
    return Words(
        noise=_any(told("noise")),
        levels=_any(told("levels")),
        since=frozenset(told("from")),
        conjunction=re.compile(rf" (?:{'|'.join(told('and'))}) "),
        attached=re.compile(rf"(?<=\w\w)(\w){signs}(?:{attached})(?:\(?s\)?)?[)\]]?(?!\w)", re.IGNORECASE),
        endings=tuple((old, new) for old, new in tables["endings"][language]),
    )


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(patterns, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(longest_first)})(?!\S)")


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("hub.pipeline.enrich").joinpath("job_titles.toml").read_text("utf-8"))
