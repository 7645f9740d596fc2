"""What an answer means: delivered, to be tried again and when, or the end of it (Standard Webhooks 1.0)."""

import hmac
from dataclasses import dataclass, field

import orjson

from hub.push.schedule import PAUSES, PROOF_PAUSES, next_pause
from hub.store.push import ENDPOINT_VERIFY
from hub.store.push.errands import Errand, Outcome

GONE = 410
FAILING_SECONDS = 5 * 86400.0
"""For how long every attempt may fail before a subscriber is disabled."""
LONGEST_ASKED = 86400.0
"""The longest wait that an endpoint may ask for."""

_MAY_ASK = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt.

    Args:
        seconds: how long it took.
        status: None where no answer came.
        trouble: why none came, in a sentence.
        asked: the seconds it asks to wait, where it says so.
        body: the start of the answer; kept nowhere.
    """

    seconds: float
    status: int | None = None
    trouble: str | None = None
    asked: float | None = None
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an attempt, and why the subscriber is to be disabled, where it is."""

    outcome: Outcome
    disabled: str | None = None


def judge(errand: Errand, answer: Answer, at: float, lot: float) -> Verdict:
    """Return what an answer means.

    Args:
        errand: what was sent.
        answer: what came of it.
        at: when the attempt began, seconds since 1970.
        lot: a number from 0 to 1, drawn anew each time, which spreads attempts.
    """
    error = _error(errand, answer)
    now = at + answer.seconds
    if error is None:
        return Verdict(Outcome("delivered", at, answer.seconds, answer.status))
    since = at if errand.failing_since is None else errand.failing_since
    proving = errand.type == ENDPOINT_VERIFY
    pause = next_pause(errand.tries + 1, lot, PROOF_PAUSES if proving else PAUSES)
    again = None if pause is None else now + max(pause, _asked(answer))
    disabled = None if proving else _disabled(answer, now - since)
    outcome = Outcome(
        "given-up" if disabled else "waiting" if again else "failed",
        at,
        answer.seconds,
        answer.status,
        error,
        next_try=None if disabled else again,
        failing_since=errand.failing_since if proving else since,
    )
    return Verdict(outcome, disabled)


def proves(body: bytes, challenge: str) -> bool:
    """Tell whether an answer echoes the challenge: as text, or as ``challenge`` in a JSON object."""
    said = body.strip()
    if said.startswith(b"{"):
        try:
            found = orjson.loads(said).get("challenge")
        except ValueError:
            return False
        said = found.encode() if isinstance(found, str) else b""
    return hmac.compare_digest(said, challenge.encode())


def _error(errand: Errand, answer: Answer) -> str | None:
    """Return why an attempt failed, None when it did not."""
    status = answer.status
    if status is None:
        return answer.trouble or "no answer came"
    if 300 <= status < 400:
        return f"it answered {status}, a redirect, which is never followed; register the address that it leads to"
    if status == GONE:
        return "it answered 410: it wants nothing more"
    if not 200 <= status < 300:
        return f"it answered {status}; only 2xx means that it was taken in"
    if errand.type == ENDPOINT_VERIFY and not proves(answer.body, str(errand.data["challenge"])):
        return f"it answered {status} without the challenge, which must be the body, or `challenge` in a JSON object"
    return None


def _asked(answer: Answer) -> float:
    return min(answer.asked or 0.0, LONGEST_ASKED) if answer.status in _MAY_ASK else 0.0


def _disabled(answer: Answer, failing: float) -> str | None:
    if answer.status == GONE:
        return "it answered 410, which asks that nothing more be sent"
    if failing >= FAILING_SECONDS:
        return f"every attempt failed for {failing / 86400:.0f} days"
    return None
