"""What several looks at an address say together: nothing is dead that failed once, or only on one day."""

import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hub.links.judging import Found, Sight

_UNKNOWN_HOURS = 6.0
_LONGEST_DAYS = 14.0
_SPREAD = 0.3


class Verdict(StrEnum):
    """How an address stands: one that is ``failing`` was gone, but not yet often and long enough to be ``dead``."""

    alive = "alive"
    failing = "failing"
    dead = "dead"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an address is believed to be there.

    Args:
        tries: looks in a row that must find it gone.
        over_days: least days between the first of these and the last.
        every_days: days between two looks at one that is there.
    """

    tries: int = 3
    over_days: float = 2.0
    every_days: float = 3.0

    @property
    def retry(self) -> timedelta:
        """How long after a look that found it gone the next one comes."""
        return timedelta(days=self.over_days / max(self.tries - 1, 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an address.

    Args:
        checked: the last look; None before the first.
        alive_at: when it was last there.
        failures: how many looks in a row found it gone; those that say nothing do not count.
        first_failure: the first of these.
        misses: how many looks in a row said nothing.
        verdict: what follows.
        reason: why, in a word or two.
        due: when to look next.
    """

    checked: datetime | None = None
    alive_at: datetime | None = None
    failures: int = 0
    first_failure: datetime | None = None
    misses: int = 0
    verdict: Verdict = Verdict.unknown
    reason: str | None = None
    due: datetime | None = None


def after(before: Standing, sight: Sight, now: datetime, *, url: str, patience: Patience) -> Standing:
    """Return what is known after one more look at an address."""
    if sight.found is Found.alive:
        due = now + _spread(url, timedelta(days=patience.every_days))
        return Standing(now, now, verdict=Verdict.alive, reason=sight.reason, due=due)
    if sight.found is Found.unknown:
        return _unsure(before, sight, now, patience)
    failures, first = before.failures + 1, before.first_failure or now
    dead = failures >= patience.tries and now - first >= timedelta(days=patience.over_days)
    due = now + (_spread(url, timedelta(days=patience.every_days)) if dead else patience.retry)
    verdict = Verdict.dead if dead else Verdict.failing
    return Standing(now, before.alive_at, failures, first, 0, verdict, sight.reason, due)


def renewed(before: Standing, changed: datetime) -> Standing:
    """Return what is known of an address whose listing changed at this moment: what failed before counts no longer."""
    if before.first_failure is None or before.first_failure > changed:
        return before
    return replace(before, failures=0, first_failure=None, verdict=Verdict.unknown, reason=None)


def first_due(url: str, now: datetime, patience: Patience) -> datetime:
    """Return when to look at an address for the first time: at some moment of the first round, by its name."""
    return now + timedelta(days=patience.every_days) * _fraction(url)


def _unsure(before: Standing, sight: Sight, now: datetime, patience: Patience) -> Standing:
    """A look that says nothing leaves everything as it was, and the next one comes later and later."""
    longest = timedelta(days=min(_LONGEST_DAYS, patience.every_days * 4))
    wait = min(timedelta(hours=_UNKNOWN_HOURS) * 2 ** min(before.misses, 10), longest)
    verdict = before.verdict if before.failures else Verdict.unknown
    reason = before.reason if before.failures else sight.reason
    return replace(before, checked=now, misses=before.misses + 1, verdict=verdict, reason=reason, due=now + wait)


def _spread(url: str, span: timedelta) -> timedelta:
    """Return a span a little shorter or longer, by the name of the address, so that not all come due at once."""
    return span * (1 + _SPREAD * (_fraction(url) - 0.5))


def _fraction(url: str) -> float:
    return zlib.crc32(url.encode()) / 2**32
