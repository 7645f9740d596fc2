"""The change feed: how its pages are written, and how a reader follows them."""

from schakel_client import Page

from hub.feed.reader import Replica, Summary, follow, summary
from hub.feed.rpde import FEEDS, LARGEST_LIMIT, MEDIA_TYPE, USUAL_LIMIT, Asked, asked, page

__all__ = [
    "FEEDS",
    "LARGEST_LIMIT",
    "MEDIA_TYPE",
    "USUAL_LIMIT",
    "Asked",
    "Page",
    "Replica",
    "Summary",
    "asked",
    "follow",
    "page",
    "summary",
]
