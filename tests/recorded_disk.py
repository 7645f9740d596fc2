"""A disk that remembers every write and every sync, and can be made again as a power failure would have left it.

The hub's own `Database` is led through it by `driver`, the little of the Python database interface that SQLAlchemy
asks for, over apsw: the only binding that lets a test stand between SQLite and the file.
"""

import random
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import apsw.ext

SECTOR = 512
NAME = "recorded"


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written to a file."""

    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """A file cut to a length."""

    file: str
    length: int


@dataclass(frozen=True, slots=True)
class Synced:
    """A file whose bytes so far are on the disk."""

    file: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the hub said was done."""

    round: int


Step = Write | Cut | Synced | Said


@dataclass
class Log:
    """What happened to the files, in order."""

    steps: list[Step] = field(default_factory=list)
    watched: frozenset[str] = frozenset()

    def add(self, step: Write | Cut | Synced) -> None:
        """Remember a step on a file that is watched."""
        if step.file in self.watched:
            self.steps.append(step)

    def say(self, round_: int) -> None:
        """Remember what was said to be done."""
        self.steps.append(Said(round_))


class RecordedDisk(apsw.VFS):
    """The ordinary file system, with a log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        super().__init__(NAME, "", maxpathname=512)

    def xOpen(self, name: Any, flags: list[int]) -> "RecordedFile":  # noqa: N802 - the interface of the library
        return RecordedFile(name, flags, self.log)


class RecordedFile(apsw.VFSFile):
    """A file of the ordinary file system, with a log."""

    def __init__(self, name: Any, flags: list[int], log: Log) -> None:
        super().__init__("", name, flags)
        self._log = log
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._log.add(Write(self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._log.add(Cut(self._name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._log.add(Synced(self._name))


# The disk after the power failed -------------------------------------------------------------------------------


def after_failure(start: Mapping[str, bytes], steps: Sequence[Step], chance: random.Random) -> dict[str, bytes]:
    """Return the files as they may be found: all that was synced, and of the rest any part, torn in its sectors."""
    files = {name: bytearray(held) for name, held in start.items()}
    last_sync = {step.file: number for number, step in enumerate(steps) if isinstance(step, Synced)}
    share = chance.choice((0.0, 0.3, 0.7, 1.0))
    for number, step in enumerate(steps):
        if isinstance(step, Write | Cut):
            safe = number < last_sync.get(step.file, -1)
            if safe or chance.random() < share:
                _apply(files.setdefault(step.file, bytearray()), step, None if safe else chance)
    return {name: bytes(held) for name, held in files.items()}


def _apply(held: bytearray, step: Write | Cut, chance: random.Random | None) -> None:
    if isinstance(step, Cut):
        del held[step.length :]
        return
    for offset, piece in _pieces(step, chance):
        if len(held) < offset:
            held.extend(bytes(offset - len(held)))
        held[offset : offset + len(piece)] = piece


def _pieces(step: Write, chance: random.Random | None) -> Iterator[tuple[int, bytes]]:
    """Yield what of a write reaches the disk: all, or when it is torn some of its sectors."""
    if chance is None or chance.random() < 0.5:
        yield step.offset, step.data
        return
    for start in range(0, len(step.data), SECTOR):
        if chance.random() < 0.7:
            yield step.offset + start, step.data[start : start + SECTOR]


# The driver ----------------------------------------------------------------------------------------------------


class _Cursor:
    """A cursor as PEP 249 has it, over one of apsw."""

    arraysize = 1

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, sql: str, bindings: Any = ()) -> "_Cursor":
        apsw_connection = self._connection.apsw
        before = apsw_connection.total_changes()
        found = apsw_connection.execute(sql, bindings)
        self.description = self._connection.described(sql)
        self._rows = iter(list(found))
        if not apsw_connection.get_autocommit() or apsw_connection.total_changes() != before:
            self.rowcount = apsw_connection.changes() if self.description is None else -1
        self.lastrowid = apsw_connection.last_insert_rowid()
        return self

    def executemany(self, sql: str, many: Any) -> "_Cursor":
        self._connection.apsw.executemany(sql, many)
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())


class _Connection:
    """A connection as PEP 249 has it, without transactions of its own."""

    def __init__(self, path: str) -> None:
        self.apsw = apsw.Connection(path, vfs=NAME)
        self.isolation_level: str | None = None
        self._described: dict[str, Any] = {}

    def cursor(self, *_: Any) -> _Cursor:
        return _Cursor(self)

    def execute(self, sql: str, bindings: Any = ()) -> _Cursor:
        return self.cursor().execute(sql, bindings)

    def described(self, sql: str) -> Any:
        """Return the columns that a statement gives, None for one that gives none."""
        if sql not in self._described:
            try:
                columns = apsw.ext.query_info(self.apsw, sql).description
            except apsw.SQLError:  # one that no longer makes sense once it was carried out
                columns = ()
            self._described[sql] = [(name, *[None] * 6) for name, _ in columns] or None
        return self._described[sql]

    def commit(self) -> None:
        if not self.apsw.get_autocommit():
            self.apsw.execute("COMMIT")

    def rollback(self) -> None:
        if not self.apsw.get_autocommit():
            self.apsw.execute("ROLLBACK")

    def create_function(self, name: str, count: int, function: Any, **_: Any) -> None:
        self.apsw.create_scalar_function(name, function, count)

    def close(self) -> None:
        self.apsw.close()


def driver() -> Any:
    """Return a module of PEP 249 whose files are on the recorded disk."""
    made: Any = types.ModuleType("recorded_driver")
    made.paramstyle = "qmark"
    made.sqlite_version = apsw.sqlite_lib_version()
    made.sqlite_version_info = tuple(map(int, made.sqlite_version.split(".")))
    made.Binary = bytes
    made.connect = lambda path, **_: _Connection(path)
    for name in ("Error", "DatabaseError", "IntegrityError", "OperationalError", "ProgrammingError", "InterfaceError"):
        setattr(made, name, apsw.Error)
    for name in ("NotSupportedError", "DataError", "InternalError", "Warning"):
        setattr(made, name, apsw.Error)
    return made
