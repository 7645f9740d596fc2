"""A partner with every fault there is, over raw sockets: ``python faulty_partner.py CERTIFICATE`` says its ports.

A process of its own, so that what it costs is not counted as ours. Nothing it does goes on for longer than LASTS
seconds, so that a client without bounds comes to an end too.
"""

import gzip
import socket
import ssl
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

import zstandard

LASTS = 5.5
ENDLESS_MEGABYTES = 400
MEGABYTE = 1_000_000
BOMB_MEGABYTES = 512
LINES = b"".join(b'{"id": %d, "titel": "verkoper", "plaats": "Gent"},\n' % number for number in range(20_000))
PACKED = gzip.compress(LINES)

Fault = Callable[[socket.socket], None]
FAULTS: dict[str, Fault] = {}


def fault(answer: Fault) -> Fault:
    FAULTS[answer.__name__] = answer
    return answer


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode("latin-1")


def whole(connection: socket.socket, body: bytes, *lines: str, status: str = "200 OK") -> None:
    connection.sendall(head(f"Content-Length: {len(body)}", *lines, status=status) + body)


def ticks(pause: float) -> Iterator[None]:
    ends = time.monotonic() + LASTS
    while time.monotonic() < ends:
        yield
        time.sleep(pause)


def says(status: str, *lines: str) -> Fault:
    return lambda connection: whole(connection, b"sorry", *lines, status=status)


def moves(location: str) -> Fault:
    return lambda connection: whole(connection, b"", f"Location: {location}", status="302 Found")


def codes(coding: str, body: Callable[[], bytes]) -> Fault:
    return lambda connection: whole(connection, body(), f"Content-Encoding: {coding}")


def sends(body: bytes, *lines: str) -> Fault:
    return lambda connection: whole(connection, body, *lines)


# Time ---------------------------------------------------------------------------------------------------------


@fault
def silent(connection: socket.socket) -> None:
    time.sleep(LASTS)


@fault
def drips_its_body(connection: socket.socket) -> None:
    connection.sendall(head("Content-Length: 1000"))
    for _ in ticks(0.1):
        connection.sendall(b"7")


@fault
def drips_its_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in ticks(0.1):
        connection.sendall(b"a")


@fault
def stops_in_its_body(connection: socket.socket) -> None:
    connection.sendall(head("Content-Length: 1000") + b"half")
    time.sleep(LASTS)


@fault
def endless_interim_answers(connection: socket.socket) -> None:
    for _ in ticks(0.01):
        connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" * 20)


@fault
def endless_chunk_extension(connection: socket.socket) -> None:
    connection.sendall(head("Transfer-Encoding: chunked") + b"5;a=")
    for _ in ticks(0.01):
        connection.sendall(b"x" * 100)


@fault
def endless_chunks_of_one_byte(connection: socket.socket) -> None:
    connection.sendall(head("Transfer-Encoding: chunked"))
    for _ in ticks(0.05):
        connection.sendall(b"1\r\nx\r\n")


@fault
def endless_trailers(connection: socket.socket) -> None:
    connection.sendall(head("Transfer-Encoding: chunked") + b"2\r\n[]\r\n0\r\n")
    for number, _ in enumerate(ticks(0.01)):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"a" * 500))


# Size ---------------------------------------------------------------------------------------------------------


@fault
def endless_body(connection: socket.socket) -> None:
    connection.sendall(head("Content-Type: application/json"))
    for _ in range(ENDLESS_MEGABYTES):
        connection.sendall(b"x" * MEGABYTE)


@fault
def endless_chunks(connection: socket.socket) -> None:
    connection.sendall(head("Transfer-Encoding: chunked"))
    for _ in range(ENDLESS_MEGABYTES):
        connection.sendall(b"%x\r\n%s\r\n" % (MEGABYTE, b"x" * MEGABYTE))


@fault
def announces_a_terabyte(connection: socket.socket) -> None:
    connection.sendall(head("Content-Length: 1000000000000"))
    time.sleep(LASTS)


@fault
def many_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(200_000):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"a" * 900))


@fault
def one_endless_header(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(ENDLESS_MEGABYTES):
        connection.sendall(b"a" * MEGABYTE)


@cache
def gzip_bomb() -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    return b"".join(squeeze.compress(bytes(MEGABYTE)) for _ in range(BOMB_MEGABYTES)) + squeeze.flush()


@cache
def zstd_bomb() -> bytes:
    squeeze = zstandard.ZstdCompressor().compressobj()
    return b"".join(squeeze.compress(bytes(MEGABYTE)) for _ in range(BOMB_MEGABYTES)) + squeeze.flush()


def chained() -> bytes:
    body = bytes(100 * MEGABYTE)
    for _ in range(6):
        body = gzip.compress(body, 1)
    return body


FAULTS["gzip_bomb"] = codes("gzip", gzip_bomb)
FAULTS["zstd_bomb"] = codes("zstd", zstd_bomb)
FAULTS["brotli"] = codes("br", lambda: bytes(500_000))
FAULTS["six_chained_encodings"] = codes(", ".join(["gzip"] * 6), chained)

# Ends ---------------------------------------------------------------------------------------------------------


@fault
def cut_by_length(connection: socket.socket) -> None:
    connection.sendall(head(f"Content-Length: {len(LINES)}") + LINES[:50_000])


@fault
def cut_in_chunks(connection: socket.socket) -> None:
    connection.sendall(head("Transfer-Encoding: chunked") + b"c350\r\n" + LINES[:50_000] + b"\r\n")


@fault
def cut_json_until_closed(connection: socket.socket) -> None:
    connection.sendall(head("Content-Type: application/json") + b"[" + LINES[:50_000])


@fault
def cut_gzip_until_closed(connection: socket.socket) -> None:
    connection.sendall(head("Content-Encoding: gzip") + PACKED[: len(PACKED) // 2])


@fault
def file_until_closed(connection: socket.socket) -> None:
    connection.sendall(head("Content-Type: text/csv") + LINES[:50_000])


@fault
def reset_in_its_body(connection: socket.socket) -> None:
    connection.sendall(head(f"Content-Length: {len(LINES)}") + LINES[:50_000])
    time.sleep(0.05)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@fault
def reset_at_once(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@fault
def two_lengths(connection: socket.socket) -> None:
    connection.sendall(head("Content-Length: 2", "Content-Length: 200") + b"[]")


@fault
def no_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP ready\r\n")


FAULTS["cut_gzip"] = codes("gzip", lambda: PACKED[: len(PACKED) // 2])
FAULTS["broken_gzip"] = codes("gzip", lambda: PACKED[:2000] + bytes(200) + PACKED[2200:])


@fault
def asks_to_wait_until(connection: socket.socket) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    says("429 Slow", f"Retry-After: {moment}")(connection)


# Words --------------------------------------------------------------------------------------------------------

FAULTS["redirect_loop"] = moves("/redirect_loop")
FAULTS["redirect_to_a_file"] = moves("file:///etc/passwd")
FAULTS["redirect_to_loopback"] = moves("http://127.0.0.1:{other}/secret")
FAULTS["page_for_json"] = sends(b"<!doctype html><title>Onderhoud</title>", "Content-Type: text/html")
FAULTS["wrong_charset"] = sends('["Li\u00e8ge"]'.encode("latin-1"), "Content-Type: application/json; charset=utf-8")
FAULTS["empty_body"] = sends(b"", "Content-Type: application/json")
FAULTS["deep_json"] = sends(b"[" * 100_000 + b"]" * 100_000, "Content-Type: application/json")
FAULTS["asks_to_wait_seconds"] = says("429 Slow", "Retry-After: 1")
FAULTS["asks_to_wait_for_decades"] = says("429 Slow", "Retry-After: 1000000000")
FAULTS["out_of_order"] = says("503 Out")
FAULTS["wants_other_credentials"] = says("401 No")
FAULTS["secret"] = sends(b'"the secret of this machine"')


def answer(connection: socket.socket, other: int) -> None:
    """Answer one request."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(65536) or b"\r\n\r\n"
    name = request.split(b" ", 2)[1].decode("ascii", "replace").strip("/") if b" " in request else "silent"
    if name == "redirect_to_loopback":
        moves(f"http://127.0.0.1:{other}/secret")(connection)
    elif name in FAULTS:
        FAULTS[name](connection)
    else:
        whole(connection, b"[]")


def serve(server: socket.socket, other: int, context: ssl.SSLContext | None = None) -> None:
    """Answer everyone who calls, each in a thread."""

    def attend(plain: socket.socket) -> None:
        with suppress(OSError):
            if context is None:
                with plain:
                    answer(plain, other)
            else:
                with context.wrap_socket(plain, server_side=True) as connection:
                    answer(connection, other)

    while True:
        threading.Thread(target=attend, args=(server.accept()[0],), daemon=True).start()


def hold(server: socket.socket) -> None:
    """Accept, and never shake hands."""
    held = []
    while True:
        held.append(server.accept()[0])


def main(certificate: str) -> None:
    """Serve until standard input closes."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    plain, inside, secure, mute = (socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(4))
    other = inside.getsockname()[1]
    work: list[tuple[Callable[..., None], tuple[object, ...]]] = [
        (serve, (plain, other)),
        (serve, (inside, other)),
        (serve, (secure, other, context)),
        (hold, (mute,)),
    ]
    for target, given in work:
        threading.Thread(target=target, args=given, daemon=True).start()
    gzip_bomb()
    zstd_bomb()
    print(*(server.getsockname()[1] for server in (plain, secure, mute)), flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
