"""What two spellings of the name of a place share."""

import re
import unicodedata
from functools import lru_cache

_UPON = re.compile(r"\bs/\s*(?=\w)")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SHORT = (
    (re.compile(r"\b(?:sint|saint|sankt|snt|skt)\b"), "st"),
    (re.compile(r"\bsainte\b"), "ste"),
    (re.compile(r"\bo d\b"), "op den"),
    (re.compile(r"\ba d\b"), "aan den"),
    (re.compile(r"\ble[sz]\b"), "lez"),
)


@lru_cache(maxsize=30_000)
def key(name: str) -> str:
    """Return what spellings of a name share: no capitals, accents, hyphens; ``St.``, ``o/d``, ``s/`` for long words."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    words = _NOT_LETTERS.sub(" ", _UPON.sub("sur ", bare.casefold().replace("œ", "oe"))).strip()
    for long, short in _SHORT:
        words = long.sub(short, words)
    return words.replace(" ", "")
