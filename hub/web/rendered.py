"""Views in the formats that hold what changed last only: written when they are asked for, kept while nothing moves."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from hub.feed.editions import FormatType, Press, entries
from hub.store import Connection, pages
from hub.views import View
from hub.web.site import Site

_MOST = 48
_NEVER = "1970-01-01T00:00:00+00:00"

Key = tuple[str, str, str | None]
"""View, format, language."""
Moment = tuple[int, int]
"""Where the change feed of the view stands, and up to where its tombstones are no longer told."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A view as it was written, and where its change feed stood then."""

    body: bytes
    position: int
    changed: datetime


class Renderings:
    """The views as they were written last.

    Args:
        site: whose views these are.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._press = Press(site.address, site.licence, site.operator)
        self._kept: OrderedDict[Key, tuple[Moment, Rendered]] = OrderedDict()
        self._lock = Lock()

    def get(self, view: View, of: FormatType, language: str | None) -> Rendered:
        """Return a view in a format, all of it read in one transaction."""
        key = (view.id, of.name, language)
        with self._site.database.read() as connection:
            moment = (pages.head(connection, view.id), pages.forgotten(connection, view.id))
            held = self._kept.get(key)
            if held and held[0] == moment:
                return held[1]
            made = self._made(connection, view, of, language, max(moment))
        with self._lock:
            self._kept[key] = (moment, made)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return made

    def _made(
        self, connection: Connection, view: View, of: FormatType, language: str | None, position: int
    ) -> Rendered:
        items = pages.latest(connection, view.id, of.latest or 0, tombstones=of.tombstones)
        changed = datetime.fromisoformat(max((item.changed for item in items), default=_NEVER))
        edition = self._press.edition(view, of, position=position, made=changed, language=language)
        writer = of()
        body = b"".join(writer.write(entries(items, writer, self._site.address), edition))
        return Rendered(body, position, changed)
