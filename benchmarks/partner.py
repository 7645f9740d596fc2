"""A partner on loopback that answers as fast as it can: ``python -m benchmarks.partner`` says its port.

It serves ``/small/N``, JSON of 1 kB, no two the same, and one body of 200 MB as ``/large`` and, packed, ``/packed``.
"""

import asyncio
import gzip
import random
import sys

LARGE_BYTES = 200_000_000
FILLER = "verkoper m/v/x in een winkel te Gent, voltijds, met begeleiding op de werkvloer; "


def _large() -> bytes:
    """Return lines of JSON, about as compressible as real vacancies."""
    draw = random.Random(1)  # noqa: S311 - the same bytes each time
    lines, size = [], 0
    while size < LARGE_BYTES:
        number = draw.randrange(10**9)
        words = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz     ", k=120))
        line = f'{{"id": {number}, "titel": "{FILLER}", "tekst": "{words}"}}\n'.encode() * 3
        lines.append(line)
        size += len(line)
    return b"".join(lines)[:LARGE_BYTES]


def _head(body: bytes, *lines: str) -> bytes:
    given = ["HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}", *lines, "", ""]
    return "\r\n".join(given).encode("ascii")


def _small(path: str) -> bytes:
    body = f'{{"pad": "{path}", "tekst": "{FILLER * 11}"}}'.encode()
    return _head(body) + body


class Partner:
    """Answers on kept connections."""

    def __init__(self) -> None:
        large = _large()
        packed = gzip.compress(large, 1)
        self._ready = {
            "/large": (_head(large), large),
            "/packed": (_head(packed, "Content-Encoding: gzip"), packed),
        }

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the caller hangs up."""
        while head := await _request(reader):
            path = head.split(b" ", 2)[1].decode("ascii")
            for part in self._ready.get(path) or (_small(path),):
                writer.write(part)
            await writer.drain()
        writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def main() -> None:
    """Serve until standard input closes."""
    server = await asyncio.start_server(Partner().attend, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
