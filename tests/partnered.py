"""A small hub whose source talks to the sandbox of VDAB over a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hub_vdab.sandbox import VdabSandbox

from hub.app.hub import Hub
from hub.testing import combined, serve
from hub.testing.server import address_of, listen

SIZE = 200
SOURCE = """
adapter = "vdab"
partner = "VDAB"
owner = "integrations@example.org"
sandbox = true
[options]
client_id = { env = "NOT_SET" }
client_secret = { env = "NOT_SET" }
page_size = 50
batch_size = 20
"""


class Partnered:
    """A hub, the sandbox its source reads, and what ends them."""

    def __init__(self, hub: Hub, sandbox: VdabSandbox) -> None:
        self.hub = hub
        self.sandbox = sandbox


@contextmanager
def partnered(folder: Path) -> Iterator[Partnered]:
    """Give a hub with the source ``vdab`` and its sandbox, of some hundred vacancies."""
    (folder / "config" / "sources").mkdir(parents=True)
    (folder / "config" / "hub.toml").write_text('public_url = "https://hub.example.org"\ndata = "../data"\n')
    (folder / "config" / "sources" / "vdab.toml").write_text(SOURCE)
    listener = listen()
    with Hub.open(folder / "config", sandbox_address=address_of(listener)) as hub:
        sandbox = VdabSandbox(1, datetime.now(UTC).date(), size=SIZE)
        hub.sandboxes.__dict__["by_adapter"] = {"vdab": sandbox}
        with serve(combined({"vdab": sandbox}), listener=listener):
            yield Partnered(hub, sandbox)
