"""`hub feed follow` as whoever looks at a feed meets it, over real sockets."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commanding import Done, hub
from schakel_client.testing import StandIn, failing, send

HUB = str(Path(sys.executable).parent / "hub")
ENVIRONMENT = {**{name: value for name, value in os.environ.items() if not name.startswith("HUB_")}, "COLUMNS": "200"}


@pytest.fixture
def feed() -> Iterator[StandIn]:
    with StandIn(limit=2) as hub:
        for number in range(5):
            hub.put(f"v{number}", {"title": {"nl": f"Lasser {number}"}})
        hub.end("v2", reason="expired")
        yield hub


def follow(*arguments: str, **environment: str) -> Done:
    return hub("feed", "follow", *arguments, environment=environment)


def test_a_line_a_change_and_how_to_go_on(feed: StandIn) -> None:
    told = follow("--once", feed.feed)
    assert told.returncode == 0
    assert [line.split()[:2] for line in told.stdout.splitlines()] == [
        ["1", "updated"],
        ["2", "updated"],
        ["4", "updated"],
        ["5", "updated"],
        ["6", "deleted"],
    ]
    assert told.stderr == f"Continue later with: hub feed follow '{feed.feed}?afterChangeNumber=6'\n"


def test_items_as_they_came_behind_a_change_number(feed: StandIn) -> None:
    told = follow("--once", "--json", "--after", "4", feed.feed, HUB_FEED_KEY="schakel_x")
    assert [json.loads(line)["modified"] for line in told.stdout.splitlines()] == [5, 6]
    assert feed.asked[0][1]["authorization"] == "Bearer schakel_x"


def test_what_another_hub_writes_is_shown_and_not_obeyed(feed: StandIn) -> None:
    feed.put("v7", {"title": "\x1b[2J\x1b]0;owned\x07Lasser \u202eresral"})
    told = follow("--once", "--after", "6", f"{feed.feed}?limit=3")
    assert (told.returncode, "Lasser" in told.stdout) == (0, True)
    assert not set("\x1b\x07\u202e") & set(told.stdout + told.stderr)


@pytest.fixture
def heeding() -> Iterator[None]:
    """Let what is started heed Ctrl-C, also where the tests run in the background of a shell, which makes it deaf."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding")
def test_what_comes_later_is_shown_when_it_comes(feed: StandIn) -> None:
    command = [HUB, "feed", "follow", "--json", feed.feed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as one:
        assert one.stdout
        seen = [json.loads(one.stdout.readline())["modified"] for _ in range(5)]
        feed.put("late", {})
        seen.append(json.loads(one.stdout.readline())["modified"])
        one.send_signal(signal.SIGINT)
        try:
            _, said = one.communicate(timeout=30)
        finally:
            one.kill()
    assert seen == [1, 2, 4, 5, 6, 7]
    assert said.startswith("Continue later with: hub feed follow")


@pytest.mark.parametrize(
    ("page", "sentence"), [(b"[]", "not a JSON object"), (b"<html>", "what is not JSON")], ids=["list", "page"]
)
def test_what_breaks_a_rule_ends_it_at_once(feed: StandIn, page: bytes, sentence: str) -> None:
    feed.faults.append(lambda handler, _: send(handler, 200, page, {}))
    told = follow(feed.feed)
    assert told.returncode == 1
    assert sentence in told.stderr


def test_a_refusal_ends_it_with_what_was_said(feed: StandIn) -> None:
    feed.faults.append(failing(401))
    told = follow(feed.feed)
    assert (told.returncode, told.stdout) == (1, "")
    assert "is the key right" in told.stderr
