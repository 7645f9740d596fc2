"""Webhooks on real sockets: registered, proved, sent, verified, tried again, and never sent where they must not be."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from client.conftest import Call as RawCall
from client.conftest import Partner, serve_partner
from push.conftest import Portal, Receiver, receiving, until
from small_hub import Folder
from starlette.responses import Response

from hub.client.limits import Limits
from hub.store import pages

HASTY = Limits(request_seconds=1, connect_seconds=1, silence_seconds=1)


@pytest.fixture
def raw() -> Iterator[Partner]:
    """A receiver whose every byte the test decides."""
    yield from serve_partner()


def waiting(portal: Portal, made: dict[str, Any]) -> Any:
    """Return the newest delivery once it was tried."""
    return until(lambda: next((each for each in portal.deliveries(made)[:1] if each["attempts"]), None))


def vouched(portal: Portal, address: str) -> dict[str, Any]:
    """Register an address that cannot prove itself, and let it be sent to all the same."""
    made = portal.register(address)
    with portal.hub.database.write() as connection:
        connection.exec_driver_sql("UPDATE subscriber SET state = 'active' WHERE id = ?", (made["id"],))
    return made


def test_a_portal_registers_proves_its_address_and_hears_of_its_feed(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    assert receiver.positions == [0]
    portal.announce(7)
    until(lambda: receiver.positions == [0, 7])
    portal.announce(9)
    until(lambda: receiver.positions == [0, 7, 9])
    assert [call.type for call in receiver.calls] == ["endpoint.verify", *["feed.advanced"] * 3]
    assert all(call.verified == 1 and call.path == "/hooks" for call in receiver.calls)
    assert receiver.calls[-1].said["data"] == {"view": "all", "position": 9}
    sent = until(lambda: [each for each in portal.deliveries(made) if each["state"] == "delivered"][:1])[0]
    assert (sent["tries"], sent["attempts"][0]["status"]) == (1, 204)


def test_a_run_that_publishes_tells_those_whose_view_moved(folder: Folder, open_portal: Callable[..., Portal]) -> None:
    folder.file("programmes")
    portal = open_portal()
    with receiving() as every, receiving() as vacancies:
        portal.follow(every)
        portal.follow(vacancies, view="vacancies")
        portal.hub.run("programmes")
        until(lambda: len(every.hints) == 2)
        portal.hub.run("programmes")
        portal.announce(99)
        until(lambda: len(every.hints) == 3)
    head = every.positions[1]
    assert (head > 0, every.positions, vacancies.positions) == (True, [0, head, 99], [0])


def test_who_follows_the_listings_hears_of_what_the_opportunities_do_not_show(
    folder: Folder, open_portal: Callable[..., Portal]
) -> None:
    folder.file("programmes")
    portal = open_portal()
    with receiving() as listings, receiving() as every:
        portal.follow(listings, view="listings")
        portal.follow(every)
        portal.hub.run("programmes")
        until(lambda: len(listings.hints) == len(every.hints) == 2)
        with portal.hub.database.read() as connection:
            assert listings.positions == [0, pages.head(connection, "listings")]
        portal.hub.run("programmes")
        portal.announce(99)
        until(lambda: len(every.hints) == 3)
    assert len(listings.hints) == 2
    assert {hint.said["data"]["view"] for hint in listings.hints} == {"listings"}


def test_nothing_is_sent_to_an_address_that_has_not_proved_itself(portal: Portal) -> None:
    with receiving(echoes=False) as receiver:
        made = portal.register(receiver.address)
        portal.announce(1)
        portal.ask(made, "POST", "/verify")
        tried = waiting(portal, made)
        portal.announce(2)
        time.sleep(0.5)
        assert [call.type for call in receiver.calls] == ["endpoint.verify"]
        assert "without the challenge" in tried["error"]
        assert portal.see(made)["state"] == "pending"
        receiver.echoes = True
        portal.clock.ahead += 6
        until(lambda: receiver.hints)


def test_a_failure_is_tried_again_under_the_same_id_with_a_new_moment(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    receiver.answers.append(Response(status_code=500))
    portal.announce(7)
    assert waiting(portal, made)["error"] == "it answered 500; only 2xx means that it was taken in"
    portal.clock.ahead += 4
    time.sleep(0.4)
    assert receiver.positions == [0, 7]
    portal.clock.ahead += 2
    until(lambda: receiver.positions == [0, 7, 7])
    first, second = receiver.hints[1:]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    assert (first.body, first.verified, second.verified) == (second.body, 1, 1)
    assert "failingSince" not in until(lambda: "failingSince" not in portal.see(made) and portal.see(made))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(portal: Portal, receiver: Receiver, status: int) -> None:
    made = portal.follow(receiver)
    receiver.answers.append(Response(status_code=status, headers={"location": f"{receiver.address}/elsewhere"}))
    portal.announce(7)
    assert "a redirect, which is never followed" in waiting(portal, made)["error"]
    assert {call.path for call in receiver.calls} == {"/hooks"}


def test_gone_disables_and_proving_takes_it_up_again(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    receiver.answers.append(Response(status_code=410))
    portal.announce(7)
    stopped = until(lambda: portal.see(made).get("disabled"))
    portal.announce(8)
    time.sleep(0.4)
    assert (receiver.positions, stopped["by"], portal.see(made)["state"]) == ([0, 7], "hub", "disabled")
    assert portal.deliveries(made)[0]["event"]["type"] == "endpoint.disabled"
    portal.ask(made, "POST", "/verify")
    until(lambda: len(receiver.hints) == 3)
    assert portal.see(made)["state"] == "active"


def test_an_endpoint_may_ask_to_wait(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    receiver.answers.append(Response(status_code=429, headers={"retry-after": "120"}))
    portal.announce(7)
    waiting(portal, made)
    portal.clock.ahead += 60
    time.sleep(0.4)
    assert receiver.positions == [0, 7]
    portal.clock.ahead += 61
    until(lambda: receiver.positions == [0, 7, 7])


def reset(call: RawCall) -> None:
    """Hang up without an answer."""


def drip(call: RawCall) -> None:
    call.head(200, "Content-Length: 100000")
    for _ in range(100):
        call.write(b"x")
        time.sleep(0.05)


def silence(call: RawCall) -> None:
    time.sleep(2.5)


def flood(call: RawCall) -> None:
    call.head(200, "Transfer-Encoding: chunked")
    for _ in range(5000):
        call.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


@pytest.mark.parametrize(("script", "said"), [(reset, "the connection broke off"), (silence, "no answer came in time")])
def test_who_hangs_up_or_stays_silent_is_tried_again(
    open_portal: Callable[..., Portal], raw: Partner, script: Any, said: str
) -> None:
    portal = open_portal(limits=HASTY)
    made = vouched(portal, raw.says("/hooks", script, lambda call: call.answer(204)))
    portal.announce(7)
    assert waiting(portal, made)["error"] == said
    portal.clock.ahead += 6
    until(lambda: portal.deliveries(made)[0]["state"] == "delivered")
    assert len(raw.calls) == 2


@pytest.mark.parametrize("script", [drip, flood])
def test_an_answer_without_an_end_is_not_read_to_it(
    open_portal: Callable[..., Portal], raw: Partner, script: Any, everything: Callable[[], str]
) -> None:
    portal = open_portal(limits=HASTY)
    made = vouched(portal, raw.says("/hooks", script))
    portal.announce(7)
    assert waiting(portal, made)["attempts"][0]["seconds"] < 2
    assert "xxxx" not in everything()


def test_one_that_is_silent_does_not_hold_up_the_others(open_portal: Callable[..., Portal], raw: Partner) -> None:
    portal = open_portal(limits=HASTY)
    with receiving() as receiver:
        portal.follow(receiver)
        alone = spent(portal, receiver, range(1, 41))
        for number in range(4):
            vouched(portal, raw.says(f"/{number}", silence))
        beside = spent(portal, receiver, range(41, 81))
    assert raw.calls
    assert beside < 1.5 * alone + 0.5


def spent(portal: Portal, receiver: Receiver, positions: range) -> float:
    """Return the seconds until the last of these announcements came."""
    started = time.monotonic()
    for position in positions:
        portal.announce(position)
    until(lambda: set(positions) <= set(receiver.positions))
    return time.monotonic() - started


def test_what_was_delivered_can_be_had_once_more(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    portal.announce(7)
    until(lambda: portal.deliveries(made)[0]["state"] == "delivered")
    number = portal.deliveries(made)[0]["id"]
    assert portal.ask(made, "POST", f"/deliveries/{number}/replay").status_code == 202
    until(lambda: receiver.positions == [0, 7, 7])
    assert len({call.headers["webhook-id"] for call in receiver.hints[1:]}) == 1
    until(lambda: len(portal.deliveries(made)[0]["attempts"]) == 2)


def test_for_a_day_the_old_secret_signs_beside_the_new_one(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    receiver.secrets.append(portal.ask(made, "POST", "/secret").json()["secret"])
    portal.announce(7)
    until(lambda: len(receiver.hints) == 2)
    assert receiver.hints[1].verified == 2
    receiver.secrets.append(portal.ask(made, "POST", "/secret").json()["secret"])
    portal.announce(8)
    until(lambda: len(receiver.hints) == 3)
    assert (receiver.hints[2].verified, len(receiver.hints[2].headers["webhook-signature"].split())) == (2, 2)
    with portal.hub.database.write() as connection:
        connection.exec_driver_sql("UPDATE subscriber SET old_ends = old_ends - 86401")
    portal.announce(9)
    until(lambda: len(receiver.hints) == 4)
    assert receiver.hints[3].verified == 1


def test_secrets_stand_in_no_log_no_answer_and_not_plainly_in_the_store(
    portal: Portal, receiver: Receiver, everything: Callable[[], str]
) -> None:
    made = portal.follow(receiver)
    hidden = {made["secret"], made["token"], portal.ask(made, "POST", "/secret").json()["secret"]}
    portal.announce(7)
    until(lambda: len(receiver.hints) == 2)
    hidden |= {each.removeprefix("whsec_").removeprefix("manage_") for each in hidden}
    answers = portal.ask(made, "GET").text + portal.ask(made, "GET", "/deliveries").text
    said = answers + everything()
    kept = b"".join(file.read_bytes() for file in portal.hub.data.glob("hub.db*"))
    assert made["id"] in said
    assert receiver.address.encode() in kept
    assert [each for each in hidden if each in said or each.encode() in kept] == []
