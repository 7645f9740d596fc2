"""`hub subscriber` as an admin uses it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from push.conftest import Portal, Receiver, until
from small_hub import Folder
from typer.testing import CliRunner

from hub.cli import app
from hub.errors import HubError

Run = Callable[..., Any]


@pytest.fixture
def run(folder: Folder) -> Run:
    def invoke(*words: str) -> Any:
        said = CliRunner().invoke(app, ["subscriber", *words, "--config", str(folder.path)], catch_exceptions=False)
        return json.loads(said.stdout) if "--json" in words else said.stdout

    return invoke


def test_an_admin_adds_a_subscriber_and_vouches_for_its_address(portal: Portal, receiver: Receiver, run: Run) -> None:
    made = run("add", f"{receiver.address}/hooks", "--event", "feed.advanced", "--event", "source.stale", "--json")
    receiver.secrets.append(made["secret"])
    portal.announce(1)
    assert run("enable", made["id"], "--json")["state"] == "active"
    until(lambda: receiver.positions == [0])
    portal.announce(7)
    until(lambda: receiver.positions == [0, 7])
    assert [call.verified for call in receiver.calls] == [1, 1]
    assert portal.see(made)["state"] == "active"


def test_what_an_admin_disables_its_holder_cannot_take_up_again(portal: Portal, receiver: Receiver, run: Run) -> None:
    made = portal.follow(receiver)
    assert "disabled: a complaint" in run("disable", made["id"], "--why", "a complaint")
    answer = portal.ask(made, "POST", "/verify")
    assert (answer.status_code, "a complaint" in answer.json()["detail"]) == (409, True)
    portal.announce(7)
    assert "is active" in run("enable", made["id"])
    until(lambda: len(receiver.hints) == 2)
    assert 7 not in receiver.positions


def test_secrets_that_are_sealed_anew_go_on_signing_without_the_key_of_before(
    portal: Portal, receiver: Receiver, run: Run
) -> None:
    portal.follow(receiver)
    assert run("reseal", "--json")["secrets"] == 1
    file = portal.hub.data / "secret.key"
    file.write_text(file.read_text().splitlines()[0])
    portal.announce(7)
    until(lambda: len(receiver.hints) == 2)
    assert receiver.hints[-1].verified == 1


def test_what_was_sent_is_shown_and_sent_once_more(portal: Portal, receiver: Receiver, run: Run) -> None:
    made = portal.follow(receiver)
    until(lambda: portal.deliveries(made)[0]["state"] == "delivered")
    shown = run("show", made["id"], "--json")
    assert made["secret"] not in json.dumps(shown)
    assert [each["event"]["type"] for each in shown["deliveries"]] == ["feed.advanced", "endpoint.verify"]
    assert "delivered" in run("show", made["id"])
    run("replay", made["id"], str(shown["deliveries"][0]["id"]))
    until(lambda: len(receiver.hints) == 2)


def test_subscribers_are_listed_and_removed(portal: Portal, receiver: Receiver, run: Run) -> None:
    assert "nobody receives webhooks" in run("list")
    made = portal.follow(receiver)
    assert made["id"] in run("list")
    assert [each["id"] for each in run("list", "--json")["subscribers"]] == [made["id"]]
    assert "is forgotten" in run("remove", made["id"])
    assert portal.ask(made, "GET").status_code == 404


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "sub_1"), "there is no subscriber"),
        (("add", "http://portal.example.org/"), "must start with https"),
        (("add", "https://portal.example.org/", "--view", "no-such"), "there are all, vacancies, programmes"),
        (("add", "https://portal.example.org/", "--event", "no-such"), "there are feed.advanced"),
        (("add", "https://portal.example.org/", "--key", "no-such"), "there is no key"),
    ],
)
def test_what_cannot_be_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(HubError, match=said):
        run(*words)
