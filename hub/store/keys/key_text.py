"""A key as its holder has it: ``schakel_<id>_<secret>``. It is made and compared here, and kept nowhere."""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

PREFIX = "schakel_"
"""What every key starts with, so that people and scanners for leaked secrets know it for one."""

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Those of an id: none that is easily read for another."""
_ID_LENGTH = 10
_SECRET_BYTES = 32
_WRITTEN = re.compile(rf"{PREFIX}([{_LETTERS}]{{{_ID_LENGTH}}})_[A-Za-z0-9_-]{{43}}", re.ASCII)
LENGTH = len(PREFIX) + _ID_LENGTH + 1 + 43
"""How many characters a key has."""


class MadeKey(NamedTuple):
    """A new key: its id, which is no secret, and the whole of it, which is shown once."""

    id: str
    text: str

    def __repr__(self) -> str:
        """Return it without its secret, for logs and tracebacks."""
        return f"MadeKey(id={self.id!r})"


def make() -> MadeKey:
    """Return a new key, of 256 random bits."""
    identifier = "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
    return MadeKey(identifier, f"{PREFIX}{identifier}_{secrets.token_urlsafe(_SECRET_BYTES)}")


def id_of(text: str) -> str | None:
    """Return the id of a key, None for what cannot be one."""
    found = _WRITTEN.fullmatch(text) if len(text) == LENGTH else None
    return found[1] if found else None


def digest(text: str) -> str:
    """Return what is stored of a key. Its secret has 256 random bits, so a slow hash would protect no better."""
    return hashlib.sha256(text.encode()).hexdigest()


def matches(text: str, stored: str) -> bool:
    """Tell whether this is the key that was stored so, in a time that says nothing about either."""
    return hmac.compare_digest(digest(text), stored)
