"""Which known word is written most like an unknown one."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from hub.mapping.folding import bare


def nearest(word: str, choices: Iterable[str], at_least: float = 70) -> tuple[str, float] | None:
    """Return the choice that is written most alike, whatever its capitals and accents, and how alike in per cent.

    None when no choice is as much alike as is asked.
    """
    found = process.extractOne(word, tuple(choices), scorer=fuzz.WRatio, processor=bare, score_cutoff=at_least)
    return (found[0], found[1]) if found else None
