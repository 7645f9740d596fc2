"""Partners that fail in every way they are known to fail: what is published stays, and the next run continues.

Every source may lose everything without a person (`max_drop = 1`), so that nothing is held by luck.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from hub_actiris.sandbox import ActirisSandbox
from hub_vdab.sandbox import VdabSandbox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.app.hub import Hub
from hub.pipeline import Outcome, Report
from hub.store import pages
from hub.testing import Fault, Market, Sandbox, combined, serve

TODAY = date(2026, 2, 2)
SIZE = 120
FILE = "programmes.csv"
PAGE = "<!doctype html><html><head><title>Onderhoud</title></head><body><p>Even geduld</p></body></html>"
TYPES = {".csv": "text/csv", ".gz": "application/gzip"}

HUB = """
public_url = "https://hub.example.org"
data = "../data"
[limits]
retries = 0
"""
SOURCE = """
adapter = "{adapter}"
partner = "{partner}"
owner = "integrations@example.org"
sandbox = {sandbox}
expect = {{ max_drop = 1.0 }}
[options]
"""
TABLE = """
kind = "programme"
id = "nr"
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
[options.constants]
"programmeType" = "mentoring"
"""
OPTIONS = {
    "vdab": "page_size = 20\nbatch_size = 10\n",
    # A gap of less than a second: every run reads all that is published.
    "vdab-whole": "page_size = 20\nbatch_size = 10\ngap_days = 0.000001\noverlap_seconds = 0\n",
    "actiris": "page_size = 20\n",
    "by-address": 'url = "{address}/files/programmes.csv?key=query-secret"\n' + TABLE,
    "packed": 'url = "{address}/files/programmes.csv.gz?key=query-secret"\n' + TABLE,
    "by-path": 'path = "programmes.csv"\n' + TABLE,
    "packed-path": 'path = "programmes.csv.gz"\n' + TABLE,
}
ADAPTERS = {"vdab": "vdab", "vdab-whole": "vdab", "actiris": "actiris"}
SECRETS = re.compile(r"sandbox-secret|sandbox-key|query-secret|Bearer|\?")
PLACE = re.compile(r"127\.0\.0\.1:\d+/[\w./-]+|programmes\.csv")
ACTION = re.compile(
    r"the next run tries again|check |ask the partner|ask VDAB|fetch it again|put it there|correct |set "
)


def rows(count: int) -> bytes:
    """Return a table of so many programmes."""
    lines = [f"{number};Taalbad {number};Voorbeeld vzw {number}" for number in range(count)]
    return ("\r\n".join(["nr;naam;wie", *lines]) + "\r\n").encode()


class Files(Sandbox):
    """A partner that offers one file, plain and packed."""

    def __init__(self) -> None:
        super().__init__([Route("/{name}", self._file)])
        self.count = 32

    @property
    def content(self) -> Mapping[str, bytes]:
        return {FILE: rows(self.count), f"{FILE}.gz": gzip.compress(rows(self.count), mtime=0)}

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        return Response(self.content[name], media_type=TYPES[Path(name).suffix])

    def options(self, address: str) -> dict[str, Any]:
        return {}

    def tick(self) -> dict[str, int]:
        self.count -= 1
        return {"withdrawn": 1}


@dataclass
class World:
    """Partners, and the hub's folders."""

    vdab: VdabSandbox
    actiris: ActirisSandbox
    files: Files
    folder: Path
    address: str

    @contextmanager
    def hub(self, data: str = "data") -> Iterator[Hub]:
        """Open the hub, as after a restart: it knows no token."""
        with Hub.open(self.folder / "config", data=self.folder / data, sandbox_address=self.address) as hub:
            yield hub

    def run(self, source: str, data: str = "data") -> Report:
        with self.hub(data) as hub:
            return hub.run(source)

    def published(self, data: str = "data") -> list[pages.Item]:
        with self.hub(data) as hub, hub.database.read() as connection:
            return pages.items(connection, after=0, limit=100_000)

    def write_files(self) -> None:
        for name, content in self.files.content.items():
            (self.folder / "config" / name).write_bytes(content)

    def tick(self) -> None:
        """Let every partner add, edit and withdraw some."""
        for partner in (self.vdab, self.actiris, self.files):
            partner.tick()
        self.write_files()

    def mend(self) -> None:
        for partner in (self.vdab, self.actiris, self.files):
            partner.recover()
        self.write_files()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    vdab, actiris = VdabSandbox(1, TODAY, size=SIZE), ActirisSandbox(Market(1, SIZE, today=TODAY))
    files = Files()
    # The hub's own sandboxes only say how partners are reached: small ones do, and those that answer are these.
    monkeypatch.setattr("hub_vdab.sandbox.build", lambda _seed, _today: vdab)
    monkeypatch.setattr("hub_actiris.sandbox.build", lambda _seed, _today: actiris)
    with serve(combined({"vdab": vdab, "actiris": actiris, "files": files})) as address:
        sources = tmp_path / "config" / "sources"
        sources.mkdir(parents=True)
        (sources.parent / "hub.toml").write_text(HUB)
        for name, options in OPTIONS.items():
            adapter = ADAPTERS.get(name, "generic_csv")
            head = SOURCE.format(adapter=adapter, partner=name, sandbox=str(name in ADAPTERS).lower())
            (sources / f"{name}.toml").write_text(head + options.replace("{address}", address))
        made = World(vdab, actiris, files, tmp_path, address)
        made.write_files()
        yield made


Break = Callable[[World], None]


def vdab(fault: Fault, path: str = "/v4", *, after: int = 0) -> Break:
    return lambda world: world.vdab.fail_next(fault, times=99, path=path, after=after)


def actiris(fault: Fault, *, after: int = 0, times: int = 99) -> Break:
    return lambda world: world.actiris.fail_next(fault, times=times, after=after)


def file(fault: Fault) -> Break:
    return lambda world: world.files.fail_next(fault, times=99)


def local(change: Callable[[bytes], bytes | None], name: str = FILE) -> Break:
    def spoil(world: World) -> None:
        path = world.folder / "config" / name
        content = change(path.read_bytes())
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)

    return spoil


TOKEN = "oauth20/token"
BULK = "/v4/vacatures/bulk"
WHOLE = "/v4/vacatures/initial"
FAULTS: Mapping[str, tuple[str, Break]] = {
    **{f"vdab token {fault}": ("vdab", vdab(fault, TOKEN)) for fault in Fault if fault is not Fault.empty_list},
    **{f"vdab changes {fault}": ("vdab", vdab(fault, BULK)) for fault in Fault if fault is not Fault.empty_list},
    **{f"vdab details {fault}": ("vdab", vdab(fault, after=1)) for fault in Fault if fault is not Fault.empty_list},
    **{f"vdab list {fault}": ("vdab-whole", vdab(fault, WHOLE)) for fault in Fault},
    **{f"vdab list, second page {fault}": ("vdab-whole", vdab(fault, WHOLE, after=1)) for fault in Fault},
    **{
        f"vdab details, third batch {fault}": ("vdab-whole", vdab(fault, after=7))
        for fault in Fault
        if fault is not Fault.empty_list
    },
    **{f"actiris {fault}": ("actiris", actiris(fault)) for fault in Fault},
    **{f"actiris, third page {fault}": ("actiris", actiris(fault, after=2)) for fault in Fault},
    **{f"actiris, flags {fault}": ("actiris", actiris(fault, after=7)) for fault in Fault},
    **{f"file by address {fault}": ("by-address", file(fault)) for fault in Fault if fault is not Fault.empty_list},
    **{f"packed file {fault}": ("packed", file(fault)) for fault in Fault if fault is not Fault.empty_list},
    "file that is gone": ("by-path", local(lambda _: None)),
    "file cut in a row": ("by-path", local(lambda content: content[: len(content) // 2])),
    "file cut in its last cell": ("by-path", local(lambda content: content[:-4])),
    "file that is a page": ("by-path", local(lambda _: PAGE.encode())),
    "file with a header only": ("by-path", local(lambda content: content.splitlines(keepends=True)[0])),
    "file of no bytes": ("by-path", local(lambda _: b"")),
    "packed file cut": ("packed-path", local(lambda content: content[: len(content) // 2], f"{FILE}.gz")),
    "packed file cut at its end": ("packed-path", local(lambda content: content[:-4], f"{FILE}.gz")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_published_stays_whatever_the_partner_does_and_the_next_run_continues(world: World, name: str) -> None:
    source, spoil = FAULTS[name]
    assert world.run(source).outcome is Outcome.complete
    before = world.published()
    world.tick()
    spoil(world)
    report = world.run(source)
    print(name, "|", report.outcome, "|", report.reason)
    assert report.outcome in {Outcome.failed, Outcome.incomplete}
