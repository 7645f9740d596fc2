"""What is asked for a token, and how the answer is read: client credentials (RFC 6749, 4.4) and logins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol
from urllib.parse import urlencode

import orjson

from hub.adapter import ClientCredentials, Login
from hub.client.authentication.headers import HEADER_NAME, HEADER_VALUE, client_basic
from hub.client.authentication.tokens import Token
from hub.errors import AuthenticationRejected, UnexpectedAnswer

AHEAD_SECONDS = 60.0
UNSTATED_SECONDS = 300.0
LONGEST_SECONDS = 86_400.0 * 30
REFUSALS = frozenset({400, 401, 403, 422})
ERROR_CODES = frozenset({
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
    "invalid_scope",
})  # fmt: skip
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Question:
    """The request for a token."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def key(self) -> str:
        """Return what tells it from other requests, without telling what it holds."""
        parts = (self.url.encode(), orjson.dumps(dict(self.headers), option=orjson.OPT_SORT_KEYS), self.content)
        return sha256(b"\n".join(parts)).hexdigest()


class Way(Protocol):
    """One way to come by a token."""

    def question(self) -> Question:
        """Return what is asked."""

    def judge(self, where: str, status: int, body: bytes) -> None:
        """Raise AuthenticationRejected where the answer refuses our credentials."""

    def read(self, where: str, body: bytes, now: float) -> Token:
        """Return the token in an answer; raises UnexpectedAnswer where there is none."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Client credentials."""

    credentials: ClientCredentials

    def question(self) -> Question:
        """Return the form of the standard."""
        headers = {"Content-Type": FORM_TYPE, "Accept": "application/json"}
        form = {"grant_type": "client_credentials"}
        if self.credentials.scope:
            form["scope"] = self.credentials.scope
        if self.credentials.placed_in == "basic":
            headers |= client_basic(self.credentials)
        else:
            form |= {"client_id": self.credentials.client_id, "client_secret": self.credentials.client_secret}
        return Question(self.credentials.token_url, headers, urlencode(form).encode("ascii"))

    def judge(self, where: str, status: int, body: bytes) -> None:
        """Raise AuthenticationRejected, with the code of the standard where the partner gives one."""
        if status in REFUSALS:
            code = str(_object(body).get("error", ""))
            why = f" ({code})" if code in ERROR_CODES else ""
            raise AuthenticationRejected(
                f"{where}: the partner answered {status}{why}, it gives no token for our credentials;"
                " check the client id, the secret and the scope of the source."
            )

    def read(self, where: str, body: bytes, now: float) -> Token:
        """Return the bearer token, to be renewed a minute before its end."""
        answer = _object(body)
        value, kind = answer.get("access_token"), answer.get("token_type", "bearer")
        if not isinstance(value, str) or not HEADER_VALUE.fullmatch(value) or str(kind).lower() != "bearer":
            raise UnexpectedAnswer(f"{where}: the answer holds no bearer token; check the token address of the source.")
        lifetime = _seconds(answer.get("expires_in"))
        return Token({"Authorization": f"Bearer {value}"}, now + max(lifetime - AHEAD_SECONDS, lifetime / 2))


@dataclass(frozen=True, slots=True)
class Entry:
    """A login with a JSON body."""

    login: Login

    def question(self) -> Question:
        """Return the body as the partner wants it."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return Question(self.login.url, headers, orjson.dumps(dict(self.login.body)))

    def judge(self, where: str, status: int, body: bytes) -> None:  # noqa: ARG002 - what it says may hold our secret
        """Raise AuthenticationRejected."""
        if status in REFUSALS:
            raise AuthenticationRejected(
                f"{where}: the partner answered {status}, it refuses our login;"
                " check the user, the password and the login address of the source."
            )

    def read(self, where: str, body: bytes, now: float) -> Token:
        """Return the token where the source says it is."""
        value: object = _object(body)
        for name in self.login.token.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        header = {self.login.header: f"{self.login.prefix}{value}"}
        if not isinstance(value, str) or not HEADER_VALUE.fullmatch(value) or not _can_be_sent(header):
            raise UnexpectedAnswer(
                f"{where}: the answer holds no token at “{self.login.token}”;"
                " check the login address of the source, and where its token stands."
            )
        return Token(header, now + self.login.seconds)


def _can_be_sent(header: Mapping[str, str]) -> bool:
    return all(HEADER_NAME.fullmatch(name) and HEADER_VALUE.fullmatch(value) for name, value in header.items())


def _object(body: bytes) -> dict[str, object]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(value: object) -> float:
    """Return a lifetime; some partners write it as text."""
    if isinstance(value, (int, float, str)) and str(value).removesuffix(".0").isdecimal():
        return min(float(value), LONGEST_SECONDS)
    return UNSTATED_SECONDS
