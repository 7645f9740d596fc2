"""How sources do is worked out of what the store knows, cheaply, and without telling what visitors should not know."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from small_hub import Folder

from hub.app.alarming import watch
from hub.app.hub import Hub
from hub.app.publishing import site
from hub.app.state import States
from hub.store.schema import listing, run
from hub.web.state import Health, Overall, SourceState, as_json

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HOURLY = 'schedule = "0 * * * *"'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def hub(folder: Folder) -> Iterator[Hub]:
    folder.file("courses", more=HOURLY)
    with Hub.open(folder.path) as opened:
        yield opened


def note(hub: Hub, outcome: str, *, hours: float, source: str = "courses", reason: str | None = None) -> None:
    """Record a run that started so many hours ago."""
    at = f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
    counts = orjson.dumps({"fetched": 5, "created": 2, "doubted": 7}).decode()
    row = {"source": source, "started": at, "finished": at, "outcome": outcome, "reason": reason, "counts": counts}
    with hub.database.write() as connection:
        connection.execute(run.insert(), row)
        connection.exec_driver_sql("INSERT INTO source (id) VALUES (?) ON CONFLICT DO NOTHING", (source,))
        if outcome == "complete":
            connection.exec_driver_sql("UPDATE source SET last_complete = ? WHERE id = ?", (at, source))


def state(hub: Hub) -> SourceState:
    return States(hub, "1", clock=lambda: NOW)().sources[0]


@pytest.mark.parametrize(("hours", "health"), [(0.5, Health.fine), (1.6, Health.late), (3.1, Health.stale)])
def test_a_source_is_late_after_half_its_time_and_stale_after_all_of_it(hub: Hub, hours: float, health: Health) -> None:
    note(hub, "complete", hours=hours)
    found = state(hub)
    assert found.health is health
    assert (found.age_minutes, found.expected_minutes) == (round(hours * 60), 180)


def test_a_source_that_was_never_read_is_new_and_bothers_nobody(hub: Hub) -> None:
    found = States(hub, "1", clock=lambda: NOW)()
    assert (found.sources[0].health, found.sources[0].last_run, found.overall) == (Health.new, None, Overall.ok)


def test_a_source_that_is_switched_off_is_stopped(folder: Folder) -> None:
    folder.file("courses", more="enabled = false")
    with Hub.open(folder.path) as opened:
        note(opened, "complete", hours=500)
        assert state(opened).health is Health.stopped


@pytest.mark.parametrize(("outcome", "health"), [("failed", Health.failing), ("held", Health.held)])
def test_open_alarms_make_a_source_failing_or_held(hub: Hub, outcome: str, health: Health) -> None:
    note(hub, "complete", hours=0.9)
    for hours in (0.8, 0.7, 0.6):
        note(hub, outcome, hours=hours, reason="GET intranet.example/?key=geheim answered 500")
    watch(hub, ["courses"], NOW)
    found = States(hub, "1", clock=lambda: NOW)()
    assert (found.sources[0].health, found.overall) == (health, Overall.degraded)
    assert list(found.sources[0].alarms) == [health.value]


def test_nothing_of_the_inside_is_told(hub: Hub) -> None:
    for hours in (0.8, 0.7, 0.6):
        note(hub, "failed", hours=hours, reason="GET intranet.example/?key=geheim answered 500")
    watch(hub, ["courses"], NOW)
    told = orjson.dumps(as_json(States(hub, "1", clock=lambda: NOW)(), "", {"failing": {"nl": "Mislukt."}})).decode()
    assert '"failing"' in told
    assert not [word for word in ("geheim", "intranet", "integrations@", "/tmp", "doubted") if word in told]


def test_the_last_run_is_told_with_what_it_counted(hub: Hub) -> None:
    note(hub, "complete", hours=2)
    note(hub, "incomplete", hours=1)
    last = state(hub).last_run
    assert last is not None
    assert (last.outcome, last.started, dict(last.counts)) == (
        "incomplete", "2026-11-22T17:00:00Z", {"fetched": 5, "created": 2},
    )  # fmt: skip


def test_the_tier_is_what_was_found_before_and_never_worked_out_here(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.app.tiers.Inspector.inspect", lambda *_: pytest.fail("examined"))
    assert state(hub).tier is None


def test_live_listings_are_counted_again_after_a_run(hub: Hub) -> None:
    note(hub, "complete", hours=1)
    states = States(hub, "1", clock=lambda: NOW)
    assert states().sources[0].live == 0
    row = {"source": "courses", "local_id": "1", "opportunity": "1", "kind": "programme", "raw": b"", "content": b""}
    with hub.database.write() as connection:
        connection.execute(listing.insert(), {**row, "live": 1, "first_seen": "", "content_changed": ""})
    note(hub, "complete", hours=0)
    states._kept = None
    assert states().sources[0].live == 1


def test_it_is_asked_again_only_after_some_seconds(hub: Hub) -> None:
    states = States(hub, "1", clock=lambda: NOW)
    first = states()
    note(hub, "complete", hours=1)
    assert states() is first


def test_the_site_of_a_hub_tells_how_it_does(hub: Hub) -> None:
    told = site(hub).status
    assert told is not None
    assert dict(told().heads) == {"all": 0, "vacancies": 0, "programmes": 0}


def test_fifty_sources_take_milliseconds(folder: Folder) -> None:
    for number in range(50):
        folder.file(f"courses-{number}", more=HOURLY)
    with Hub.open(folder.path) as opened:
        for number in range(50):
            for hours in range(20):
                note(opened, "complete", hours=20 - hours, source=f"courses-{number}")
        rows = [
            {"source": f"courses-{number % 50}", "local_id": str(number), "opportunity": str(number), "live": 1}
            | {"kind": "vacancy", "raw": b"", "content": b"", "first_seen": "", "content_changed": ""}
            for number in range(10_000)
        ]
        with opened.database.write() as connection:
            connection.execute(listing.insert(), rows)
        taken = []
        states = States(opened, "1", clock=lambda: NOW)
        for _ in range(5):
            states._kept = None
            before = time.perf_counter()
            assert sum(source.live for source in states().sources) == 10_000
            taken.append(time.perf_counter() - before)
        assert min(taken) < 0.02
