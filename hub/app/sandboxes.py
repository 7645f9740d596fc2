"""The sandboxes of the configured sources: stand-ins for partners, all behind one address."""

import pkgutil
import socket
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hub.adapter import Adapter
from hub.config import SourceConfig
from hub.errors import ConfigError, SourceUnavailable

if TYPE_CHECKING:  # a hub without sandboxes does not load the kit
    from hub.testing import Sandbox

_PATIENCE = 2.0
"""Seconds in which a server on this machine has answered, if there is one."""


class Sandboxes:
    """One sandbox for each adapter that a source uses with ``sandbox = true``."""

    def __init__(self, adapters: Iterable[type[Adapter[Any]]], *, seed: int, today: date) -> None:
        self._types = {adapter.name: adapter for adapter in adapters}
        self._seed = seed
        self._today = today

    @cached_property
    def by_adapter(self) -> Mapping[str, "Sandbox"]:
        """The sandboxes by the name of their adapter."""
        return {name: self._build(adapter) for name, adapter in self._types.items()}

    def overlay(self, source: SourceConfig, address: str) -> dict[str, Any]:
        """Return the options that make a source talk to its sandbox at this server."""
        return self.by_adapter[source.adapter].overlay(f"{address}/{source.adapter}", source.options)

    def _build(self, adapter: type[Adapter[Any]]) -> "Sandbox":
        sandbox: Sandbox = pkgutil.resolve_name(str(adapter.sandbox))(self._seed, self._today)
        return sandbox


def require_sandbox(source: SourceConfig, adapter: type[Adapter[Any]]) -> None:
    """Refuse ``sandbox = true`` for an adapter that has none."""
    if adapter.sandbox is None:
        raise ConfigError(
            f"{source.file}: sandbox = true: the adapter '{adapter.name}' has no sandbox; leave the line out"
        )


def require_server(address: str) -> None:
    """Raise SourceUnavailable, with what to do, when no server of sandboxes listens at an address of this machine."""
    where = urlsplit(address)
    try:
        socket.create_connection((where.hostname or "", where.port or 80), _PATIENCE).close()
    except OSError as error:
        raise SourceUnavailable(
            f"nothing answers at {address}, where the sandboxes should be; start the sandboxes with `hub sandbox`"
        ) from error
