"""The formats that come with the hub. This module is a plugin as any other: it gives them through the hook."""

import sys
from collections.abc import Iterable

from hub.format import Format
from hub.formats.atom import Atom
from hub.formats.ics import Calendar
from hub.formats.jobs import Jobs
from hub.formats.json_feed import JsonFeed
from hub.formats.ndjson import Ndjson
from hub.formats.table import Csv
from hub.hookspecs import hookimpl

__all__ = ["FORMATS", "PLUGIN", "Atom", "Calendar", "Csv", "Jobs", "JsonFeed", "Ndjson", "hub_formats"]

FORMATS: tuple[type[Format], ...] = (Jobs, Atom, JsonFeed, Ndjson, Csv, Calendar)
"""In the order they are told."""


PLUGIN = sys.modules[__name__]
"""What is registered: this module itself."""


@hookimpl
def hub_formats() -> Iterable[type[Format]]:
    """Return the formats that every hub has."""
    return FORMATS
