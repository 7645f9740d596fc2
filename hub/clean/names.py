"""Names of places as people write them."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = re.compile(r"aan|aux|bij|de|den|der|des|du|en|et|la|le|les|lez|op|sous|sur|van|\w")


def mend_capitals(name: str) -> str:
    """Return a name written in capitals only as ``Sint-Lambrechts-Woluwe``; another name as it is."""
    if not name.isupper():
        return name
    mended = _WORD.sub(lambda word: _cased(word[0]), name)
    return mended[:1].upper() + mended[1:]


def _cased(word: str) -> str:
    lower = word.lower()
    return lower if _SMALL.fullmatch(lower) else lower.capitalize()
