"""Say the occupation and the skills of an offer in the code lists that were imported; what the partner says stays.

Codes of a partner go through a crosswalk where one was imported. Else an occupation of ESCO is found by the partner's
own name of the occupation, and by the title of a vacancy, in each of its languages; it is left out where two of these
mean different groups. A skill is told only where the partner names it as ESCO does, in a field for skills.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from hub.codelists import Codelists, Esco, fold
from hub.model.code import Code
from hub.model.derivation import Derivation
from hub.model.listing import Listing
from hub.model.text import UNDETERMINED
from hub.model.vocabulary import Kind
from hub.pipeline.enrich.job_titles import LANGUAGES
from hub.pipeline.enrich.step import Step
from hub.pipeline.enrich.title_matching import Meaning, label_meaning, title_meaning

VERSION = "1"
CROSSWALK = "crosswalk"
ESCO_GROUP = "esco-group"
OCCUPATION_LABEL = "occupation-label"
SKILL_LABEL = "skill-label"

_LABEL_LESS = 0.02
_COMMON = frozenset({"esco", "isco-08"})


class _Added(NamedTuple):
    """Codes to add, how they were found and how surely."""

    codes: tuple[Code, ...]
    method: str
    confidence: float


def with_occupations(listing: Listing, codelists: Codelists) -> Step:
    """Return the listing with its occupation and skills as codes of the imported lists; the same one without any."""
    if not codelists.version:
        return Step(listing)
    esco = codelists.esco
    occupations, told = _extended("occupations", listing.occupations, _occupations(listing, codelists, esco))
    skills, also_told = _extended("skills", listing.skills, _skills(listing.skills, esco))
    if not told and not also_told:
        return Step(listing)
    changes = {"occupations": occupations} if told else {}
    changes |= {"skills": skills} if also_told else {}
    return Step(listing.revised(changes), derivations=(*told, *also_told))


def _extended(
    field: str, codes: tuple[Code, ...], added: Iterable[_Added]
) -> tuple[tuple[Code, ...], tuple[Derivation, ...]]:
    """Return the codes with what is added and not there yet, and where that stands."""
    known = {(code.scheme, code.value) for code in codes}
    derivations = []
    for each in added:
        new = [code for code in each.codes if (code.scheme, code.value) not in known]
        if new:
            paths = tuple(f"{field}[{place}]" for place in range(len(codes), len(codes) + len(new)))
            derivations.append(Derivation(fields=paths, method=each.method, confidence=each.confidence))
            codes = (*codes, *new)
            known.update((code.scheme, code.value) for code in new)
    return codes, tuple(derivations)


# Occupations ----------------------------------------------------------------------------------------------------


def _occupations(listing: Listing, codelists: Codelists, esco: Esco | None) -> Iterator[_Added]:
    """Yield what is known of the occupation, by the surest way that tells anything."""
    mapped = tuple(_mapped(listing.occupations, codelists, esco))
    yield from mapped
    said = (*listing.occupations, *(code for each in mapped for code in each.codes))
    if esco is None:
        return
    if groups := _groups(said, esco):
        yield _Added(groups, ESCO_GROUP, 1.0)
    elif not any(code.scheme in _COMMON for code in said):
        yield from _found(listing, esco)


def _mapped(codes: tuple[Code, ...], codelists: Codelists, esco: Esco | None) -> Iterator[_Added]:
    for code in codes:
        for scheme, value, confidence in codelists.mapped(code.scheme, code.value):
            yield _Added((_named(Code(scheme=scheme, value=value), esco),), CROSSWALK, confidence)


def _named(code: Code, esco: Esco | None) -> Code:
    return (esco.named(code) if esco else None) or code


def _groups(codes: tuple[Code, ...], esco: Esco) -> tuple[Code, ...]:
    """Return the ISCO-08 groups of the occupations of ESCO among codes."""
    found = (esco.group_of(code.value) for code in codes if code.scheme == "esco")
    return tuple(esco.group_code(group) for group in dict.fromkeys(found) if group is not None)


def _found(listing: Listing, esco: Esco) -> Iterator[_Added]:
    """Yield the occupation by its name and by the title, where they do not mean different groups."""
    meanings = [*_by_labels(listing.occupations, esco), *_by_title(listing, esco)]
    if len({meaning.group for meaning in meanings}) != 1:
        return
    best = max(meanings, key=lambda meaning: (meaning.concept is not None, meaning.confidence))
    occupation = () if best.concept is None else (esco.occupation_code(best.concept),)
    yield _Added((*occupation, esco.group_code(best.group)), best.method, best.confidence)


def _by_labels(codes: tuple[Code, ...], esco: Esco) -> Iterator[Meaning]:
    for code in codes:
        for language, label in (code.label or {}).items():
            if found := label_meaning(label, _bare(language), esco):
                yield found._replace(method=OCCUPATION_LABEL, confidence=round(found.confidence - _LABEL_LESS, 2))


def _by_title(listing: Listing, esco: Esco) -> Iterator[Meaning]:
    if listing.kind is not Kind.vacancy:
        return
    names = _names(listing)
    for language, title in listing.title.items():
        if language == UNDETERMINED:
            yield from _in_any_language(title, esco)
        elif found := title_meaning(title, _bare(language), esco, names):
            yield found


def _in_any_language(title: str, esco: Esco) -> Iterator[Meaning]:
    """Yield what a title means as it stands, in each of our languages: ``Bakker`` is too short to tell its own."""
    yield from (found for language in LANGUAGES if (found := label_meaning(title, language, esco)))


def _bare(tag: str) -> str:
    """Return the language of a tag: ``nl-BE`` is ``nl``."""
    return tag.partition("-")[0]


def _names(listing: Listing) -> tuple[str, ...]:
    return _folded(listing.organisation.name, *(place.municipality for place in listing.places))


@lru_cache(maxsize=16_384)  # employers repeat
def _folded(*names: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(part) for name in names if name for part in (name, *name.split(" / "))))


# Skills ---------------------------------------------------------------------------------------------------------


def _skills(codes: tuple[Code, ...], esco: Esco | None) -> Iterator[_Added]:
    if esco is None:
        return
    for code in codes:
        if code.scheme != "esco" and (found := _skill(code, esco)) is not None:
            yield _Added((esco.skill_code(found),), SKILL_LABEL, 0.97)


def _skill(code: Code, esco: Esco) -> int | None:
    """Return the number of the one skill that all labels of a code name; None without one."""
    entries = (esco.skill(fold(label), _bare(language)) for language, label in (code.label or {}).items())
    found = {entry.concept for entry in entries if entry}
    return found.pop() if len(found) == 1 else None
