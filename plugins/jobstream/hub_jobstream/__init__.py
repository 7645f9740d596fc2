"""Schakel plugin for the JobStream of JobTech: a snapshot, then windows of changes."""

from collections.abc import Iterable
from typing import Any

from hub import Adapter, hookimpl
from hub_jobstream.adapter import Jobstream


@hookimpl
def hub_adapters() -> Iterable[type[Adapter[Any]]]:
    """Return the adapter of this plugin."""
    return [Jobstream]
