"""What one step of enriching gives."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.model.derivation import Derivation
from hub.model.issue import Issue
from hub.model.listing import Listing


@dataclass(frozen=True, slots=True)
class Step:
    """A listing after a step, the very same object where nothing changed; what was noticed; what was derived."""

    listing: Listing
    issues: tuple[Issue, ...] = ()
    derivations: tuple[Derivation, ...] = ()


Enrichment = Callable[[Listing], Step]
"""One step: pure, offline, the same answer for the same listing."""
