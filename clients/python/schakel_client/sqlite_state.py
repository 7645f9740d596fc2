"""The position in the portal's own SQLite database: exactly once, as rows and position are one transaction."""

import os
import sqlite3
from contextlib import suppress
from typing import Self

from schakel_client.errors import StateError
from schakel_client.state import Position

_TABLE = """
CREATE TABLE IF NOT EXISTS schakel_position
(feed TEXT PRIMARY KEY, next TEXT NOT NULL, reading INTEGER NOT NULL, sweeping INTEGER NOT NULL)
"""
_LOAD = "SELECT next, reading, sweeping FROM schakel_position WHERE feed = ?"
_SAVE = "INSERT OR REPLACE INTO schakel_position (feed, next, reading, sweeping) VALUES (?, ?, ?, ?)"
_BUSY_SECONDS = 30.0


class SqliteState:
    """Keeps the positions of feeds in a table ``schakel_position`` of a SQLite database.

    Every batch comes within a transaction that is committed, with the position, when the loop asks for the next one.
    What you write through `connection` meanwhile is there exactly once, wherever the program is stopped. Do not
    commit yourself.
    """

    def __init__(self, database: str | os.PathLike[str] | sqlite3.Connection) -> None:
        """Take the path of a database, or a connection that is yours; StateError when it cannot serve."""
        self._own = not isinstance(database, sqlite3.Connection)
        self.connection = database if isinstance(database, sqlite3.Connection) else _opened(database)
        """The connection to write rows with."""
        if getattr(self.connection, "autocommit", None) is False:
            raise StateError("the connection was opened with autocommit=False; open it with isolation_level=None")
        self._demand_none_open()
        self.connection.execute(_TABLE)

    def load(self, feed: str) -> Position | None:
        """Return the position saved last for this feed."""
        row = self.connection.execute(_LOAD, (feed,)).fetchone()
        return Position(row[0], int(row[1]), bool(row[2])) if row else None

    def begin(self, feed: str, position: Position | None) -> None:
        """Begin the transaction of a page; StateError when another follower has moved the position meanwhile."""
        self._demand_none_open()
        self.connection.execute("BEGIN IMMEDIATE")
        if self.load(feed) != position:
            self.discard()
            raise StateError(f"another follower of {feed} uses this database; let only one follow it")

    def save(self, feed: str, position: Position) -> None:
        """Commit what was written since `begin` together with the position."""
        if not self.connection.in_transaction:
            raise StateError("the transaction of this batch was ended already; leave committing it to the follower")
        self.connection.execute(_SAVE, (feed, position.next, position.reading, position.sweeping))
        self.connection.execute("COMMIT")

    def discard(self) -> None:
        """Undo what was written since `begin`."""
        with suppress(sqlite3.ProgrammingError):  # closed meanwhile, by which SQLite undid it
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def release(self) -> None:
        """Do nothing: nothing is held between batches."""

    def close(self) -> None:
        """Close the database, if it was opened here."""
        if self._own:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _demand_none_open(self) -> None:
        if self.connection.in_transaction:
            raise StateError("the connection has a transaction open; commit it or roll it back before following")


def _opened(path: str | os.PathLike[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
