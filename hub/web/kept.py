"""Pages of the change feed that are kept compressed, for as long as none of their items moves.

Within the positions a page spans nothing is ever added: what changes goes to the end. So a page is still the same
when as many items are there as it holds; a page that was not full also needs that nothing came after it. This is
asked again whenever anything was written to the store, by whichever process.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from hub.store import Database, pages
from hub.web.coding import packed
from hub.web.negotiation import CODINGS

Key = tuple[str, int, int, bool]
"""Feed, position behind which the page starts, most items, and whether the reader named that."""


@dataclass(slots=True)
class Page:
    """One page as it is answered.

    Args:
        body: as JSON; empty when it is kept.
        digest: tells it from other pages.
        count: how many items it holds.
        last: the position of the last of them.
        full: whether it holds as many as were asked for.
        forgotten: up to where tombstones are no longer told.
        codings: the body compressed, by content coding.
        seen: the version of the store at which it was last found to be true.
    """

    body: bytes
    digest: str
    count: int
    last: int
    full: bool
    forgotten: int
    seen: int
    codings: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bytes it takes while it is kept."""
        return sum(map(len, self.codings.values()))


class KeptPages:
    """The pages asked for last, up to a number of bytes.

    Args:
        database: the store.
        limit: how many bytes to keep.
    """

    def __init__(self, database: Database, *, limit: int = 64_000_000) -> None:
        self._database = database
        self._watch = database.watch()
        self._limit = limit
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def version(self) -> int:
        """Return the version of the store; taken before a page is read, it is what `put` is given."""
        with self._lock:
            return self._watch.version()

    def find(self, key: Key) -> Page | None:
        """Return a page that is kept and still true."""
        page = self._pages.get(key)
        if page is None:
            return None
        version = self.version()
        if page.seen != version:
            if not self._holds(key, page):
                self.drop(key)
                return None
            page.seen = version
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
        return page

    def put(self, key: Key, page: Page) -> Page:
        """Keep a page, in every coding, and let those go that were not asked for longest; return it as it is kept."""
        page.codings = {coding: packed(page.body, coding, kept=True) for coding in CODINGS}
        page.body = b""
        with self._lock:
            self._forget(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._limit:
                self._forget(next(iter(self._pages)))
        return page

    def drop(self, key: Key) -> None:
        """Keep a page no longer."""
        with self._lock:
            self._forget(key)

    def close(self) -> None:
        """Let go of everything."""
        self._watch.close()

    def _forget(self, key: Key) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size

    def _holds(self, key: Key, page: Page) -> bool:
        feed, after, _, _ = key
        with self._database.read() as connection:
            return (
                pages.within(connection, feed, after=after, last=page.last) == page.count
                and pages.forgotten(connection, feed) == page.forgotten
                and (page.full or pages.head(connection, feed) <= page.last)
            )
