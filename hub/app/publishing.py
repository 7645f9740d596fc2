"""The public side of an opened hub."""

from importlib.metadata import version

from hub.app.hub import Hub
from hub.config import SourceConfig
from hub.views import BUILT_IN
from hub.web import Site, SourceView


def site(hub: Hub) -> Site:
    """Return what the pages and addresses are made with."""
    settings = hub.config.settings
    return Site(
        database=hub.database,
        public_url=hub.public_url,
        licence=settings.licence,
        title=settings.title,
        sources=[_view(source) for source in hub.config.sources],
        version=version("schakel"),
        operator=settings.operator,
        views=(*BUILT_IN, *hub.config.views),
    )


def _view(source: SourceConfig) -> SourceView:
    return SourceView(source.id, source.adapter, source.partner, source.licence, source.attribution)
