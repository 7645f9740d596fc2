"""A fetch from a sandbox through the hub's own client: real sockets on loopback, no archive, no store.

The quick way to try and to test an adapter. What differs from a run of the hub: waits between attempts are noted
instead of waited, and nothing is kept.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from hub.adapter import Adapter, Fetched
from hub.client.exchange import Exchange
from hub.client.job import PartnerJob
from hub.client.limits import Limits
from hub.client.reach import Reach
from hub.testing.hall import Served, hall
from hub.testing.memory import MemoryArchive
from hub.testing.sandbox import Sandbox

LOOPBACK = Reach(private=frozenset({"127.0.0.1"}))
"""Sandboxes are served on loopback, which an adapter cannot reach otherwise."""

AnyAdapter = TypeVar("AnyAdapter", bound=Adapter[Any])


def adapter_for(adapter: type[AnyAdapter], sandbox: Sandbox, options: Mapping[str, Any] | None = None) -> AnyAdapter:
    """Return an adapter that talks to the sandbox, with these options over the sandbox's own."""
    overlay = sandbox.options(hall().address(sandbox))
    return adapter(adapter.options_type.model_validate({**overlay, **(options or {})}))


def fetch(
    adapter: Adapter[Any], sandbox: Sandbox, *, cursor: str | None = None, now: datetime | None = None
) -> list[Fetched]:
    """Return all that the adapter yields when it reads the sandbox."""
    with SandboxJob(sandbox, cursor=cursor, now=now) as job:
        return list(adapter.fetch(job))


class SandboxJob(PartnerJob):
    """One fetch from a sandbox through the hub's client; a context manager.

    Args:
        sandbox: the stand-in.
        cursor: what the last complete run left.
        now: the moment the run started; the real one by default.
        folder: where relative paths start.
        limits: what the fetch may cost; the hub's usual limits by default.
    """

    def __init__(
        self,
        sandbox: Served,
        *,
        cursor: str | None = None,
        now: datetime | None = None,
        folder: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.asked: list[str] = []
        """Method and path of every request, those for a token and repeated ones included, in order."""
        self.waited: list[float] = []
        """Seconds that would have been waited before another attempt."""
        self._base = urlsplit(hall().address(sandbox)).path
        super().__init__(
            archive=MemoryArchive(),
            folder=folder or Path(),
            cursor=cursor,
            now=now or datetime.now(UTC),
            limits=limits or Limits(),
            record=self._note,
            reach=LOOPBACK,
            sleep=self.waited.append,
        )

    def _note(self, exchange: Exchange) -> None:
        self.asked.append(f"{exchange.method} {exchange.path.removeprefix(self._base)}")
