"""Leave out of a listing what leads to a person, and add what follows from what it says. Pure and offline."""

from dataclasses import dataclass

from hub.model.issue import Issue
from hub.model.listing import Listing
from hub.pipeline.enrich.language import with_languages
from hub.pipeline.enrich.persons import without_persons
from hub.pipeline.enrich.place import with_places


@dataclass(frozen=True, slots=True)
class Enriched:
    """A listing with what was added, and what was noticed; the same object where nothing was to add."""

    listing: Listing
    warnings: tuple[Issue, ...] = ()


def enrich(listing: Listing) -> Enriched:
    """Return the listing without persons, with its places completed and its languages determined."""
    general, person_issues = without_persons(listing)
    placed, place_issues = with_places(general)
    told, language_issues = with_languages(placed)
    return Enriched(told, person_issues + place_issues + language_issues)
