"""Everything at once on one machine: made-up partners, a hub on an embedded store, and its public address."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.app.hub import Hub
from hub.app.publishing import site
from hub.config import Config
from hub.errors import ConfigError
from hub.testing import combined, serve
from hub.web import Server, app

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A running demonstration: the hub, its address, and the address of the sandboxes."""

    hub: Hub
    address: str
    sandbox_address: str


@contextmanager
def demonstrate(config: Config, *, port: int | None, data: Path | None = None) -> Iterator[Demonstration]:
    """Start the sandboxes and the hub on a fresh store; everything is gone again when the block ends.

    Args:
        config: the loaded configuration.
        port: the hub's port; by default the configured one, or any free one where that is taken.
        data: a folder to keep store and archive in; by default a temporary one.
    """
    with tempfile.TemporaryDirectory(prefix="schakel-demo-") as scratch:
        web_port = port if port is not None else _free(config.settings.port)
        address = f"http://{_HOST}:{web_port}"
        sandbox_port = _free(config.settings.sandbox.port)
        sandbox_address = f"http://{_HOST}:{sandbox_port}"
        with Hub(config, data=data or Path(scratch), public_url=address, sandbox_address=sandbox_address) as hub:
            _refuse_without_sources(hub)
            server = Server(app(site(hub)), host=_HOST, port=web_port)
            server.bind()
            with serve(combined(hub.sandboxes.by_adapter), sandbox_port), server:
                yield Demonstration(hub, address, sandbox_address)


def _refuse_without_sources(hub: Hub) -> None:
    if not hub.enabled():
        raise ConfigError(f"{hub.config.folder}: no source is enabled; add one to sources/")


def _free(wanted: int) -> int:
    """Return the wanted port when nobody listens there, else one that the system gives."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConfigError(f"no port is free on {_HOST}")
