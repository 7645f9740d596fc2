"""Leaving a partner alone that is down, and asking it gently until it is back.

Not pybreaker: it holds its lock while it calls, so that requests at once would follow one after the other; it waits
equally long before each trial; and it reads the wall clock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

FAILED_REQUESTS = 3
FIRST_REST_SECONDS = 60.0
LONGEST_REST_SECONDS = 1800.0


class Resting(Exception):
    """The partner is left alone for so many seconds more."""

    def __init__(self, failed: int, seconds: float) -> None:
        super().__init__(
            f"the partner did not answer {failed} requests in a row; it is left alone for {seconds:,.0f} seconds more,"
            " then asked once"
        )


class Circuit:
    """What is known of one partner's health, by all runs of a process.

    Some requests given up in a row open it. Then one request at a time tries, once, after rests that double up to half
    an hour. The first answer closes it.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._missed = False
        self._failed = 0
        self._rest = 0.0
        self._opens_at = 0.0
        self._trying = False

    def heard(self) -> None:
        """The partner answered, whatever it said."""
        with self._lock:
            self._missed, self._failed, self._rest = False, 0, 0.0

    def missed(self) -> None:
        """It did not, or said that it cannot."""
        with self._lock:
            self._missed = True

    @contextmanager
    def request(self) -> Iterator[bool]:
        """Surround one request and its attempts; give whether it is a trial, to be made once. Raises Resting."""
        trial = self._admit()
        try:
            yield trial
        except Exception:
            self._judge()
            raise
        finally:
            if trial:
                self._trying = False

    def _admit(self) -> bool:
        with self._lock:
            if not self._rest:
                return False
            left = self._opens_at - self._clock()
            if left > 0 or self._trying:
                raise Resting(self._failed, max(left, 1.0))
            self._trying = True
            return True

    def _judge(self) -> None:
        """Count a request that was given up, unless the partner answered since."""
        with self._lock:
            if not self._missed:
                return
            self._missed = False
            self._failed += 1
            if self._failed >= FAILED_REQUESTS:
                self._rest = min(max(self._rest * 2, FIRST_REST_SECONDS), LONGEST_REST_SECONDS)
                self._opens_at = self._clock() + self._rest
