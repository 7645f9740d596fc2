"""Leave out of a listing what leads to a person, and add what follows from what it says. Pure and offline."""

from functools import partial

from hub.codelists import Codelists
from hub.model.derivation import Derivation
from hub.model.issue import Issue
from hub.model.listing import Listing
from hub.pipeline.enrich.days import without_placeholders
from hub.pipeline.enrich.language import with_languages
from hub.pipeline.enrich.occupation import with_occupations
from hub.pipeline.enrich.organisation import with_organisation
from hub.pipeline.enrich.persons import without_persons
from hub.pipeline.enrich.place import with_places
from hub.pipeline.enrich.step import Enrichment, Step
from hub.pipeline.enrich.texts import with_tidy_texts
from hub.pipeline.enrich.titles import with_bare_titles
from hub.pipeline.enrich.version import VERSIONS

__all__ = ["STEPS", "VERSIONS", "Step", "enrich"]

STEPS: tuple[Enrichment, ...] = (
    without_placeholders,
    with_tidy_texts,
    without_persons,
    with_organisation,
    with_places,
    with_languages,
    with_bare_titles,
)
"""The steps in their order; occupations come last.

Texts are made readable first, or an address could hide in them; then persons go, so that nothing that follows can carry
them on. How a title is written depends on its language, and what it means is looked up as it is written.
"""

_NO_LISTS = Codelists()


def enrich(listing: Listing, codelists: Codelists = _NO_LISTS) -> Step:
    """Return the listing after every step, with what they noticed and derived; the same object if unchanged.

    Args:
        listing: the listing, as the adapter made it.
        codelists: the code lists that were imported.
    """
    issues: tuple[Issue, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    steps: tuple[Enrichment, ...] = (*STEPS, partial(with_occupations, codelists=codelists))
    for step in steps:
        done = step(listing)
        listing = done.listing
        issues += done.issues
        derivations += done.derivations
    return Step(listing, issues, derivations)
