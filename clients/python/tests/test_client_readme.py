"""The code of the README runs, and does what is said beside it."""

import base64
import hmac
import re
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from schakel_client.testing import StandIn

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def code(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_the_example_keeps_what_the_hub_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with StandIn(limit=2) as hub:
        example = compile(code("runs").replace("http://127.0.0.1:8000", hub.address), "README.md", "exec")
        for number in range(5):
            hub.put(str(number), {})
        exec(example)
        hub.end("3")
        hub.end("4")
        exec(example)
        hub.end("2")
        hub.forget()
        exec(example)
    assert capsys.readouterr().out == "5 opportunities\n3 opportunities\n2 opportunities\n"


def test_the_endpoint_takes_what_is_signed(capsys: pytest.CaptureFixture[str]) -> None:
    made: dict[str, Any] = {}
    exec(compile(code("verifies"), "README.md", "exec"), made)
    body, sent = b'{"type":"feed.advanced","data":{"position":7}}', str(int(time.time()))
    key = base64.b64decode("b2xkLXNlY3JldC1vZi0yNC1ieXRlcy4u")
    signed = base64.b64encode(hmac.new(key, f"m.{sent}.".encode() + body, sha256).digest()).decode()
    headers = {"webhook-id": "m", "webhook-timestamp": sent, "webhook-signature": f"v1,{signed}"}
    assert made["receive"](body, headers) == 204
    assert capsys.readouterr().out == "feed.advanced 7\n"
    assert made["receive"](body + b" ", headers) == 400
