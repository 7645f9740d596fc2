"""How labels are written and how they are compared: capitals, accents and signs set aside, both genders told apart."""

import re
import unicodedata
from collections.abc import Iterator

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_NOT_WORD = re.compile(r"(?<![\w+#])[+#]+|[^\w+#]+|_")
_AKIN = 3


def fold(label: str) -> str:
    """Return what two spellings of a label share: ``Chef-kok`` and ``CHEF KOK`` are one; ``c++`` and ``c`` are two."""
    if label.isascii():
        return " ".join(_NOT_WORD.sub(" ", label.lower()).split())
    bare = unicodedata.normalize("NFKD", label.casefold().translate(_LIGATURES))
    return " ".join(_NOT_WORD.sub(" ", "".join(c for c in bare if not unicodedata.combining(c))).split())


def spellings(label: str) -> tuple[str, ...]:
    """Return the labels in one that gives both genders: ``vendeur/vendeuse`` is two, beside itself.

    Where one side says only what differs, the rest is completed: ``assistant/assistante de direction``,
    ``technisch verkoper/verkoopster``. What is no pair of one word is left whole.
    """
    sides = [side.split() for side in label.split("/")]
    if len(sides) == 1 or not all(sides):
        return (label,)
    return (label, *dict.fromkeys(" ".join(side) for side in _completed(sides)))


def _completed(sides: list[list[str]]) -> Iterator[list[str]]:
    first, last = sides[0], sides[-1]
    if len({len(side) for side in sides}) == 1 and (len(first) == 1 or _akin(first[0], last[0])):
        yield from sides
    elif all(len(side) == 1 for side in sides[:-1]) and all(_akin(side[0], last[0]) for side in sides):
        yield from ([*side, *last[1:]] for side in sides[:-1])
        yield last
    elif all(len(side) == 1 for side in sides[1:]) and all(_akin(side[0], first[-1]) for side in sides[1:]):
        yield first
        yield from ([*first[:-1], *side] for side in sides[1:])


def _akin(one: str, other: str) -> bool:
    return one[:_AKIN].casefold() == other[:_AKIN].casefold()
