"""A fetch in process: an adapter against a sandbox, without sockets, archive or store.

The quick way to try and to test an adapter. Errors are those of the hub's own client; it does not wait or retry,
except for a 429 that asks for at most two seconds.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx
from pydantic import JsonValue

from hub.adapter import Adapter, Client, ClientCredentials, Document, Fetched, ItemT, ResultT
from hub.errors import AuthenticationRejected, SourceUnavailable, UnexpectedAnswer
from hub.testing.sandbox import Sandbox

ADDRESS = "http://sandbox.invalid"
"""Where the sandbox seems to be."""
_PATIENCE_SECONDS = 2
_RENEW_SECONDS = 60

AnyAdapter = TypeVar("AnyAdapter", bound=Adapter[Any])


def adapter_for(adapter: type[AnyAdapter], sandbox: Sandbox, options: Mapping[str, Any] | None = None) -> AnyAdapter:
    """Return an adapter that talks to the sandbox, with these options over the sandbox's own."""
    return adapter(adapter.options_type.model_validate({**sandbox.options(ADDRESS), **(options or {})}))


def fetch(
    adapter: Adapter[Any], sandbox: Sandbox, *, cursor: str | None = None, now: datetime | None = None
) -> list[Fetched]:
    """Return all that the adapter yields when it reads the sandbox."""
    with SandboxJob(sandbox, cursor=cursor, now=now) as job:
        return list(adapter.fetch(job))


@dataclass(frozen=True, slots=True)
class SandboxAnswer:
    """An answer of the sandbox."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; UnexpectedAnswer when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            kind = self.headers.get("content-type", "nothing said")
            raise UnexpectedAnswer(f"JSON was expected, but this came ({kind}): {self.body[:60]!r}") from None


class SandboxJob:
    """One fetch from a sandbox; a context manager.

    Args:
        sandbox: the stand-in.
        cursor: what the last complete run left.
        now: the moment the run started; the real one by default.
        folder: where relative paths start.
    """

    def __init__(
        self, sandbox: Sandbox, *, cursor: str | None = None, now: datetime | None = None, folder: Path | None = None
    ) -> None:
        self.cursor = cursor
        self.now = now or datetime.now(UTC)
        self.folder = folder or Path()
        self.asked: list[str] = []
        """Method and path of every request, in order."""
        self._sandbox = sandbox
        self._runner = asyncio.Runner()

    def __enter__(self) -> "SandboxJob":
        """Start."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self._runner.close()

    def connect(self, *, headers: Mapping[str, str] | None = None, auth: ClientCredentials | None = None) -> Client:
        """Return the door to the sandbox."""
        return _SandboxClient(self.send, dict(headers or {}), auth)

    def open_file(self, path: str) -> Document:
        """Return a local file; relative paths start from `folder`."""
        return _File(self.folder / path)

    def progress(self, done: int, total: int | None = None) -> None:
        """Say nothing."""

    def send(self, method: str, url: str, **content: Any) -> SandboxAnswer:
        """Send one request to the sandbox."""
        self.asked.append(f"{method} {httpx.URL(url).path}")
        return self._runner.run(_sent(self._sandbox, method, url, content))


async def _sent(sandbox: Sandbox, method: str, url: str, content: Mapping[str, Any]) -> SandboxAnswer:
    transport = httpx.ASGITransport(sandbox.app)
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await client.request(method, url, **content)
    declared = int(answer.headers.get("content-length", len(answer.content)))
    if declared != len(answer.content):
        raise SourceUnavailable(f"{url} ended after {len(answer.content):,} of {declared:,} bytes")
    return SandboxAnswer(answer.status_code, answer.headers, answer.content)


@dataclass(slots=True)
class _SandboxClient:
    _send: Callable[..., SandboxAnswer]
    _headers: dict[str, str]
    _auth: ClientCredentials | None
    _renew_at: float = field(default=0.0)

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> SandboxAnswer:
        return self._asked("GET", url, params=dict(params or {}))

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> SandboxAnswer:
        return self._asked("POST", url, json=json, params=dict(params or {}))

    def download(self, url: str) -> Document:
        raise NotImplementedError("a sandbox has no files to download")

    def map(
        self,
        function: Callable[[ItemT], ResultT],
        items: Iterable[ItemT],
        *,
        at_once: int = 4,  # noqa: ARG002
    ) -> Iterator[ResultT]:
        return map(function, items)

    def _asked(self, method: str, url: str, **content: Any) -> SandboxAnswer:
        if self._auth and time.monotonic() >= self._renew_at:
            self._renew(self._auth)
        return _judged(url, self._patiently(method, url, headers=self._headers, **content))

    def _patiently(self, method: str, url: str, **content: Any) -> SandboxAnswer:
        answer = self._send(method, url, **content)
        wait = answer.headers.get("retry-after", "")
        if answer.status == 429 and wait.isdigit() and int(wait) <= _PATIENCE_SECONDS:
            time.sleep(int(wait))
            answer = self._send(method, url, **content)
        return answer

    def _renew(self, auth: ClientCredentials) -> None:
        form = {"grant_type": "client_credentials"} | ({"scope": auth.scope} if auth.scope else {})
        pair = (auth.client_id, auth.client_secret)
        placed = {"auth": pair} if auth.placed_in == "basic" else {}
        if auth.placed_in == "body":
            form |= {"client_id": pair[0], "client_secret": pair[1]}
        token = _judged(auth.token_url, self._send("POST", auth.token_url, data=form, **placed)).json()
        self._headers["Authorization"] = f"Bearer {token['access_token']}"
        self._renew_at = time.monotonic() + float(token["expires_in"]) - _RENEW_SECONDS


def _judged(url: str, answer: SandboxAnswer) -> SandboxAnswer:
    """Return an answer below 400, and 404; raise the error that fits the others."""
    if answer.status < 400 or answer.status == 404:
        return answer
    said = f"{url} answered {answer.status}: {answer.body[:200]!r}"
    if answer.status in {401, 403}:
        raise AuthenticationRejected(said)
    if answer.status == 429 or answer.status >= 500:
        raise SourceUnavailable(said)
    raise UnexpectedAnswer(said)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def digest(self) -> str:
        return sha256(self.path.read_bytes()).hexdigest()

    def open(self) -> IO[bytes]:
        return self.path.open("rb")
