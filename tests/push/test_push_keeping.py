"""What the store keeps of webhooks: through kills, for days of failing, and only for who asks and may."""

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from push.conftest import Portal, Receiver, push_now, receiving, sending, until
from push.virtual_post import START, Endpoint, Office, iso
from small_hub import TABLE, Folder

from hub.app.alarming import watch
from hub.app.backups import back_up, restore
from hub.app.courier import LEASE_SECONDS
from hub.app.hub import Hub
from hub.app.pushing import vault
from hub.errors import StoreError
from hub.push import Answer
from hub.store import alarms, push
from hub.store.push import subscribers
from hub.store.push.subscribers import Wanted

SIX_HOURS = 6 * 3600.0
KEPT = ("id FROM delivery", "delivery FROM attempt", "count(*) FROM event")
PROCESS = Path(__file__).with_name("sending_process.py")


def failing(folder: Path, wakes: float) -> Office:
    """A hub whose only subscriber is silent until then, while its feed moves every six hours for a week."""
    office = Office(folder, [Endpoint("https://silent.example/hooks", Random(1), dead=True, wakes=START + wakes)])
    for number in range(1, 29):
        office.announce(START + number * SIX_HOURS, number)
    office.run()
    return office


@pytest.mark.parametrize(("days", "state"), [(4.0, "active"), (30.0, "disabled")])
def test_who_fails_for_five_days_is_disabled_and_can_see_why(tmp_path: Path, days: float, state: str) -> None:
    office = failing(tmp_path, days * 86400)
    with office.database.read() as connection:
        (row,) = subscribers.find(connection)
        types = connection.exec_driver_sql("SELECT type, count(*) FROM event GROUP BY type").fetchall()
        last = connection.exec_driver_sql("SELECT max(at) FROM attempt").scalar_one()
    assert row.state == state
    assert office.states().get("waiting") is None
    assert (("endpoint.disabled", 1) in types) is (state == "disabled")
    if state == "disabled":
        assert "every attempt failed for 5 days" in str(row.why)
        assert 5 * 86400 <= last - START < 5.3 * 86400


def test_an_alarm_tells_the_admin_and_closes_when_it_works_again(
    portal: Portal, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    made = portal.follow(receiver)
    until(lambda: portal.deliveries(made)[0]["state"] == "delivered")
    with portal.hub.database.write() as connection:
        connection.exec_driver_sql("UPDATE subscriber SET failing_since = ?", (time.time() - 6 * 86400,))
    receiver.echoes = False
    receiver.answers.extend([_no()] * 2)
    with caplog.at_level(logging.WARNING):
        portal.announce(7)
        until(lambda: portal.see(made)["state"] == "disabled")
        until(lambda: f"alarm subscriber-disabled of {made['id']} opened" in caplog.text)
    assert f"nothing more is sent to {made['id']}: every attempt failed for 6 days" in caplog.text
    opened = open_alarms(portal.hub)
    assert [(alarm.source, alarm.kind) for alarm in opened] == [(made["id"], "subscriber-disabled")]
    receiver.echoes = True
    receiver.answers.clear()
    portal.ask(made, "POST", "/verify")
    until(lambda: portal.see(made)["state"] == "active")
    assert open_alarms(portal.hub) == []


def _no() -> Any:
    return pytest.importorskip("starlette.responses").Response(status_code=500)


def open_alarms(hub: Hub) -> list[alarms.AlarmRow]:
    with hub.database.read() as connection:
        return alarms.open_alarms(connection)


def test_of_two_processes_only_one_sends_until_its_lease_ends(tmp_path: Path) -> None:
    office = Office(tmp_path, [Endpoint("https://one.example/hooks", Random(1))])
    first, second = (process.courier for process in office.processes)
    (errand,) = first.take(4, failing=4)
    assert second.take(4, failing=4) == []
    office.now += LEASE_SECONDS + 1
    (again,) = second.take(4, failing=4)
    assert (again.delivery, again.epoch) == (errand.delivery, errand.epoch + 1)
    assert first.settle(errand, office.now, Answer(0.1, 500), hold=True) is None  # it has nothing to say any more
    assert second.settle(again, office.now, Answer(0.1, 200)) is None
    assert office.states() == {"delivered": 1}
    assert len(list(office.attempts())) == 1


def test_what_came_too_late_but_was_taken_in_is_not_sent_again(tmp_path: Path) -> None:
    office = Office(tmp_path, [Endpoint("https://one.example/hooks", Random(1))])
    first, second = (process.courier for process in office.processes)
    (errand,) = first.take(4, failing=4)
    office.now += LEASE_SECONDS + 1
    (again,) = second.take(4, failing=4)
    first.settle(errand, office.now, Answer(0.1, 200))
    second.settle(again, office.now, Answer(0.1, 500))
    assert office.states() == {"delivered": 1}


@contextmanager
def another_process(folder: Folder) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(PROCESS), str(folder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sending\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_a_process_that_is_killed_again_and_again_loses_nothing(folder: Folder) -> None:
    chance, position = Random(3), 0
    with Hub.open(folder.path) as hub, receiving() as receiver:
        made = subscribe(hub, receiver.address)
        receiver.secrets.append(made)
        for _ in range(5):
            with another_process(folder) as process:
                for _ in range(30):
                    position += 1
                    with hub.database.write() as connection:
                        push.announce(connection, {"all": position}, push_now())
                time.sleep(chance.uniform(0.02, 0.4))
                process.kill()
            with hub.database.write() as connection:  # or every round would last a lease
                connection.exec_driver_sql("UPDATE subscriber SET lease_until = 0 WHERE lease_until IS NOT NULL")
        with sending(hub):
            until(lambda: set(receiver.positions) >= set(range(position + 1)), patience=30)
    assert len(receiver.hints) < position + 40
    assert all(call.verified for call in receiver.calls)


def subscribe(hub: Hub, address: str, *events: str, view: str = "all") -> str:
    secret, identifier = "whsec_" + "A" * 43 + "=", f"sub_{abs(hash((address, view, events))):020x}"[:24]
    wanted = Wanted(address, view, events or ("feed.advanced",))
    sealed = vault(hub).seal(secret)
    with hub.database.write() as connection:
        subscribers.add(connection, identifier, wanted, token="", secret=sealed, now=push_now())
        subscribers.activate(connection, identifier, now=push_now())
    return secret


def told(hub: Hub, *kinds: str) -> list[tuple[str, str]]:
    """Return the data of the events of these types, and at which address they are to arrive."""
    with hub.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT s.url, e.type, e.data FROM delivery AS d JOIN event AS e ON e.id = d.event "
            "JOIN subscriber AS s ON s.id = d.subscriber ORDER BY d.id"
        )
        return [(url, data) for url, kind, data in rows if kind in kinds]


def test_who_asks_hears_that_a_source_is_stale_and_that_it_recovered(folder: Folder) -> None:
    folder.file("programmes")
    now = datetime.now(UTC)
    with Hub.open(folder.path) as hub:
        subscribe(hub, "https://asks.example/", "source.stale", "source.recovered")
        subscribe(hub, "https://does-not.example/")
        hub.run("programmes")
        watch(hub, ["programmes"], now)
        assert told(hub, "source.stale", "source.recovered") == []
        for _ in range(2):
            watch(hub, ["programmes"], now + timedelta(days=30))
        ((url, data),) = told(hub, "source.stale")
        assert (url, '"source":"programmes"' in data, "lastGoodRun" in data) == ("https://asks.example/", True, True)
        watch(hub, ["programmes"], now)
        assert len(told(hub, "source.recovered")) == 1


def test_who_asks_and_holds_it_hears_that_an_opportunity_is_disputed(folder: Folder) -> None:
    folder.file("programmes")
    with Hub.open(folder.path) as hub:
        hub.run("programmes")
        for view in ("all", "vacancies", "programmes"):
            subscribe(hub, f"https://{view}.example/", "opportunity.disputed", view=view)
        with hub.database.write() as connection:
            identifier = connection.exec_driver_sql("SELECT id FROM opportunity LIMIT 1").scalar_one()
            assert push.dispute(connection, identifier, {"reason": "expired"}, push_now()) == 2
            assert push.dispute(connection, "no-such", {"reason": "expired"}, push_now()) == 0
        found = told(hub, "opportunity.disputed")
    assert [url for url, _ in found] == ["https://all.example/", "https://programmes.example/"]
    assert f'"opportunity":"{identifier}","reason":"expired"' in found[0][1]


def test_a_transaction_that_does_not_commit_tells_nobody(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.source("list", 'path = "programmes.csv"\n' + TABLE)
    with Hub.open(folder.path) as hub:
        subscribe(hub, "https://all.example/")
        monkeypatch.setattr("hub.pipeline.applying.undoing.sweep", _stumble)
        assert hub.run("list").outcome == "failed"
        assert len(told(hub, "feed.advanced")) == 1
        monkeypatch.undo()
        hub.run("list")
        assert len(told(hub, "feed.advanced")) == 2


def _stumble(*_: object) -> None:
    raise RuntimeError("killed here")


def test_without_followers_nothing_is_written(folder: Folder) -> None:
    folder.file("programmes")
    with Hub.open(folder.path) as hub:
        hub.run("programmes")
        with hub.database.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 0


def test_a_view_that_is_defined_anew_tells_who_follows_it(folder: Folder) -> None:
    folder.file("programmes")
    (folder.path / "views").mkdir()
    file = folder.path / "views" / "own.toml"
    title = '[title]\nnl = "A"\nfr = "B"\nen = "C"\n'
    file.write_text(title + '[filter]\nkinds = ["vacancy"]\n')
    with Hub.open(folder.path) as hub:
        hub.run("programmes")
        subscribe(hub, "https://own.example/", view="own")
    file.write_text(title + '[filter]\nkinds = ["programme"]\n')
    for _ in range(2):
        with Hub.open(folder.path) as hub:
            found = told(hub, "feed.advanced")
    assert len(found) == 2


def test_without_the_key_of_the_secrets_nothing_is_sent_and_nothing_lost(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    with Hub.open(folder.path) as hub, receiving() as receiver:
        receiver.secrets.append(subscribe(hub, receiver.address))
        kept = (hub.data / "secret.key").rename(hub.data / "kept.key")
        with pytest.raises(StoreError, match="put it back"):
            vault(hub)
        with sending(hub):
            until(lambda: "webhooks cannot be sent" in caplog.text)
        kept.rename(hub.data / "secret.key")
        assert receiver.calls == []
        with sending(hub):
            until(lambda: receiver.positions == [0])


def test_subscribers_stay_as_they_are_when_an_older_store_is_restored(folder: Folder, tmp_path: Path) -> None:
    folder.file("programmes")
    with Hub.open(folder.path) as hub:
        subscribe(hub, "https://leaves.example/")
        hub.run("programmes")
        back_up(hub.database, hub.data / "archive", tmp_path / "backup")
        with hub.database.write() as connection:
            (leaving,) = subscribers.find(connection)
            subscribers.remove(connection, leaving.id, now=push_now())
        (folder.path / "programmes.csv").write_text("nr;naam;wie\n1;Taalbad;Voorbeeld vzw\n2;Buddy;Voorbeeld vzw\n")
        hub.run("programmes")
        subscribe(hub, "https://comes.example/")
        data = hub.data
    assert not (tmp_path / "backup" / "secret.key").exists()
    head = restore(tmp_path / "backup", data).head
    with Hub.open(folder.path) as hub:
        found = told(hub, "feed.advanced")
        with hub.database.read() as connection:
            (row,) = subscribers.find(connection)
        assert vault(hub).open(row.secret).startswith("whsec_")
    assert [url for url, _ in found] == ["https://comes.example/"] * 2
    assert f'"position":{head}' in found[-1][1]


def test_what_is_older_than_a_month_is_forgotten_but_what_waits_is_not(tmp_path: Path) -> None:
    office = Office(tmp_path, [Endpoint("https://one.example/hooks", Random(1))])
    for number in range(1, 4):
        office.announce(START + 10 * number, number)
    office.run()
    with closing(office.database), office.database.write() as connection:
        push.forget(connection, before=iso(START - 1))
        assert connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar_one() == 4
        connection.exec_driver_sql("UPDATE delivery SET state = 'waiting' WHERE id = 2")
        push.forget(connection, before=iso(START + 25))
        kept = [connection.exec_driver_sql(f"SELECT {each} ORDER BY 1").scalars().all() for each in KEPT]
    assert kept == [[2, 4], [2, 4], [2]]


def test_who_never_proved_its_address_is_forgotten_after_a_week(portal: Portal, receiver: Receiver) -> None:
    lasting, passing = portal.follow(receiver), portal.register("https://portal.example.org/")
    week = datetime.now(UTC) + timedelta(days=7, minutes=1)
    with portal.hub.database.write() as connection:
        subscribers.forget(connection, unproved_before=week.strftime("%Y-%m-%dT%H:%M:%SZ"), now=push_now())
    assert portal.ask(passing, "GET").status_code == 404
    assert portal.ask(lasting, "GET").status_code == 200
