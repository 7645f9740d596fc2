"""The one door to the database driver: opening it, its settings, and its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from hub.errors import ConfigError, StoreError, StoreFull

_SAFE = (3, 51, 3)
_LEAST_FREE_BYTES = 16_000_000
_SETTINGS = (
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 30000",
    "PRAGMA cache_size = -16000",
    "PRAGMA temp_store = FILE",
)


class Database:
    """An embedded SQLite database in write-ahead mode; every write is one immediate transaction."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; StoreError when the library is unfit, ConfigError when the place is."""
        refuse_unsafe(sqlite.sqlite_version_info)
        self.path = path
        self._refused: bool | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            said = f"data: the folder {path.parent} cannot be made ({error.strerror}); choose another in hub.toml"
            raise ConfigError(said) from error
        self.engine: Engine = create_engine(f"sqlite:///{path}", module=sqlite)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)

    @contextmanager
    def write(self, plan: Path | None = None) -> Iterator[Connection]:
        """One transaction that may write; it commits whole or not at all.

        Args:
            plan: a plan file to read from in this transaction, as the schema ``plan``.
        """
        with (
            self._refusals(writes=True),
            self.engine.connect().execution_options(writes=True) as connection,
            _attached(connection, plan),
            connection.begin(),
        ):
            yield connection
        if plan is not None:  # a small write may find space where a plan found none
            self._refused = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with self._refusals(), self.engine.connect() as connection, connection.begin():
            yield connection

    @property
    def refused(self) -> bool | None:
        """Whether the disk refused a write since a plan was last applied; None while neither happened."""
        return self._refused

    def note(self, *, refused: bool) -> None:
        """Note that the disk refused to write beside the database, or what another process met: see `refused`."""
        self._refused = refused

    def read_only(self) -> bool:
        """Say whether nothing can be written: the disk refused a write and no plan was applied since, or is full."""
        return bool(self._refused) or disk_usage(self.path.parent).free < _LEAST_FREE_BYTES

    def watch(self) -> "Watch":
        """Return something that tells cheaply whether anybody wrote since."""
        return Watch(self.path)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _refusals(self, *, writes: bool = False) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite.Error) as error:
            said = error.orig if isinstance(error, DBAPIError) else error
            if writes and of_the_disk(said):
                self._refused = True
            raise refusal(f"the database {self.path}", said) from error


class Watch:
    """Tells whether the database changed, whichever process wrote; for one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open a connection of its own, which only looks."""
        self._path = path
        self._connection: Any = sqlite.connect(path, isolation_level=None, check_same_thread=False)
        self._cursor = self._connection.cursor()  # one for every question: a new one costs a third of asking

    def version(self) -> int:
        """Return a number that is another one as soon as anything was committed; a few microseconds."""
        try:
            return int(self._cursor.execute("PRAGMA data_version").fetchone()[0])
        except sqlite.Error as error:
            raise refusal(f"the database {self._path}", error) from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def _attached(connection: Connection, plan: Path | None) -> Iterator[None]:
    """Attach a plan file for as long as the block runs; SQLite allows it only outside a transaction."""
    if plan is None:
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("ATTACH DATABASE ? AS plan", (str(plan),))
    try:
        yield
    finally:
        driver.execute("DETACH DATABASE plan")


def of_the_disk(error: BaseException | None) -> bool:
    """Say whether an error means that the disk refuses: it is full, broken, or files may not grow."""
    if isinstance(error, OSError):
        return error.errno in StoreFull.NUMBERS
    return getattr(error, "sqlite_errorcode", None) in {sqlite.SQLITE_FULL, sqlite.SQLITE_IOERR}


def refusal(place: str, error: BaseException | None) -> StoreError:
    """Return what a file of the store that cannot be read or written says."""
    if of_the_disk(error) and getattr(error, "sqlite_errorcode", None) != sqlite.SQLITE_IOERR:
        return StoreFull.at(place)
    what_to_do = "; see to its disk, the space on it, and how large files may be" if of_the_disk(error) else ""
    return StoreError(f"{place} refuses: {error}{what_to_do}")


def refuse_unsafe(version: tuple[int, int, int]) -> None:
    """Refuse SQLite builds whose write-ahead log can corrupt with several connections (fixed in 3.51.3)."""
    if version < _SAFE and version not in {(3, 44, 6), (3, 50, 7)}:
        shown = ".".join(map(str, version))
        raise StoreError(
            f"SQLite {shown} can corrupt a database that several connections write (its WAL-reset fault, mended in "
            "3.51.3); install the package pysqlite3 in a version that brings 3.51.3 or newer"
        )


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin below is the only one that opens a transaction
    for setting in _SETTINGS:
        connection.execute(setting)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
