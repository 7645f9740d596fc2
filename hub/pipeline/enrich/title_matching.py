"""Which occupation of ESCO a job title means, and how surely; nothing where it may mean two.

A title is looked up from its plainest reading to its freest: as it stands, without hours and calls for people, for the
other gender or for one instead of many, before the words that say where or for whom, by the words that say what it is
(`TIG-lasser` is a lasser), and last with a letter mended. A reading holds only if all that is known of it agrees.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from hub.codelists import Entry, Esco, Strength, fold
from hub.codelists.indexing import COMPOUNDING, HEAD_FIRST, HEAD_LAST, changes, ends
from hub.pipeline.enrich.job_titles import (
    LANGUAGES,
    Segment,
    before,
    cleaned,
    jobs,
    segments,
    unlevelled,
    variants,
    without,
)

_REMEMBERED = 65_536
_GENERIC_FROM, _GENERIC_BELOW = 4, 0.6
"""An alternative label says too little where so many end with it, and of its group so seldom: ``driver``."""
_HEAD_SHARE, _HEAD_LABELS = 0.85, 3
"""A word tells what a longer title is where so many labels end with it, and of its group nearly always."""
_HEAD_LETTERS = 4
_FIRST_LETTERS = 6
_SPELT_LETTERS = 8


class Meaning(NamedTuple):
    """What a title means.

    Args:
        group: number of the ISCO-08 unit group.
        concept: number of the occupation; None where several of the group may be meant.
        method: how it was found, as in a derivation.
        confidence: how surely, 0 to 1.
    """

    group: int
    concept: int | None
    method: str
    confidence: float


class Ambiguous(NamedTuple):
    """A title that may mean occupations of several groups."""


Found = Meaning | Ambiguous | None
Look = Callable[[str], Entry | None]

# As measured by `benchmarks/occupations.py` on the English list: 146 of 146, and 70 of 77, since the alternative labels
# of ESCO are loose (it calls a companion a caregiver). Of titles that no rule was made with, 97 of 113 were right.
_BY_STRENGTH = {
    Strength.preferred: ("title-preferred-label", 0.98),
    Strength.other: ("title-alternative-label", 0.85),
    Strength.hidden: ("title-alternative-label", 0.83),
}
_LESS_CLEANED, _LESS_VARIANT, _LESS_CUT = 0.02, 0.04, 0.05
_HEAD = ("title-head-word", 0.85)
_COMPOUND = ("title-compound-word", 0.8)
_SPELT = ("title-misspelled-label", 0.85)
_WEAK = frozenset({_HEAD[0], _COMPOUND[0], _SPELT[0]})


def title_meaning(title: str, language: str, esco: Esco, names: tuple[str, ...] = ()) -> Meaning | None:
    """Return what a title means; None where that is not known, or may be two things.

    Args:
        title: as the partner writes it.
        language: of the title.
        esco: the imported list.
        names: folded names of the employer and of places, which say nothing of the job.
    """
    found = _meaning(title, language, esco, ())
    if found is None and names:
        said = f" {fold(title)} "
        if there := tuple(name for name in names if name and f" {name} " in said):
            found = _meaning(title, language, esco, there)
    return found if isinstance(found, Meaning) else None


@lru_cache(maxsize=_REMEMBERED)
def label_meaning(label: str, language: str, esco: Esco) -> Meaning | None:
    """Return what the label of a partner's occupation means: only where it is a label of ESCO as it stands."""
    found = [_exact(key, _look(esco, language), 0) for segment in segments(label, language)[:1] for key in segment.keys]
    return next((each for each in found if isinstance(each, Meaning)), None)


@lru_cache(maxsize=_REMEMBERED)  # titles repeat
def _meaning(title: str, language: str, esco: Esco, names: tuple[str, ...]) -> Found:
    look = _look(esco, language)
    parts = [_without(part, names) for part in segments(title, language)] if names else segments(title, language)
    outside = [(part, _read(part, language, esco, look)) for part in parts if not part.aside]
    agreed = _agreed(outside)
    if agreed is None:
        agreed = _agreed([(part, _read(part, language, esco, look)) for part in parts if part.aside])
    return agreed


def _look(esco: Esco, language: str) -> Look:
    def look(key: str) -> Entry | None:
        return esco.occupation(key, language)

    return look


def _without(part: Segment, names: tuple[str, ...]) -> Segment:
    keys = tuple(key for each in part.keys if (key := without(each, names)))
    return Segment(keys or part.keys, part.strict, part.aside)


def _agreed(read: Iterable[tuple[Segment, Found]]) -> Found:
    """Return what the stretches of a title mean together: the surest, where no other means something else."""
    told = list(read)
    strict = [found for part, found in told if part.strict]
    if any(found is None for found in strict) and any(found is not None for found in strict):
        return Ambiguous()
    found_any = [found for _, found in told if found is not None]
    plain = [found for found in found_any if isinstance(found, Ambiguous) or found.method not in _WEAK]
    return _same(plain or found_any)


def _same(found: Iterable[Found]) -> Found:
    told = list(found)
    meanings = [each for each in told if isinstance(each, Meaning)]
    if len(meanings) < len(told) or len({each.group for each in meanings}) > 1:
        return Ambiguous()
    if not meanings:
        return None
    best = max(meanings, key=lambda each: each.confidence)
    one = {each.concept for each in meanings if each.confidence == best.confidence} == {best.concept}
    return best if one else best._replace(concept=None)


def _read(part: Segment, language: str, esco: Esco, look: Look) -> Found:
    return next((found for found in _readings(part, language, esco, look) if found is not None), None)


def _readings(part: Segment, language: str, esco: Esco, look: Look) -> Iterator[Found]:
    """Yield the readings of a stretch, the plainest first."""
    yield _first(part.keys, look, 0)
    if language not in LANGUAGES:
        return
    bare = _distinct(cleaned(key, language) for key in part.keys)
    able = _distinct(unlevelled(key, language) for key in bare)
    yield _first((*bare, *able), look, _LESS_CLEANED)
    yield _first((variant for key in able for variant in variants(key, language)), look, _LESS_VARIANT)
    cut = _distinct(before(key, language) for key in able)
    yield from _of_several(cut, able, language, look)
    yield _head(cut, language, look)
    yield _misspelled((*able, *cut), language, esco, look)


def _of_several(cut: tuple[str, ...], able: tuple[str, ...], language: str, look: Look) -> Iterator[Found]:
    """Yield what a stretch with two jobs means, where both mean the same; else what it means before it says where."""
    several = jobs(cut[0], language) if cut else ()
    if len(several) > 1:
        each = [_plain(job, language, look) or _head((job,), language, look) for job in several]
        yield Ambiguous() if None in each else _same(each)
    elif cut != able and not changes(_cut_off(able, cut), language):
        telling = (key for each in cut for key in (each, *variants(each, language)))
        yield next((found for key in telling if (found := _exact(key, look, _LESS_CUT, _tells))), None)


def _cut_off(able: tuple[str, ...], cut: tuple[str, ...]) -> str:
    """Return what stands behind the cut: who is a welder `en chef` leads welders."""
    return able[0].removeprefix(cut[0]) if able and cut else ""


def _plain(key: str, language: str, look: Look) -> Found:
    return _first((key,), look, _LESS_CUT) or _first(variants(key, language), look, _LESS_CUT)


def _distinct(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))


def _first(keys: Iterable[str], look: Look, less: float) -> Found:
    return next((found for key in keys if (found := _exact(key, look, less)) is not None), None)


def _exact(key: str, look: Look, less: float, fits: Callable[[str, Entry], bool] | None = None) -> Found:
    """Return what a label means that is in the list as it stands."""
    entry = look(key)
    if entry is None or _generic(entry) or (fits and not fits(key, entry)):
        return None
    if entry.group is None:
        return Ambiguous()
    method, confidence = _BY_STRENGTH[entry.strength]
    return Meaning(entry.group, entry.concept, method, round(confidence - less, 2))


def _generic(entry: Entry) -> bool:
    told = entry.agreeing + entry.others
    return entry.strength < Strength.preferred and told >= _GENERIC_FROM and entry.share < _GENERIC_BELOW


def _tells(key: str, entry: Entry) -> bool:
    """Say whether a label tells what a longer title is."""
    if entry.strength is Strength.preferred and entry.share >= _GENERIC_BELOW:
        return True
    return entry.share >= _HEAD_SHARE and (" " in key or entry.agreeing >= _HEAD_LABELS)


def _is_head(key: str, entry: Entry) -> bool:
    told = entry.agreeing + entry.others
    return len(key) >= _HEAD_LETTERS and told >= _HEAD_LABELS and entry.share >= _HEAD_SHARE


def _head(keys: tuple[str, ...], language: str, look: Look) -> Found:
    """Return what the words mean that say what a longer title is: the last ones, in French the first."""
    for key in keys:
        for head, rest in _heads(key, language):
            if found := _told_by(head, rest, language, look, _HEAD):
                return found
        for end in _compound_ends(key, language):
            if found := _told_by(end, key.removesuffix(end), language, look, _COMPOUND):
                return found
    return None


def _heads(key: str, language: str) -> Iterator[tuple[str, str]]:
    said = key.split()
    if language in HEAD_FIRST:
        yield from ((" ".join(said[:end]), " ".join(said[end:])) for end in range(len(said) - 1, 0, -1))
    if language in HEAD_LAST:
        yield from ((" ".join(said[start:]), " ".join(said[:start])) for start in range(1, len(said)))
    if language in COMPOUNDING and len(said) > 1 and len(said[0]) >= _FIRST_LETTERS:
        yield said[0], " ".join(said[1:])  # what follows a whole word is where or what with: `inpakker chocolade`


def _compound_ends(key: str, language: str) -> Iterator[str]:
    return ends(key.rsplit(maxsplit=1)[-1]) if language in COMPOUNDING else iter(())


def _told_by(head: str, rest: str, language: str, look: Look, told: tuple[str, float]) -> Found:
    for key in (head, *variants(head, language)):
        entry = look(key)
        if entry is not None:
            if entry.group is None or not _is_head(key, entry) or changes(rest, language):
                return None
            other = look(rest)
            if other and other.group != entry.group:
                return Ambiguous()  # two jobs side by side
            return Meaning(entry.group, entry.concept, *told)
    return None


def _misspelled(keys: Iterable[str], language: str, esco: Esco, look: Look) -> Found:
    for key in dict.fromkeys(keys):
        near = esco.near(key, language) if len(key) >= _SPELT_LETTERS else ()
        entries = [entry for label in near if (entry := look(label)) and not _generic(entry)]
        groups = {entry.group for entry in entries}
        if len(groups) == 1 and (group := groups.pop()) is not None:
            concepts = {entry.concept for entry in entries}
            return Meaning(group, concepts.pop() if len(concepts) == 1 else None, *_SPELT)
    return None
