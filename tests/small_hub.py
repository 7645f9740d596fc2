"""A small hub in the making, and a partner whose answers a test can hold back."""

import asyncio
import threading
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HUB = """
public_url = "https://hub.example.org"
data = "../data"
[limits]
retries = 0
[network]
private_hosts = ["127.0.0.1"]
"""
HEAD = """
adapter = "{adapter}"
partner = "Voorbeeld vzw"
owner = "integrations@example.org"
{more}
[options]
"""
TABLE = """
kind = "programme"
id = "nr"
file = { whole = true }
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
[options.constants]
"programmeType" = "mentoring"
"""
NIGHTLY = 'schedule = "0 3 * * *"'
PATIENCE_SECONDS = 20


class Library:
    """A partner with one file: counts who asks, and holds its answers back as long as `open` is not set."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = threading.Event()
        self.open.set()
        self.address = ""
        self.app = Starlette(routes=[Route("/programmes.csv", self._file)])

    async def _file(self, _: Request) -> Response:
        self.asked += 1
        await asyncio.to_thread(self.open.wait, PATIENCE_SECONDS)
        return Response("nr;naam;wie\r\n1;Taalbad;Voorbeeld vzw\r\n2;Buddy;Voorbeeld vzw\r\n", media_type="text/csv")


class Folder:
    """The configuration of a hub in the making."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "config"
        (self.path / "sources").mkdir(parents=True)
        (self.path / "hub.toml").write_text(HUB)
        (self.path / "programmes.csv").write_text("nr;naam;wie\n1;Taalbad;Voorbeeld vzw\n")

    def set(self, line: str) -> None:
        """Put a line at the top of hub.toml."""
        file = self.path / "hub.toml"
        file.write_text(f"{line}\n{file.read_text()}")

    def source(self, name: str, options: str = "", *, adapter: str = "generic_csv", more: str = NIGHTLY) -> None:
        (self.path / "sources" / f"{name}.toml").write_text(HEAD.format(adapter=adapter, more=more) + options)

    def file(self, name: str, more: str = NIGHTLY) -> None:
        """Add a source that reads the file in this folder."""
        self.source(name, 'path = "programmes.csv"\n' + TABLE, more=more)

    def web(self, name: str, library: Library) -> None:
        """Add a source that reads the file of a library."""
        self.source(name, f'url = "{library.address}/programmes.csv"\n' + TABLE)
