"""Addresses that lead inside, every way into the client, and a world in which each of them would work.

In this world a resolver answers for made-up names, and whatever special address is connected to arrives at one listener
on loopback, as NAT64, a 6to4 relay or an internal router would deliver it. Who arrives is counted.
"""

import ipaddress
import itertools
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

REAL_RESOLVE = socket.getaddrinfo
REAL_CONNECT = socket.create_connection
OUTSIDE = "93.184.215.14"
SECRET = b"the secret of this machine"

LITERALS = (
    "127.0.0.1", "127.0.0.53", "127.255.255.254", "0.0.0.0", "0.1.2.3",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
    "169.254.1.1", "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16",
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.88.99.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::7f00:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:10.0.0.1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:db8::1]", "[3fff::1]",
    "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]", "[5f00::1]", "[4000::1]",
)  # fmt: skip
NUMBERS = (
    "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.0.0.1", "0x7f.1", "127.1", "127.0.1", "0", "0x0",
    "127.0.0.01", "00127.0.0.1", "127.0.0.1.", "3232235777", "0xA9FEA9FE", "0x7f.0x0.0x0.0x1", "2852039166",
    "127.0.0.0x1", "4294967295",
)  # fmt: skip
NAMES: Mapping[str, tuple[str, ...]] = {
    "loopback.test": ("127.0.0.1",),
    "mixed.test": (OUTSIDE, "127.0.0.1"),
    "mixed-first.test": ("127.0.0.1", OUTSIDE),
    "many.test": (*(f"93.184.215.{number}" for number in range(1, 30)), "10.0.0.5"),
    "six.test": ("::1",),
    "both.test": ("2606:2800:220:1::1", "::1"),
    "metadata.test": ("169.254.169.254",),
    "mapped.test": ("::ffff:127.0.0.1",),
    "nat64.test": ("64:ff9b::7f00:1",),
    "sixtofour.test": ("2002:7f00:1::",),
    "scoped.test": ("fe80::1%lo",),
    "odd.test": ("2606:2800:220:1::1%lo",),
    "shared.test": ("100.64.1.1",),
    "trailing.test.": ("127.0.0.1",),
}
URLS = (
    "http://localhost:{port}/", "http://localhost.:{port}/", "http://LOCALHOST:{port}/",
    "http://partner.example@127.0.0.1:{port}/", "http://partner.example:80@127.0.0.1:{port}/",
    "http://partner.example%40127.0.0.1:{port}/", "http://127.0.0.1:{port}#@partner.example/",
    "http://127.0.0.1:{port}\\@partner.example/", "http://partner.example\\@127.0.0.1:{port}/",
    "http://１２７.0.0.1:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "http://127．0．0．1:{port}/",
    "http://ⓛocalhost:{port}/", "http://loc\u00adalhost:{port}/", "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1:0{port}/", "http://127.0.0.1:+{port}/", "http://127.0.0.1:{port}:80/", "http://[::1%25lo]:{port}/",
    "http://[fe80::1%25lo]:{port}/", "HTTP://127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}/", "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", " http://127.0.0.1:{port}/", "http://127.0.0.1\t:{port}/", "http://127.0.0.1:{port}\r\n/",
    "https://127.0.0.1:{port}/", "file:///etc/hostname", "file://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET", "unix:///run/x.sock", "ws://127.0.0.1:{port}/", "//127.0.0.1:{port}/",
    "http://partner.example:22/", "http://partner.example:25/", "http://partner.example:0/",
    "http://partner.example:99999/",
)  # fmt: skip


def addresses(port: int) -> list[str]:
    """Return every hostile address, leading to this port."""
    hosts = (*LITERALS, *NUMBERS, *NAMES)
    return [f"http://{host}:{port}/" for host in hosts] + [url.format(port=port) for url in URLS]


class World:
    """The made-up network: resolves, delivers, and counts who arrives inside.

    Args:
        port: of the listener inside.
        partner: host:port of the one honest partner on loopback.
    """

    def __init__(self, port: int, partner: str = "") -> None:
        self.port = port
        self.partner = partner
        self.flips: Iterator[int] = itertools.count()
        self.dialled: list[tuple[str, int]] = []

    def resolve(self, host: Any, port: Any, *args: Any, **more: Any) -> Any:
        """Answer for made-up names; numbers and what this machine knows are left to it."""
        name = host.decode() if isinstance(host, bytes) else host
        if name == "rebinding.test":
            found: tuple[str, ...] = (OUTSIDE,) if next(self.flips) % 2 == 0 else ("127.0.0.1",)
        elif name in {"partner.example", "public.test"}:
            found = (OUTSIDE,)
        elif name in NAMES:
            found = NAMES[name]
        else:
            return REAL_RESOLVE(host, port, *args, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    def connect(self, target: tuple[Any, ...], *args: Any, **more: Any) -> socket.socket:
        """Connect: to the partner as asked, to the public internet not at all, and anywhere else to the listener."""
        host, port = str(target[0]), int(target[1])
        self.dialled.append((host, port))
        if f"{host}:{port}" == self.partner:
            return REAL_CONNECT((host, port), *args, **more)
        for *_, found in self.resolve(host, port, type=socket.SOCK_STREAM):
            if not _is_outside(str(found[0])):
                return REAL_CONNECT(("127.0.0.1", self.port), *args, **more)
        raise ConnectionRefusedError("nobody answers on the internet of this world")


def _is_outside(address: str) -> bool:
    return address.startswith(("93.184.215.", "2606:2800:")) and "%" not in address


class Inside:
    """The listener that nobody may reach: answers with a secret, and counts."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.reached = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.reached += 1
            with connection, suppress(OSError):
                connection.settimeout(1)
                connection.recv(65536)
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(SECRET)}\r\nConnection: close\r\n\r\n"
                connection.sendall(head.encode() + SECRET)

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(2)


@contextmanager
def world(patch: pytest.MonkeyPatch, partner: str = "") -> Iterator[tuple[World, Inside]]:
    """Give the world, and the listener inside it."""
    inside = Inside()
    made = World(inside.port, partner)
    with patch.context() as patched:
        patched.setattr(socket, "getaddrinfo", made.resolve)
        patched.setattr(socket, "create_connection", made.connect)
        try:
            yield made, inside
        finally:
            inside.close()


def naive(url: str) -> None:
    """Ask as one does who checks nothing."""
    with suppress(httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, UnicodeError):
        httpx.get(url, timeout=1, trust_env=False, verify=False)


def checking(url: str) -> None:
    """Ask as one does who resolves and checks with `is_global` first, and lets the library connect afterwards."""
    with suppress(httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, UnicodeError):
        host = httpx.URL(url).host
        found = socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)
        if all(ipaddress.ip_address(entry[4][0]).is_global for entry in found):
            httpx.get(url, timeout=1, trust_env=False, verify=False)


CONTROLS: Mapping[str, Callable[[str], None]] = {"no check": naive, "check, then connect": checking}
