"""How a partner knows us, and how often we may ask: objects that an adapter hands to its client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header of every request."""

    value: str = field(repr=False)
    header: str = "X-Api-Key"


@dataclass(frozen=True, slots=True)
class Basic:
    """User name and password (RFC 7617)."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer token that does not change (RFC 6750)."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): a bearer token, cached and renewed before its end."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None
    placed_in: Literal["body", "basic"] = "body"


@dataclass(frozen=True, slots=True)
class Login:
    """A token that the partner gives for a JSON body (a POST); asked for once, and once more when 401 refuses it.

    Args:
        url: where to POST the body.
        body: what the partner wants to know, such as user and password.
        token: where the token is in the answer: names with dots between them, such as ``data.token``.
        header: the header that carries the token afterwards.
        prefix: what stands before the token in that header.
        seconds: how long a token is used before a new one is asked for.
    """

    url: str
    body: Mapping[str, JsonValue] = field(repr=False)
    token: str = "token"  # noqa: S105 - where it is, not what it is
    header: str = "Authorization"
    prefix: str = "Bearer "
    seconds: float = 900


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate that we show to the partner (mutual TLS), as PEM files; beside any other authentication."""

    certificate: Path
    key: Path | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often the partner may be asked: so many calls in so many seconds."""

    calls: int
    seconds: float = 60

    def __post_init__(self) -> None:
        if self.calls < 1 or self.seconds <= 0:
            raise ValueError(f"a rate is at least one call in some seconds, not {self.calls} in {self.seconds}")


Authentication = ApiKey | Basic | Bearer | ClientCredentials | Login
