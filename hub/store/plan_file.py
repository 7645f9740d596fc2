"""The plan of a run, spooled to a file: what would change, record by record, however many there are."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pysqlite3.dbapi2 as sqlite

from hub.store.database import refusal

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA page_size = 16384;
CREATE TABLE entry (
  place INTEGER PRIMARY KEY, local_id TEXT NOT NULL, action TEXT NOT NULL, listing INTEGER, opportunity TEXT NOT NULL,
  kind TEXT NOT NULL, raw BLOB, content BLOB, first_seen TEXT NOT NULL, content_changed TEXT NOT NULL,
  merged_into TEXT, missing TEXT, doubt TEXT, expires TEXT, filled INTEGER, body BLOB
);
CREATE UNIQUE INDEX entry_local_id ON entry (local_id);
CREATE INDEX entry_action ON entry (action);
CREATE TABLE touch (listing INTEGER PRIMARY KEY, raw BLOB NOT NULL, expires TEXT, filled INTEGER);
CREATE TABLE note (said TEXT NOT NULL);
CREATE TABLE feature (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE block (place INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (place, key)) WITHOUT ROWID;
CREATE TABLE pair (
  place INTEGER NOT NULL, other INTEGER NOT NULL, score REAL NOT NULL, verdict TEXT NOT NULL, reasons TEXT NOT NULL
);
CREATE TABLE matched (head INTEGER NOT NULL);
CREATE TABLE organisation (place INTEGER PRIMARY KEY, organisation TEXT NOT NULL);
CREATE TABLE refusal (
  local_id TEXT PRIMARY KEY, raw BLOB NOT NULL, payload BLOB NOT NULL, issues TEXT NOT NULL
);
"""
_ENTER = (
    "INSERT INTO entry (local_id, action, listing, opportunity, kind, raw, content, first_seen, content_changed, "
    "merged_into, missing, doubt, expires, filled, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_HELD = "SELECT e.local_id FROM json_each(?) AS wanted CROSS JOIN entry AS e ON e.local_id = wanted.value"
_DONE_WITH = _HELD.replace("SELECT e.local_id", "SELECT e.local_id, e.action")
_COLUMNS = (
    "local_id, action, listing, opportunity, kind, raw, content, first_seen, content_changed, merged_into, missing, "
    "doubt, expires, filled, body"
)
_ALL = (
    f"SELECT place, {_COLUMNS} FROM entry ORDER BY place",  # noqa: S608 - constants only
    "SELECT * FROM touch ORDER BY listing",
    "SELECT * FROM refusal ORDER BY local_id",
    "SELECT * FROM note",
)
_EXAMPLES = f"SELECT {_COLUMNS} FROM entry WHERE action = ? ORDER BY place LIMIT ?"  # noqa: S608 - constants only
_PUBLISHED = "SELECT place, body FROM entry WHERE body IS NOT NULL AND place > ? ORDER BY place LIMIT ?"
_OF = "SELECT place, organisation FROM organisation WHERE place IN (SELECT value FROM json_each(?))"
_BATCH = 500


class Action(StrEnum):
    """What a plan does with one listing; each spends a position.

    A complete list for the first time lacks a ``missing`` one, which stays published as likely expired; a ``found`` one
    is listed again. A ``doubted`` one is thought to be over for another reason, until it is ``trusted`` again.
    """

    created = "created"
    updated = "updated"
    returned = "returned"
    withdrawn = "withdrawn"
    expired = "expired"
    merged = "merged"
    missing = "missing"
    found = "found"
    doubted = "doubted"
    trusted = "trusted"

    @property
    def publishes(self) -> bool:
        """Whether the listing is published afterwards."""
        return self in {Action.created, Action.updated, Action.returned}


class Entry(NamedTuple):
    """One planned change. Digests and body are absent where the listing goes, or only its status changes."""

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
    missing: str | None = None
    doubt: str | None = None
    expires: str | None = None
    filled: int | None = None
    body: bytes | None = None


class Touch(NamedTuple):
    """A listing whose record changed in a way that readers do not see; it spends no position."""

    listing: int
    raw: bytes
    expires: str | None = None
    filled: int | None = None


class Refusal(NamedTuple):
    """One record to keep aside: the digest of the raw record, the compressed record, and its issues as JSON."""

    local_id: str
    raw: bytes
    payload: bytes
    issues: str


class PlanFile:
    """A plan on disk; memory stays flat."""

    def __init__(self, path: Path, *, kept: bool = False) -> None:
        """Make a new plan, or open the file of one that was ``kept``."""
        self.path = path
        with self._refusals():
            path.parent.mkdir(parents=True, exist_ok=True)
            if not kept:
                path.unlink(missing_ok=True)
            self._file = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
            if kept:
                return
            try:
                self._file.executescript(_SCHEMA)
            except sqlite.Error:
                self.close()
                raise

    def add(
        self, entries: Sequence[Entry] = (), touches: Sequence[Touch] = (), refusals: Sequence[Refusal] = ()
    ) -> None:
        """Append a batch; of two refusals with one local id the first stays."""
        with self._refusals():
            self._file.execute("BEGIN")
            self._file.executemany(_ENTER, entries)
            self._file.executemany("INSERT INTO touch VALUES (?, ?, ?, ?)", touches)
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

    def counts(self) -> dict[str, int]:
        """Return how many listings each action is planned for."""
        return dict(self._file.execute("SELECT action, count(*) FROM entry GROUP BY action"))

    def examples(self, action: Action, count: int) -> list[Entry]:
        """Return the first entries with this action."""
        return [_entry(row) for row in self._file.execute(_EXAMPLES, (action, count))]

    def note(self, said: Mapping[str, Any]) -> None:
        """Write down what else is needed to apply this plan later, as JSON."""
        with self._refusals():
            self._file.execute("INSERT INTO note VALUES (?)", (orjson.dumps(dict(said)).decode(),))

    def noted(self) -> dict[str, Any]:
        """Return what was written down with `note`."""
        said: dict[str, Any] = orjson.loads(self._file.execute("SELECT said FROM note").fetchone()[0])
        return said

    def published(self) -> Iterator[list[tuple[int, bytes]]]:
        """Yield the places of the entries that publish something, and what they publish, in batches."""
        after = 0  # bodies may be changed in between
        while batch := self._file.execute(_PUBLISHED, (after, _BATCH)).fetchall():
            yield batch
            after = batch[-1][0]

    def belongs(self, organisations: Iterable[tuple[int, str]]) -> None:
        """Keep of which organisations the listings at these places are."""
        with self._refusals():
            self._file.execute("BEGIN")
            self._file.executemany("INSERT INTO organisation VALUES (?, ?)", organisations)
            self._file.execute("COMMIT")

    def organisations(self, places: Sequence[int]) -> dict[int, str]:
        """Return of which organisations the listings at these places are."""
        rows = self._file.execute(_OF, (orjson.dumps(places).decode(),))
        return dict(rows.fetchall())

    def describe(self, bodies: Iterable[tuple[int, bytes]]) -> None:
        """Let the listings at these places say this instead."""
        with self._refusals():
            self._file.execute("BEGIN")
            self._file.executemany("UPDATE entry SET body = ?2 WHERE place = ?1", bodies)
            self._file.execute("COMMIT")

    def featured(self) -> Iterator[list[tuple[int, bytes]]]:
        """Yield the places that have features, and these, in batches."""
        rows = self._file.execute("SELECT place, bytes FROM feature ORDER BY place")
        while batch := rows.fetchmany(_BATCH):
            yield batch

    def blocks(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the keys that the listings from one place to another are found by, each with its place."""
        return list(self._file.execute("SELECT key, place FROM block WHERE place BETWEEN ? AND ?", (first, last)))

    def add_features(self, features: Sequence[tuple[int, bytes]], blocks: Sequence[tuple[int, int]]) -> None:
        """Keep what the listings at these places are compared by, and the keys they are found by."""
        with self._refusals():
            self._file.execute("BEGIN")
            self._file.executemany("INSERT INTO feature VALUES (?, ?)", features)
            self._file.executemany("INSERT INTO block VALUES (?, ?)", blocks)
            self._file.execute("COMMIT")

    def matched(self, pairs: Iterable[tuple[int, int, float, str, str]], head: int) -> None:
        """Keep which listings of other sources those at these places match, as the store was at this position.

        It replaces what was found before.
        """
        with self._refusals():
            self._file.execute("BEGIN")
            self._file.execute("DELETE FROM pair")
            self._file.execute("DELETE FROM matched")
            self._file.executemany("INSERT INTO pair VALUES (?, ?, ?, ?, ?)", pairs)
            self._file.execute("INSERT INTO matched VALUES (?)", (head,))
            self._file.execute("COMMIT")

    def matched_at(self) -> int | None:
        """Return at which position of the store matches were looked for; None where they were not."""
        row = self._file.execute("SELECT head FROM matched").fetchone()
        return None if row is None else int(row[0])

    def digest(self) -> str:
        """Return a digest of all that applying the plan would do: every entry, touch and refusal, and its note.

        That of a damaged file is empty.
        """
        summary = hashlib.sha256()
        try:
            for value in self._values():
                written = value if isinstance(value, bytes) else repr(value).encode()
                summary.update(b"%d:%b" % (len(written), written))
        except sqlite.DatabaseError:
            return ""
        return summary.hexdigest()[:16]

    def _values(self) -> Iterator[Any]:
        for statement in _ALL:
            for row in self._file.execute(statement):
                yield from row

    def keep(self, path: Path) -> None:
        """Close the plan and move its file to where it waits, once its bytes are on the disk."""
        with self._refusals():
            self._file.close()
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("rb") as file:
                os.fsync(file.fileno())
            self.path.replace(path)

    def release(self) -> None:
        """Close the plan, and let its file wait on."""
        self._file.close()

    def close(self) -> None:
        """Close the plan and remove its file, unless it is kept."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite.Error) as error:
            raise refusal(f"the plan file {self.path}", error) from error


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(*row)._replace(action=Action(row[1]))
