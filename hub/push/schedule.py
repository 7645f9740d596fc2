"""When a delivery is tried again: the pauses that Standard Webhooks recommends, each a little longer by lot."""

from collections.abc import Sequence

PAUSES = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0)
"""Seconds before each attempt: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; 75 h 35 min in all."""

PROOF_PAUSES = PAUSES[:3]
"""The same while an address proves itself: its holder waits for it, and can ask again."""

JITTER = 0.1
"""How much longer a pause may be, as a part of it; it is never shorter."""


def next_pause(tries: int, lot: float, pauses: Sequence[float] = PAUSES) -> float | None:
    """Return the seconds to wait after so many failed attempts; None when that was the last.

    Args:
        tries: attempts that were made.
        lot: a number from 0 to 1, drawn anew each time.
        pauses: before each attempt.
    """
    return pauses[tries] * (1 + JITTER * lot) if tries < len(pauses) else None
