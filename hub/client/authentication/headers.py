"""Headers that can be sent, and those of the credentials that do not change."""

import re
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote_plus

from hub.adapter import ApiKey, Basic, Bearer, ClientCredentials
from hub.errors import AuthenticationRejected

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers that can be sent; a value with a line end or another odd character names only the header."""
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name):
            raise AuthenticationRejected("The name of a header is empty or odd; check the source's options.")
        if not HEADER_VALUE.fullmatch(value):
            raise AuthenticationRejected(
                f"The value of the header {name} is empty or holds a character that a header may not have,"
                " such as a line end; check the source's secrets and options."
            )
    return dict(headers)


def with_headers(headers: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Return headers together with more, which replace those of the same name, however that is written."""
    replaced = {name.lower() for name in more}
    return {name: value for name, value in headers.items() if name.lower() not in replaced} | dict(more)


def api_key(key: ApiKey) -> dict[str, str]:
    """Return the header with the key."""
    return checked_headers({key.header: key.value})


def basic(login: Basic) -> dict[str, str]:
    """Return the header with user and password (RFC 7617)."""
    if ":" in login.user:
        raise AuthenticationRejected("A user name may not hold a colon; check the source's options.")
    return {"Authorization": f"Basic {_pair(login.user, login.password)}"}


def bearer(token: Bearer) -> dict[str, str]:
    """Return the header with the token (RFC 6750)."""
    _refuse_odd("bearer token", token.token)
    return {"Authorization": f"Bearer {token.token}"}


def client_basic(credentials: ClientCredentials) -> dict[str, str]:
    """Return the header with client id and secret, both encoded as in a form (RFC 6749, 2.3.1)."""
    return {"Authorization": f"Basic {_pair(quote_plus(credentials.client_id), quote_plus(credentials.client_secret))}"}


def _pair(user: str, password: str) -> str:
    return b64encode(f"{user}:{password}".encode()).decode("ascii")


def _refuse_odd(what: str, value: str) -> None:
    if not HEADER_VALUE.fullmatch(value):
        raise AuthenticationRejected(
            f"The {what} is empty or holds a character that a header may not have, such as a line end;"
            " check the source's secrets."
        )
