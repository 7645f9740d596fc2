"""The public side of an opened hub."""

from importlib.metadata import version

from hub.app.hub import Hub
from hub.app.pushing import hooks
from hub.app.snapshots import folder_of
from hub.app.state import States
from hub.config import SourceConfig
from hub.views import LISTINGS
from hub.web import AccessRules, Site, SourceView


def site(hub: Hub) -> Site:
    """Return what the pages and addresses are made with."""
    settings = hub.config.settings
    own = version("schakel")
    return Site(
        database=hub.database,
        public_url=hub.public_url,
        licence=settings.licence,
        title=settings.title,
        sources=[_view(source) for source in hub.config.sources],
        version=own,
        operator=settings.operator,
        views=hub.config.every_view,
        listings=hub.config.accesses[LISTINGS],
        access=AccessRules(settings.access.for_addresses, settings.access.for_keys, settings.access.proxies),
        contact=settings.contact,
        status=States(hub, own),
        formats=tuple(hub.plugins.formats.values()),
        snapshots=folder_of(hub.data),
        hooks=hooks(hub),
    )


def _view(source: SourceConfig) -> SourceView:
    return SourceView(source.id, source.adapter, source.partner, source.licence, source.attribution)
