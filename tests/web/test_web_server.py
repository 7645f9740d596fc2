"""The server: where it listens, what it says when it cannot, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.errors import ConfigError
from hub.web import Server

PROGRAM = """
from starlette.responses import PlainTextResponse
from hub.web import Server
server = Server(port=0)
server.bind()
print(server.address, flush=True)
server.run(PlainTextResponse("here"))
print("ended", flush=True)
"""


def slow_app(begun: threading.Event) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        time.sleep(0.3)
        await PlainTextResponse("late")(scope, receive, send)

    return app


def test_port_zero_takes_a_free_one_on_this_machine_only() -> None:
    with Server(port=0).serving(PlainTextResponse("here")) as server:
        assert server.address == f"http://127.0.0.1:{server.port}"
        assert httpx.get(server.address, trust_env=False).text == "here"


def test_the_address_is_known_before_the_application_is_made() -> None:
    server = Server(port=0)
    server.bind()
    with server.serving(PlainTextResponse(server.address)):
        assert httpx.get(server.address, trust_env=False).text == server.address


def test_small_answers_on_a_kept_connection_do_not_wait_for_full_packets() -> None:
    with Server(port=0).serving(PlainTextResponse("here")) as server, httpx.Client(trust_env=False) as client:
        client.get(server.address)
        times = sorted(client.get(server.address).elapsed.total_seconds() for _ in range(9))
    assert times[4] < 0.03


def test_a_stopped_server_lets_go_of_its_port() -> None:
    with Server(port=0).serving(PlainTextResponse("one")) as first:
        port = first.port
    with Server(port=port).serving(PlainTextResponse("two")) as second:
        assert httpx.get(second.address, trust_env=False).text == "two"


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} of 127.0.0.1 is taken .* choose another port"):
            Server(port=port).start(PlainTextResponse(""))


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70000), ("no such host.example", 0)])
def test_an_address_that_cannot_be_had_is_refused_in_a_sentence(host: str, port: int) -> None:
    with pytest.raises(ConfigError, match=r"choose|listen on"):
        Server(host=host, port=port).bind()


def test_what_is_being_answered_is_finished_before_the_end() -> None:
    begun, texts = threading.Event(), list[str]()
    server = Server(port=0)
    server.start(slow_app(begun))
    asking = threading.Thread(target=lambda: texts.append(httpx.get(server.address, trust_env=False).text))
    asking.start()
    begun.wait(5)
    server.stop()
    asking.join(5)
    assert texts == ["late"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_server_in_the_main_thread_ends_cleanly_when_asked(sent: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, env=os.environ
    ) as running:
        assert running.stdout
        address = running.stdout.readline().strip()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                assert httpx.get(address, trust_env=False).text == "here"
                break
            except httpx.TransportError:
                time.sleep(0.05)
        running.send_signal(sent)
        assert running.stdout.read().strip() == "ended"
        assert running.wait(10) == 0
