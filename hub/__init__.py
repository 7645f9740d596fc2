"""Schakel, the integration hub for inclusive employment. This facade is all that a plugin imports."""

from pydantic import Field, JsonValue, SecretStr

from hub.adapter import (
    Adapter,
    Answer,
    Client,
    ClientCredentials,
    Complete,
    Document,
    Duplicate,
    Fetched,
    Incomplete,
    Job,
    Normalised,
    Options,
    RawRecord,
    Refused,
    Withdrawal,
)
from hub.errors import (
    AuthenticationRejected,
    RecordError,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UnexpectedVolume,
)
from hub.hookspecs import hookimpl

__version__ = "0.1.0"

__all__ = [
    "Adapter",
    "Answer",
    "AuthenticationRejected",
    "Client",
    "ClientCredentials",
    "Complete",
    "Document",
    "Duplicate",
    "Fetched",
    "Field",
    "Incomplete",
    "Job",
    "JsonValue",
    "Normalised",
    "Options",
    "RawRecord",
    "RecordError",
    "Refused",
    "SecretStr",
    "SourceError",
    "SourceUnavailable",
    "UnexpectedAnswer",
    "UnexpectedVolume",
    "Withdrawal",
    "hookimpl",
]
