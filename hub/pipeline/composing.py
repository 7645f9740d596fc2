"""One opportunity of several listings: the canonical one, filled where it is silent from the others, origin told.

The canonical listing is that of the source that comes first by the administrator's ranking, then the better described
one, then the older. What it says stands; what the others say otherwise is theirs, and is not published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from hub.matching import Candidate, canonical_order
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import Kind
from hub.pipeline.quality import judged
from hub.store.publication import ACTIVE, DOUBTED

_ENVELOPE = frozenset({"@type", "status", "listings", "quality", "derived"})
"""What the hub says around a listing; of an opportunity it is said anew."""

_WHOLE = (
    *("organisation", "places", "remote", "audience", "languages", "occupations", "skills", "sectors"),
    *("published", "expires", "url", "employmentType", "workTime", "hoursPerWeek", "schedule", "pay", "openings"),
    *("starts", "education", "experienceMonths", "drivingLicences", "directApply", "howToApply", "noDiplomaRequired"),
    *("trainingOnTheJob", "adaptedWork", "socialEconomy", "reservedFor", "languageLearnableOnTheJob", "roles"),
    *("howToJoin", "eligibility", "intensity", "capacity", "cost", "allowance", "areaServed", "partners", "initiative"),
)
"""What is taken over as a whole where the canonical listing says nothing of it."""
_BY_LANGUAGE = ("title", "description", "leadsTo")
"""Texts: a language that the canonical listing lacks is taken from another."""
_OF_ORGANISATION = ("kbo", "url", "sectors", "kind")
_MODELS: Mapping[str, type[Vacancy | Programme]] = {Kind.vacancy.value: Vacancy, Kind.programme.value: Programme}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One listing of an opportunity.

    Args:
        source: id of its source.
        version: what is published of it where it stands alone.
        doubted: whether it is likely over.
        first_seen: when it was first seen.
        number: its number in the store.
    """

    source: str
    version: bytes
    doubted: bool
    first_seen: str
    number: int


def compose(parts: Sequence[Part], ranks: Mapping[str, int]) -> bytes:
    """Return what is published of an opportunity.

    Args:
        parts: its listings, one or more, in any order.
        ranks: which source comes first: the lower number; those not named come last.
    """
    doubted = all(part.doubted for part in parts)
    if len(parts) == 1:
        return parts[0].version.replace(ACTIVE.encode(), DOUBTED.encode(), 1) if doubted else parts[0].version
    read = {part.number: (part, orjson.loads(part.version)) for part in parts}
    (first, canonical), *others = (read[each.number] for each in canonical_order(map(_candidate, read.values()), ranks))
    told = {name: value for name, value in canonical.items() if name not in _ENVELOPE}
    derived = list(canonical.get("derived", ()))
    for part, other in others:
        if fields := filled(told, other):
            derived.append({"fields": fields, "method": "other-listing", "source": part.source})
    status = "likelyExpired" if doubted else "active"
    references = [reference for _, each in [(first, canonical), *others] for reference in each["listings"]]
    return _written(canonical, told, status, references, derived)


def _candidate(read: tuple[Part, Json]) -> Candidate:
    part, version = read
    return Candidate(part.number, part.source, version["quality"]["score"], part.first_seen, part.doubted)


def filled(told: Json, other: Json) -> list[str]:
    """Fill what is told where it is silent from another listing, and return the fields that were."""
    return [name for fill in (_whole, _texts, _organisation) for name in fill(told, other)]


def _whole(told: Json, other: Json) -> list[str]:
    missing = [name for name in _WHOLE if name not in told and name in other]
    told.update({name: other[name] for name in missing})
    return missing


def _texts(told: Json, other: Json) -> list[str]:
    taken = []
    for name in _BY_LANGUAGE:
        said, theirs = told.get(name, {}), other.get(name, {})
        if missing := [language for language in theirs if language not in said and language != "und"]:
            told[name] = said | {language: theirs[language] for language in missing}
            taken += [f"{name}.{language}" for language in missing]
    return taken


def _organisation(told: Json, other: Json) -> list[str]:
    ours, theirs = told["organisation"], other["organisation"]
    missing = {name: theirs[name] for name in _OF_ORGANISATION if name not in ours and name in theirs}
    names = dict.fromkeys((*ours.get("alternativeNames", ()), theirs["name"], *theirs.get("alternativeNames", ())))
    others = [name for name in names if name != ours["name"]]
    if others != list(ours.get("alternativeNames", ())):
        missing["alternativeNames"] = others
    told["organisation"] = ours | missing
    return [f"organisation.{name}" for name in missing]


def _written(canonical: Json, told: Json, status: str, references: list[Json], derived: list[Json]) -> bytes:
    listing = _MODELS[told["kind"]].model_validate(told)
    quality = judged(listing, canonical["quality"].get("warnings", ()))
    around = {"status": status, "listings": references, "quality": quality}
    return orjson.dumps({"@type": canonical["@type"], **told, **around, **({"derived": derived} if derived else {})})
