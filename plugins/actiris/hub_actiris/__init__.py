"""Schakel plugin for Actiris, the employment service of Brussels."""

from collections.abc import Iterable
from typing import Any

from hub import Adapter, hookimpl
from hub_actiris.adapter import Actiris

__all__ = ["Actiris", "hub_adapters"]


@hookimpl
def hub_adapters() -> Iterable[type[Adapter[Any]]]:
    """Bring the adapter `actiris`."""
    return (Actiris,)
