"""Every error of the hub, ordered by who must act and what the hub does next.

The docstring of a class is its default message. A message says what, where, which value and what to do.
"""

from collections.abc import Sequence

__all__ = [
    "AuthenticationRejected",
    "ConfigError",
    "DeliveryError",
    "HubError",
    "PluginError",
    "RecordError",
    "SourceError",
    "SourceUnavailable",
    "StoreError",
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
