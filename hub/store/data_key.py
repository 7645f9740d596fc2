"""The key that secrets in the store are encrypted with: one file beside the store, and never in a backup.

Each line of the file is one key, the newest first: the first encrypts, all decrypt. So a key is replaced by putting a
new line above it.
"""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path

from hub.errors import StoreError

FILE = "secret.key"
"""Its name in the data folder."""

_MODE = 0o600


def read_keys(file: Path) -> list[bytes]:
    """Return the keys in the file, the newest first; StoreError where there is none that can be read."""
    try:
        found = file.read_text("ascii").split()
    except FileNotFoundError:
        raise StoreError(
            f"{file}: the key of the subscribers' secrets is missing; put it back from where you keep it, or remove "
            "the subscribers and let them register anew"
        ) from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{file} cannot be read ({type(error).__name__}); give the user that runs the hub the right "
                         "to read it, or put it back from where you keep it") from None  # fmt: skip
    if not found or not all(map(_is_key, found)):
        raise StoreError(f"{file} holds no keys, one on each line; put it back from where you keep it")
    return [line.encode() for line in found]


def make_key(file: Path) -> None:
    """Write a file with a new key, which only the user that runs the hub may read; nothing where there is one."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(base64.urlsafe_b64encode(secrets.token_bytes(32)) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):  # whoever came first made it
            os.link(part, file)
    finally:
        part.unlink()


def _is_key(line: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(line)) == 32
    except ValueError:
        return False
