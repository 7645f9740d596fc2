"""Bearer tokens for client credentials (RFC 6749, 4.4): asked for once, shared, renewed before their end."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from urllib.parse import quote_plus, urlencode

import orjson

from hub.adapter import ClientCredentials
from hub.errors import AuthenticationRejected, UnexpectedAnswer

AHEAD_SECONDS = 60.0
UNSTATED_SECONDS = 300.0
REFUSALS = frozenset({400, 401, 403})
ERROR_CODE = re.compile(r"[a-z_]{1,40}")
HEADER_VALUE = re.compile(r"[\x20-\x7e]+")

Key = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, and the moment (monotonic) from which a new one is asked for."""

    value: str = field(repr=False)
    renew_at: float


@dataclass(slots=True)
class _Slot:
    lock: Lock = field(default_factory=Lock)
    token: Token | None = None


class Tokens:
    """The tokens of all sources, each per token address, client and scope. One thread asks, the others wait for it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._slots: dict[Key, _Slot] = {}
        self._lock = Lock()

    def get(self, credentials: ClientCredentials, ask: Callable[[], Token]) -> tuple[Token, bool]:
        """Return a token and whether it was there already; `ask` fetches one when it was not."""
        slot = self._slot(credentials)
        with slot.lock:
            if slot.token is not None and self.clock() < slot.token.renew_at:
                return slot.token, True
            slot.token = None
            slot.token = ask()
            return slot.token, False

    def replace(self, credentials: ClientCredentials, refused: Token, ask: Callable[[], Token]) -> Token:
        """Return another token than the refused one, which someone else may have fetched meanwhile."""
        slot = self._slot(credentials)
        with slot.lock:
            if slot.token is None or slot.token is refused:
                slot.token = None
                slot.token = ask()
            return slot.token

    def _slot(self, credentials: ClientCredentials) -> _Slot:
        key = (credentials.token_url, credentials.client_id, credentials.scope)
        with self._lock:
            return self._slots.setdefault(key, _Slot())


def grant_request(credentials: ClientCredentials) -> tuple[dict[str, str], bytes]:
    """Return headers and form of the request for a token."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    form = {"grant_type": "client_credentials"}
    if credentials.scope:
        form["scope"] = credentials.scope
    if credentials.placed_in == "basic":
        headers["Authorization"] = _basic(credentials)
    else:
        form |= {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    return headers, urlencode(form).encode("ascii")


def read_grant(where: str, body: bytes, now: float) -> Token:
    """Return the token in an answer of the token address."""
    answer = _object(body)
    value, kind = answer.get("access_token"), answer.get("token_type", "bearer")
    if not isinstance(value, str) or not HEADER_VALUE.fullmatch(value) or str(kind).lower() != "bearer":
        raise UnexpectedAnswer(f"{where}: the answer holds no bearer token; check the token address of the source.")
    lifetime = _seconds(answer.get("expires_in"))
    return Token(value, now + max(lifetime - AHEAD_SECONDS, lifetime / 2))


def judge_grant(where: str, status: int, body: bytes) -> None:
    """Raise AuthenticationRejected where the token address refuses the credentials."""
    if status in REFUSALS:
        code = str(_object(body).get("error", ""))
        why = f" ({code})" if ERROR_CODE.fullmatch(code) else ""
        raise AuthenticationRejected(
            f"{where}: the partner answered {status}{why}, it gives no token for our credentials;"
            " check the client id, the secret and the scope of the source."
        )


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers that can be sent; a value with a line end or another odd character names only the header."""
    for name, value in headers.items():
        if not HEADER_VALUE.fullmatch(value):
            raise AuthenticationRejected(
                f"The value of the header {name} is empty or holds a character that a header may not have,"
                " such as a line end; check the source's secrets and options."
            )
    return dict(headers)


def _basic(credentials: ClientCredentials) -> str:
    pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.client_secret)}"
    return f"Basic {b64encode(pair.encode('ascii')).decode('ascii')}"


def _object(body: bytes) -> dict[str, object]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(value: object) -> float:
    """Return a lifetime; some partners write it as text."""
    return float(value) if isinstance(value, (int, float, str)) and str(value).isdigit() else UNSTATED_SECONDS
