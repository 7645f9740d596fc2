"""Trying again what may pass: which failures, how often, after which wait."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar, cast

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random, wait_random_exponential

from hub.client.deadline import Deadline
from hub.client.limits import Limits
from hub.errors import SourceError

FIRST_WAIT_SECONDS = 0.5
JITTER_SECONDS = 0.5
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})

ResultT = TypeVar("ResultT")


class Passing(Exception):
    """A failure that may pass.

    Args:
        kind: the error it becomes when it does not pass.
        where: method, host and path.
        happened: what happened, as the middle of a sentence.
        asked: seconds that the partner asks to wait.
    """

    def __init__(self, kind: type[SourceError], where: str, happened: str, *, asked: float | None = None) -> None:
        super().__init__(happened)
        self.kind = kind
        self.where = where
        self.happened = happened
        self.asked = asked


class Persistence:
    """Repeats one request while that is worth it.

    Args:
        limits: how often, and how long a wait may be.
        deadline: of the request; the waits are given back to it.
        run: deadline of the run; a wait beyond it is not begun.
        sleep: waits so many seconds.
    """

    def __init__(self, limits: Limits, *, deadline: Deadline, run: Deadline, sleep: Callable[[float], None]) -> None:
        self._limits = limits
        self._deadline = deadline
        self._run = run
        self._sleep = sleep
        self._own_wait = wait_random_exponential(multiplier=FIRST_WAIT_SECONDS, min=0.1, max=limits.wait_seconds)
        self._jitter = wait_random(0, JITTER_SECONDS)
        self._enough = stop_after_attempt(limits.retries + 1)

    def __call__(self, attempt: Callable[[], ResultT]) -> ResultT:
        """Return what an attempt returns, or raise the error of the last one."""
        try:
            return attempt()  # most succeed at once, and need no machinery
        except Passing as failure:
            return self._again(attempt, failure)

    def _again(self, attempt: Callable[[], ResultT], failure: Passing) -> ResultT:
        """Go on after a first attempt that failed."""
        made = iter([failure])

        def attempted() -> ResultT:
            for first in made:
                raise first
            return attempt()

        retrying = Retrying(
            sleep=self._pause,
            wait=self._wait,
            stop=self._stop,
            retry=retry_if_exception_type(Passing),
            retry_error_callback=self._give_up,
        )
        return retrying(attempted)

    def _wait(self, state: RetryCallState) -> float:
        asked = _failure(state).asked
        return self._own_wait(state) if asked is None else asked + self._jitter(state)

    def _stop(self, state: RetryCallState) -> bool:
        return self._enough(state) or self._asks_too_much(state) or state.upcoming_sleep > self._run.left()

    def _asks_too_much(self, state: RetryCallState) -> bool:
        return (_failure(state).asked or 0) > self._limits.asked_seconds

    def _pause(self, seconds: float) -> None:
        started = monotonic()
        self._sleep(seconds)
        self._deadline.postpone(monotonic() - started)

    def _give_up(self, state: RetryCallState) -> None:
        failure = _failure(state)
        raise failure.kind(_sentence(failure, state.attempt_number)) from failure


def _failure(state: RetryCallState) -> Passing:
    assert state.outcome is not None  # noqa: S101 - tenacity asks only after an attempt
    return cast(Passing, state.outcome.exception())


def _sentence(failure: Passing, attempts: int) -> str:
    times = f" {attempts} times in a row" if attempts > 1 else ""
    asks = f" and asks to wait {failure.asked:,.0f} seconds" if failure.asked else ""
    return f"{failure.where}: {failure.happened}{times}{asks}; the next run tries again."
