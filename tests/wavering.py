"""Partners whose lists change from visit to visit, in five forms, and a share of whose answers fails as they do.

What fails is decided by chance with a seed. `calm` ends both the changes and the faults, so that one can compare.
"""

import gzip
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

Way = Callable[[socket.socket, bytes], None]
"""Sends this body over a connection, or as much of it as it likes."""

SIZE = 60
PAGE = 25
FAULTY = 0.05
PATIENCE_SECONDS = 8.0
FORMS = ("csv", "csv.gz", "json", "pages", "ndjson.gz")
MAPPED = """
kind = "programme"
id = "nr"
fields = { "title.nl" = "naam", "organisation.name" = "wie" }
constants = { "programmeType" = "mentoring" }
"""
OPTIONS = {
    "csv": ("generic_csv", 'trailer = { starts = "EINDE", count = 2 }\n'),
    "csv.gz": ("generic_csv", ""),
    "json": ("generic_json", 'records = "lijst"\ntotal = "aantal"\n'),
    "pages": (
        "generic_json",
        f'records = "lijst"\ntotal = "aantal"\npaging = {{ style = "page", size = {PAGE}, first = 0 }}\n',
    ),
    "ndjson.gz": ("generic_json", 'paging = { style = "download", format = "ndjson" }\n'),
}


@dataclass
class Shelf:
    """What one partner lists: a version of each programme, by its number."""

    name: str
    form: str
    chance: random.Random
    versions: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(SIZE), 0))
    spoilt: int | None = None

    @property
    def titles(self) -> set[str]:
        """What the hub must publish."""
        return {title(self.name, number, version) for number, version in self.versions.items()}

    def change(self) -> None:
        """Edit two programmes, and now and then take one away and bring another."""
        for number in self.chance.sample(sorted(self.versions), 2):
            self.versions[number] += 1
        if self.chance.random() < 0.3:
            del self.versions[self.chance.choice(sorted(self.versions))]
            self.versions[max(self.versions) + 1] = 0

    def spoil(self, *, faulty: bool) -> None:
        """Let one programme come without its title, which the hub refuses; what it published of it stays."""
        self.spoilt = self.chance.choice(sorted(self.versions)) if faulty else None

    def rows(self) -> list[dict[str, str]]:
        """Return the list as the partner says it."""
        return [
            {
                "nr": f"{number}",
                "naam": "" if number == self.spoilt else title(self.name, number, version),
                "wie": "Voorbeeld vzw",
            }
            for number, version in self.versions.items()
        ]


def title(name: str, number: int, version: int) -> str:
    return f"Traject {name} {number}, versie {version}"


def as_csv(rows: list[dict[str, str]]) -> bytes:
    lines = [f'{row["nr"]};"{row["naam"]}";{row["wie"]}' for row in rows]
    return "\n".join(["nr;naam;wie", *lines, f"EINDE;{len(rows)}", ""]).encode()


def as_lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_page(rows: list[dict[str, str]], page: int | None) -> bytes:
    shown = rows if page is None else rows[page * PAGE : (page + 1) * PAGE]
    return json.dumps({"aantal": len(rows), "lijst": shown}).encode()


BODIES: dict[str, Callable[[list[dict[str, str]], int], bytes]] = {
    "csv": lambda rows, _: as_csv(rows),
    "csv.gz": lambda rows, _: gzip.compress(as_csv(rows)[: -len(f"EINDE;{len(rows)}\n")]),
    "json": lambda rows, _: as_page(rows, None),
    "pages": as_page,
    "ndjson.gz": lambda rows, _: gzip.compress(as_lines(rows)),
}


# How an answer fails --------------------------------------------------------------------------------------------


def whole(connection: socket.socket, body: bytes, status: str = "200 OK") -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode() + body)


def _fails(connection: socket.socket, _: bytes) -> None:
    whole(connection, b"sorry", "500 Internal Server Error")


def _is_cut(connection: socket.socket, body: bytes) -> None:
    """End in the middle, with a length that fits."""
    whole(connection, body[: len(body) // 2])


def breaks_off(connection: socket.socket, body: bytes) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])


def _is_reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _is_silent(connection: socket.socket, _: bytes) -> None:
    connection.settimeout(PATIENCE_SECONDS)
    with suppress(OSError):
        connection.recv(1)


def _drips(connection: socket.socket, body: bytes) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode())
    ends = time.monotonic() + PATIENCE_SECONDS
    for each in body:
        if time.monotonic() > ends:
            return
        connection.sendall(bytes([each]))
        time.sleep(0.2)


FAULTS = (_fails, _is_cut, breaks_off, _is_reset, _is_silent, _drips)


class Wavering:
    """All the partners, behind one address.

    Attributes:
        asked: how many answers were given.
        failed: how many of each fault.
    """

    def __init__(self, count: int, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.shelves = {
            f"bron{number:02}": Shelf(f"bron{number:02}", FORMS[number % len(FORMS)], random.Random(seed + number))
            for number in range(count)
        }
        self.calm = False
        self.asked = 0
        self.failed: dict[str, int] = {}

    def options(self, name: str, address: str) -> tuple[str, str]:
        """Return the adapter of a partner, and the options of its source."""
        adapter, more = OPTIONS[self.shelves[name].form]
        return adapter, f'url = "{address}/{name}"\n{more}{MAPPED}'

    def answer(self, name: str, page: int) -> tuple[bytes, Way]:
        """Return the body of an answer, and the way it is sent; a list changes before its first page."""
        with self._lock:
            self.asked += 1
            shelf = self.shelves[name]
            if not page and not self.calm and shelf.chance.random() < 0.5:
                shelf.change()
            if not page:
                shelf.spoil(faulty=not self.calm and self._chance.random() < FAULTY)
            faulty = not self.calm and self._chance.random() < FAULTY
            way = self._chance.choice(FAULTS) if faulty else whole
            if way is not whole:
                self.failed[way.__name__] = self.failed.get(way.__name__, 0) + 1
            return BODIES[shelf.form](shelf.rows(), page), way


class Answering(Protocol):
    """Whoever has an answer, by name and page: its body, and the way it is sent."""

    def answer(self, name: str, page: int, /) -> tuple[bytes, Way]: ...


@contextmanager
def listening(partners: Answering) -> Iterator[str]:
    """Serve the partners on a free port of 127.0.0.1, and give their address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            page = int(parse_qs(asked.query).get("page", ["0"])[0])
            body, way = partners.answer(asked.path.strip("/"), page)
            self.close_connection = True
            with suppress(OSError):
                way(self.connection, body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
