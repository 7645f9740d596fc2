"""From the labels of ESCO in one language to an index: what each means, and what it means at the end of others."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from hub.codelists.entry import Entry, Strength
from hub.codelists.folding import fold, spellings
from hub.codelists.reading import Concept

HEAD_FIRST = frozenset({"ca", "es", "fr", "it", "pt", "ro"})
"""Languages in which what something is comes first: ``agent de sécurité``."""
HEAD_LAST = frozenset({"da", "de", "en", "fi", "nb", "nl", "no", "sv"})
"""Languages in which it comes last: ``security guard``."""
COMPOUNDING = frozenset({"da", "de", "fi", "nb", "nl", "no", "sv"})
"""Languages that write both as one word: ``vrachtwagenchauffeur``."""

SHORTEST_END = 5
"""Letters of the shortest word that is looked for at the end of another."""
_SHORTEST_REST = 3


class Labelled(NamedTuple):
    """An occupation or skill by its number, with its group where it has one."""

    number: int
    group: int | None
    concept: Concept


def occupation_entries(labelled: Iterable[Labelled], language: str) -> dict[str, Entry]:
    """Return what each folded label of the occupations means."""
    meanings = _meanings(labelled, language)
    groups = {number: group for meant in meanings.values() for number, (_, group) in meant.items()}
    extended = _extended(meanings, language)
    return {key: _counted(_meant(meant), extended.get(key, Counter()), groups) for key, meant in meanings.items()}


def skill_entries(labelled: Iterable[Labelled]) -> dict[str, Entry]:
    """Return what each folded label of the skills means."""
    return {key: _meant(meant) for key, meant in _meanings(labelled).items()}


Meant = dict[int, tuple[Strength, int | None]]
"""Number → how closely the label belongs to it, and its group."""


def _meanings(labelled: Iterable[Labelled], language: str = "") -> Mapping[str, Meant]:
    meanings: defaultdict[str, Meant] = defaultdict(dict)
    for number, group, concept in labelled:
        for label, strength in _labels(concept, language):
            for spelling in spellings(label):
                if (key := fold(spelling)) and _closer(strength, meanings[key].get(number)):
                    meanings[key][number] = (strength, group)
    return {key: meant for key, meant in meanings.items() if meant}


def _closer(strength: Strength, known: tuple[Strength, int | None] | None) -> bool:
    return known is None or known[0] < strength


def _labels(concept: Concept, language: str) -> Iterator[tuple[str, Strength]]:
    """Yield the labels of a concept; not those that name whom it leads: a bookseller is no bookshop manager."""
    yield concept.label, Strength.preferred
    leading = _finding("leading").get(language)
    leads = leading is not None and leading.search(fold(concept.label))
    others = ((concept.others, Strength.other), (concept.hidden, Strength.hidden))
    for labels, strength in others:
        yield from ((label, strength) for label in labels if not leads or (leading and leading.search(fold(label))))


def _meant(meant: Meant) -> Entry:
    """Return what a label means: the occupations it belongs to most closely, and the group they share."""
    strength = max(strength for strength, _ in meant.values())
    closest = {number: group for number, (own, group) in meant.items() if own == strength}
    groups = set(closest.values())
    concept = next(iter(closest)) if len(closest) == 1 else None
    return Entry(concept, groups.pop() if len(groups) == 1 else None, strength)


def _extended(meanings: Mapping[str, Meant], language: str) -> Mapping[str, Counter[int]]:
    """Return how many labels of each occupation end with each phrase (begin, where the head comes first).

    Labels with a word that makes another occupation of it tell nothing: a foreman welder leads welders.
    """
    extended: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for key, meant in meanings.items():
        for head, rest in _heads(key, language, meanings):
            if not changes(rest, language):
                extended[head].update(meant.keys())
    return extended


def _heads(key: str, language: str, meanings: Mapping[str, Meant]) -> Iterator[tuple[str, str]]:
    """Yield the phrases that may say what a label is, each with the rest of the label."""
    words = key.split()
    if language in HEAD_FIRST:
        told = ((" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words)))
    else:
        told = ((" ".join(words[place:]), " ".join(words[:place])) for place in range(1, len(words)))
    yield from (each for each in told if language in HEAD_FIRST | HEAD_LAST and each[0] in meanings)
    if language in COMPOUNDING:
        yield from ((end, key.removesuffix(end)) for end in ends(words[-1]) if end in meanings)


def ends(word: str) -> Iterator[str]:
    """Yield what a compound word may end with, the longest first: ``hulp`` is too short for ``poetshulp``."""
    yield from (word[place:] for place in range(_SHORTEST_REST, len(word) - SHORTEST_END + 1))


def changes(rest: str, language: str) -> bool:
    """Say whether the rest of a label or title makes another occupation of it: ``foreman``, ``assistant``."""
    found = _finding("changing").get(language)
    return bool(found and found.search(rest))


@cache
def _finding(name: str) -> Mapping[str, re.Pattern[str]]:
    """Return what finds the words of a table, by language; a compound may begin with them."""
    tables = tomllib.loads(files("hub.codelists").joinpath("words.toml").read_text("utf-8"))
    return {
        language: re.compile(rf"\b(?:{'|'.join(words)}){'' if language in COMPOUNDING else chr(92) + 'b'}")
        for language, words in tables[name].items()
    }


def _counted(entry: Entry, extended: Counter[int], groups: Mapping[int, int | None]) -> Entry:
    """Return the entry with how many labels that end with it are of its group, and how many of others."""
    counts = _by_group(extended, groups)
    agreeing = counts[entry.group]
    return entry._replace(agreeing=agreeing, others=counts.total() - agreeing)


def _by_group(extended: Counter[int], groups: Mapping[int, int | None]) -> Counter[int | None]:
    counts: Counter[int | None] = Counter()
    for number, count in extended.items():
        counts[groups[number]] += count
    return counts
