"""The position in a small file: at least once, for a portal whose rows are in a database of another kind."""

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from schakel_client.errors import StateError
from schakel_client.state import Position

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileState:
    """Keeps the position of one feed in one small JSON file.

    The position is saved after a page was dealt with: who is stopped in between gets that page again. Storing by id
    does not mind that, and no change is ever left out.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Take the path of the file, which need not be there yet."""
        self._path = Path(path)
        self._lock: IO[bytes] | None = None

    def load(self, feed: str) -> Position | None:
        """Return the position in the file; StateError when it is of another feed, or in use."""
        self._take()
        try:
            kept = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StateError(f"{self._path} cannot be read: {error}. {_ANEW}") from error
        return self._position(kept, feed)

    def begin(self, feed: str, position: Position | None) -> None:
        """Do nothing: the lock is taken as long as somebody follows."""

    def save(self, feed: str, position: Position) -> None:
        """Write the position so that, whenever the power fails, either the old or the new one is there."""
        written = self._path.with_name(f"{self._path.name}.new")
        with written.open("wb") as file:
            file.write(json.dumps({"feed": feed, **asdict(position)}).encode())
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._path)
        _sync_folder(self._path.parent)

    def discard(self) -> None:
        """Do nothing: what the follower stored is not ours to undo; it gets the page again."""

    def release(self) -> None:
        """Let go of the lock."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def _take(self) -> None:
        if self._lock:
            return
        lock = self._path.with_name(f"{self._path.name}.lock").open("ab")
        try:
            _lock(lock)
        except (BlockingIOError, PermissionError):
            lock.close()
            raise StateError(f"{self._path} is in use by another follower; let that one end first") from None
        self._lock = lock

    def _position(self, kept: Any, feed: str) -> Position:
        try:
            position, of = Position(str(kept["next"]), int(kept["reading"]), bool(kept["sweeping"])), kept["feed"]
        except (KeyError, TypeError, ValueError) as error:
            raise StateError(f"{self._path} is not a position: {error!r}. {_ANEW}") from error
        if of != feed:
            raise StateError(f"{self._path} is the position of {of}, not of {feed}; give each feed a file of its own")
        return position


_ANEW = "Remove it to read from the beginning; nothing is lost by that"


def _lock(file: IO[bytes]) -> None:
    """Lock a file until it is closed; BlockingIOError, or on Windows PermissionError, where another has it locked."""
    if sys.platform == "win32":
        file.seek(0)  # it is the byte at this place that is locked, which need not be there
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # a folder cannot be opened on Windows
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
