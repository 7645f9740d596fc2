"""Schakel plugin for VDAB Open Services."""

from collections.abc import Iterable
from typing import Any

from hub import Adapter, hookimpl
from hub_vdab.adapter import Vdab


@hookimpl
def hub_adapters() -> Iterable[type[Adapter[Any]]]:
    """Return the adapter of this plugin."""
    return [Vdab]
