"""Find the language of texts whose language the partner does not state, and doubt what it states where it cannot be.

The unknown texts of one listing are judged together, because a title alone is too short; one that is long enough to be
judged alone keeps its own verdict. On the programmes file and the sandboxes (``benchmarks/languages.py``) the detector
names 100 % of 979 descriptions, all rightly, and of 582 titles and labels that stand alone a quarter, none wrongly;
below `_SURE` a text stays ``und``. lingua names 27 % of these, none wrongly, in eight times the time and with 315 MB.

A text under the wrong key is reported and left: the partner may know better, and the key may be taken. Only where two
languages of one field hold each other's text, both beyond doubt, are they exchanged: that loses nothing, and no reader
of either language could read it otherwise.
"""

import importlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any, TypeVar

from hub.clean.titles import without_gender
from hub.model.derivation import Derivation
from hub.model.issue import Issue, issue
from hub.model.listing import Listing
from hub.model.markup import plain
from hub.model.text import UNDETERMINED
from hub.pipeline.enrich.step import Step
from hub.pipeline.enrich.wording import Rewriting, reworded

METHOD = "detected-language"
VERSION = "3"

LANGUAGES = frozenset({"nl", "fr", "en", "de"})
"""The languages a text may be given."""

_ALSO_KNOWN = ("ar", "bg", "es", "fa", "it", "pl", "pt", "ro", "ru", "sv", "tr", "uk")
"""Told apart from ours, so that a Spanish text is not called French; such a text stays ``und``."""

_SURE = 0.95
_ENOUGH = 8
"""Letters needed for a judgement."""
_ALONE = 80
"""Letters needed for one that contradicts, be it the partner or the other texts of the listing."""
_SAMPLE = 400
"""Characters that suffice for one; 200 do too, but a text may begin with the name and address of the employer."""
_BOTH = 3 * _SAMPLE
"""Characters from which a text may be in two languages, one after the other."""
_BELIEVED = 3
"""Small words of a language that are enough to believe that a text is in it."""
_HINTED = 2
"""Small words of another language in one half of a text from which on that half is judged too."""

_FIELDS = {"title": "title", "description": "description", "leads_to": "leadsTo"}
"""The fields that are judged, and what they are called when published."""
_PARTS = frozenset(
    {"roles", "eligibility", "intensity", "cost", "allowance", "how_to_apply", "how_to_join"}
)  # not codes: their labels are in the language of the code list
"""The parts of a listing that hold texts too."""
_LONG_FIELDS = ("description",)
"""Those long enough to doubt what the partner says of their language."""

ListingT = TypeVar("ListingT", bound=Listing)
Verdict = tuple[str, float]
"""A language, and how surely it is that one."""


def with_languages(listing: Listing) -> Step:
    """Return the listing with its ``und`` texts under their language where that is sure; else one issue says so."""
    told, issues, derivations = _doubted(listing)
    unknown = _undetermined(listing)
    verdicts = _verdicts(unknown)
    for field, verdict in verdicts.items():
        said = unknown[field]
        if verdict is None or verdict[0] in said:
            issues += (issue("language-undetermined", field),)
            continue
        told[field] = {(verdict[0] if tag == UNDETERMINED else tag): text for tag, text in said.items()}
        derivations += (_derivation((f"{_FIELDS[field]}.{verdict[0]}",), verdict[1]),)
    whole = listing.revised(told) if told else listing
    whole, parts = _with_parts(whole, _shared(tuple(verdicts.values())))
    return Step(whole, issues, _joined((*derivations, *parts)))


def detect(said: str) -> str | None:
    """Return nl, fr, en or de where the text is surely in it, else None. HTML is looked through."""
    verdict = judge(said)
    return verdict and verdict[0]


def judge(said: str) -> Verdict | None:
    """Return the language of a text or HTML with its confidence, where it is surely one of ours; else None.

    A text that goes on in another language is in neither.
    """
    bare = plain(said[: 6 * _SAMPLE])
    verdict = _classified(bare[:_SAMPLE])
    if verdict is None:
        return None
    half = min(_SAMPLE, len(bare) // 2)
    doubted = [part for part in (bare[:half], bare[-half:]) if len(bare) >= _BOTH or _is_mixed(part, verdict[0])]
    told = {found[0] for part in doubted if (found := _classified(part))}
    return verdict if told <= {verdict[0]} else None


def _is_mixed(part: str, language: str) -> bool:
    """Say, cheaply, whether a part of a text has more small words of another language."""
    said = set(part.lower().split())
    found = {tag: len(said & words) for tag, words in _function_words().items()}
    own = found.pop(language, 0)
    return max(found.values()) >= max(_HINTED, own + 1)


def _classified(sample: str) -> Verdict | None:
    if sum(map(str.isalpha, sample)) < _ENOUGH:
        return None
    language, confidence = _identifier().classify(sample.lower() if sample.isupper() else sample)
    return (str(language), round(float(confidence), 2)) if confidence >= _SURE and language in LANGUAGES else None


# What the partner does not say --------------------------------------------------------------------------------


def _undetermined(listing: Listing) -> Mapping[str, Mapping[str, str]]:
    values = vars(listing)
    return {field: said for field in _FIELDS if (said := values.get(field)) and UNDETERMINED in said}


def _verdicts(unknown: Mapping[str, Mapping[str, str]]) -> Mapping[str, Verdict | None]:
    """Return the verdict of each field: its own where it is long enough, else that of all together."""
    if not unknown:
        return {}
    texts = {field: _words(said[UNDETERMINED]) for field, said in unknown.items()}
    # A long text without a verdict of its own is in another language, or in two.
    alone = {field: judge(text) for field, text in texts.items() if len(text) >= _ALONE}
    if len(alone) == len(texts):
        return alone
    together = _shared(tuple(alone.values())) if alone else judge("\n".join(texts.values()))
    return {field: alone.get(field, together) for field in texts}


def _shared(verdicts: tuple[Verdict | None, ...]) -> Verdict | None:
    """Return the verdict of the long texts, for the short ones beside them; None where they differ."""
    sure = [verdict for verdict in verdicts if verdict]
    return min(sure) if sure and len({language for language, _ in sure}) == 1 else None


def _words(said: str) -> str:
    return without_gender(said) if len(said) < _ALONE else said


def _with_parts(listing: ListingT, shared: Verdict | None) -> tuple[ListingT, tuple[Derivation, ...]]:
    """Return the listing with the unknown texts of its parts told: by themselves, or as the main texts are."""
    sure: list[float] = []

    def told(said: dict[str, str]) -> dict[str, str]:
        if UNDETERMINED not in said:
            return said
        verdict = judge(said[UNDETERMINED]) or shared
        if verdict is None or verdict[0] in said:
            return said
        sure.append(verdict[1])
        return {(verdict[0] if tag == UNDETERMINED else tag): text for tag, text in said.items()}

    listing, fields = reworded(listing, Rewriting(languages=told), _PARTS)
    return listing, (_derivation(fields, min(sure)),) if fields else ()


# What the partner says, where it cannot be --------------------------------------------------------------------


def _doubted(listing: Listing) -> tuple[dict[str, Mapping[str, str]], tuple[Issue, ...], tuple[Derivation, ...]]:
    """Return the fields whose languages are exchanged, what is noticed, and what follows from it."""
    told: dict[str, Mapping[str, str]] = {}
    issues: list[Issue] = []
    derivations: list[Derivation] = []
    for field in _LONG_FIELDS:
        said: Mapping[str, str] = getattr(listing, field) or {}
        doubtful = dict(_doubtful(said))
        for one, other in _exchanged(doubtful):
            told[field] = {**told.get(field, said), one: said[other], other: said[one]}
            issues.append(issue("languages-exchanged", field, stated=one, found=other))
            fields = tuple(f"{_FIELDS[field]}.{tag}" for tag in (one, other))
            derivations.append(_derivation(fields, min(doubtful.pop(one)[1], doubtful.pop(other)[1])))
        issues += [issue("language-doubtful", field, stated=tag, found=found) for tag, (found, _) in doubtful.items()]
    return told, tuple(issues), tuple(derivations)


def _doubtful(said: Mapping[str, str]) -> Iterator[tuple[str, Verdict]]:
    """Yield the language tags whose text is surely in another language, and which."""
    for tag, text in said.items():
        words = _function_words().get(tag[:2])
        if words is None or len(words.intersection(text[:_SAMPLE].lower().split())) >= _BELIEVED:
            continue
        verdict = judge(text) if len(plain(text[:_SAMPLE])) >= _ALONE else None
        if verdict is not None and verdict[0] != tag[:2]:
            yield tag, verdict


def _exchanged(doubtful: Mapping[str, Verdict]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for one, other in combinations(doubtful, 2)
        if doubtful[one][0] == other[:2] and doubtful[other][0] == one[:2]
    ]


def _derivation(fields: tuple[str, ...], confidence: float) -> Derivation:
    return Derivation(fields=fields, method=METHOD, confidence=confidence)


def _joined(derivations: tuple[Derivation, ...]) -> tuple[Derivation, ...]:
    """Return the derivations of one confidence as one."""
    if len(derivations) < 2:
        return derivations
    by_confidence: dict[float, tuple[str, ...]] = {}
    for each in derivations:
        by_confidence[each.confidence] = by_confidence.get(each.confidence, ()) + each.fields
    return tuple(_derivation(fields, confidence) for confidence, fields in by_confidence.items())


@cache
def _function_words() -> Mapping[str, frozenset[str]]:
    table = tomllib.loads(files("hub.pipeline.enrich").joinpath("function_words.toml").read_text("utf-8"))
    return {language: frozenset(words) for language, words in table.items()}


@cache
def _identifier() -> Any:
    # Loaded at the first text that needs it: a hub whose sources all state their languages never pays for it.
    module = importlib.import_module("py3langid.langid")
    identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)
    identifier.set_languages([*sorted(LANGUAGES), *_ALSO_KNOWN])
    return identifier
