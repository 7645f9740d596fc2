"""What the pages and addresses are made with, given by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from hub.format import Format
from hub.store import Database
from hub.views import BUILT_IN, LISTED, View
from hub.views.view import Access
from hub.web.access import USUAL_RULES, AccessRules
from hub.web.hooks import Hooks
from hub.web.state import Status


@dataclass(frozen=True, slots=True)
class SourceView:
    """What is shown of one source; ``adapter`` is the name of the adapter it uses."""

    id: str
    adapter: str
    partner: str | None = None
    licence: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The hub as its visitors see it.

    Args:
        database: the store.
        public_url: absolute public address without a slash at its end, such as ``https://hub.example.org``.
        licence: address of the licence the feed is published under.
        title: what this hub is called, by language.
        sources: its configured sources, in the order to show.
        version: of the hub.
        operator: the organisation that runs it.
        views: what can be followed, in the order to show.
        access: how often readers may ask.
        contact: mail address of who answers questions.
        status: tells how the hub and its sources do.
        formats: what every view is written in, in the order to show.
        snapshots: the folder of the files that views are written to; None where none are.
        hooks: what subscribers to webhooks are registered with; None where there are none.
        listings: who may read the listings, one by one or as a feed.
    """

    database: Database
    public_url: str
    licence: str
    title: Mapping[str, str]
    sources: Sequence[SourceView]
    version: str
    operator: str | None = None
    views: Sequence[View] = BUILT_IN
    access: AccessRules = USUAL_RULES
    contact: str | None = None
    status: Callable[[], Status] | None = None
    formats: Sequence[type[Format]] = ()
    snapshots: Path | None = None
    hooks: Hooks | None = None
    listings: Access = "public"

    def view(self, name: str) -> View | None:
        """Return the view of this id, None where there is none."""
        return next((view for view in self.views if view.id == name), None)

    @property
    def closed(self) -> Mapping[str, View]:
        """Return what is read with a key, by name: views and, in the form of one, the listings."""
        return {view.id: view for view in self.followed if view.access != "public"}

    @property
    def followed(self) -> Sequence[View]:
        """Return all that has a change feed: the views, and the listings in the form of one."""
        return (*self.views, replace(LISTED, access=self.listings))

    @property
    def address(self) -> str:
        """Return the public address, surely without a slash at its end."""
        return self.public_url.rstrip("/")

    @property
    def root(self) -> str:
        """Return the path of the public address, which links between pages start with; mostly empty."""
        return urlsplit(self.address).path
