"""`hub subscriber` as an admin uses it."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.fernet import Fernet
from push.conftest import Portal, Receiver, until
from small_hub import Folder
from typer.testing import CliRunner

from hub.app.checking import check
from hub.cli import app
from hub.errors import HubError, StoreError
from hub.store.keys.data_key import add_key

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


def said_of_webhooks(portal: Portal) -> tuple[bool, str]:
    """Return what `hub check` finds of the subscribers' secrets."""
    (found,) = [finding for finding in check(portal.hub) if finding.what == "webhooks"]
    return found.fine, found.said


def test_rotating_the_key_seals_everything_anew_and_then_needs_one_line_only(portal: Portal, run: Run) -> None:
    portal.register("https://one.example/hooks")
    two = portal.register("https://two.example/hooks")
    portal.ask(two, "POST", "/secret")  # its old secret signs on for a day
    file = portal.hub.data / "secret.key"
    file.write_text(f"{Fernet.generate_key().decode()}\n{file.read_text()}")
    portal.register("https://three.example/hooks")
    assert said_of_webhooks(portal)[1].startswith("subscribers' secrets: 4, of which 3 encrypted with older lines")
    assert run("reseal", "--json")["secrets"] == 4
    file.write_text(file.read_text().splitlines()[0])
    assert said_of_webhooks(portal) == (
        True, "subscribers' secrets: 4, encrypted with the first line of secret.key; this store needs no other"
    )  # fmt: skip


def test_a_line_that_was_removed_too_early_is_told_and_no_key_is_added(portal: Portal, run: Run) -> None:
    made = portal.register("https://one.example/hooks")
    file = portal.hub.data / "secret.key"
    kept, new = file.read_text(), f"{Fernet.generate_key().decode()}\n"
    file.write_text(new)
    fine, said = said_of_webhooks(portal)
    assert not fine
    assert f"the secret of {made['id']} is encrypted with" in said
    with pytest.raises(StoreError, match="put that line back below the others"):
        run("reseal")
    assert file.read_text() == new
    file.write_text(new + kept)
    assert run("reseal", "--json")["secrets"] == 1
    file.unlink()
    assert "put it back from where you keep it" in said_of_webhooks(portal)[1]


def test_who_registers_while_the_key_is_replaced_is_sealed_with_the_new_one(portal: Portal) -> None:
    portal.register("https://one.example/hooks")
    with ThreadPoolExecutor(1) as threads:
        with portal.hub.database.write():  # as rotating does, in whose place a new line is written here
            waiting = threads.submit(portal.register, "https://two.example/hooks")
            time.sleep(0.3)
            add_key(portal.hub.data / "secret.key")
        waiting.result()
    assert "2, of which 1 encrypted with older lines" in said_of_webhooks(portal)[1]


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
