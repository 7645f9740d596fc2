"""Whose an offer is and for whom: known only from reading the list again under each of the partner's filters."""

from collections.abc import Iterable, Mapping, Sequence

from hub import Audience
from hub_actiris.options import ActirisOptions, Pass
from hub_actiris.reading import Catalogue, Reading


def flagged(catalogue: Catalogue, name: str) -> Reading:
    """Return a reading of one pass; what several attempts saw counts together, as only their references matter."""
    options = catalogue.options
    seen: set[str] = set()
    reading = Reading(options.drift)
    for _ in range(options.attempts):
        reading = Reading(options.drift)
        for _item in catalogue.items(reading, options.passes[name].filter):
            pass
        if seen and not reading.references:
            reading.stopped = f"The list is empty now, though {len(seen):,} offers came before."
        seen |= reading.references
        reading.references = seen
        if reading.fault is None:
            break
    return reading


def names_of(reference: str, passes: Mapping[str, Reading]) -> list[str]:
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
