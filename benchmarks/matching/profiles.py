"""How often listings differ from their opening, and in which ways."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Profile:
    """How often a listing differs from the opening in each way; and which vocabulary it is written in.

    Args:
        vocabulary: name of the vocabulary.
        near: share of openings beside which another one is made that is nearly like it.
        repeats: how often an employer that has a trade in a town already seeks another one there.
        rates: share of listings with each kind of noise.
    """

    vocabulary: str
    near: float
    repeats: float
    rates: Mapping[str, float]


_STATED = ("no number", "name respelled", "title abbreviated", "other postal code", "dates shifted")
_FOUND_ANYWHERE = ("no street", "code", "wrong code", "reference")

_MARKET = Profile(
    "market",
    0.08,
    0.15,
    {
        "no number": 0.25,
        "name respelled": 0.3,
        "title abbreviated": 0.1,
        "title decorated": 0.3,
        "title extended": 0.1,
        "shouted": 0.08,
        "other postal code": 0.3,
        "no street": 0.4,
        "dates shifted": 0.5,
        "text cut": 0.12,
        "sentences dropped": 0.3,
        "sentences added": 0.3,
        "words replaced": 0.25,
        "misspelled": 0.1,
        "no text": 0.05,
        "contract left out": 0.2,
        "hours left out": 0.4,
        "code": 0.5,
        "wrong code": 0.08,
        "reference": 0.2,
    },
)
_SECOND = Profile(
    "second",
    0.1,
    0.15,
    {
        "no number": 0.4,
        "name respelled": 0.45,
        "title abbreviated": 0.05,
        "title decorated": 0.4,
        "title extended": 0.15,
        "shouted": 0.12,
        "other postal code": 0.4,
        "no street": 0.6,
        "dates shifted": 0.7,
        "text cut": 0.2,
        "sentences dropped": 0.4,
        "sentences added": 0.4,
        "words replaced": 0.4,
        "misspelled": 0.15,
        "no text": 0.1,
        "contract left out": 0.35,
        "hours left out": 0.6,
        "code": 0.3,
        "wrong code": 0.12,
        "reference": 0.1,
    },
)
PROFILES: Mapping[str, Profile] = {
    # Only what comes with translating, abbreviating, respelling and shifting: all else is whole.
    "stated": replace(_MARKET, rates={kind: _MARKET.rates[kind] for kind in (*_STATED, *_FOUND_ANYWHERE)}),
    # Beside that, partners leave out, cut, add and reword.
    "market": _MARKET,
    # Employers seek several people for one trade in one town as often as chance has it: far oftener than in life.
    "crowded": replace(_MARKET, repeats=1.0),
    # Other trades, other sentences, and more noise of every kind.
    "second": _SECOND,
}
