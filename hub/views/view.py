"""A view: what it is called, what belongs to it, and who may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hub.model.vocabulary import Kind
from hub.views.filter import Filter

Access = Literal["public", "key"]


@dataclass(frozen=True, slots=True)
class View:
    """A named selection of opportunities.

    Args:
        id: the last part of the address of its change feed.
        title: by language.
        filter: what belongs to it.
        access: ``public``, or ``key`` where a reader needs one.
    """

    id: str
    title: Mapping[str, str]
    filter: Filter = field(default_factory=Filter)
    access: Access = "public"

    @property
    def kind(self) -> Kind | None:
        """The only kind it can hold; None when it may hold both."""
        return next(iter(self.filter.kinds)) if len(self.filter.kinds) == 1 else None


ALL = View("all", {"nl": "Alle kansen", "fr": "Toutes les offres", "en": "All opportunities"})

BUILT_IN = (
    ALL,
    View(
        "vacancies",
        {"nl": "Vacatures", "fr": "Offres d’emploi", "en": "Vacancies"},
        Filter(kinds=frozenset({Kind.vacancy})),
    ),
    View(
        "programmes",
        {"nl": "Programma’s", "fr": "Programmes", "en": "Programmes"},
        Filter(kinds=frozenset({Kind.programme})),
    ),
)
"""The views every hub has."""

LISTINGS = "listings"
LISTED = View(LISTINGS, {"nl": "Elke bron apart", "fr": "Chaque source à part", "en": "Every source’s own version"})
"""What the change feed of listings tells, in the form of a view; it is none, for it is not of opportunities."""
