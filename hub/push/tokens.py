"""What subscribers are known by: an id, and a token that only its holder has, made here and kept as a digest only."""

import hashlib
import hmac
import secrets
from typing import NamedTuple

PREFIX = "manage_"
"""What every token starts with, so that it is not taken for a key that opens views."""

_BYTES = 32


class Token(NamedTuple):
    """A new token: what its holder keeps, shown once, and what is stored of it."""

    text: str
    digest: str

    def __repr__(self) -> str:
        """Return it without its text, for logs and tracebacks."""
        return "Token(…)"


def new_identifier() -> str:
    """Return the id of a new subscriber."""
    return f"sub_{secrets.token_hex(10)}"


def new_token() -> Token:
    """Return a new token, of 256 random bits."""
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    return Token(text, digest(text))


def digest(text: str) -> str:
    """Return what is stored of a token; it is random, so a slow hash would protect no better."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_token(text: str, stored: str) -> bool:
    """Tell whether this is the token that was stored so, in a time that says nothing about either."""
    return hmac.compare_digest(digest(text), stored)
