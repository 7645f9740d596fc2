"""Words without capitals and accents, numbers for words, and how words of several languages come to look alike."""

import re
import unicodedata
from hashlib import blake2b
from struct import Struct
from zlib import crc32

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "’": "'", "ʼ": "'", "`": "'", "´": "'"}
)
_SOUNDS = (("ph", "f"), ("qu", "c"), ("ck", "c"), ("ij", "i"), ("k", "c"), ("y", "i"), ("z", "s"), ("w", "v"))
_DOUBLE = re.compile(r"(.)\1")
_STEM = 5
_KEY = Struct(">q")


def folded(text: str) -> str:
    """Return text in lower case without accents, with straight apostrophes."""
    lower = text.lower()
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFD", lower.translate(_LIGATURES))
    return "".join([char for char in apart if not unicodedata.combining(char)])


def number_of(word: str) -> int:
    """Return a number of 31 bits for a word, the same in every process."""
    return crc32(word.encode()) & 0x7FFFFFFF


def key_of(*parts: str) -> int:
    """Return a signed number of 64 bits for these parts, the same in every process."""
    number: int = _KEY.unpack(blake2b("\x1f".join(parts).encode(), digest_size=8).digest())[0]
    return number


def cognate(word: str) -> str:
    """Return what a learned word shares over nl, fr and en: `technicus` and `technicien` begin alike."""
    for said, written in _SOUNDS:
        word = word.replace(said, written)
    return _DOUBLE.sub(r"\1", word)[:_STEM]
