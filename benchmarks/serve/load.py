"""A reader that asks for pages over connections it keeps, and notes how long each answer took."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What came: how many answers, their bytes, how long it all took, and the 50th and 99th of 100 answers.

    Seconds, except for the two last, which are milliseconds.
    """

    count: int
    bytes: int
    wall: float
    p50: float
    p99: float
    status: int


def ask(port: int, requests: Sequence[bytes]) -> Answers:
    """Send the requests one after the other over one connection, and read every answer to its end."""
    times: list[float] = []
    total, status = 0, 0
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for request in requests:
            start = time.perf_counter()
            line.sendall(request)
            status, length = _read(line)
            times.append(time.perf_counter() - start)
            total += length
        wall = time.perf_counter() - began
    cuts = quantiles(times, n=100)
    return Answers(len(times), total, wall, cuts[49] * 1000, cuts[98] * 1000, status)


def _read(line: socket.socket) -> tuple[int, int]:
    """Return the status of one answer and how many bytes its body has."""
    head = b""
    while b"\r\n\r\n" not in head:
        got = line.recv(CHUNK)
        if not got:
            raise ConnectionError(f"the server hung up after {head[:200]!r}")
        head += got
    fields, _, rest = head.partition(b"\r\n\r\n")
    status = int(fields.split(b" ", 2)[1])
    length = _length(fields) if status != 304 else 0
    have = len(rest)
    while have < length:
        have += len(line.recv(CHUNK))
    return status, length


def _length(fields: bytes) -> int:
    for field in fields.split(b"\r\n")[1:]:
        name, _, value = field.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError(f"the answer tells no length: {fields[:300]!r}")
