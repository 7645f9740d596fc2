"""The hooks a plugin may implement: one, for now."""

from collections.abc import Iterable
from typing import Any

import pluggy

from hub.adapter import Adapter

PROJECT = "hub"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def hub_adapters() -> Iterable[type[Adapter[Any]]]:  # type: ignore[empty-body]
    """Return the adapter classes this plugin brings."""
