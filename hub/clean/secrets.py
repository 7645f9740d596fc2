"""Names that secrets go by, in addresses, headers and bodies, so that their values can be left out."""

import re
from typing import Any

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET = re.compile(
    r"(secret|passw(or)?d|passphrase|wachtwoord|motdepasse|apikey|clientid|accesskey|privatekey|authorization"
    r"|signature|jwt|sessionid|setcookie|subscriptionkey)$"
)
_TOKEN = re.compile(r"token$")
_PLACES = frozenset({"page", "next", "prev", "previous", "continuation", "cursor", "resume", "resumption", "sync"})
"""A token of one of these is a place in a list, not a secret."""
_SHORT = frozenset({"key", "sig", "pwd", "auth"})
"""Names of secrets in addresses that mean something else in a body."""


def is_secret_name(name: str) -> bool:
    """Say whether a field called like this holds a secret: ``access_token`` does, ``nextPageToken`` does not."""
    parts = words(name)
    joined = "".join(parts)
    if _TOKEN.search(joined):
        return not _PLACES & set(parts)
    return bool(_SECRET.search(joined))


def is_secret_parameter(name: str) -> bool:
    """Say whether a parameter of an address called like this holds a secret."""
    return name.casefold() in _SHORT or is_secret_name(name)


def words(name: str) -> list[str]:
    """Return the words of a name in lower case, however they are joined: ``contactPerson`` is two."""
    return [part.lower() for part in _PARTS.findall(name)]


def blanked(value: Any) -> Any:
    """Return a JSON value in which everything called like a secret is empty."""
    if isinstance(value, dict):
        return {name: "" if is_secret_name(name) else blanked(each) for name, each in value.items()}
    return [blanked(each) for each in value] if isinstance(value, list) else value
