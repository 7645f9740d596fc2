"""One client at one task, measured from within: ``python -m benchmarks.asking CLIENT TASK PORT``."""

import hashlib
import json
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import httpx

from hub.archive import Archive
from hub.client import PartnerJob, Reach
from hub.client.keeping import Archive as AnyArchive

REQUESTS = 1000
Ask = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class _Entry:
    digest: str
    size: int


@dataclass
class _Writer:
    """Takes a body in and keeps it in memory, to tell the cost of the client from that of the archive."""

    archive: "Memory"
    parts: list[bytes] = field(default_factory=list)

    @property
    def entry(self) -> _Entry:
        return self.archive.put(b"".join(self.parts))

    def write(self, chunk: bytes) -> int:
        self.parts.append(chunk)
        return len(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Keep what was written."""


@dataclass
class Memory:
    """An archive that keeps the last body, neither hashed nor compressed."""

    body: bytes = b""

    def put(self, body: bytes) -> _Entry:
        """Keep it."""
        self.body = body
        return _Entry("0" * 64, len(body))

    def writer(self) -> _Writer:
        """Return what takes a body in."""
        return _Writer(self)

    def store_file(self, path: Path) -> _Entry:
        """Keep a file."""
        return self.put(path.read_bytes())

    def open(self, digest: str) -> IO[bytes]:  # noqa: ARG002
        """Return the last body as a stream."""
        return BytesIO(self.body)

    def read(self, digest: str) -> bytes:  # noqa: ARG002
        """Return the last body."""
        return self.body


@contextmanager
def bare(folder: Path) -> Iterator[Ask]:  # noqa: ARG001
    """Give bare httpx, as most adapters elsewhere use it."""
    with httpx.Client(trust_env=False, headers={"Accept-Encoding": "gzip"}, timeout=60) as client:
        yield lambda url: client.get(url).raise_for_status().content


@contextmanager
def _ours(folder: Path, archive: AnyArchive) -> Iterator[Ask]:
    with PartnerJob(archive, folder, reach=Reach(private=frozenset({"127.0.0.1"}))) as job:
        client = job.connect()
        yield lambda url: client.get(url).body


@contextmanager
def hub(folder: Path) -> Iterator[Ask]:
    """Give the client as a run has it: every body is hashed, compressed and kept."""
    with _ours(folder, Archive(folder / "archive")) as ask:
        yield ask


@contextmanager
def light(folder: Path) -> Iterator[Ask]:
    """Give the client without the archive."""
    with _ours(folder, Memory()) as ask:
        yield ask


CLIENTS = {"httpx": bare, "light": light, "hub": hub}


def _small(ask: Ask, address: str) -> int:
    return sum(len(ask(f"{address}/small/{number:04}")) for number in range(REQUESTS))


TASKS: dict[str, Callable[[Ask, str], int]] = {
    "small": _small,
    "large": lambda ask, address: len(ask(f"{address}/large")),
    "packed": lambda ask, address: len(ask(f"{address}/packed")),
}


def main(client: str, task: str, port: str) -> None:
    """Do the task once and print what it cost, start-up not counted."""
    logging.basicConfig(level=logging.WARNING)
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, CLIENTS[client](Path(folder)) as ask:
        ask(f"{address}/small/warm")
        hashlib.sha256(b"warm")
        floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu, wall = time.process_time(), time.perf_counter()
        size = TASKS[task](ask, address)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak * 1024, "rise": (peak - floor) * 1024, "bytes": size}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
