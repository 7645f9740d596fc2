"""Texts as a few numbers: neighbouring words for texts in one language, meanings and figures across languages.

A sketch keeps the hashes below a bound that depends on how many there are, so that two sketches can be compared below
the lower of their bounds without bias, however long either text is.
"""

import html
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from hub.matching.meanings import of_text_word, text_stop_words
from hub.matching.rules import RULES
from hub.matching.spelling import folded, number_of

_TAG = re.compile(r"<[^>]*>")
_EDGES = "\"'.,;:!?()[]{}«»“”„‘’·•*–—-/\\€…|<>="
_FIGURE = re.compile(r"\d+(?:[.,:/h-]\d+)*")
_WHOLE = 1 << 32
_MIXER = 0x9E3779B1
_FIGURE_BIT = 1 << 31
_SKETCH = int(RULES.levels["sketch"])
_REMEMBERED = 300_000
_MOST_FIGURES = 24


class Sketch(NamedTuple):
    """A sample of a text's hashes: all of those below the bound."""

    hashes: frozenset[int]
    bound: int


class _Words(dict[str, int]):
    """Words as they stand between blanks, each as two numbers in one: itself below, its meaning 32 bits up."""

    def __missing__(self, written: str) -> int:
        if len(self) > _REMEMBERED:
            self.clear()
        self[written] = found = _code(written)
        return found


def _code(written: str) -> int:
    word = folded(written).strip(_EDGES)
    for elision in ("l'", "d'", "qu'", "n'", "s'", "j'", "m'", "c'", "t'"):
        word = word.removeprefix(elision)
    if _FIGURE.fullmatch(word):
        figure = number_of(word.replace(",", ".").replace("h", ":")) | _FIGURE_BIT
        return figure << 32 | (figure & 0x7FFFFFFF)
    if len(word) < 2 or word in text_stop_words():
        return 0
    return of_text_word(word) << 32 | number_of(word)


_WORDS = _Words()


def sketched(texts: Mapping[str, str]) -> tuple[Sketch, Sketch, frozenset[int]]:
    """Return the sketch of a text's neighbouring words, that of its meanings, and its figures; all languages in one."""
    pairs: set[int] = set()
    meant: set[int] = set()
    for text in texts.values():
        codes = [code for code in map(_WORDS.__getitem__, _bare(text).split()) if code]
        pairs |= _pairs(codes)
        meant.update([code >> 32 for code in codes])
    meant.discard(0)
    figures = sorted([each for each in meant if each & _FIGURE_BIT])[:_MOST_FIGURES]
    return _sampled(pairs), _sampled({each for each in meant if not each & _FIGURE_BIT}), frozenset(figures)


def _bare(text: str) -> str:
    bare = _TAG.sub(" ", text) if "<" in text else text
    return (html.unescape(bare) if "&" in bare else bare).lower()


def _pairs(codes: Iterable[int]) -> set[int]:
    words = [code & 0xFFFFFFFF for code in codes]
    return {(one * _MIXER + other) & 0xFFFFFFFF for one, other in pairwise(words)}


def _sampled(hashes: set[int]) -> Sketch:
    bound = _WHOLE
    while len(hashes) > _SKETCH * 2 and bound > 1:
        bound >>= 1
        hashes = {each for each in hashes if each < bound}
    return Sketch(frozenset(hashes), bound)


def shared(one: Sketch, other: Sketch) -> tuple[float, int] | None:
    """Return which part of the shorter text stands in the other too, and of how many hashes that was read."""
    bound = min(one.bound, other.bound)
    first = one.hashes if one.bound == bound else {each for each in one.hashes if each < bound}
    second = other.hashes if other.bound == bound else {each for each in other.hashes if each < bound}
    fewest = min(len(first), len(second))
    return (len(first & second) / fewest, fewest) if fewest else None

