"""The key that secrets in the store are encrypted with: one file beside the store, and never in a backup.

Each line of the file is one key, the newest first: the first encrypts, all decrypt. So a key is replaced by putting a
new line above it (`add_key`) and encrypting anew what the others encrypted.
"""

import base64
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
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
    with _written_beside(file, [_new_key()]) as part, suppress(FileExistsError):  # whoever came first made it
        os.link(part, file)


def add_key(file: Path) -> None:
    """Put a new key above those in the file; StoreError where there is none that can be read."""
    with _written_beside(file, [_new_key(), *read_keys(file)]) as part:
        part.replace(file)


def _new_key() -> bytes:
    return base64.urlsafe_b64encode(secrets.token_bytes(32))


@contextmanager
def _written_beside(file: Path, lines: Sequence[bytes]) -> Iterator[Path]:
    """Give a file beside this one that holds these lines, and is gone afterwards where it did not take its place."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.writelines(line + b"\n" for line in lines)
            opened.flush()
            os.fsync(opened.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)


def _is_key(line: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(line)) == 32
    except ValueError:
        return False
