"""Partners that fail in every way they are known to fail: what is published stays, and the next run continues.

Every source may lose everything without a person (`max_drop`, `min_share`), so that nothing is held by luck.
"""

import gzip
import math
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hub_actiris.sandbox import ActirisSandbox
from hub_vdab.sandbox import VdabSandbox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.app.hub import Hub
from hub.pipeline import Outcome, Report
from hub.store import open_store, pages
from hub.testing import Fault, Market, Sandbox, combined, serve

TODAY = date(2026, 2, 2)
SIZE = 160
PAGE_SIZE = 20
FILE = "programmes.csv"
PACKED = "programmes.csv.gz"
PAGE = "<!doctype html><html><head><title>Onderhoud</title></head><body><p>Even geduld</p></body></html>"
TYPES = {".csv": "text/csv", ".gz": "application/gzip"}

HUB = """
public_url = "https://hub.example.org"
data = "../data"
[limits]
retries = 0
[network]
private_hosts = ["127.0.0.1"]
"""
SOURCE = """
adapter = "{adapter}"
partner = "{partner}"
owner = "integrations@example.org"
sandbox = {sandbox}
expect = {{ max_drop = 1.0, min_share = 0, absence_runs = 1 }}
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
OPTIONS = {
    "vdab": "page_size = 20\nbatch_size = 10\noverlap_seconds = 0\n",
    # A gap of less than a second: every run reads all that is published.
    "vdab-list": "page_size = 20\nbatch_size = 10\ngap_days = 0.000001\noverlap_seconds = 0\n",
    "actiris": "page_size = 20\n",
    "by-address": 'url = "{address}/files/programmes.csv?key=query-secret"\n' + TABLE,
    "packed": 'url = "{address}/files/programmes.csv.gz?key=query-secret"\n' + TABLE,
    "by-path": 'path = "programmes.csv"\n' + TABLE,
    "packed-by-path": 'path = "programmes.csv.gz"\n' + TABLE,
}
ADAPTERS = {"vdab": "vdab", "vdab-list": "vdab", "actiris": "actiris"}
CLOCKS = re.compile(rb'"(contentChanged|firstSeen)":"[^"]*"')
SECRETS = re.compile(r"sandbox-secret|sandbox-key|query-secret|Bearer|\?")
PLACE = re.compile(r"127\.0\.0\.1:\d+/[\w./-]+|programmes\.csv|list of partner \w+|the partner's list")
ACTION = re.compile(r"the next run tries again|ask the partner|; check |fetch it again|open it|put it there|look at ")


def rows(numbers: Iterable[int]) -> bytes:
    """Return a table of programmes."""
    lines = [f"{number};Taalbad {number};Voorbeeld vzw {number}" for number in numbers]
    return ("\r\n".join(["nr;naam;wie", *lines]) + "\r\n").encode()


class Files(Sandbox):
    """A partner that offers one file, plain and packed."""

    def __init__(self) -> None:
        super().__init__([Route("/{name}", self._file)])
        self.first, self.count = 1000, 32

    @property
    def content(self) -> Mapping[str, bytes]:
        table = rows(range(self.first, self.first + self.count))
        return {FILE: table, PACKED: gzip.compress(table, mtime=0)}

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        return Response(self.content[name], media_type=TYPES[Path(name).suffix])

    def options(self, address: str) -> dict[str, Any]:
        return {"url": f"{address}/{FILE}"}

    def tick(self) -> dict[str, int]:
        self.first += 1
        return {"added": 1, "edited": 0, "withdrawn": 1}


@dataclass(frozen=True)
class Partners:
    """Everybody the hub reads, where they answer, and the configuration that says so."""

    vdab: VdabSandbox
    actiris: ActirisSandbox
    files: Files
    config: Path
    address: str

    def tick(self) -> None:
        """Let every partner add, edit and withdraw a few."""
        for partner in (self.vdab, self.actiris, self.files):
            for _ in range(6):
                partner.tick()
        self.write_files()

    def pages(self, partner: str) -> int:
        """Return of how many pages a partner's list is."""
        listed = [opening for opening in self.vdab.market.openings.values() if partner in opening.listed_by]
        return math.ceil(len(listed) / PAGE_SIZE)

    def mend(self) -> None:
        """Let every partner answer as it should."""
        for partner in (self.vdab, self.actiris, self.files):
            partner.recover()
        self.write_files()

    def write_files(self) -> None:
        for name, content in self.files.content.items():
            (self.config / name).write_bytes(content)


@dataclass(frozen=True)
class Store:
    """The store of a hub, opened anew for each run, as after a restart: no token is known."""

    partners: Partners
    folder: Path

    def run(self, source: str) -> Report:
        with Hub.open(self.partners.config, data=self.folder, sandbox_address=self.partners.address) as hub:
            return hub.run(source)

    def published(self) -> list[pages.Item]:
        """Return all that readers of the feed can see."""
        database = open_store(self.folder / "hub.db")
        with database.read() as connection:
            items = pages.items(connection, after=0, limit=100_000)
        database.close()
        return items

    def content(self) -> dict[str, tuple[str | None, bytes]]:
        """Return what is published without positions and the hub's own clocks."""
        return {item.id: (item.reason, CLOCKS.sub(b"", item.body or b"")) for item in self.published()}

    def copied(self, folder: Path) -> "Store":
        shutil.copytree(self.folder, folder)
        return Store(self.partners, folder)


def configure(folder: Path, address: str) -> None:
    """Write the configuration of a hub with every source."""
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text(HUB)
    for name, options in OPTIONS.items():
        sandbox, adapter = str(name in ADAPTERS).lower(), ADAPTERS.get(name, "generic_csv")
        head = SOURCE.format(adapter=adapter, partner=f"partner {name}", sandbox=sandbox)
        (folder / "sources" / f"{name}.toml").write_text(head + options.replace("{address}", address))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partners]:
    vdab, actiris = VdabSandbox(1, TODAY, size=SIZE), ActirisSandbox(Market(1, SIZE, today=TODAY))
    files, config = Files(), tmp_path_factory.mktemp("bad-input") / "config"
    with pytest.MonkeyPatch.context() as patch:
        # The hub asks its own sandboxes how to reach them: give it the small ones that answer.
        patch.setattr("hub_vdab.sandbox.build", lambda _seed, _today: vdab)
        patch.setattr("hub_actiris.sandbox.build", lambda _seed, _today: actiris)
        with serve(combined({"vdab": vdab, "actiris": actiris, "files": files})) as address:
            configure(config, address)
            yield Partners(vdab, actiris, files, config, address)


@pytest.fixture
def partners(running: Partners) -> Iterator[Partners]:
    running.mend()
    yield running
    running.files.count = 32
    running.mend()


@pytest.fixture
def store(partners: Partners, tmp_path: Path) -> Store:
    return Store(partners, tmp_path / "data")


Break = Callable[[Partners], object]


def vdab(fault: Fault, path: str, after: int = 0) -> Break:
    return lambda partners: partners.vdab.fail_next(fault, times=99, path=path, after=after)


def vdab_details(fault: Fault) -> Break:
    """Break the second batch of details."""
    return lambda partners: vdab(fault, "/v4/vacatures", partners.pages("vdab") + 1)(partners)


def actiris(fault: Fault, after: int) -> Break:
    return lambda partners: partners.actiris.fail_next(fault, times=99, after=after)


def actiris_flags(fault: Fault) -> Break:
    """Break the second page of the first reading that tells whose the offers are."""
    return lambda partners: actiris(fault, partners.pages("actiris") + 1)(partners)


def file(fault: Fault) -> Break:
    return lambda partners: partners.files.fail_next(fault, times=99)


def spoiled(change: Callable[[bytes], bytes], name: str = FILE) -> Break:
    return lambda partners: (partners.config / name).write_bytes(change((partners.config / name).read_bytes()))


# An emptied list is found in every list of everything; a list of changes may be empty.
NOT_EMPTY = [fault for fault in Fault if fault is not Fault.empty_list]
FAULTS: Mapping[str, tuple[str, Break]] = {
    **{f"vdab token, {fault}": ("vdab", vdab(fault, "oauth20/token")) for fault in NOT_EMPTY},
    **{f"vdab changes, {fault}": ("vdab", vdab(fault, "/v4/vacatures/bulk")) for fault in NOT_EMPTY},
    **{f"vdab list, {fault}": ("vdab-list", vdab(fault, "/v4/vacatures/initial")) for fault in Fault},
    **{f"vdab list, page 3, {fault}": ("vdab-list", vdab(fault, "/v4/vacatures/initial", 2)) for fault in Fault},
    **{f"vdab details, batch 2, {fault}": ("vdab-list", vdab_details(fault)) for fault in NOT_EMPTY},
    **{f"actiris list, page 1, {fault}": ("actiris", actiris(fault, 0)) for fault in Fault},
    **{f"actiris list, page 3, {fault}": ("actiris", actiris(fault, 2)) for fault in Fault},
    **{f"actiris flags, page 2, {fault}": ("actiris", actiris_flags(fault)) for fault in Fault},
    **{f"file by address, {fault}": ("by-address", file(fault)) for fault in NOT_EMPTY},
    **{f"packed file by address, {fault}": ("packed", file(fault)) for fault in NOT_EMPTY},
    "file that is gone": ("by-path", lambda partners: (partners.config / FILE).unlink()),
    "file cut in a row": ("by-path", spoiled(lambda content: content[: len(content) // 2])),
    "file cut in its last cell": ("by-path", spoiled(lambda content: content[:-4])),
    "file that is a web page": ("by-path", spoiled(lambda _: PAGE.encode())),
    "file with a header only": ("by-path", spoiled(lambda content: content.splitlines(keepends=True)[0])),
    "file of no bytes": ("by-path", spoiled(lambda _: b"")),
    "packed file cut in the middle": ("packed-by-path", spoiled(lambda content: content[: len(content) // 2], PACKED)),
    "packed file cut at its end": ("packed-by-path", spoiled(lambda content: content[:-4], PACKED)),
}


_EVERY_FAULT_AT = ("vdab list, page 3", "actiris list, page 3", "packed file by address", "file that", "file cut")
"""Where every fault is tried each time; at the other places with what takes longer."""


def _case(name: str) -> Any:
    return pytest.param(name, marks=() if name.startswith(_EVERY_FAULT_AT) else pytest.mark.slow)


@pytest.mark.parametrize("name", [_case(name) for name in FAULTS])
def test_what_is_published_stays_whatever_a_partner_does_and_the_next_run_continues(
    partners: Partners, store: Store, tmp_path: Path, name: str
) -> None:
    source, spoil = FAULTS[name]
    assert store.run(source).outcome is Outcome.complete
    before, spared = store.published(), store.copied(tmp_path / "spared")
    if source == "vdab":  # it lists only what changed
        partners.tick()
    spoil(partners)
    bad = store.run(source)
    assert (bad.outcome in {Outcome.failed, Outcome.incomplete, Outcome.held}, bad.withdrawn, bad.positions) == (
        True,
        0,
        None,
    )
    assert store.published() == before
    assert_helpful(bad.reason)

    partners.mend()
    partners.tick()
    assert {store.run(source).outcome, spared.run(source).outcome} == {Outcome.complete}
    assert store.content() == spared.content()
    assert store.published() != before


def assert_helpful(reason: str | None) -> None:
    """Check that a reason says in a line where it went wrong and what to do, and nothing that is secret."""
    assert reason
    assert "\n" not in reason
    assert PLACE.search(reason)
    assert ACTION.search(reason)
    assert not SECRETS.search(reason)


@pytest.mark.parametrize("source", OPTIONS)
def test_a_partner_that_really_withdraws_is_believed(partners: Partners, store: Store, source: str) -> None:
    """The control: the comparison above sees a withdrawal, and nothing is held."""
    store.run(source)
    before = store.published()
    partners.files.count = 8
    for _ in range(4):  # so many that every partner surely withdraws something
        partners.tick()
    good = store.run(source)
    gone = {item.id for item in store.published() if item.reason == "withdrawn"}
    assert good.outcome is Outcome.complete
    assert gone
    assert gone <= {item.id for item in before if item.body}
    assert store.published() != before


def test_a_list_of_changes_may_be_empty(partners: Partners, store: Store) -> None:
    store.run("vdab")
    before = store.published()
    quiet = store.run("vdab")
    assert (quiet.outcome, quiet.counts.fetched) == (Outcome.complete, 0)
    assert store.published() == before
