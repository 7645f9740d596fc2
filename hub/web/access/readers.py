"""Which opportunities a reader may read: those that a public view holds, and those of the views that a key opens."""

from typing import NamedTuple

from hub.store import Connection
from hub.store.keys import KeyRow
from hub.store.pages import Item
from hub.store.views.extents import Extent, holds
from hub.web.access import ADVICE, Refusal
from hub.web.site import Site


class Admission(NamedTuple):
    """Whether a reader may be told of an opportunity: why not, or whether the answer is for this reader only."""

    refusal: Refusal | None = None
    private: bool = False


_ADMITTED, _TO_THIS_READER = Admission(), Admission(private=True)
_NO_KEY = Admission(
    Refusal(401, "key-required", f"No view that is open to all holds such an opportunity; others need a key. {ADVICE}")
)


class Readers:
    """Tells who may read what.

    ``anybody`` is what needs no key; readers ``differ`` where that is not everything.

    Args:
        site: whose views these are.
    """

    def __init__(self, site: Site) -> None:
        self._views = site.views
        self.anybody = Extent.of([view for view in site.views if view.access == "public"])
        self.differ = not self.anybody.is_whole

    def extent(self, key: KeyRow | None) -> Extent:
        """Return what may be read with a key, or without one."""
        if key is None or not self.differ:
            return self.anybody
        return Extent.of([view for view in self._views if view.access == "public" or key.opens(view.id)])

    def admit(self, connection: Connection, key: KeyRow | None, found: Item | None) -> Admission:
        """Tell whether a reader may be told of an opportunity, or that there is none.

        Who may not read everything is told the same of what is kept from them and of what is not there at all.
        """
        if not self.differ or (found and holds(connection, self.anybody, found)):
            return _ADMITTED
        if key is None:
            return _NO_KEY
        extent = self.extent(key)
        if extent.is_whole or (found and holds(connection, extent, found)):
            return _TO_THIS_READER
        said = f"No view that is open to all, or that the key {key.id} is for, holds such an opportunity."
        return Admission(Refusal(403, "key-elsewhere", said))
