"""Lists that come page by page: how to ask on, and whether what came is proof of having seen everything.

A paging object (`PageNumber`, `Offset`, `Cursor`, `NextLink`) says what to ask next; `Reading` asks, yields the items
and judges whether the partner's answers agree with each other. `TimeWindows` cuts a stretch of time into windows.
"""

from hub.client.paging.link import link_header
from hub.client.paging.page import Page, Turn
from hub.client.paging.reading import Reading
from hub.client.paging.styles import Cursor, NextLink, Offset, PageNumber, Paging
from hub.client.paging.windows import TimeWindows

__all__ = [
    "Cursor",
    "NextLink",
    "Offset",
    "Page",
    "PageNumber",
    "Paging",
    "Reading",
    "TimeWindows",
    "Turn",
    "link_header",
]
