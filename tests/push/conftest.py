"""Hubs that send webhooks, a portal that manages its own over HTTP, and receivers on real sockets."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from small_hub import Folder
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.app.hub import Hub
from hub.app.publishing import site
from hub.app.pushing import Pusher
from hub.store import push
from hub.testing import serve
from hub.web import Server, app

PATIENCE = 15.0


def until(true: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Wait until something holds, and return it."""
    ends = time.monotonic() + patience
    while not (found := true()):
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.01)
    return found


@dataclass
class Call:
    """One webhook as it came, and by how many of the known secrets it verifies."""

    path: str
    headers: dict[str, str]
    body: bytes
    verified: int

    @property
    def said(self) -> Any:
        return orjson.loads(self.body)

    @property
    def type(self) -> str:
        return str(self.said["type"])


@dataclass
class Receiver:
    """A portal's endpoint: verifies, remembers, echoes challenges, and answers as told, or else with 204."""

    echoes: bool = True
    secrets: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    answers: deque[Response] = field(default_factory=deque)
    address: str = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._take, methods=["POST", "GET"])])

    def of(self, kind: str) -> list[Call]:
        return [call for call in self.calls if call.type == kind]

    @property
    def hints(self) -> list[Call]:
        return self.of(push.FEED_ADVANCED)

    @property
    def positions(self) -> list[int]:
        return [call.said["data"]["position"] for call in self.hints]

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        headers = dict(request.headers)
        verified = sum(_verifies(secret, body, headers) for secret in self.secrets)
        self.calls.append(Call(request.url.path, headers, body, verified))
        if self.echoes and self.calls[-1].type == push.ENDPOINT_VERIFY:
            return Response(self.calls[-1].said["data"]["challenge"])
        return self.answers.popleft() if self.answers else Response(status_code=204)


def _verifies(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


@contextmanager
def receiving(**more: Any) -> Iterator[Receiver]:
    receiver = Receiver(**more)
    with serve(receiver.app()) as receiver.address:
        yield receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


class Clock:
    """The clock of this machine, which a test may put forward."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Portal:
    """A hub that sends webhooks, with its web server; what it is asked is asked over HTTP."""

    hub: Hub
    client: httpx.Client
    clock: Clock

    def register(self, address: str, *, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        answer = self.client.post("/subscribers", json={"url": address, **more}, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def follow(self, receiver: Receiver, **more: Any) -> dict[str, Any]:
        """Register, prove the address, and see the first hint come."""
        made = self.register(f"{receiver.address}/hooks", **more)
        receiver.secrets.append(made["secret"])
        before = len(receiver.hints)
        assert self.ask(made, "POST", "/verify").status_code == 202
        until(lambda: self.see(made)["state"] == "active")
        if "feed.advanced" in made["events"]:
            until(lambda: len(receiver.hints) > before)
        return made

    def ask(self, made: dict[str, Any], method: str, path: str = "", **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {made['token']}", **more.pop("headers", {})}
        return self.client.request(method, f"/subscribers/{made['id']}{path}", headers=headers, **more)

    def see(self, made: dict[str, Any]) -> Any:
        return self.ask(made, "GET").json()

    def deliveries(self, made: dict[str, Any]) -> list[dict[str, Any]]:
        return self.ask(made, "GET", "/deliveries").json()["deliveries"]  # type: ignore[no-any-return]

    def announce(self, position: int, view: str = "all") -> None:
        with self.hub.database.write() as connection:
            push.announce(connection, {view: position}, push_now())


def push_now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@contextmanager
def sending(hub: Hub, clock: Clock | None = None, **more: Any) -> Iterator[Pusher]:
    pusher = Pusher(hub, clock=clock or Clock(), **more)
    pusher.start()
    try:
        yield pusher
    finally:
        pusher.stop()


def sending_folder(path: Path) -> Folder:
    """Return the configuration of a hub that may send to this machine."""
    made = Folder(path)
    file = made.path / "hub.toml"
    file.write_text(file.read_text() + '[push]\nprivate_hosts = ["127.0.0.1"]\n')
    return made


@contextmanager
def opened(folder: Folder, **more: Any) -> Iterator[Portal]:
    clock = Clock()
    with (
        Hub.open(folder.path) as hub,
        Server(port=0).serving(app(site(hub))) as server,
        httpx.Client(base_url=server.address, trust_env=False) as client,
        sending(hub, clock, **more),
    ):
        yield Portal(hub, client, clock)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return sending_folder(tmp_path)


@pytest.fixture
def open_portal(folder: Folder) -> Iterator[Callable[..., Portal]]:
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(opened(folder, **more))


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all tests that are refused."""
    with opened(sending_folder(tmp_path_factory.mktemp("lasting"))) as portal:
        yield portal


@pytest.fixture
def portal(open_portal: Callable[..., Portal]) -> Portal:
    return open_portal()


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Return all that is logged, from the smallest thing on."""
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text
