"""Pages of the change feed that are kept as they are sent, for as long as none of their items moves.

Within the positions a page spans nothing is ever added: what changes goes to the end. So a page is still the same
when as many items are there as it holds; a page that was not full also needs that nothing came after it. This is
asked again whenever anything was written to the store, by whichever process.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from hub.store import Database, pages
from hub.web.coding import packed, unpacked

Key = tuple[str, int, int, bool]
"""Feed, position behind which the page starts, most items, and whether the reader named that."""


Field = tuple[bytes, bytes]
"""A header field as it is sent."""


Manner = tuple[str | None, str]
"""The content coding, None for none, and the media type of an answer."""


class Form(NamedTuple):
    """A page in one manner: its ETag, the header fields of a 304, those of the whole answer, and the body."""

    tag: str
    shared: Sequence[Field]
    whole: Sequence[Field]
    body: bytes


@dataclass(slots=True)
class Page:
    """One page as it is answered.

    Args:
        body: as JSON; empty when it is kept, then it is among the codings.
        digest: tells it from other pages.
        count: how many items it holds.
        last: the position of the last of them.
        full: whether it holds as many as were asked for.
        forgotten: up to where tombstones are no longer told.
        seen: the version of the store at which it was last found to be true.
        is_large: whether it is worth compressing and keeping.
        is_kept: whether it is kept now.
        codings: the body by content coding, or None where it is plain.
        forms: what was answered already.
    """

    body: bytes
    digest: str
    count: int
    last: int
    full: bool
    forgotten: int
    seen: int
    is_large: bool
    is_kept: bool = False
    codings: dict[str | None, bytes] = field(default_factory=dict)
    forms: dict[Manner, Form] = field(default_factory=dict)

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
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            self._pages.move_to_end(key)
            version = self._watch.version()
        if page.seen != version:
            if not self._holds(key, page):
                self.drop(key)
                return None
            page.seen = version
        return page

    def put(self, key: Key, page: Page, coding: str | None) -> None:
        """Keep a page in a coding, or plain, and let those go that were not asked for longest."""
        page.codings[coding] = packed(page.body, coding) if coding else page.body
        page.body = b""
        with self._lock:
            self._forget(key)
            self._pages[key] = page
            page.is_kept = True
            self._grow(page.size)

    def coded(self, page: Page, coding: str | None) -> bytes:
        """Return the body of a page in a coding, or plain; a coding of what is kept is kept too."""
        if coding in page.codings:
            return page.codings[coding]
        plain = page.body or page.codings.get(None) or unpacked(page.codings)
        body = packed(plain, coding) if coding else plain
        with self._lock:
            if page.is_kept and coding not in page.codings:
                page.codings[coding] = body
                self._grow(len(body))
        return body

    def drop(self, key: Key) -> None:
        """Keep a page no longer."""
        with self._lock:
            self._forget(key)

    @property
    def count(self) -> int:
        """How many pages are kept."""
        return len(self._pages)

    def close(self) -> None:
        """Let go of everything."""
        self._watch.close()

    def _grow(self, size: int) -> None:
        self._size += size
        while self._size > self._limit and self._pages:
            self._forget(next(iter(self._pages)))

    def _forget(self, key: Key) -> None:
        if page := self._pages.pop(key, None):
            page.is_kept = False
            self._size -= page.size

    def _holds(self, key: Key, page: Page) -> bool:
        feed, after, _, _ = key
        with self._database.read() as connection:
            return (
                pages.within(connection, feed, after=after, last=page.last) == page.count
                and pages.forgotten(connection, feed) == page.forgotten
                and (page.full or pages.head(connection, feed) <= page.last)
            )
