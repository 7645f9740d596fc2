"""Listening in on a fetch, and writing down what was answered as a recording."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import IO, Any, Protocol

import httpx
from pydantic import JsonValue

from hub.adapter import (
    Adapter,
    Answer,
    Authentication,
    Client,
    ClientCertificate,
    Document,
    ItemT,
    Job,
    Rate,
    ResultT,
)
from hub.client.exchange import address, host_of, path_of
from hub.client.fingerprint import kept_headers
from hub.errors import SourceError, UnexpectedAnswer
from hub.testing.bodies import kind_of, learn, scrubbed
from hub.testing.recording import INDEX, RecordedAnswer, Recording
from hub.testing.replay import FILE
from hub.testing.scrubbing import SECRET, Scrubber

_COPIED_BYTES = 1 << 20
_STRANGE = re.compile(r"[^a-z0-9]+")


class Enough(SourceError):
    """As much as was asked for is recorded."""


class Keeper(Protocol):
    """Keeps bodies by digest; `hub.archive.Archive` does."""

    def put(self, body: bytes) -> Any: ...  # noqa: D102
    def writer(self) -> Any: ...  # noqa: D102
    def open(self, digest: str) -> IO[bytes]: ...  # noqa: D102
    def read(self, digest: str) -> bytes: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as it came, its body kept under its digest."""

    method: str
    host: str
    path: str
    query: str
    json: JsonValue
    status: int | None
    headers: Mapping[str, str]
    digest: str
    name: str


@dataclass(slots=True)
class Notebook:
    """What was heard, in the order it was asked.

    Args:
        keeper: keeps the bodies while the fetch goes on.
        limit: how many answers are enough; None for all.
    """

    keeper: Keeper
    limit: int | None = None
    heard: dict[int, Heard] = field(default_factory=dict)
    asked: int = 0
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> int:
        """Return the number of the next question; Enough when no more are to be asked."""
        with self._lock:
            if self.limit is not None and self.asked >= self.limit:
                raise Enough
            self.asked += 1
            return self.asked

    def in_order(self) -> list[Heard]:
        """Return what was heard."""
        return [self.heard[number] for number in sorted(self.heard)]


class RecordingJob:
    """A job that passes everything on to another one, and notes what is answered.

    Args:
        job: the job that does it.
        notebook: where it is noted.
    """

    def __init__(self, job: Job, notebook: Notebook) -> None:
        self.cursor = job.cursor
        self.now: datetime = job.now
        self.folder: Path = job.folder
        self._job = job
        self._notebook = notebook

    def connect(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        auth: Authentication | None = None,
        certificate: ClientCertificate | None = None,
        rate: Rate | None = None,
        base: str | None = None,
    ) -> "RecordingClient":
        """Return the door to the partner, listened in on; what is said to log in is not noted."""
        client = self._job.connect(headers=headers, auth=auth, certificate=certificate, rate=rate, base=base)
        return RecordingClient(client, self._notebook)

    def open_file(self, path: str) -> Document:
        """Return a local file, and note it."""
        number, document = self._notebook.begin(), self._job.open_file(path)
        digest = _copied(document, self._notebook.keeper)
        self._notebook.heard[number] = Heard(FILE, "", path, "", None, None, {}, digest, document.name)
        return document

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how many records are read, of how many where known."""
        self._job.progress(done, total)


class RecordingClient:
    """A client that notes what it is answered."""

    def __init__(self, client: Client, notebook: Notebook) -> None:
        self._client = client
        self._notebook = notebook

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> Answer:
        """GET, and note the answer."""
        number = self._notebook.begin()
        answer = self._client.get(url, params=params)
        self._note(number, "GET", address(url, params), None, answer)
        return answer

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> Answer:
        """POST, and note the answer."""
        number = self._notebook.begin()
        answer = self._client.post(url, json=json, params=params)
        self._note(number, "POST", address(url, params), json, answer)
        return answer

    def download(self, url: str) -> Document:
        """Download a file, and note it under the name it came with."""
        number, asked = self._notebook.begin(), address(url)
        document = self._client.download(url)
        digest = _copied(document, self._notebook.keeper)
        headers = {"content-disposition": f'attachment; filename="{document.name}"'}
        place = (host_of(asked), path_of(asked), asked.query.decode("ascii"))
        self._notebook.heard[number] = Heard("GET", *place, None, 200, headers, digest, document.name)
        return document

    def map(
        self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT], *, at_once: int = 4
    ) -> Iterator[ResultT]:
        """Yield function(item) for each item; where only some answers are asked for, one at once."""
        return self._client.map(function, items, at_once=at_once if self._notebook.limit is None else 1)

    def _note(self, number: int, method: str, url: httpx.URL, json: JsonValue, answer: Answer) -> None:
        self._notebook.heard[number] = Heard(
            method,
            host_of(url),
            path_of(url),
            url.query.decode("ascii"),
            json,
            answer.status,
            kept_headers(answer.headers),
            self._notebook.keeper.put(answer.body).digest,
            PurePosixPath(url.path).name,
        )


def write(
    folder: Path, notebook: Notebook, scrubber: Scrubber, adapter: Adapter[Any], about: Mapping[str, Any]
) -> Recording:
    """Scrub what was heard and write it into the folder, over an earlier recording.

    Args:
        folder: where the recording goes.
        notebook: what was heard.
        scrubber: knows the secrets of the source.
        adapter: whose fetch it was.
        about: `moment`, `cursor`, `whole` and `options` of the recording.
    """
    heard = notebook.in_order()
    kinds = [_learned(each, notebook.keeper, scrubber) for each in heard]
    for each in heard:
        scrubber.learn(each.json)
    _clear(folder)
    files = _names(heard, kinds)
    for each, kind, name in zip(heard, kinds, files, strict=True):
        body = scrubbed(scrubber, notebook.keeper.read(each.digest), kind)
        _refuse_leaks(body, scrubber, name)
        (folder / name).write_bytes(body)
    answers = [_answer(each, name, scrubber) for each, name in zip(heard, files, strict=True)]
    recording = Recording(folder, adapter.name, adapter.version, answers=answers, **about)
    _refuse_leaks(recording.index(), scrubber, INDEX)
    recording.save()
    return recording


def _learned(each: Heard, keeper: Keeper, scrubber: Scrubber) -> str:
    body = keeper.read(each.digest)
    kind = kind_of(body, f"{each.method} {each.host}{each.path}")
    learn(scrubber, body, kind)
    return kind


def _answer(each: Heard, name: str, scrubber: Scrubber) -> RecordedAnswer:
    return RecordedAnswer(
        each.method,
        *_place(each.host, scrubber.text(each.path), scrubber),
        scrubber.query(each.query),
        each.status,
        {header: scrubber.text(value) for header, value in each.headers.items()},
        name,
        scrubber.scrub(each.json),
    )


def _place(host: str, path: str, scrubber: Scrubber) -> tuple[str, str]:
    """Return host and path as they are recorded: those of a stand-in for what is on this machine."""
    place = scrubber.text(f"http://{host}{path}").removeprefix("http://") if host else path
    name, slash, rest = place.partition("/")
    return (name, f"{slash}{rest}") if host else ("", path)


def _names(heard: Sequence[Heard], kinds: Sequence[str]) -> list[str]:
    width = max(3, len(str(len(heard))))
    return [
        f"{number:0{width}d}-{_slug(each.name)}.{kind}"
        for number, (each, kind) in enumerate(zip(heard, kinds, strict=True), 1)
    ]


def _slug(name: str) -> str:
    stem = PurePosixPath(name.casefold()).stem
    return _STRANGE.sub("-", stem).strip("-")[:40] or "answer"


def _clear(folder: Path) -> None:
    """Make the folder, or take an earlier recording out of it; a folder with anything else is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = Recording.load(folder).answers if (folder / INDEX).exists() else ()
    for name in {Path(answer.body).name for answer in earlier}:
        (folder / name).unlink(missing_ok=True)
    if strangers := [each.name for each in folder.iterdir() if each.name != INDEX]:
        raise UnexpectedAnswer(
            f"the folder {folder} holds something else than a recording ({strangers[0]}); choose an empty one: --into"
        )


def _refuse_leaks(body: bytes, scrubber: Scrubber, name: str) -> None:
    """Write nothing that a secret of the source can be read from, whatever the scrubber missed."""
    if any(secret.encode() in body for secret in scrubber.secrets - {SECRET}):
        raise UnexpectedAnswer(f"{name} would hold a secret of the source, so nothing more is recorded; tell us how.")


def _copied(document: Document, keeper: Keeper) -> str:
    with document.open() as source, keeper.writer() as writer:
        while chunk := source.read(_COPIED_BYTES):
            writer.write(chunk)
    return str(writer.entry.digest)
