"""What fetch is given: a door to the partner, and what it needs to know."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar

from pydantic import JsonValue

from hub.adapter.access import Authentication, ClientCertificate, Rate

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Answer(Protocol):
    """An answer of a partner, its body archived, complete and within bounds."""

    @property
    def status(self) -> int: ...  # noqa: D102
    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def body(self) -> bytes: ...  # noqa: D102
    def json(self) -> Any:
        """Return the body as JSON; raises UnexpectedAnswer, saying what came instead, such as an HTML page."""


class Document(Protocol):
    """A whole file, archived, readable as often as needed."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def proof(self) -> str:
        """What shows that the file is whole, such as ``the download complete``; empty for a local file."""

    def open(self) -> IO[bytes]:
        """Return a seekable binary stream of the file's bytes, from the start."""


class Client(Protocol):
    """The one door to the partner: bounded in time and size, retrying what is worth it, archiving what comes."""

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> Answer:
        """GET; an answer of 400 or above raises the SourceError that fits, except 404, which is returned."""

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> Answer:
        """POST a JSON body; errors as in `get`."""

    def download(self, url: str) -> Document:
        """GET a file of any size into the archive; errors as in `get`, 404 included."""

    def map(
        self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT], *, at_once: int = 4
    ) -> Iterator[ResultT]:
        """Yield function(item) for each item, in order, at most this many at once."""


class Job(Protocol):
    """One fetch: its door to the partner, where it continues, and where to say how far it is."""

    @property
    def cursor(self) -> str | None:
        """What the last complete run left in `Complete.cursor`; None on the first run."""

    @property
    def now(self) -> datetime:
        """The moment the run started, with time zone."""

    @property
    def folder(self) -> Path:
        """The folder that relative paths in the options start from."""

    def connect(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        auth: Authentication | None = None,
        certificate: ClientCertificate | None = None,
        rate: Rate | None = None,
        base: str | None = None,
    ) -> Client:
        """Return the door to the partner; requests to its host carry these headers and this authentication.

        Only to its host: one that the partner names in a link or a redirect gets neither, nor the certificate; and what
        is not on the public internet is not called at all, unless an administrator allows it.

        Args:
            headers: sent with every request to the partner's host.
            auth: how the partner knows us.
            certificate: shown to the partner's host, and to the one that gives tokens, where they want mutual TLS.
            rate: how often the partner may be asked; headers of the partner that say less are obeyed as well.
            base: an address at the partner's host; by default that of the first request. Needed where the first request
                follows what the partner said, such as a link kept as the cursor.
        """

    def open_file(self, path: str) -> Document:
        """Return a local file through the archive; relative paths start from `folder`."""

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how many records are read, of how many where known."""
