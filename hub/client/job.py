"""One fetch as the adapter sees it: doors to the partner, local files, where to continue, how far it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from hub.adapter import Authentication, ClientCertificate, Rate
from hub.client.authentication.tokens import Tokens
from hub.client.deadline import pause
from hub.client.document import ArchivedDocument, keep_file
from hub.client.exchange import Exchange
from hub.client.http import PartnerClient
from hub.client.identity import Identity
from hub.client.keeping import Archive
from hub.client.limits import Limits
from hub.client.pace import Paces
from hub.client.reach import Reach
from hub.client.terms import Terms


def _now() -> datetime:
    return datetime.now(UTC)


def _ignore(*_: object) -> None:
    """Do nothing."""


@dataclass
class PartnerJob:
    """The job of one run; a context manager, which closes its connections and ends what still runs.

    Args:
        archive: keeps every body.
        folder: relative paths in the options start from it.
        cursor: what the last complete run left.
        now: the moment the run started, with time zone.
        limits: what the run may cost; its time starts when the job is made.
        record: is told every exchange, one at a time, though from any thread.
        report: is told how many records are read, of how many where known.
        tokens: pass the same one to every job, so that runs share tokens.
        paces: pass the same one to every job, so that runs share what they know of the partners' pace and health.
        source: id of the source.
        rate: how often the source may ask; an adapter may declare a stricter rate, and both are kept.
        reach: whom it may call; by default the public internet only.
        sleep: waits so many seconds between attempts.
    """

    archive: Archive
    folder: Path
    cursor: str | None = None
    now: datetime = field(default_factory=_now)
    limits: Limits = field(default_factory=Limits)
    record: Callable[[Exchange], None] = _ignore
    report: Callable[[int, int | None], None] = _ignore
    tokens: Tokens = field(default_factory=Tokens)
    paces: Paces = field(default_factory=Paces)
    source: str = ""
    rate: Rate | None = None
    reach: Reach = field(default_factory=Reach)
    sleep: Callable[[float], None] = pause

    def __post_init__(self) -> None:
        self._terms = Terms(
            self.archive,
            self.limits,
            self.record,
            self.tokens,
            self.sleep,
            paces=self.paces,
            source=self.source,
            rate=self.rate,
            reach=self.reach,
        )
        self._clients: list[PartnerClient] = []

    def connect(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        auth: Authentication | None = None,
        certificate: ClientCertificate | None = None,
        rate: Rate | None = None,
        base: str | None = None,
    ) -> PartnerClient:
        """Return the door to the partner; requests to its host carry these headers and this authentication.

        Its host is that of `base`, else that of the first request; any other host gets neither, nor the certificate.
        """
        identity = Identity(self.tokens, headers=headers, auth=auth, certificate=certificate, base=base)
        client = PartnerClient(self._terms, identity, rate=rate)
        self._clients.append(client)
        return client

    def open_file(self, path: str) -> ArchivedDocument:
        """Return a local file through the archive; relative paths start from `folder`."""
        document, exchange = keep_file(self.folder, path, self.archive, most=self.limits.file_bytes)
        self._terms.note(exchange)
        return document

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how many records are read, of how many where known."""
        self.report(done, total)

    def close(self) -> None:
        """End what still waits or reads, and close every connection."""
        self._terms.stop.set()
        while self._clients:
            self._clients.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
