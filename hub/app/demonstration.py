"""Everything at once on one machine: made-up partners, a hub on an embedded store, and its public address."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.app.hub import Hub
from hub.app.publishing import site
from hub.config import Config
from hub.errors import ConfigError
from hub.testing import combined, serve
from hub.testing.server import address_of, listen
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
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="schakel-demo-")))
        server = _server(config.settings.port if port is None else port, exactly=port is not None)
        stack.callback(server.stop)
        partners = _listener(config.settings.sandbox.port)
        stack.callback(partners.close)
        hub = stack.enter_context(
            Hub(
                config,
                data=data or scratch,
                public_url=server.address,
                sandbox_address=address_of(partners),
            )
        )
        _refuse_without_sources(hub)
        sandboxes = stack.enter_context(serve(combined(hub.sandboxes.by_adapter), listener=partners))
        server.start(app(site(hub)))
        yield Demonstration(hub, server.address, sandboxes)


def _server(port: int, *, exactly: bool) -> Server:
    """Return a server that has its port: this one, or any free one where another will do."""
    server = Server(host=_HOST, port=port)
    try:
        server.bind()
    except ConfigError:
        if exactly:
            raise
        server = Server(host=_HOST, port=0)
        server.bind()
    return server


def _refuse_without_sources(hub: Hub) -> None:
    if not hub.enabled():
        raise ConfigError(f"{hub.config.folder}: no source is enabled; add one to sources/")


def _listener(wanted: int) -> socket.socket:
    """Take the wanted port, or any free one where that is taken: at once, so that nobody can come in between."""
    try:
        return listen(wanted)
    except OSError:
        return listen()
