"""A recording: what a partner answered to one fetch, scrubbed and kept in a folder that can be read and compared.

``index.json`` says what was asked and how it was answered; each body is a file beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx
import orjson
from pydantic import JsonValue

from hub.adapter import Adapter, Fetched, RawRecord
from hub.client.fingerprint import fingerprint
from hub.errors import UnexpectedAnswer
from hub.testing.replay import FILE, NotRecorded, Recorded, ReplayJob

INDEX = "index.json"
AnyAdapter = TypeVar("AnyAdapter", bound=Adapter[Any])


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One line of the index.

    Args:
        query: of the address, with stand-ins for secrets.
        json: what a POST asked.
        body: the name of the file with the answer's body.
    """

    method: str
    host: str
    path: str
    query: str
    status: int | None
    headers: Mapping[str, str]
    body: str
    json: JsonValue = None

    def as_dict(self) -> dict[str, Any]:
        """Return the line as JSON, without what it does not say."""
        said = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in said.items() if value not in (None, "", {})}


@dataclass(frozen=True, slots=True)
class Recording:
    """A folder of recorded answers.

    Args:
        folder: where it is.
        adapter: name of the adapter it was recorded with, and its version.
        version: of that adapter.
        moment: when the fetch started; a replay takes place then.
        cursor: where it started.
        whole: whether the fetch came to its end; a limited recording ends in the middle.
        options: of the source, with stand-ins for its secrets.
        answers: what was answered, in the order it was asked.
    """

    folder: Path
    adapter: str
    version: str
    moment: datetime
    cursor: str | None = None
    whole: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    answers: Sequence[RecordedAnswer] = ()

    @classmethod
    def load(cls, folder: Path | str) -> "Recording":
        """Return the recording in a folder; UnexpectedAnswer says what is wrong with it."""
        index = Path(folder) / INDEX
        try:
            said = orjson.loads(index.read_bytes())
            answers = [RecordedAnswer(**_with_defaults(each)) for each in said.pop("answers")]
            moment = datetime.fromisoformat(said.pop("moment"))
            return cls(Path(folder), **said, moment=moment, answers=answers)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnexpectedAnswer(
                f"{index} is no recording ({type(error).__name__}: {error}); make one with `hub record SOURCE`."
            ) from error

    def save(self) -> None:
        """Write the index; the bodies are written already."""
        (self.folder / INDEX).write_bytes(self.index())

    def index(self) -> bytes:
        """Return the index as it is written."""
        said = {
            "adapter": self.adapter,
            "version": self.version,
            "moment": self.moment.isoformat(),
            "cursor": self.cursor,
            "whole": self.whole,
            "options": dict(self.options),
            "answers": [answer.as_dict() for answer in self.answers],
        }
        return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def job(self) -> ReplayJob:
        """Return a job that answers from this recording; no connection is opened."""
        recorded = [self._recorded(answer) for answer in self.answers]
        return ReplayJob(recorded, self, cursor=self.cursor, now=self.moment, folder=self.folder)

    def adapter_of(self, kind: type[AnyAdapter]) -> AnyAdapter:
        """Return an adapter with the options of the source that was recorded."""
        return kind(kind.options_type.model_validate(dict(self.options)))

    def open(self, name: str) -> IO[bytes]:
        """Return a stream of a body."""
        return (self.folder / Path(name).name).open("rb")

    def read(self, name: str) -> bytes:
        """Return a whole body."""
        with self.open(name) as stream:
            return stream.read()

    def _recorded(self, answer: RecordedAnswer) -> Recorded:
        body = self.read(answer.body)
        return Recorded(
            answer.method,
            answer.host,
            answer.path,
            request_of(answer),
            answer.status,
            answer.headers,
            answer.body,
            len(body),
            sha256(body).hexdigest(),
        )


def request_of(answer: RecordedAnswer) -> str:
    """Return the digest of what was asked, as a replay asks it; empty for a local file."""
    if answer.method == FILE:
        return ""
    url = httpx.URL(f"http://{answer.host}{answer.path}?{answer.query}".removesuffix("?"))
    return fingerprint(answer.method, url, None if answer.json is None else orjson.dumps(answer.json))


def replayed(adapter: Adapter[Any], recording: Recording) -> Iterator[Fetched]:
    """Yield what an adapter fetches from a recording; a limited one just ends where nothing more was recorded."""
    try:
        yield from adapter.fetch(recording.job())
    except NotRecorded:
        if recording.whole:
            raise


def records_of(adapter: Adapter[Any], recording: Recording) -> list[RawRecord]:
    """Return the raw records that an adapter fetches from a recording."""
    return [item for item in replayed(adapter, recording) if isinstance(item, RawRecord)]


def recorded_in(folder: Path, kind: type[Adapter[Any]]) -> list[RawRecord]:
    """Return the raw records in a folder: of a recording, of recordings in folders of their own, and single ones.

    A single one is a JSON file with the record as `fetch` yields it; its id is the name of the file.
    """
    places = [index.parent for index in sorted((*folder.glob(INDEX), *folder.glob(f"*/{INDEX}")))]
    recordings = [Recording.load(place) for place in places]
    records = [record for each in recordings for record in records_of(each.adapter_of(kind), each)]
    single = [] if folder in places else sorted(folder.glob("*.json"))
    return records + [RawRecord(path.stem, orjson.loads(path.read_bytes())) for path in single]


def _with_defaults(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the index with what it leaves out."""
    return {"host": "", "query": "", "status": None, "headers": {}, "json": None, **said}
