"""The keys by which the store finds which listings to compare: two that share none are never compared."""

from collections.abc import Iterator

from hub.matching.features import Features
from hub.matching.spelling import key_of

_MOST = 10
_MEANINGS = 2
_SAMPLES = 2


def keys(listing: Features) -> tuple[int, ...]:
    """Return the signed 64-bit keys of a listing, at most ten, the most telling first."""
    found = dict.fromkeys(key_of(*parts) for parts in _parts(listing))
    return tuple(found)[:_MOST]


def _parts(listing: Features) -> Iterator[tuple[str, ...]]:
    kind = listing.kind
    for reference in listing.references[:3]:
        yield "reference", reference
    for page in listing.pages[:1]:
        yield "page", page
    place = listing.municipalities[0] if listing.municipalities else ""
    meanings = [str(each) for each in sorted(listing.meanings)[:_MEANINGS]]
    employers = [*listing.telling[:2], *([listing.kbo] if listing.kbo else [])]
    for employer in employers:
        yield kind, "employer", employer, place
    for sample in sorted(listing.words.hashes)[:_SAMPLES]:
        yield kind, "text", place, str(sample)
    for meaning in meanings:
        yield from ((kind, "post", employer, place, meaning) for employer in listing.telling[:1])
    if listing.kbo and meanings:
        yield kind, "post", listing.kbo, place, meanings[0]
    yield kind, "title", place, *meanings
