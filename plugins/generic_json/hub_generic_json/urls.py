"""Addresses in the options."""

from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit

from hub import BeforeValidator, PydanticCustomError


def _checked(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        fine = False
    if not fine:
        raise PydanticCustomError("address", "must be an http(s) address with a host and without a password")
    return value


Url = Annotated[str, BeforeValidator(_checked)]
"""An absolute http(s) address."""


def with_params(url: str, params: dict[str, str]) -> str:
    """Return an address with these parameters added to its query."""
    if not params:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}"


def named(method: str, url: str) -> str:
    """Return how sentences name a request: method, host and path, never a query."""
    parts = urlsplit(url)
    return f"{method} {parts.hostname}{parts.path}"


def quoted(word: str) -> str:
    """Return a word as one part of a path."""
    return quote(word, safe="")
