"""What comes of comparing two listings: the verdict, and the reasons for it with what they weigh."""

from enum import StrEnum
from math import exp
from typing import Any, NamedTuple

SHOWN = ("reference-shared", "address-shared")
"""What a person can look up: a partner, or a page, says that two listings have to do with each other."""


class Decision(StrEnum):
    """Whether two listings are one opportunity: as the rules have it, or as a person decides."""

    same = "same"
    unsure = "unsure"
    different = "different"


class Reason(NamedTuple):
    """One thing that speaks for a pair or against it.

    Args:
        feature: its stable name, such as ``organisation-number``, for which there can be a sentence in each language.
        weight: natural logarithm of odds; above 0 it speaks for the pair.
        values: what was found.
    """

    feature: str
    weight: float
    values: tuple[str | float, ...] = ()

    @property
    def said(self) -> str:
        """What was found, to show beside the name."""
        return " | ".join(f"{value:g}" if isinstance(value, float) else value for value in self.values)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return {"feature": self.feature, "weight": round(self.weight, 2), "said": self.said}


class Verdict(NamedTuple):
    """Whether two listings are one opportunity.

    Args:
        score: 0 to 1, the probability as far as the weights are right.
        decision: same, unsure or different.
        reasons: what speaks for it and against it; the one veto where there was one.
    """

    score: float
    decision: Decision
    reasons: tuple[Reason, ...]

    @property
    def value(self) -> float:
        """What it is worth that a person judges it: the likelier, the more; and first what a partner or a page says."""
        shown = any(reason.feature in SHOWN for reason in self.reasons)
        return self.score + shown if self.decision is Decision.unsure else 0.0


def probability(odds: float) -> float:
    """Return the probability for a natural logarithm of odds, with enough digits to order certain pairs."""
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))
