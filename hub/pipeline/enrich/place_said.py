"""What a partner says of a place, and what follows from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hub.model.issue import Issue
from hub.model.vocabulary import PlacePrecision
from hub.pipeline.enrich.belgium import Point
from hub.pipeline.enrich.place_reading import clean_code

CONFIDENCE: Mapping[str, float] = {
    "postal-code": 1.0,
    "nis": 1.0,
    "municipality-name": 0.95,
    "locality-name": 0.9,
    "province-name": 1.0,
    "region-name": 1.0,
    "country-name": 1.0,
    "foreign-postal-code": 0.95,
    "municipality-centre": 0.9,
    "locality-centre": 0.9,
    "foreign-municipality-centre": 0.85,
}
"""How surely each method is right; less where a name is of several places, or unknown beside its postal code."""


class Said(NamedTuple):
    """What a partner says of a place; ``original`` only where it says nothing else."""

    postal_code: str | None = None
    municipality: str | None = None
    nis: str | None = None
    province: str | None = None
    region: str | None = None
    country: str | None = None
    original: str | None = None


class Centre(NamedTuple):
    """The middle of a place, and how it was found."""

    point: Point
    method: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """What to change in a place, how exact it is without its street, and what was noticed."""

    changes: Mapping[str, str | None]
    precision: PlacePrecision | None
    issues: tuple[Issue, ...] = ()
    method: str = "country-name"
    confidence: float = 1.0
    centre: Centre | None = None


def text_of(said: Said) -> str | None:
    """Return the text in which several things may be written together."""
    if said.municipality:
        return said.municipality
    if said.postal_code and not clean_code(said.postal_code).isdigit():
        return said.postal_code
    return said.original


def words(said: Said) -> str:
    """Return a place as the partner wrote it, on one line."""
    locality = " ".join(part for part in (said.postal_code, said.municipality) if part)
    return ", ".join(part for part in (locality, said.province, said.region) if part) or said.original or ""


def said_precision(said: Said) -> PlacePrecision | None:
    """Return how exact a place is by what is said of it alone, without its street."""
    stated = (
        (said.postal_code or said.municipality or said.nis, PlacePrecision.municipality),
        (said.province, PlacePrecision.province),
        (said.region, PlacePrecision.region),
        (said.country, PlacePrecision.country),
    )
    return next((precision for part, precision in stated if part), None)


def shared(names: Iterable[str | None]) -> str | None:
    """Return what all are; None where they differ."""
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None
