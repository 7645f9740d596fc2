"""A fetch without the network: every question is answered from what was recorded, or refused by name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import IO, Protocol

import httpx
import orjson
from pydantic import JsonValue

from hub.adapter import Authentication, ClientCertificate, ItemT, Rate, ResultT
from hub.client.answer import PartnerAnswer
from hub.client.document import name_of
from hub.client.exchange import address, host_of, path_of
from hub.client.fingerprint import fingerprint
from hub.errors import UnexpectedAnswer

FILE = "FILE"
"""The method under which a local file is recorded."""
_NOT_FOUND = 404
_PARTIAL = 206


class Bodies(Protocol):
    """Where recorded bodies are; `hub.archive.Archive` is one."""

    def open(self, key: str, /) -> IO[bytes]: ...  # noqa: D102
    def read(self, key: str, /) -> bytes: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded answer.

    Args:
        method: GET or POST; FILE for a local file.
        host: with its port where it is not the usual one; empty for a local file.
        path: without the query; of a local file, as the options name it.
        request: digest of the question (`hub.client.fingerprint`); empty where it is not known.
        status: None for a local file.
        headers: by lower-case name.
        body: the key of the body.
        size: of the body, in bytes.
        digest: SHA-256 of the body.
    """

    method: str
    host: str
    path: str
    request: str
    status: int | None
    headers: Mapping[str, str]
    body: str
    size: int = 0
    digest: str = ""

    @property
    def holds_data(self) -> bool:
        """Whether an adapter was given this answer; a failed attempt, and what asks to log in, are not."""
        return self.status in {None, _NOT_FOUND} or (200 <= self.status < 300 and self.status != _PARTIAL)


class NotRecorded(UnexpectedAnswer):
    """What is asked was not recorded; record it again, or let the adapter ask what it asked then."""


@dataclass(frozen=True, slots=True)
class RecordedDocument:
    """A recorded file, readable as often as needed. `size` is in bytes."""

    name: str
    size: int
    digest: str
    key: str
    bodies: Bodies = field(repr=False)
    proof: str = ""

    def open(self) -> IO[bytes]:
        """Return a seekable binary stream of the file's bytes, from the start."""
        return self.bodies.open(self.key)


class Answers:
    """What was recorded, found again by what is asked: the same question first, else the next one of its path.

    A question asked twice gets its answers in the order they came; asked once more, the last of them again.

    Attributes:
        approximate: how many questions were answered by their path and order alone.
    """

    def __init__(self, recorded: Iterable[Recorded]) -> None:
        self.approximate = 0
        self._lock = Lock()
        self._used: set[int] = set()
        self._by_request: dict[str, list[tuple[int, Recorded]]] = defaultdict(list)
        self._by_path: dict[tuple[str, str], list[tuple[int, Recorded]]] = defaultdict(list)
        for place, each in enumerate(each for each in recorded if each.holds_data):
            if each.request:
                self._by_request[each.request].append((place, each))
            self._by_path[each.method, each.path].append((place, each))

    def find(self, method: str, host: str, path: str, request: str) -> Recorded:
        """Return the answer to a question; NotRecorded says which one has none."""
        with self._lock:
            found = self._find(method, host, path, request)
            if found is None:
                raise NotRecorded(_missing(method, host, path, known=bool(self._by_path.get((method, path)))))
            self._used.add(found[0])
        return found[1]

    def _find(self, method: str, host: str, path: str, request: str) -> tuple[int, Recorded] | None:
        same = self._by_request.get(request, []) if request else []
        same = [pair for pair in same if pair[1].host == host] or same
        if same:
            return self._next(same) or same[-1]
        of_path = self._by_path.get((method, path), [])
        if method == FILE:
            return of_path[-1] if of_path else None
        found = self._next(of_path)
        self.approximate += found is not None
        return found

    def _next(self, pairs: Sequence[tuple[int, Recorded]]) -> tuple[int, Recorded] | None:
        """Return the first answer that was not given yet."""
        return next((pair for pair in pairs if pair[0] not in self._used), None)


class ReplayJob:
    """The job of a fetch whose every answer is recorded; no connection is opened.

    Args:
        answers: what was recorded, in order.
        bodies: where the bodies are.
        cursor: where the recorded fetch started.
        now: its moment; what an adapter asks may depend on it.
        folder: only shown to the adapter; files are recorded answers too.
        report: is told how many records are read, of how many where known.
    """

    def __init__(
        self,
        answers: Iterable[Recorded],
        bodies: Bodies,
        *,
        cursor: str | None = None,
        now: datetime | None = None,
        folder: Path = Path(),
        report: Callable[[int, int | None], None] = lambda _done, _total: None,
    ) -> None:
        self.cursor = cursor
        self.now = now or datetime.now(UTC)
        self.folder = folder
        self.answers = Answers(answers)
        self._bodies = bodies
        self._report = report

    def connect(
        self,
        *,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
        auth: Authentication | None = None,  # noqa: ARG002
        certificate: ClientCertificate | None = None,  # noqa: ARG002
        rate: Rate | None = None,  # noqa: ARG002
        base: str | None = None,  # noqa: ARG002
    ) -> "ReplayClient":
        """Return the door to what was recorded; nobody has to log in there, or to wait."""
        return ReplayClient(self.answers, self._bodies)

    def open_file(self, path: str) -> RecordedDocument:
        """Return a recorded local file."""
        found = self.answers.find(FILE, "", path, "")
        return _document(PurePosixPath(path).name, found, self._bodies)

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how many records are read, of how many where known."""
        self._report(done, total)


class ReplayClient:
    """Answers from what was recorded. Safe to use from several threads."""

    def __init__(self, answers: Answers, bodies: Bodies) -> None:
        self._answers = answers
        self._bodies = bodies

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> PartnerAnswer:
        """Return the recorded answer to a GET."""
        return self._answer("GET", address(url, params))

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> PartnerAnswer:
        """Return the recorded answer to a POST."""
        return self._answer("POST", address(url, params), None if json is None else orjson.dumps(json))

    def download(self, url: str) -> RecordedDocument:
        """Return a recorded file."""
        asked = address(url)
        found = self._find("GET", asked)
        if found.status == _NOT_FOUND:
            raise UnexpectedAnswer(f"GET {host_of(asked)}{path_of(asked)}: the partner answered 404.")
        return _document(name_of(asked, httpx.Headers(dict(found.headers))), found, self._bodies)

    def map(
        self,
        function: Callable[[ItemT], ResultT],
        items: Iterable[ItemT],
        *,
        at_once: int = 4,  # noqa: ARG002
    ) -> Iterator[ResultT]:
        """Yield function(item) for each item, in order and one by one, so that every replay does the same."""
        return map(function, items)

    def _answer(self, method: str, url: httpx.URL, content: bytes | None = None) -> PartnerAnswer:
        found = self._find(method, url, content)
        return PartnerAnswer(
            status=found.status or 200,
            headers=httpx.Headers(dict(found.headers)),
            body=self._bodies.read(found.body),
            where=f"{method} {host_of(url)}{path_of(url)}",
            digest=found.digest,
        )

    def _find(self, method: str, url: httpx.URL, content: bytes | None = None) -> Recorded:
        return self._answers.find(method, host_of(url), path_of(url), fingerprint(method, url, content))


def _document(name: str, found: Recorded, bodies: Bodies) -> RecordedDocument:
    proof = "" if found.method == FILE else "the download complete"
    return RecordedDocument(name, found.size, found.digest, found.body, bodies, proof)


def _missing(method: str, host: str, path: str, *, known: bool) -> str:
    what = "no more answers of this path are" if known else "nothing of this path is"
    return (
        f"{method} {host}{path} was asked, but {what} recorded; record it again, or let the adapter ask what it asked "
        "when this was recorded."
    )
