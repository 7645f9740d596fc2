"""The hub on the web: the feed, each opportunity, what describes them, and pages for people."""

from hub.web.access import AccessRules
from hub.web.application import app
from hub.web.server import Server
from hub.web.site import Site, SourceView

__all__ = ["AccessRules", "Server", "Site", "SourceView", "app"]
