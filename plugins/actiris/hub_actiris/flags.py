"""Whose an offer is and for whom: known only from reading the list again under each of the partner's filters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub import Audience, Reading
from hub_actiris.options import ActirisOptions, Pass
from hub_actiris.reading import Catalogue


@dataclass(frozen=True, slots=True)
class Flagged:
    """The references of the offers that a pass holds, and why there surely are more, if there are."""

    references: frozenset[str] = frozenset()
    shortfall: str | None = None


def flagged(catalogue: Catalogue, name: str) -> Flagged:
    """Return what one pass holds; what several attempts saw counts together, as only their references matter."""
    seen: frozenset[str] = frozenset()
    found = Flagged()
    for _ in range(catalogue.options.attempts):
        reading = catalogue.reading(catalogue.options.passes[name].filter)
        for _item in reading:
            pass
        found = Flagged(seen | reading.ids, _shortfall(reading, seen, catalogue))
        if reading.fault is None and found.shortfall is None:
            break
        seen = found.references
    return found


def _shortfall(reading: Reading, seen: frozenset[str], catalogue: Catalogue) -> str | None:
    """Return why offers of a pass surely are missing, though an earlier attempt had seen some."""
    if seen and not reading.ids:
        return f"{catalogue.url}: the list is empty now, though {len(seen):,} offers came before."
    together = len(seen | reading.ids) + reading.nameless + catalogue.options.drift
    return reading.stopped or (reading.shortfall if together < (reading.total or 0) else None)


def names_of(reference: str, passes: Mapping[str, Flagged]) -> list[str]:
    """Return the names of the passes that hold this offer, in their order."""
    return [name for name, reading in passes.items() if reference in reading.references]


def provenance(flags: Iterable[str], options: ActirisOptions) -> str | None:
    """Return whose the offer is by its flags; None when no flag says."""
    return ", ".join(found.provenance for found in _known(flags, options) if found.provenance) or None


def reserved_for(flags: Iterable[str], options: ActirisOptions) -> tuple[Audience, ...]:
    """Return who alone may apply by the flags of an offer."""
    return tuple(dict.fromkeys(audience for found in _known(flags, options) for audience in found.reserved_for))


def _known(flags: Iterable[str], options: ActirisOptions) -> Sequence[Pass]:
    return [options.passes[name] for name in flags if name in options.passes]
