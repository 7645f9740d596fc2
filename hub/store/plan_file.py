"""The plan of a run, spooled to a file: what would change, record by record, however many there are."""

import hashlib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import orjson
import pysqlite3.dbapi2 as sqlite

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA page_size = 16384;
CREATE TABLE entry (
  local_id TEXT NOT NULL, action TEXT NOT NULL, listing INTEGER, opportunity TEXT NOT NULL, kind TEXT NOT NULL,
  raw BLOB, content BLOB, first_seen TEXT NOT NULL, content_changed TEXT NOT NULL, merged_into TEXT,
  place INTEGER, body BLOB
);
CREATE UNIQUE INDEX entry_local_id ON entry (local_id);
CREATE TABLE refusal (
  local_id TEXT PRIMARY KEY, raw BLOB NOT NULL, payload BLOB NOT NULL, issues TEXT NOT NULL
);
"""
_HELD = "SELECT e.local_id FROM json_each(?) AS wanted CROSS JOIN entry AS e ON e.local_id = wanted.value"
_BATCH = 500


class Action(StrEnum):
    """What a plan does with one listing; all but ``touched`` spend a position."""

    created = "created"
    updated = "updated"
    returned = "returned"
    withdrawn = "withdrawn"
    merged = "merged"
    touched = "touched"


class Entry(NamedTuple):
    """One planned change. Digests and body are absent where the listing goes; ``place`` is the plan's own affair."""

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
    place: int | None = None
    body: bytes | None = None


class Refusal(NamedTuple):
    """One record to keep aside: the digest of the raw record, the compressed record, and its issues as JSON."""

    local_id: str
    raw: bytes
    payload: bytes
    issues: str


class PlanFile:
    """A plan on disk; memory stays flat."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self.path = path
        self._spending = 0
        self._file = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
        self._file.executescript(_SCHEMA)

    def add(self, entries: Sequence[Entry], refusals: Sequence[Refusal]) -> None:
        """Append a batch; of two refusals with one local id the first stays."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._placed(entries))
        self._file.executemany("INSERT OR IGNORE INTO refusal VALUES (?, ?, ?, ?)", refusals)
        self._file.execute("COMMIT")

    def holds(self, local_ids: Sequence[str]) -> set[str]:
        """Return which of these local ids the plan already changes."""
        if not local_ids:
            return set()
        rows = self._file.execute(_HELD, (orjson.dumps(local_ids).decode(),))
        return {row[0] for row in rows}

    def _placed(self, entries: Sequence[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if entry.action is Action.touched:
                yield entry
            else:
                self._spending += 1
                yield entry._replace(place=self._spending)

    def spending(self) -> int:
        """Return how many positions applying the plan spends."""
        return self._spending

    def entries(self) -> Iterator[list[Entry]]:
        """Yield the planned changes in batches, in the order they were added."""
        rows = self._file.execute("SELECT * FROM entry ORDER BY rowid")
        while batch := rows.fetchmany(_BATCH):
            yield [Entry(row[0], Action(row[1]), *row[2:]) for row in batch]

    def refusals(self) -> Iterator[list[Refusal]]:
        """Yield the records to keep aside, in batches."""
        rows = self._file.execute("SELECT * FROM refusal ORDER BY rowid")
        while batch := rows.fetchmany(_BATCH):
            yield [Refusal(*row) for row in batch]

    def digest(self) -> str:
        """Return a digest of what the plan changes; two plans with one digest publish the same."""
        summary = hashlib.sha256()
        for row in self._file.execute("SELECT local_id, action, hex(content) FROM entry ORDER BY local_id"):
            summary.update("\x1f".join(map(str, row)).encode() + b"\x1e")
        return summary.hexdigest()[:16]

    def close(self) -> None:
        """Close the plan and remove its file."""
        self._file.close()
        self.path.unlink(missing_ok=True)
