"""Asking the hub for a page: whole, within time and size, only from where it was asked."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from schakel_client.deadline import Deadline
from schakel_client.errors import Malformed, Refused, Unavailable
from schakel_client.patience import Patience, retry_after

RESTART = "https://w3id.org/schakel#restart"
"""The link relation by which a hub says that it no longer knows what has gone since the position asked for."""

_ACCEPT = "application/json, application/vnd.openactive.rpde+json; version=1"
_LATER = frozenset({408, 425, 429, *range(500, 600)})
_SHOWN = 200
_LINK = re.compile(r"<([^>]*)>((?:[^,<\"]|\"[^\"]*\")*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stands at an address: its JSON, its tag, and where the hub says to begin anew.

    ``unchanged`` where it is what the tag that was sent along is of; the body is None then.
    """

    body: Any
    etag: str | None
    restart: str | None
    unchanged: bool = False


class Connection:
    """One connection to a hub; the key goes nowhere else, as no redirect is followed."""

    def __init__(self, key: str | None, patience: Patience) -> None:
        """Prepare; nothing is asked yet. Refused when the key cannot be one."""
        if key is not None and not (key.isascii() and key.isprintable() and key.strip() == key != ""):
            raise Refused("the key is empty, or holds what no key holds, such as a line break; give it as it was shown")
        self._patience = patience
        self._deadline = Deadline()
        self.http = httpx.Client(
            headers={"user-agent": "schakel-client/0.1", **({"authorization": f"Bearer {key}"} if key else {})},
            timeout=patience.connect,
            follow_redirects=False,
        )

    def get(self, url: str, *, etag: str | None = None, fresh: bool = False) -> Fetched:
        """Return what stands at an address.

        Args:
            url: absolute address.
            etag: tag of what was read there before.
            fresh: not to be answered by what a cache on the way holds.

        Raises:
            Unavailable: no whole answer came, or one that says: later.
            Malformed: what came is not JSON.
            Refused: the hub does not give it.
        """
        headers = {"accept": _ACCEPT, **({"if-none-match": etag} if etag else {})}
        headers |= {"cache-control": "no-cache"} if fresh else {}
        with self._asked(url, headers) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED and etag:
                return Fetched(None, etag, _restart(answer, url), unchanged=True)
            body = self._read(answer, url)
        if answer.status_code != httpx.codes.OK:
            raise _refusal(answer, body, url)
        return Fetched(_decoded(body, url), answer.headers.get("etag"), _restart(answer, url))

    def close(self) -> None:
        """Close the connection."""
        self.http.close()

    @contextmanager
    def _asked(self, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        extensions = {"trace": self._deadline.trace}
        try:
            with (
                self._deadline.within(self._patience.page),
                self.http.stream("GET", url, headers=headers, extensions=extensions) as answer,
            ):
                yield answer
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Refused(f"{url} is no address that can be asked: {error}") from error
        except httpx.DecodingError as error:
            raise Malformed(f"{url} answers what cannot be decompressed: {error}") from error
        except httpx.TransportError as error:
            took = f"took longer than {self._patience.page:g} s" if self._deadline.passed else _why(error)
            raise Unavailable(f"{url} gave no whole answer: {took}") from error

    def _read(self, answer: httpx.Response, url: str) -> bytes:
        most, body = self._patience.megabytes * 1_000_000, bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most:
                raise Malformed(f"{url} answers more than {self._patience.megabytes:g} MB; ask for less with `limit`")
        return bytes(body)


def _why(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


def _decoded(body: bytes, url: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{url} answers what is not JSON: {error}; it begins with {body[:60]!r}") from error


def _refusal(answer: httpx.Response, body: bytes, url: str) -> Unavailable | Refused:
    status, headers = answer.status_code, answer.headers
    said = f"{url} answers {status}{_detail(body)}"
    if status in _LATER:
        return Unavailable(said, retry_after(headers.get("retry-after")))
    if "location" in headers:
        return Refused(f"{said}: it has moved to {headers['location'][:_SHOWN]}; follow that address if you trust it")
    if status in {401, 403}:
        return Refused(f"{said}; is the key right, and is it for this feed?")
    return Refused(said)


def _detail(body: bytes) -> str:
    try:
        said = json.loads(body)["detail"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f": {said[:_SHOWN]}" if isinstance(said, str) else ""


def _restart(answer: httpx.Response, url: str) -> str | None:
    """Return the address that the header ``Link`` says to begin anew at."""
    for header in answer.headers.get_list("link"):
        for target, parameters in _LINK.findall(header):
            rel = _REL.search(parameters)
            if rel and RESTART in (rel[1] or rel[2] or "").split():
                return str(urljoin(url, target))
    return None
