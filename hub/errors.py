"""Every error of the hub, ordered by who must act and what the hub does next.

The docstring of a class is its default message. A message says what, where, which value and what to do.
"""

import errno
from collections.abc import Sequence
from typing import Self

__all__ = [
    "AuthenticationRejected",
    "ConfigError",
    "DeliveryError",
    "HubError",
    "PluginError",
    "RecordError",
    "SourceBusy",
    "SourceError",
    "SourceUnavailable",
    "StoreError",
    "StoreFull",
    "Superseded",
    "UnexpectedAnswer",
    "UnexpectedVolume",
]


class HubError(Exception):
    """Something went wrong in the hub."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().partition("\n")[0])


class ConfigError(HubError):
    """The configuration is wrong; the operator must mend it."""

    def __init__(self, mistakes: Sequence[str] | str) -> None:
        self.mistakes: tuple[str, ...] = (mistakes,) if isinstance(mistakes, str) else tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class PluginError(HubError):
    """A plugin cannot be used; its author must mend it."""


class StoreError(HubError):
    """The store refuses; the operator must look at the database."""


class StoreFull(StoreError):
    """There is no space left to write to; what was published stays, and the next run goes on when there is."""

    NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
    """What the system calls it: the disk is full, the quota is used up, the file may not grow."""

    @classmethod
    def at(cls, place: object) -> Self:
        """Return the error of a file or folder that cannot grow."""
        return cls(
            f"no space left to write {place}; what was published stays, free space on its disk and the next run goes "
            "on by itself (`hub archive clean` removes what nothing needs any more)"
        )


class Superseded(StoreError):
    """Another took this source over, so nothing of this run is applied."""


class SourceBusy(HubError):
    """Another process works on this source; try again when it is done."""


class SourceError(HubError):
    """The run of this source is aborted; what was published stays."""


class SourceUnavailable(SourceError):
    """The partner does not answer; the next run tries again."""


class AuthenticationRejected(SourceError):
    """The partner refuses our credentials; check the source's secrets."""


class UnexpectedAnswer(SourceError):
    """The partner answered in a format this adapter does not know.

    Args:
        message: one sentence.
        status: of the answer, where it was a refusal (400 to 499).
    """

    def __init__(self, message: str | None = None, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class UnexpectedVolume(SourceError):
    """The partner lists far more or far fewer records than expected; a person must look."""


class RecordError(HubError):
    """One record is refused and goes to quarantine; the run goes on.

    Args:
        code: a code of the issue catalogue (`hub.model.issues`), such as ``missing-field``.
        field: path of the field concerned in the published model or the partner's record.
        value: the offending value, shortened by the hub before it is shown.
        params: what else the sentence of the code mentions.
    """

    def __init__(self, code: str, *, field: str = "", value: object = None, **params: str) -> None:
        self.code = code
        self.field = field
        self.value = value
        self.params = params
        super().__init__(f"{code} ({field})" if field else code)


class DeliveryError(HubError):
    """A delivery to a subscriber failed; it is tried again."""
