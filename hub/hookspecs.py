"""The hooks a plugin may implement."""

from collections.abc import Iterable
from typing import Any

import pluggy

from hub.adapter import Adapter
from hub.format import Format

PROJECT = "hub"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def hub_adapters() -> Iterable[type[Adapter[Any]]]:  # type: ignore[empty-body]
    """Return the adapter classes this plugin brings."""


@hookspec
def hub_formats() -> Iterable[type[Format]]:  # type: ignore[empty-body]
    """Return the format classes this plugin brings."""
