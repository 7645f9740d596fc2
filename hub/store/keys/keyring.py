"""The keys in memory, as true as the store: looked up once, and again as soon as any key changed, in any process."""

from collections import OrderedDict
from threading import Lock

from hub.store import keys
from hub.store.database import Database
from hub.store.keys import KeyRow

_KEPT = 1024


class Keyring:
    """Looks keys up by their id.

    Args:
        database: the store.
        limit: how many keys to keep in memory; those used last stay.
    """

    def __init__(self, database: Database, *, limit: int = _KEPT) -> None:
        self._database = database
        self._limit = limit
        self._watch = database.watch()
        self._lock = Lock()
        self._seen = -1  # the version of the store at which the keys below were true
        self._changes = -1  # how many times the keys had changed then
        self._rows: OrderedDict[str, KeyRow] = OrderedDict()

    def known(self, key: str) -> bool:
        """Tell whether a key is in memory, so that finding it takes no query of its own."""
        return key in self._rows

    def find(self, key: str) -> KeyRow | None:
        """Return the key of this id as it is now; None when there is none."""
        with self._lock:
            # Asked before the row is read: what is written in between makes this version an old one.
            version = self._watch.version()
            if version != self._seen:
                self._refresh()
                self._seen = version
            row = self._rows.get(key)
            if row is not None:
                self._rows.move_to_end(key)
                return row
            return self._look_up(key)

    def note_used(self, used: dict[str, str]) -> None:
        """Write when keys were last used, by id."""
        with self._database.write() as connection:
            keys.note_used(connection, used)

    def close(self) -> None:
        """Let go of the connection that watches the store."""
        self._watch.close()

    def _refresh(self) -> None:
        with self._database.read() as connection:
            changes = keys.changes(connection)
        if changes != self._changes:
            self._rows.clear()
            self._changes = changes

    def _look_up(self, key: str) -> KeyRow | None:
        with self._database.read() as connection:
            row = keys.look_up(connection, key)
        if row is not None:
            self._rows[key] = row
            while len(self._rows) > self._limit:
                self._rows.popitem(last=False)
        return row
