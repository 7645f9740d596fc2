"""Titles without suffixes such as (m/v/x), which every vacancy means by law, and without shouting.

What the partner wrote is kept in the derivation. The suffix goes nowhere: the model has no field for it, since it says
nothing that tells one offer from another.
"""

from collections.abc import Iterator

from hub.clean.names import mend_capitals
from hub.clean.titles import mend_title, shouts, without_gender
from hub.model.derivation import Derivation
from hub.model.listing import Listing
from hub.pipeline.enrich.step import Step

VERSION = "2"

_SUFFIX, _CAPITALS = "gender-suffix", "capitals-mended"
_SURE = {_SUFFIX: 0.99, _CAPITALS: 0.9}
"""Names that no table knows lose their capital with the rest of a title in capitals."""


def with_bare_titles(listing: Listing) -> Step:
    """Return the listing with its titles brought to what they say; the same one where they say it already."""
    titles: dict[str, str] = {}
    derivations: list[Derivation] = []
    for language, said in listing.title.items():
        bare = without_gender(said)
        titles[language] = mended = _mended(bare, language, listing)
        if bare is not said:
            derivations.append(_derivation(_SUFFIX, language, said))
        if mended is not bare:
            derivations.append(_derivation(_CAPITALS, language, said))
    if not derivations:
        return Step(listing)
    return Step(listing.revised({"title": titles}), (), tuple(derivations))


def _mended(title: str, language: str, listing: Listing) -> str:
    if not shouts(title):
        return title
    mended = mend_title(title, language, tuple(_names(listing)))
    return title if mended == title else mended


def _names(listing: Listing) -> Iterator[str]:
    """Yield the names that the listing itself writes: they keep their capitals."""
    yield listing.organisation.name
    for place in listing.places:
        for name in (place.municipality or "").split(" / "):
            if name:
                yield mend_capitals(name)


def _derivation(method: str, language: str, said: str) -> Derivation:
    return Derivation(fields=(f"title.{language}",), method=method, confidence=_SURE[method], said=said)
