"""Texts as a few numbers: neighbouring words for texts in one language, meanings and figures across languages.

A sketch keeps the hashes below a bound that depends on how many there are, so that two sketches can be compared below
the lower of their bounds without bias, however long either text is.
"""

import html
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from operator import xor
from struct import pack, unpack
from typing import NamedTuple

from hub.matching.meanings import of_text_word, text_stop_words
from hub.matching.rules import RULES
from hub.matching.spelling import folded, number_of

_EDGES = "\"'.,;:!?()[]{}«»“”„‘’·•*–—-/\\€…|<>="
_FIGURE = re.compile(r"\d+(?:[.,:/h-]\d+)*")
_ELISIONS = ("l'", "d'", "qu'", "n'", "s'", "j'", "m'", "c'", "t'")
_BITS = 30
_MASK = (1 << _BITS) - 1  # what fits one digit of Python's integers is worked with fastest
_MIXER = 0x2545F491
_FIGURE_BIT = 1 << (_BITS - 1)
_MOST = int(RULES.levels["sketch"]) * 2
_REMEMBERED = 30_000
_MOST_FIGURES = 24

WHOLE = 1 << _BITS
"""The bound of a sketch that leaves nothing out."""


class Sketch(NamedTuple):
    """A sample of a text's hashes: all of those below the bound, in order, four bytes each, the least first."""

    hashes: bytes
    bound: int


class _Word(NamedTuple):
    """A word as a number, that number mixed for the first place of a pair, and what the word means, 0 for nothing."""

    mixed: int
    plain: int
    meaning: int


class _Words(dict[str, _Word | None]):
    """Words as they stand between blanks; None for those that tell nothing."""

    def __missing__(self, written: str) -> _Word | None:
        if len(self) > _REMEMBERED:
            self.clear()
        self[written] = found = _word(written)
        return found


def _word(written: str) -> _Word | None:
    if written[0] == "<" or written.startswith("href="):
        return None
    word = folded(written).strip(_EDGES)
    for elision in _ELISIONS:
        word = word.removeprefix(elision)
    if _FIGURE.fullmatch(word):
        figure = number_of(word.replace(",", ".").replace("h", ":")) & (_FIGURE_BIT - 1)
        return _Word(figure * _MIXER & _MASK, figure, figure | _FIGURE_BIT)
    if len(word) < 2 or word in text_stop_words():
        return None
    plain = number_of(word) & _MASK
    return _Word(plain * _MIXER & _MASK, plain, of_text_word(word) & (_FIGURE_BIT - 1))


_WORDS = _Words()


def sketched(texts: Mapping[str, str]) -> tuple[Sketch, Sketch, bytes]:
    """Return the sketch of a text's neighbouring words, that of its meanings, and its figures; all languages in one."""
    pairs: set[int] = set()
    meant: set[int] = set()
    for text in texts.values():
        words = list(filter(None, map(_WORDS.__getitem__, _bare(text).split())))
        if words:
            mixed, plain, meanings = zip(*words, strict=True)
            pairs.update(map(xor, mixed, plain[1:]))
            meant.update(meanings)
    meant.discard(0)
    ordered = sorted(meant)
    first = bisect_left(ordered, _FIGURE_BIT)
    return _sampled(sorted(pairs)), _sampled(ordered[:first]), packed(ordered[first : first + _MOST_FIGURES])


def _bare(text: str) -> str:
    """Return a text whose tags stand apart from its words; they are words that tell nothing."""
    bare = text.replace("<", " <").replace(">", "> ")
    return html.unescape(bare) if "&" in bare else bare


def _sampled(ordered: list[int]) -> Sketch:
    bound, kept = WHOLE, len(ordered)
    while kept > _MOST and bound > 1:
        bound >>= 1
        kept = bisect_left(ordered, bound)
    return Sketch(packed(ordered[:kept]), bound)


def packed(numbers: Sequence[int]) -> bytes:
    """Return numbers of 32 bits as bytes."""
    return pack(f"<{len(numbers)}I", *numbers)


def unpacked(numbers: bytes) -> tuple[int, ...]:
    """Return what was packed."""
    return unpack(f"<{len(numbers) >> 2}I", numbers)


def shared(one: Sketch, other: Sketch) -> tuple[float, int] | None:
    """Return which part of the shorter text stands in the other too, and of how many hashes that was read."""
    first, second = unpacked(one.hashes), unpacked(other.hashes)
    if one.bound > other.bound:
        first = first[: bisect_left(first, other.bound)]
    elif other.bound > one.bound:
        second = second[: bisect_left(second, one.bound)]
    fewest = min(len(first), len(second))
    return (len(set(first).intersection(second)) / fewest, fewest) if fewest else None
