"""One fetch under observation: what it yielded, how it ended, what it asked, how long it took."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.adapter import Adapter, Client, Complete, Fetched, Incomplete, RawRecord
from hub.client.limits import Limits
from hub.errors import SourceError
from hub.testing.job import SandboxJob
from hub.testing.trouble import Stage
from hub.testing.watch import no_way_round_the_client

ENDLESS = 5000


class _Enough(BaseException):
    """The adapter asks without end; no `except Exception` of its own may keep this back."""


@dataclass(slots=True)
class Visit:
    """What came of one fetch, or of one check.

    Args:
        fetched: what it yielded, before an error as well.
        error: what it raised.
        endless: whether it was stopped because it asked without end.
        asked: method and path of each request that reached the partner.
        waited: seconds that the client would have waited between attempts.
        round_the_client: sockets and processes of its own.
        said: the sentence of a check.
    """

    fetched: list[Fetched] = field(default_factory=list)
    error: Exception | None = None
    endless: bool = False
    asked: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    round_the_client: list[str] = field(default_factory=list)
    seconds: float = 0.0
    said: Any = None

    @property
    def records(self) -> list[RawRecord]:
        """The records."""
        return [each for each in self.fetched if isinstance(each, RawRecord)]

    @property
    def words(self) -> Counter[tuple[str, str]]:
        """How often each kind of word was said of each id."""
        ended = (Complete, Incomplete)
        return Counter(
            (type(each).__name__, str(getattr(each, "local_id", None)))
            for each in self.fetched
            if not isinstance(each, ended)
        )

    @property
    def end(self) -> Complete | Incomplete | None:
        """The last word, when it is an end."""
        last = self.fetched[-1] if self.fetched else None
        return last if isinstance(last, Complete | Incomplete) else None

    @property
    def outcome(self) -> str:
        """How it ended, for messages."""
        if self.endless:
            return f"asked {ENDLESS:,} times and more without coming to an end"
        if self.error is not None:
            kind = "" if isinstance(self.error, SourceError) else ", which is no SourceError"
            return f"raised {type(self.error).__name__}{kind}: {str(self.error)[:160]}"
        if isinstance(self.end, Complete):
            return f"ended with Complete after {len(self.records):,} records"
        return "ended with Incomplete" if self.end else "ended without Complete or Incomplete"


@dataclass(frozen=True, slots=True)
class Visiting:
    """How a visit is made.

    Args:
        cursor: where it continues.
        now: the moment it starts; the real one by default.
        limits: what it may cost.
        most: requests after which it is stopped.
    """

    cursor: str | None = None
    now: datetime | None = None
    limits: Limits = field(default_factory=Limits)
    most: int = ENDLESS


def visit(adapter: Adapter[Any], stage: Stage, how: Visiting | None = None) -> Visit:
    """Let the adapter fetch all that the sandbox on the stage tells."""
    found = Visit()
    with _observed(found, adapter, stage, how or Visiting()) as job:
        for each in adapter.fetch(job):
            found.fetched.append(each)
    return found


def check(adapter: Adapter[Any], stage: Stage) -> Visit:
    """Let the adapter check its source."""
    found = Visit()
    with _observed(found, adapter, stage, Visiting()) as job:
        found.said = adapter.check(job)
    return found


class _observed:  # noqa: N801 - a context manager that is used like a function
    """Gives the job of a visit, and writes down how it ended; lets no exception of the adapter out."""

    def __init__(self, found: Visit, adapter: Adapter[Any], stage: Stage, how: Visiting) -> None:
        self._found, self._stage = found, stage
        self._job = _CountingJob(stage, how)
        self._watch = no_way_round_the_client(type(adapter).__module__.partition(".")[0])

    def __enter__(self) -> SandboxJob:
        self._found.round_the_client = self._watch.__enter__()
        self._began = time.monotonic()
        return self._job

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: Any) -> bool:
        self._job.close()
        self._watch.__exit__(None, None, None)
        self._found.seconds = time.monotonic() - self._began
        self._found.asked, self._found.waited = list(self._stage.asked), list(self._job.waited)
        self._found.endless = isinstance(error, _Enough)
        self._found.error = error if isinstance(error, Exception) else None
        return isinstance(error, Exception | _Enough)


class _CountingJob(SandboxJob):
    """A job whose clients stop an adapter that asks without end."""

    def __init__(self, stage: Stage, how: Visiting) -> None:
        super().__init__(stage, cursor=how.cursor, now=how.now, limits=how.limits)
        self.left = how.most

    def connect(self, **terms: Any) -> Any:
        return _Counting(super().connect(**terms), self)


class _Counting:
    """A client that counts its calls."""

    def __init__(self, client: Client, job: _CountingJob) -> None:
        self._client = client
        self._job = job

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> Any:
        return self._counted().get(url, params=params)

    def post(self, url: str, **content: Any) -> Any:
        return self._counted().post(url, **content)

    def download(self, url: str) -> Any:
        return self._counted().download(url)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _counted(self) -> Client:
        self._job.left -= 1
        if self._job.left < 0:
            raise _Enough
        return self._client
