"""The keys by which the store finds which listings to compare: two that share none are never compared."""

from collections.abc import Iterator

from hub.matching.features import Features
from hub.matching.spelling import key_of

_MOST = 10
_MEANINGS = 2
_SAMPLE = 8  # bytes: the two least hashes


def keys(listing: Features) -> tuple[int, ...]:
    """Return the signed 64-bit keys of a listing, at most ten, the most telling first."""
    found = dict.fromkeys([key_of(*parts) for parts in _parts(listing)])
    return tuple(found)[:_MOST]


def _parts(listing: Features) -> Iterator[tuple[str, ...]]:
    """Yield what each key says.

    References and pages say it alone. An employer is told by its number, or by either of two words of its name, so
    that one may be misspelled; with its town, and where that is crowded, with what the title means too.
    """
    kind = listing.kind
    yield from (("reference", reference) for reference in listing.references[:3])
    yield from (("page", page) for page in listing.pages[:2])
    place = listing.municipalities[0] if listing.municipalities else ""
    meanings = [str(each) for each in listing.meanings[:_MEANINGS]]
    yield from ((kind, "employer", employer, place) for employer in _employers(listing))
    yield from ((kind, "post", employer, place, meaning) for employer, meaning in _posts(listing, meanings))
    if not listing.telling or kind == "programme":
        yield kind, "title", place, *meanings
    if listing.words.hashes:
        yield kind, "text", place, listing.words.hashes[:_SAMPLE].hex()


def _employers(listing: Features) -> list[str]:
    return [*([listing.kbo] if listing.kbo else []), " ".join(sorted(listing.telling[:2]))]


def _posts(listing: Features, meanings: list[str]) -> Iterator[tuple[str, str]]:
    """Yield employers with what the title means; by the first word of the name, with either of two meanings."""
    for word in listing.telling[:1]:
        yield from ((word, meaning) for meaning in meanings)
    for employer in (*listing.telling[1:2], *([listing.kbo] if listing.kbo else [])):
        yield from ((employer, meaning) for meaning in meanings[:1])
