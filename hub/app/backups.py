"""Backups: a verified copy of the store with the archive beside it, taken while the hub works, and put back whole.

A backup is a folder: ``hub.db``, ``archive/``, and ``backup.json``, written last, which says what these two must be.
Backing up into the same folder again replaces the database and adds what the archive has gained.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from hub.errors import StoreError
from hub.store import Database, open_store
from hub.store.copying import copy_database, examine, in_use
from hub.store.restoring import go_on

DATABASE = "hub.db"
ARCHIVE = "archive"
MANIFEST = "backup.json"
_LOGS = ("-wal", "-shm")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Args:
        made: the moment, ISO 8601 in UTC.
        revision: the form of the database.
        head: its last position.
        opportunities: how many are published.
        digest: SHA-256 of the database file.
        bodies: how many bodies the archive has.
        archive_bytes: what they take on disk.
    """

    made: str
    revision: str
    head: int
    opportunities: int
    digest: str
    bodies: int
    archive_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


def back_up(database: Database, archive: Path, target: Path, progress: Progress = lambda _done, _total: None) -> Backup:
    """Write a backup into a folder, made where it is missing; StoreError when it cannot be written or does not verify.

    Args:
        database: the store, which may be in use.
        archive: the folder of the archive.
        target: the folder of the backup.
        progress: told how many bodies are there, of how many.
    """
    with _refusals(target):
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        (target / MANIFEST).unlink(missing_ok=True)  # until the new one stands, this folder is no backup
        part = target / f"{DATABASE}.part"
        part.unlink(missing_ok=True)
        facts = copy_database(database, part)
        _settle(part, target / DATABASE)
        # After the database: every body that it names is in the archive by now.
        bodies = _copy_bodies(archive, target / ARCHIVE, progress)
        backup = Backup(_now(), facts.revision, facts.head, facts.opportunities, _digest(target / DATABASE), *bodies)
        manifest = target / f"{MANIFEST}.part"
        manifest.write_text(json.dumps(backup.as_dict(), indent=2) + "\n", "utf-8")
        _settle(manifest, target / MANIFEST)
    return backup


def verify(folder: Path) -> Backup:
    """Return what a backup holds; StoreError when it is incomplete, damaged, or is none."""
    backup = _manifest(folder)
    with _refusals(folder):
        if _digest(folder / DATABASE) != backup.digest:
            raise StoreError(f"{folder / DATABASE} is not the file that {MANIFEST} describes; use another backup")
        facts = examine(folder / DATABASE)
        found = sum(1 for _ in _bodies(folder / ARCHIVE))
    if (facts.revision, facts.head) != (backup.revision, backup.head):
        raise StoreError(
            f"{folder / DATABASE} ends at position {facts.head:,}, not {backup.head:,}; use another backup"
        )
    if found < backup.bodies:
        raise StoreError(f"{folder / ARCHIVE} holds {found:,} of {backup.bodies:,} bodies; use another backup")
    return backup


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the backup, where the replaced database lies now, and the last position from here on."""

    backup: Backup
    replaced: Path | None
    head: int


def restore(folder: Path, data: Path, *, seen: int = 0, progress: Progress = lambda _done, _total: None) -> Restored:
    """Put a verified backup in the place of a hub's data.

    Args:
        folder: the backup.
        data: the folder of store and archive, which no running hub may use.
        seen: the last position that readers of the feed may have seen; the replaced database tells it where it can be
            read.
        progress: told how many bodies are there, of how many.
    """
    backup = verify(folder)
    with _refusals(data):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (data / DATABASE).exists() and in_use(data / DATABASE):
            raise StoreError(f"{data / DATABASE} is in use; stop the hub that works with it, then restore again")
        _copy_bodies(folder / ARCHIVE, data / ARCHIVE, progress)
        part = data / f"{DATABASE}.part"
        shutil.copyfile(folder / DATABASE, part)
        aside = _set_aside(data)
        _settle(part, data / DATABASE)
    replaced = aside / DATABASE if aside else None
    with closing(open_store(data / DATABASE)) as database:
        head = go_on(database, replaced=replaced, seen=seen, now=_now())
    return Restored(backup, replaced, head)


def _set_aside(data: Path) -> Path | None:
    """Move the database that is there into a folder of its own; nothing is thrown away."""
    present = [path for name in ("", *_LOGS) if (path := data / f"{DATABASE}{name}").exists()]
    if not present:
        return None
    aside = data / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in reversed(present):
        path.rename(aside / path.name)
    return aside


def _copy_bodies(source: Path, target: Path, progress: Progress) -> tuple[int, int]:
    """Copy the bodies that are missing, and return how many there are and what they take on disk."""
    bodies = list(_bodies(source))
    taken = 0
    for done, body in enumerate(bodies, 1):
        copy = target / body.parent.name / body.name
        size = body.stat().st_size
        if not copy.exists() or copy.stat().st_size != size:
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = copy.with_suffix(".part")
            shutil.copyfile(body, part)
            part.replace(copy)
        taken += size
        progress(done, len(bodies))
    return len(bodies), taken


def _bodies(archive: Path) -> Iterator[Path]:
    return archive.glob("??/*.zst")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _manifest(folder: Path) -> Backup:
    try:
        return Backup(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except FileNotFoundError:
        raise StoreError(f"{folder} is no finished backup: {MANIFEST} is missing; name the folder of one") from None
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{folder / MANIFEST} cannot be read: {error}; use another backup") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _settle(part: Path, path: Path) -> None:
    """Move a file to its name once its bytes are on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: {error.strerror or error}; see to space and rights") from error
