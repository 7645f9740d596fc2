"""What a status means: data, a failure that may pass, or an error and who must act on it."""

from collections.abc import Mapping

from hub.client.allowance import retry_after
from hub.client.exchange import Asked
from hub.client.retry import PASSING_STATUS, Passing
from hub.errors import AuthenticationRejected, SourceUnavailable, UnexpectedAnswer

NOT_FOUND = 404
PARTIAL = 206
REJECTED = frozenset({401, 403})


def is_data(asked: Asked, status: int) -> bool:
    """Say whether an answer of this status is given to the adapter."""
    return (200 <= status < 300 and status != PARTIAL) or (status == NOT_FOUND and not asked.file)


def judge(asked: Asked, status: int, headers: Mapping[str, str]) -> None:
    """Raise the error that a status stands for; return when it is data."""
    if is_data(asked, status):
        return
    if status in PASSING_STATUS:
        raise Passing(SourceUnavailable, asked.where, f"the partner answered {status}", asked=retry_after(headers))
    if status in REJECTED:
        raise AuthenticationRejected(
            f"{asked.where}: the partner answered {status}, it refuses our credentials; check the source's secrets."
        )
    if status >= 500:
        raise SourceUnavailable(f"{asked.where}: the partner answered {status}; the next run tries again.")
    raise UnexpectedAnswer(
        f"{asked.where}: the partner answered {status}, which this adapter does not expect; check the addresses and"
        " the other options of the source.",
        status=status,
    )
