"""A hub in a thread, for tests of what follows one: loopback only, and as quick to fail as you tell it to be."""

import gzip
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

from schakel_client.fetching import RESTART

_PATH = "/feeds/all"
_PATIENCE_SECONDS = 5.0

Fault = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Answers a request in place of the hub, which would have answered these bytes."""


class StandIn:
    """A hub of invented opportunities: change it with `put`, `end` and `forget`, and follow it at `feed`."""

    def __init__(self, *, limit: int = 500, events: bool = True) -> None:
        """Start empty, with this many items a page where the reader names no limit."""
        self.limit = limit
        self.events = events
        self.head = 0
        self.horizon = 0
        """Change number up to which tombstones are forgotten."""
        self.faults: deque[Fault] = deque()
        """How the next requests fail, the first one first."""
        self.asked: list[tuple[str, Mapping[str, str], int]] = []
        """Path, headers and status of every request so far."""
        self._items: dict[str, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """The address of the hub, such as ``http://127.0.0.1:41234``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return f"{self.address}{_PATH}"

    @property
    def held(self) -> dict[str, Any]:
        """What a follower should hold: the data of every opportunity by its id."""
        with self._changed:
            return {name: item["data"] for name, item in self._items.items() if item["state"] == "updated"}

    def put(self, name: str, data: Mapping[str, Any], kind: str = "vacancy") -> None:
        """Publish an opportunity, or a new version of one."""
        self._append({"state": "updated", "kind": kind, "id": name, "data": dict(data)})

    def end(self, name: str, reason: str = "withdrawn") -> None:
        """Leave a tombstone in place of an opportunity."""
        with self._changed:
            kind = self._items[name]["kind"]
        self._append({"state": "deleted", "kind": kind, "id": name, "reason": reason})

    def forget(self) -> None:
        """Forget all tombstones, as a hub does with those that are old."""
        with self._changed:
            gone = [name for name, item in self._items.items() if item["state"] == "deleted"]
            self.horizon = max((self._items.pop(name)["modified"] for name in gone), default=self.horizon)

    def page(self, query: str) -> bytes:
        """Return the page for a query string."""
        asked = parse_qs(query)
        after, limit = int(asked.get("afterChangeNumber", ["0"])[0]), int(asked.get("limit", [str(self.limit)])[0])
        with self._changed:
            items = [item for item in self._items.values() if item["modified"] > after][:limit]
        onward = f"{self.feed}?{query}" if query else self.feed
        if items:
            kept = f"&limit={limit}" if "limit" in asked else ""
            onward = f"{self.feed}?afterChangeNumber={items[-1]['modified']}{kept}"
        return json.dumps({"next": onward, "items": items, "license": "https://example.org/licence"}).encode()

    def wait(self, after: int) -> int:
        """Return the last change number once it is above this one, or after a while, or at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self.head > after or self._closing, _PATIENCE_SECONDS)
            return 0 if self._closing else self.head

    def close(self) -> None:
        """Stop answering."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, item: dict[str, Any]) -> None:
        with self._changed:
            self.head += 1
            self._items.pop(item["id"], None)
            self._items[item["id"]] = {**item, "modified": self.head}
            self._changed.notify_all()


def failing(status: int, **headers: str) -> Fault:
    """Return a fault: an answer of this status, with headers such as ``retry_after="2"``."""

    def fail(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send(handler, status, b"<html>Sorry</html>", {"content-type": "text/html", **named})

    return fail


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    for name, value in {**headers, "content-length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _handler(hub: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:  # the name that the library wants
            path, _, query = self.path.partition("?")
            if path == f"{_PATH}/events" and hub.events:
                _stream(hub, self)
            elif path != _PATH:
                send(self, 404, b"{}", {"content-type": "application/problem+json"})
            elif hub.faults:
                hub.faults.popleft()(self, hub.page(query))
            else:
                _answer(hub, self, query)

        def log_request(self, code: object = "-", _size: object = "-") -> None:
            hub.asked.append((self.path, dict(self.headers), int(str(code)) if str(code).isdecimal() else 0))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _answer(hub: StandIn, handler: BaseHTTPRequestHandler, query: str) -> None:
    body = hub.page(query)
    headers = {"content-type": "application/json", "etag": f'"{sha256(body).hexdigest()[:16]}"'}
    if 0 < int(parse_qs(query).get("afterChangeNumber", ["0"])[0]) < hub.horizon:
        headers["link"] = f'<{hub.feed}>; rel="{RESTART}"'
    if handler.headers.get("if-none-match") == headers["etag"]:
        send(handler, 304, b"", headers)
    elif "gzip" in (handler.headers.get("accept-encoding") or ""):
        send(handler, 200, gzip.compress(body, 1), {**headers, "content-encoding": "gzip"})
    else:
        send(handler, 200, body, headers)


def _stream(hub: StandIn, handler: BaseHTTPRequestHandler) -> None:
    after = int(handler.headers.get("last-event-id") or 0)
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("connection", "close")
    handler.end_headers()
    try:
        handler.wfile.write(b": welcome\n\n")
        while after < (after := max(hub.wait(after), after)):
            handler.wfile.write(b"id: %d\nevent: feed.advanced\ndata: {}\n\n" % after)
    except OSError:
        pass  # the reader left
    handler.close_connection = True
