"""The plan of a run, spooled to a file: what would change, record by record, however many there are."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import orjson
import pysqlite3.dbapi2 as sqlite

from hub.errors import StoreError

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA page_size = 16384;
CREATE TABLE entry (
  place INTEGER PRIMARY KEY, local_id TEXT NOT NULL, action TEXT NOT NULL, listing INTEGER, opportunity TEXT NOT NULL,
  kind TEXT NOT NULL, raw BLOB, content BLOB, first_seen TEXT NOT NULL, content_changed TEXT NOT NULL,
  merged_into TEXT, body BLOB
);
CREATE UNIQUE INDEX entry_local_id ON entry (local_id);
CREATE TABLE touch (listing INTEGER PRIMARY KEY, raw BLOB NOT NULL);
CREATE TABLE refusal (
  local_id TEXT PRIMARY KEY, raw BLOB NOT NULL, payload BLOB NOT NULL, issues TEXT NOT NULL
);
"""
_ENTER = (
    "INSERT INTO entry (local_id, action, listing, opportunity, kind, raw, content, first_seen, content_changed, "
    "merged_into, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_HELD = "SELECT e.local_id FROM json_each(?) AS wanted CROSS JOIN entry AS e ON e.local_id = wanted.value"
_DONE_WITH = _HELD.replace("SELECT e.local_id", "SELECT e.local_id, e.action")
_ENDINGS = "SELECT local_id, action, merged_into FROM entry WHERE body IS NULL ORDER BY local_id"
_BATCH = 500


class Action(StrEnum):
    """What a plan does with one listing; each spends a position."""

    created = "created"
    updated = "updated"
    returned = "returned"
    withdrawn = "withdrawn"
    expired = "expired"
    merged = "merged"

    @property
    def publishes(self) -> bool:
        """Whether the listing is published afterwards."""
        return self in {Action.created, Action.updated, Action.returned}


class Entry(NamedTuple):
    """One planned change. Digests and body are absent where the listing goes."""

    local_id: str
    action: Action
    listing: int | None
    opportunity: str
    kind: str
    raw: bytes | None
    content: bytes | None
    first_seen: str
    content_changed: str
    merged_into: str | None = None
    body: bytes | None = None


class Touch(NamedTuple):
    """A listing whose record changed in a way that readers do not see; it spends no position."""

    listing: int
    raw: bytes


class Refusal(NamedTuple):
    """One record to keep aside: the digest of the raw record, the compressed record, and its issues as JSON."""

    local_id: str
    raw: bytes
    payload: bytes
    issues: str


class PlanFile:
    """A plan on disk; memory stays flat."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._refusals():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            self._file = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
            self._file.executescript(_SCHEMA)

    def add(
        self, entries: Sequence[Entry] = (), touches: Sequence[Touch] = (), refusals: Sequence[Refusal] = ()
    ) -> None:
        """Append a batch; of two refusals with one local id the first stays."""
        with self._refusals():
            self._file.execute("BEGIN")
            self._file.executemany(_ENTER, entries)
            self._file.executemany("INSERT INTO touch VALUES (?, ?)", touches)
            self._file.executemany("INSERT OR IGNORE INTO refusal VALUES (?, ?, ?, ?)", refusals)
            self._file.execute("COMMIT")

    def holds(self, local_ids: Sequence[str]) -> set[str]:
        """Return which of these local ids the plan already changes."""
        if not local_ids:
            return set()
        rows = self._file.execute(_HELD, (orjson.dumps(local_ids).decode(),))
        return {row[0] for row in rows}

    def actions(self, local_ids: Sequence[str]) -> dict[str, Action]:
        """Return what the plan does with those of these local ids that it changes."""
        rows = self._file.execute(_DONE_WITH, (orjson.dumps(local_ids).decode(),))
        return {local_id: Action(action) for local_id, action in rows}

    def spending(self) -> int:
        """Return how many positions applying the plan spends."""
        return int(self._file.execute("SELECT coalesce(max(place), 0) FROM entry").fetchone()[0])

    def refusals(self) -> Iterator[list[Refusal]]:
        """Yield the records to keep aside, in batches."""
        rows = self._file.execute("SELECT * FROM refusal ORDER BY rowid")
        while batch := rows.fetchmany(_BATCH):
            yield [Refusal(*row) for row in batch]

    def digest(self, reason: str) -> str:
        """Return a digest of what a person judges: why the plan waits, and every listing it takes out of the feed."""
        summary = hashlib.sha256(reason.encode())
        for row in self._file.execute(_ENDINGS):
            summary.update("\x1f".join(map(str, row)).encode() + b"\x1e")
        return summary.hexdigest()[:16]

    def close(self) -> None:
        """Close the plan and remove its file."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite.Error) as error:
            raise StoreError(
                f"the plan file {self.path} cannot be written: {error}; see to space and rights"
            ) from error
