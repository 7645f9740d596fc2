"""How long to wait, and how often to try."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a follower waits for the hub.

    Args:
        connect: seconds for making a connection, and for any next piece of an answer.
        page: seconds for a page as a whole.
        tries: how often a page is asked for before following ends with an error; without end while polling, unless
            what came is malformed.
        first: seconds before the second try; every next wait is about twice as long.
        longest: most seconds between two tries, unless the hub asks for more; while not polling, that ends following.
        megabytes: most of one page, decompressed.
    """

    connect: float = 20.0
    page: float = 120.0
    tries: int = 5
    first: float = 1.0
    longest: float = 300.0
    megabytes: float = 64.0

    def pause(self, failures: int, asked: float | None) -> float:
        """Return the seconds to wait after so many failures in a row; somewhat random, so that not all come at once."""
        doubled = min(self.first * 2.0 ** min(failures - 1, 30), self.longest)
        jittered = doubled * random.uniform(0.75, 1.25)  # noqa: S311  # not a secret
        return max(min(asked or 0.0, _HOUR), jittered)


def retry_after(said: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a header ``Retry-After`` asks for, as a number or a date; None where it says nothing."""
    if not said:
        return None
    if said.strip().isascii() and said.strip().isdecimal():
        return float(min(int(said.strip()[:9]), 1_000_000))
    try:
        at = parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - (now or datetime.now(UTC))).total_seconds(), 0.0)
