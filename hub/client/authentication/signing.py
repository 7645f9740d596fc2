"""Signing requests: one table says how each kind of authentication does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from hub.adapter import ApiKey, Authentication, Basic, Bearer, ClientCredentials, Login
from hub.client.authentication.asking import Entry, Grant, Way
from hub.client.authentication.headers import api_key, basic, bearer, with_headers
from hub.client.authentication.tokens import Token, Tokens
from hub.client.exchange import Asked, address
from hub.client.limits import MEGABYTE
from hub.client.verdict import judge


class Body(Protocol):
    """A body that is in."""

    def whole(self) -> bytes: ...  # noqa: D102


class Received(Protocol):
    """An answer, as the wire gives it."""

    @property
    def status(self) -> int: ...  # noqa: D102
    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def body(self) -> Body: ...  # noqa: D102


ReceivedT = TypeVar("ReceivedT", bound=Received)


class Signing(Protocol):
    """Sends requests in a way that the partner knows us."""

    def send(self, asked: Asked, exchange: Callable[[Asked], ReceivedT]) -> ReceivedT:
        """Send a request through `exchange`, once or, where the partner has forgotten us, twice."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Headers that do not change."""

    headers: Mapping[str, str] = field(repr=False)

    def send(self, asked: Asked, exchange: Callable[[Asked], ReceivedT]) -> ReceivedT:
        """Send it with the headers."""
        return exchange(_signed(asked, self.headers))


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that the partner gives; one that it no longer takes is replaced once."""

    way: Way
    tokens: Tokens

    def send(self, asked: Asked, exchange: Callable[[Asked], ReceivedT]) -> ReceivedT:
        """Send it with the token; with a new one where a token of before is refused with 401."""
        question = self.way.question()
        key = question.key

        def ask() -> Token:
            return self._ask(
                Asked(
                    "POST",
                    address(question.url),
                    MEGABYTE,
                    question.headers,
                    question.content,
                    private=True,
                    certified=asked.certified,
                ),
                exchange,
            )

        token, reused = self.tokens.get(key, ask)
        received = exchange(_signed(asked, token.headers))
        if received.status == 401 and reused:
            token = self.tokens.replace(key, token, ask)
            received = exchange(_signed(asked, token.headers))
        return received

    def _ask(self, asked: Asked, exchange: Callable[[Asked], ReceivedT]) -> Token:
        received = exchange(asked)
        body = received.body.whole()
        self.way.judge(asked.where, received.status, body)
        judge(replace(asked, file=True), received.status, received.headers)
        return self.way.read(asked.where, body, self.tokens.clock())


KINDS: Mapping[type, Callable[[Any, Tokens], Signing]] = {
    ApiKey: lambda auth, _: Fixed(api_key(auth)),
    Basic: lambda auth, _: Fixed(basic(auth)),
    Bearer: lambda auth, _: Fixed(bearer(auth)),
    ClientCredentials: lambda auth, tokens: Issued(Grant(auth), tokens),
    Login: lambda auth, tokens: Issued(Entry(auth), tokens),
}


def signing(auth: Authentication | None, tokens: Tokens) -> Signing:
    """Return how requests are signed; raises AuthenticationRejected where the authentication cannot be sent."""
    return Fixed({}) if auth is None else KINDS[type(auth)](auth, tokens)


def _signed(asked: Asked, headers: Mapping[str, str]) -> Asked:
    return replace(asked, headers=with_headers(asked.headers, headers))
