"""A partner over real sockets whose every byte the test decides, and a job that talks to it."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hub.archive import Archive
from hub.client import Exchange, Limits, PartnerJob, Reach

Script = Callable[["Call"], None]


@dataclass
class Call:
    """One request as the partner sees it, and the raw way to answer it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    write: Callable[[bytes], Any]
    port: int

    def head(self, status: int, *lines: str) -> None:
        self.write("\r\n".join([f"HTTP/1.1 {status} Said", "Connection: close", *lines, "", ""]).encode("latin-1"))

    def answer(self, status: int, body: bytes = b"", *lines: str) -> None:
        self.head(status, f"Content-Length: {len(body)}", *lines)
        self.write(body)

    def json(self, body: bytes) -> None:
        self.answer(200, body, "Content-Type: application/json")

    def gzipped(self, body: bytes, *lines: str) -> None:
        self.answer(200, gzip.compress(body), "Content-Encoding: gzip", *lines)


@dataclass
class Partner:
    """The partner: `script[path]` answers, `calls` remembers."""

    host: str
    script: dict[str, Script] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    keeps_open: bool = False

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def says(self, path: str, *turns: Script) -> str:
        """Answer a path with these scripts in turn, the last one from then on; return its address."""
        left = list(turns)
        lock = threading.Lock()

        def speak(call: Call) -> None:
            with lock:
                turn = left.pop(0) if len(left) > 1 else left[0]
            turn(call)

        self.script[path] = speak
        return self.address + path

    def asked(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]


def serve_partner() -> Iterator[Partner]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, path, query, headers, body, self.wfile.write, self.client_address[1])
            served.calls.append(call)
            self.close_connection = not served.keeps_open
            with suppress(OSError):  # the client hung up, as it should where an answer has no end
                served.script[path](call)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Partner(f"127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def partner() -> Iterator[Partner]:
    yield from serve_partner()


@pytest.fixture
def stranger() -> Iterator[Partner]:
    """Another host."""
    yield from serve_partner()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@dataclass
class Desk:
    """Makes jobs, and remembers what they told and how long they wished to sleep."""

    archive: Archive
    folder: Path
    exchanges: list[Exchange] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    progress: list[tuple[int, int | None]] = field(default_factory=list)
    jobs: list[PartnerJob] = field(default_factory=list)

    def job(self, limits: Limits | None = None, **more: Any) -> PartnerJob:
        more.setdefault("sleep", self.slept.append)
        more.setdefault("reach", Reach(private=frozenset({"127.0.0.1", "localhost"})))
        job = PartnerJob(
            self.archive,
            self.folder,
            limits=limits or Limits(request_seconds=5),
            record=self.exchanges.append,
            report=lambda done, total: self.progress.append((done, total)),
            **more,
        )
        self.jobs.append(job)
        return job


@pytest.fixture
def desk(archive: Archive, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(archive, tmp_path)
    yield desk
    for job in desk.jobs:
        job.close()
