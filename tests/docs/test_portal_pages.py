"""The code for portals in the how-tos keeps what the hub holds: from the start, on and on, and after any trouble."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from schakel_client.testing import StandIn, failing, send

from hub.formats.columns import FLAT_COLUMNS
from hub.formats.jobs import Jobs
from hub.formats.table import Csv

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)
_RUNS = re.compile(r"<!-- runs -->\n```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Follower:
    """A follower of a page: the programs it needs, the command to run it, and what it holds."""

    name: str
    needs: tuple[str, ...]
    command: Callable[[Path, str], list[str]]
    held: Callable[[Path], dict[str, Any]]


def written(folder: Path, page: str) -> str:
    """Write the file of a page, and return its path."""
    ((name, text),) = _FILE.findall((HOW_TO / page).read_text("utf-8"))
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def python(folder: Path, feed: str, number: int) -> list[str]:
    code = _RUNS.findall((HOW_TO / "follow-with-python.md").read_text("utf-8"))[number]
    (folder / "follow.py").write_text(code.replace("http://127.0.0.1:8000/feeds/all", feed), "utf-8")
    return [sys.executable, "follow.py"]


def rows(folder: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(folder / "portal.sqlite")) as connection:
        return {name: json.loads(data) for name, data in connection.execute("SELECT id, data FROM job")}


def files(folder: Path) -> dict[str, Any]:
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    return {name: {key: value for key, value in data.items() if key != "reading"} for name, data in found.items()}


FOLLOWERS = (
    Follower("python, sqlite", (), lambda folder, feed: python(folder, feed, 0), rows),
    Follower("python, files", (), lambda folder, feed: python(folder, feed, 1), lambda folder: files(folder / "jobs")),
    Follower(
        "curl",
        ("curl", "jq"),
        lambda folder, feed: ["sh", written(folder, "follow-with-curl-and-jq.md"), feed, str(folder / "kept")],
        lambda folder: files(folder / "kept/data"),
    ),
    Follower("php", ("php",), lambda folder, feed: ["php", written(folder, "follow-with-php.md"), feed], rows),
)


@pytest.fixture(params=FOLLOWERS, ids=lambda follower: follower.name)
def follower(request: pytest.FixtureRequest) -> Follower:
    found: Follower = request.param
    missing = [program for program in found.needs if not shutil.which(program)]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
    return found


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with StandIn(limit=3) as hub:
        for number in range(8):
            hub.put(f"v-{number}", data(f'Lasser "{number}"\\n\té\u2028 %s $x'))
        hub.end("v-5")
        yield hub


def data(title: str) -> dict[str, Any]:
    return {"title": {"nl": title}, "pay": {"min": 2100.5}, "empty": {}, "places": [{"municipality": "Gent"}]}


def run(follower: Follower, folder: Path, hub: StandIn) -> subprocess.CompletedProcess[str]:
    command = follower.command(folder, hub.feed)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_follower_holds_what_the_hub_holds_and_says_how_much(
    follower: Follower, tmp_path: Path, hub: StandIn
) -> None:
    assert run(follower, tmp_path, hub).stdout.split() == ["7", "opportunities"]
    assert follower.held(tmp_path) == hub.held
    hub.put("v-1", data("anders"))
    hub.end("v-2")
    hub.put("v-9", data("nieuw"))
    ended = run(follower, tmp_path, hub)
    assert (ended.returncode, ended.stderr, ended.stdout.split()) == (0, "", ["7", "opportunities"])
    assert follower.held(tmp_path) == hub.held


def test_a_follower_that_was_away_too_long_drops_what_has_gone(
    follower: Follower, tmp_path: Path, hub: StandIn
) -> None:
    run(follower, tmp_path, hub)
    hub.end("v-0")
    hub.end("v-7")
    hub.forget()
    hub.put("v-8", data("nieuw"))
    assert run(follower, tmp_path, hub).stdout.split() == ["6", "opportunities"]
    assert follower.held(tmp_path) == hub.held
    assert run(follower, tmp_path, hub).stdout.split() == ["6", "opportunities"]


def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    handler.send_response(200)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def elsewhere(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    page = {**json.loads(body), "next": "http://evil.example/feeds/all?afterChangeNumber=3"}
    send(handler, 200, json.dumps(page).encode(), {})


def html(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    send(handler, 200, b"<html>Onderhoud</html>", {})


FAULTS = {"cut": cut, "html": html, "elsewhere": elsewhere, "503": failing(503, retry_after="1"), "404": failing(404)}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_follower_that_meets_trouble_loses_nothing(
    follower: Follower, tmp_path: Path, hub: StandIn, fault: str
) -> None:
    hub.faults.extend([lambda handler, body: send(handler, 200, body, {}), FAULTS[fault]])
    run(follower, tmp_path, hub)
    hub.put("v-0", data("anders"))
    assert run(follower, tmp_path, hub).returncode == 0
    assert follower.held(tmp_path) == hub.held


def test_the_files_that_the_pages_name_are_written() -> None:
    text = "".join(path.read_text("utf-8") for path in HOW_TO.glob("follow-*.md"))
    named = set(re.findall(r"/views/[^/\s`]+/([\w.]+)", text))
    assert named == {Jobs.file, Csv.file}
    assert FLAT_COLUMNS[0].name == "id"


def test_the_php_on_the_page_is_about_as_long_as_it_says() -> None:
    ((_, text),) = _FILE.findall((HOW_TO / "follow-with-php.md").read_text("utf-8"))
    assert 55 <= len([line for line in text.splitlines() if line.strip()]) <= 70
