"""Whether two long, telling names are one name misspelled."""

from rapidfuzz.distance import Levenshtein

from hub.organisations.naming import Name, sides_of

_LONG, _VERY_LONG = 10, 16
_ONE_WORD = 5


def near(one: Name, other: Name) -> bool:
    """Say whether two different keys are one telling name misspelled: a letter or two, or where words are parted.

    Never where they differ in a side (`noord`, `zuid`), a number, a single letter, or a short word.
    """
    if not (one.distinctive and other.distinctive) or one.key == other.key:
        return False
    first, second = one.key.replace(" ", ""), other.key.replace(" ", "")
    shorter = min(len(first), len(second))
    if shorter < _LONG or sides_of(one.key) != sides_of(other.key):
        return False
    if first == second:
        return True
    most = 2 if shorter >= _VERY_LONG else 1
    return Levenshtein.distance(first, second, score_cutoff=most) <= most and _in_long_words(one.key, other.key)


def _in_long_words(one: str, other: str) -> bool:
    """Say whether only long words differ, each in one place; words that are parted otherwise are let through."""
    first, second = one.split(), other.split()
    if len(first) != len(second):
        return True
    changed = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return all(min(map(len, pair)) >= _ONE_WORD and Levenshtein.distance(*pair) == 1 for pair in changed)
