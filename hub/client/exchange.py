"""One question to a partner and what came of it, as the log and the run's record tell it."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from hub.errors import UnexpectedAnswer

LOG = logging.getLogger("hub.client")
HTTP_SCHEMES = frozenset({"http", "https"})
HOST = re.compile(rb"[a-z0-9._:-]+")

for _name in ("httpx", "httpcore"):  # they log whole addresses, keys in the query included
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer, or the lack of one; never a query value or a secret.

    Args:
        method: GET or POST; FILE for a local file.
        host: with its port where it is not the usual one; empty for a local file.
        path: without the query; of a local file, as the options name it.
        status: None when no answer came, and for a local file.
        digest: the archived body; None when no body was kept, as of answers that hold a secret.
        size: bytes of the body, decoded.
        seconds: from the question to the last byte.
        request: digest of the question (`hub.client.fingerprint`), from which no secret can be read.
        headers: those of the answer that a replay needs, by lower-case name.
    """

    method: str
    host: str
    path: str
    status: int | None
    digest: str | None
    size: int
    seconds: float
    request: str = field(default="", compare=False)
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a partner.

    Args:
        headers: what every request of this client carries; not sent to another host.
        most: decoded bytes that the answer may have.
        file: whether the answer is a file: it stays in the archive, and must prove its end.
        private: whether the answer holds a secret and is not archived.
        certified: whether our certificate is shown.
    """

    method: str
    url: httpx.URL
    most: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    file: bool = False
    private: bool = False
    certified: bool = False

    @property
    def host(self) -> str:
        """Return the host, with its port where it is not the usual one."""
        return host_of(self.url)

    @property
    def where(self) -> str:
        """Return method, host and path, fit for messages."""
        return f"{self.method} {place(self.url)}"


def address(url: str, params: Mapping[str, str] | None = None) -> httpx.URL:
    """Return a checked http(s) address; its query is extended with the parameters."""
    parsed = _parsed(url)
    if parsed is None:
        raise UnexpectedAnswer("An address cannot be read; check the base address in the source's options.")
    if parsed.scheme not in HTTP_SCHEMES or not HOST.fullmatch(parsed.raw_host):
        named = f" of {parsed.host}" if HOST.fullmatch(parsed.raw_host) else ""
        raise UnexpectedAnswer(
            f"An address{named} is not one of a partner: it must start with https:// or http:// and a host;"
            " check the base address in the source's options."
        )
    if parsed.userinfo:
        raise UnexpectedAnswer(
            f"The address {place(parsed)} holds a user name; write credentials in the source's options instead."
        )
    return parsed.copy_merge_params(params) if params else parsed


def _parsed(url: str) -> httpx.URL | None:
    try:
        parsed = httpx.URL(url)
        _ = parsed.host  # only reading it meets a name that IDNA does not know
    except (httpx.InvalidURL, TypeError, ValueError):  # what it says may hold a part of the address
        return None
    return parsed


def place(url: httpx.URL) -> str:
    """Return host and path of an address, without its query."""
    return f"{host_of(url)}{path_of(url)}"


def host_of(url: httpx.URL) -> str:
    """Return the host of an address, with its port where it is not the usual one, without a user name."""
    return url.netloc.decode("ascii")


def path_of(url: httpx.URL) -> str:
    """Return the path of an address as it is sent: what it escapes, such as a line end, stays escaped."""
    return url.raw_path.partition(b"?")[0].decode("ascii")


def note(exchange: Exchange) -> None:
    """Write an exchange to the log."""
    LOG.info(
        "%s %s%s %s %d bytes %.0f ms",
        exchange.method,
        exchange.host,
        exchange.path,
        exchange.status or "no answer",
        exchange.size,
        exchange.seconds * 1000,
    )
