"""When a vacancy that names no last day is older than those of its source usually get."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

ENOUGH = 50
"""So many lives that ended tell what is usual."""
PART = 0.95
"""The part of them that was no longer than the measure taken."""
MARGIN = 1.5
"""How many times that measure a vacancy may be old."""
LEAST_DAYS = 60
"""No norm of the hub's own is shorter."""


@dataclass(frozen=True, slots=True)
class Norm:
    """How old a vacancy of a source may be, in days, and whether a person said so or the source's own past did.

    Args:
        days: the age.
        configured: whether it is that of the configuration.
        lives: how many lives it was learned from.
    """

    days: int
    configured: bool = False
    lives: int = 0


def norm(lives: Sequence[int], configured: int | None = None) -> Norm | None:
    """Return how old a vacancy may be; None while too few ended to tell.

    Args:
        lives: how many days each vacancy stood that the partner withdrew.
        configured: what the administrator says.
    """
    if configured is not None:
        return Norm(configured, configured=True)
    if len(lives) < ENOUGH:
        return None
    longest = sorted(lives)[ceil(PART * len(lives)) - 1]
    return Norm(max(ceil(longest * MARGIN), LEAST_DAYS), lives=len(lives))


def old_before(today: date, found: Norm) -> date:
    """Return the day before which a vacancy must have given its last sign of life to be old."""
    return today - timedelta(days=found.days)
