"""What a visitor prefers: media type, language, compression (RFC 9110, 12)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

CODINGS = ("zstd", "gzip")
"""The content codings on offer, the best first."""

LANGUAGES = ("nl", "fr", "en")
"""The languages of the pages, the first where a visitor prefers none of them."""


@lru_cache(maxsize=256)
def preferred_type(accept: str | None, offered: Sequence[str]) -> str:
    """Return the media type liked best of those offered; the first when the visitor does not mind or likes none."""
    ranges = dict(_weighted(accept or "*/*"))
    liking = [_liking(media_type, ranges) for media_type in offered]
    return offered[liking.index(max(liking))]


def preferred_language(chosen: str | None, accept_language: str | None, *, otherwise: str = LANGUAGES[0]) -> str:
    """Return the language to answer in: the one chosen in the address, else the one the browser prefers."""
    asked = (chosen or "").lower().partition("-")[0]
    if asked in LANGUAGES:
        return asked
    ranges = sorted(_weighted(accept_language or ""), key=lambda pair: -pair[1])
    wanted = (name.partition("-")[0] for name, weight in ranges if weight > 0)
    return next((name for name in wanted if name in LANGUAGES), otherwise)


@lru_cache(maxsize=256)
def preferred_coding(accept_encoding: str | None, offered: Sequence[str] = CODINGS) -> str | None:
    """Return the content coding liked best of those offered, the first of several; None to send the body as it is."""
    codings = dict(_weighted(accept_encoding or ""))
    liking = {name: codings.get(name, codings.get("*", 0.0)) for name in offered}
    best = max(liking, key=lambda name: liking[name])
    return best if liking[best] > 0 and liking[best] >= codings.get("identity", 0.0) else None


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    """Yield each choice of an Accept header with its weight; a weight that is no number counts as none."""
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights = [value.partition("=")[2] for value in parameters if value.startswith("q=")]
        if name:
            yield name, _weight(weights[0]) if weights else 1.0


def _weight(value: str) -> float:
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def _liking(media_type: str, ranges: dict[str, float]) -> float:
    bare = media_type.partition(";")[0]
    family = bare.partition("/")[0]
    return next((ranges[name] for name in (bare, f"{family}/*", "*/*") if name in ranges), 0.0)
