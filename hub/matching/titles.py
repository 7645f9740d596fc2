"""Titles: which words tell the work, as they are spelled and as they are meant."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from hub.matching.meanings import Meanings, meanings, of_title_word, title_words
from hub.matching.spelling import folded

_GENDER = re.compile(r"\(?\b[mvhfxwd](?:\s?[/|.-]\s?[mvhfxwd]){1,3}\b\)?")
_INCLUSIVE = re.compile(
    r"(?<=\w)[·•.(/-](?:e|s|es|ne|nes|ere|iere|euse|euses|rice|trice|trices|ster|in|ienne|lle|le|te)\b\)?s?"
)
_NAME = re.compile(r"[^\s|,;:\u2013\u2014-]+(?:-[^\s|,;:\u2013\u2014-]+)*")
_WORD = re.compile(r"[a-z0-9+#]+")
_LICENCE = frozenset({"b", "c", "ce", "c1", "d1"})
_LONGEST_PHRASE = 4


class Title(NamedTuple):
    """A title in one language: its telling words in order, and what they mean."""

    words: str
    meanings: frozenset[int]


def without(title: str, names: Iterable[str]) -> str:
    """Return a title without the names of employer and place that partners add to it."""
    bare = _spelled(title[:300])
    for name in names:
        said = _spelled(name)
        if said in bare and len(said) < len(bare):
            bare = bare.replace(said, " ")
    return bare.strip()


@lru_cache(maxsize=8_192)
def _spelled(name: str) -> str:
    return f" {' '.join(_NAME.findall(folded(name)))} "


@lru_cache(maxsize=8_192)
def taken_apart(title: str) -> Title:
    """Take the folded title of a vacancy apart; many offers have the same one."""
    noise, general, _, abbreviations = title_words()
    said = [abbreviations.get(word, word) for word in _split(title)]
    found, rest = _phrases(said)
    kept = [word for word in rest if word not in noise and (len(word) > 1 or word in _LICENCE)]
    telling = [word for word in kept if word not in general] or ([] if found else kept or said)
    for word in telling:
        found += of_title_word(word)
    spelled = [word for word in said if word not in noise and (len(word) > 1 or word in _LICENCE)]
    return Title(" ".join(spelled or said), frozenset(found))


@lru_cache(maxsize=8_192)
def named(title: str) -> Title:
    """Take the folded title of a programme apart, which is a name: every word counts."""
    said = _split(title)
    found, rest = _phrases(said)
    for word in rest:
        found += of_title_word(word)
    return Title(" ".join(said), frozenset(found))


def _split(title: str) -> list[str]:
    bare = _INCLUSIVE.sub("", _GENDER.sub(" ", title))
    return _WORD.findall(bare.replace("'", " ")) or [title]


def _phrases(said: list[str]) -> tuple[list[int], list[str]]:
    """Return the meanings of phrases of several words, and the words outside of them."""
    table, place = meanings(), 0
    found: list[int] = []
    rest: list[str] = []
    while place < len(said):
        for length in range(min(_LONGEST_PHRASE, len(said) - place), 1, -1):
            meant: Meanings = table.get(" ".join(said[place : place + length]), ())
            if meant:
                found += meant
                place += length
                break
        else:
            rest.append(said[place])
            place += 1
    return found, rest
