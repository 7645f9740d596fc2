"""The whole way over real sockets: made-up partners, the hub, and a portal that follows the feed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from schakel_client import Delete, SqliteState, Sweep, Upsert, follow

from hub.app.calling import caller
from hub.app.demonstration import Demonstration, demonstrate
from hub.app.hub import Hub
from hub.app.running import run_all
from hub.config import Config, load
from hub.model.jsonld import served
from hub.pipeline import Outcome, Report
from hub.store import pages, quarantine

CONFIG = Path(__file__).parents[1] / "config"
CLOCKS = {"contentChanged", "firstSeen", "partnerModified"}


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Demonstration]:
    with demonstrate(config(), port=0, data=tmp_path / "hub") as running:
        yield running


def config() -> Config:
    """Return the example, in which what a list lacks is gone at once."""
    loaded, update = load(CONFIG), {"absence_runs": 1}
    return replace(
        loaded,
        sources=tuple(
            source.model_copy(update={"expect": source.expect.model_copy(update=update)}) for source in loaded.sources
        ),
    )


def run_everything(hub: Hub) -> dict[str, Report]:
    return {report.source: report for report in run_all(hub, hub.enabled(), lambda _source: lambda *_: None)}


class Portal:
    """A portal that keeps what it follows in a database of its own."""

    def __init__(self, path: Path, address: str) -> None:
        self._feed = f"{address}/feeds/all"
        self._state = SqliteState(path)
        self._rows = self._state.connection
        self._rows.execute("CREATE TABLE job (id TEXT PRIMARY KEY, data TEXT, reading INTEGER)")

    def read_on(self) -> int:
        """Follow the feed from where it stopped, and return how many items came."""
        came = 0
        for batch in follow(self._feed, self._state):
            came += len(batch.items)
            for change in batch:
                self._store(change)
        return came

    def _store(self, change: Upsert | Delete | Sweep) -> None:
        match change:
            case Upsert():
                row = (change.id, orjson.dumps(change.data), change.reading)
                self._rows.execute("INSERT OR REPLACE INTO job VALUES (?, ?, ?)", row)
            case Delete():
                self._rows.execute("DELETE FROM job WHERE id = ?", (change.id,))
            case Sweep():
                self._rows.execute("DELETE FROM job WHERE reading < ?", (change.reading,))

    @property
    def data(self) -> dict[str, Any]:
        """Return what it holds."""
        return {name: orjson.loads(data) for name, data in self._rows.execute("SELECT id, data FROM job")}

    def close(self) -> None:
        """Close the database."""
        self._state.close()


def held(hub: Hub) -> dict[str, Any]:
    """Return what the hub publishes, straight from its store."""
    with hub.database.read() as connection:
        items = pages.items(connection, after=0, limit=1_000_000)
    address = f"{hub.public_url}/opportunities"
    return {item.id: orjson.loads(served(item.body, item.kind, f"{address}/{item.id}")) for item in items if item.body}


def refused(hub: Hub) -> set[tuple[str, str]]:
    with hub.database.read() as connection:
        return {(record.source, record.local_id) for record in quarantine.find(connection, None, 100_000)}


def by_origin(opportunities: dict[str, Any]) -> dict[frozenset[tuple[str, str]], Any]:
    """Return what is published by the listings it is made of, without ids and the hub's own clocks."""
    found = {}
    for data in opportunities.values():
        origin = frozenset((listing["source"], listing["localId"]) for listing in data["listings"])
        said = [{name: value for name, value in listing.items() if name not in CLOCKS} for listing in data["listings"]]
        found[origin] = {**data, "listings": said, "@id": None}
    return found


@pytest.fixture
def portal(demonstration: Demonstration, tmp_path: Path) -> Iterator[Portal]:
    with closing(Portal(tmp_path / "portal.sqlite", demonstration.address)) as portal:
        yield portal


@pytest.mark.parametrize("ticks", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_after_ticks_and_runs_a_portal_holds_exactly_what_the_hub_holds(
    demonstration: Demonstration, portal: Portal, ticks: int
) -> None:
    hub = demonstration.hub
    first = run_everything(hub)
    assert {report.outcome for report in first.values()} == {Outcome.complete}
    portal.read_on()
    assert portal.data == held(hub)

    for _ in range(ticks):
        reports = _after_a_tick(demonstration)
        spent = sum(last - begin + 1 for begin, last in _positions(reports))
        assert 0 < portal.read_on() <= spent
        assert portal.data == held(hub)

    assert all(report.positions is None for report in run_everything(hub).values())


@pytest.mark.slow
def test_many_small_changes_lead_to_what_a_new_hub_would_read(demonstration: Demonstration, tmp_path: Path) -> None:
    run_everything(demonstration.hub)
    for _ in range(5):
        _after_a_tick(demonstration)
    assert _is_what_a_new_hub_would_read(demonstration.hub, demonstration, tmp_path)


def _after_a_tick(demonstration: Demonstration) -> dict[str, Report]:
    with caller(demonstration.sandbox_address) as client:
        client.post(f"{demonstration.sandbox_address}/tick")
    reports = run_everything(demonstration.hub)
    assert {report.outcome for report in reports.values()} == {Outcome.complete}
    return reports


def _positions(reports: dict[str, Report]) -> list[tuple[int, int]]:
    return [report.positions for report in reports.values() if report.positions]


def _is_what_a_new_hub_would_read(hub: Hub, demonstration: Demonstration, folder: Path) -> bool:
    """Compare the hub, after many small changes, with one that reads everything at once."""
    with Hub(
        config(),
        data=folder / "new",
        public_url=hub.public_url,
        sandbox_address=demonstration.sandbox_address,
    ) as new:
        run_everything(new)
        followed, anew, aside = by_origin(held(hub)), by_origin(held(new)), refused(new)
    kept = {origin: data for origin, data in followed.items() if not origin & aside}
    assert kept.keys() == anew.keys()
    assert [(kept[origin], anew[origin]) for origin in kept if kept[origin] != anew[origin]] == []
    return True
