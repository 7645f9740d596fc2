"""Add to a listing what follows from what it says: the whole place, and the language of its texts. Pure and offline."""

from dataclasses import dataclass

from hub.model.issue import Issue
from hub.model.listing import Listing
from hub.pipeline.enrich.language import with_languages
from hub.pipeline.enrich.place import with_places


@dataclass(frozen=True, slots=True)
class Enriched:
    """A listing with what was added, and what was noticed; the same object where nothing was to add."""

    listing: Listing
    warnings: tuple[Issue, ...] = ()


def enrich(listing: Listing) -> Enriched:
    """Return the listing with its places completed and its languages determined; nothing it says is contradicted."""
    placed, place_issues = with_places(listing)
    told, language_issues = with_languages(placed)
    return Enriched(told, place_issues + language_issues)
