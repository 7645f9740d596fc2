"""The pages on webhooks: their commands and their endpoint work, against a hub that serves."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from push.conftest import Portal, folder, open_portal, portal, until
from schakel_client import verify

from hub.push import EVENTS, body, headers, new_secret

__all__ = ["folder", "open_portal", "portal"]

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = DOCS / "how-to/receive-webhooks.md"
_FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


@contextmanager
def endpoint(folder: Path, secrets: str, port: int) -> Iterator[Callable[[], list[str]]]:
    """Run the endpoint of the page, and give what returns the lines it printed."""
    ((name, code),) = _FILE.findall(HOW_TO.read_text("utf-8"))
    (folder / name).write_text(code, "utf-8")
    printed = folder / "printed.txt"
    environment = {**os.environ, "WEBHOOK_SECRETS": secrets, "PORT": str(port)}
    with printed.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, name], cwd=folder, env=environment, stdout=out, stderr=subprocess.PIPE, text=True
        )
    assert process.stderr is not None
    try:
        assert "listening" in process.stderr.readline()
        yield lambda: printed.read_text().splitlines()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def shell(command: str, portal: Portal, address: str, **known: str) -> Any:
    """Run a command of the page as it stands, but for the addresses."""
    said = command.replace("https://hub.example.org", str(portal.client.base_url).rstrip("/"))
    said = said.replace("https://portal.example.org/hooks", address)
    ended = subprocess.run(
        ["sh", "-c", said], capture_output=True, text=True, env={**os.environ, **known}, timeout=30, check=True
    )
    return orjson.loads(ended.stdout)


def free_port() -> int:

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_the_commands_and_the_endpoint_of_the_page_work(portal: Portal, tmp_path: Path) -> None:
    register, prove, see, deliveries, rotate = _COMMANDS.findall(HOW_TO.read_text("utf-8"))
    port = free_port()
    address = f"http://127.0.0.1:{port}/hooks"
    made = shell(register, portal, address)
    known = {"ID": made["id"], "TOKEN": made["token"]}
    with endpoint(tmp_path, made["secret"], port) as printed:
        assert shell(prove, portal, address, **known)["state"] == "pending"
        until(lambda: printed() == ["read all up to 0"])
        assert shell(see, portal, address, **known)["state"] == "active"
        assert shell(rotate, portal, address, **known)["secret"].startswith("whsec_")
        portal.announce(7)
        until(lambda: printed() == ["read all up to 0", "read all up to 7"])
        sent = until(lambda: shell(deliveries, portal, address, **known)["deliveries"])
        assert [each["event"]["type"] for each in sent] == ["feed.advanced", "feed.advanced", "endpoint.verify"]


def test_the_endpoint_of_the_page_refuses_what_is_not_from_the_hub(portal: Portal, tmp_path: Path) -> None:
    port = free_port()
    with endpoint(tmp_path, new_secret(), port) as printed:
        made = portal.register(f"http://127.0.0.1:{port}/hooks")
        portal.ask(made, "POST", "/verify")
        tried = until(lambda: portal.deliveries(made)[0]["attempts"])
        assert (tried[0]["status"], printed()) == (400, [])


def test_our_own_client_verifies_what_the_hub_signs() -> None:
    secret, said = new_secret(), body("feed.advanced", "2026-11-22T18:00:00Z", {"view": "all", "position": 7})
    moment = int(time.time())
    event = verify(said, headers([secret], "msg_1", moment, said), [secret])
    assert (event.type, event.data) == ("feed.advanced", {"view": "all", "position": 7})


def test_every_address_and_every_type_stands_on_the_page(portal: Portal) -> None:
    page = (DOCS / "reference/webhooks.md").read_text("utf-8").replace("<id>", "{identifier}")
    page = page.replace("<number>", "{number}")
    paths = portal.client.get("/openapi.json").json()["paths"]
    there = {f"{method.upper()} {path}" for path, item in paths.items() if "/subscribers" in path for method in item}
    assert [address for address in there if f"`{address}`" not in page] == []
    assert all(f"`{kind}`" in page for kind in EVENTS)


@pytest.mark.parametrize("kind", EVENTS)
def test_a_body_is_as_the_page_says(kind: str) -> None:
    said = orjson.loads(body(kind, "2026-11-22T18:00:00Z", {}))
    assert list(said) == ["type", "timestamp", "data"]
