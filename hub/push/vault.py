"""Secrets as they are stored: encrypted, with keys that are not in the store (Fernet: AES-128-CBC with HMAC-SHA256)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from hub.errors import StoreError


class Vault:
    """Encrypts with the first key, decrypts with any.

    Args:
        keys: of Fernet, the newest first.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [Fernet(key) for key in keys]
        self._fernet = MultiFernet(self._keys)

    def seal(self, secret: str) -> bytes:
        """Return a secret as it is stored."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Return a stored secret; StoreError where none of the keys is the one it was sealed with."""
        with _told():
            return self._fernet.decrypt(sealed).decode()

    def place(self, sealed: bytes) -> int | None:
        """Return which key a stored secret was sealed with, 0 being the newest; None where it is none of them."""
        for number, key in enumerate(self._keys):
            with suppress(InvalidToken):
                key.decrypt(sealed)
                return number
        return None

    def reseal(self, sealed: bytes) -> bytes:
        """Return a stored secret encrypted with the first key; StoreError as in `open`."""
        with _told():
            return self._fernet.rotate(sealed)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except InvalidToken:
        raise StoreError(
            "a subscriber's secret cannot be read with the keys in secret.key; put the right file back, or remove "
            "the subscriber and let it register anew"
        ) from None
