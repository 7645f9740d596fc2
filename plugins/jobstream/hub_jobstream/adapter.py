"""The adapter `jobstream`: a snapshot of all ads, then what changed, and now and then a snapshot again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hub import (
    Adapter,
    Client,
    Complete,
    Document,
    Fetched,
    Incomplete,
    Job,
    Mapping,
    Normalised,
    RawRecord,
    RecordsCut,
    Refused,
    Withdrawal,
)
from hub_jobstream.ad import normalise
from hub_jobstream.moments import swedish
from hub_jobstream.options import JobstreamOptions
from hub_jobstream.persons import without_persons
from hub_jobstream.position import Position, Window, local, read_cursor
from hub_jobstream.tables import MAPPING
from hub_jobstream.words import Words

_HEADERS = {"Accept": "application/json, application/jsonl"}


class Jobstream(Adapter[JobstreamOptions]):
    """Job ads of the Swedish public employment service, through JobTech's stream."""

    name = "jobstream"
    version = "1"
    options_type = JobstreamOptions
    sandbox = "hub_jobstream.sandbox:build"
    limitations = (
        "Never run against JobTech itself: v1 is known from its source code, v2 from its clients.",
        "An ad that expires is told in no window: it leaves the feed at the next snapshot, a day later at most.",
        "An ad whose publication was put off appears at the next snapshot as well.",
        "Filters by occupation or place are not passed on; the whole of Sweden is read.",
        "Swedish organisation numbers are not published: that of a sole trader is a person's.",
    )

    def mappings(self) -> tuple[Mapping, ...]:
        """Return what JobTech's values mean."""
        return (MAPPING,)

    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield everything that is published, or the last word on what changed since the last complete run."""
        position = read_cursor(job.cursor)
        windows = position.windows(job.now, self.options) if position else []
        words = Words(self._documents(self._connect(job), windows), self.options.format)
        try:
            words.count()
        except RecordsCut as cut:
            yield Incomplete(f"{cut} Nothing of it is believed; the next run reads the same again.")
            return
        for done, word in enumerate(words.last(), 1):
            yield word if isinstance(word, Refused) else fetched(*word, job.now)
            job.progress(done, len(words))
        yield self._end(words, windows, position, job.now)

    def normalise(self, record: RawRecord) -> Normalised:
        """Return the vacancy; RecordError when it has no title or employer, or a date cannot be read."""
        return normalise(record)

    def check(self, job: Job) -> str:
        """Ask for the changes of the last minutes, and say how many there are."""
        window = (job.now - timedelta(seconds=self.options.overlap_seconds), job.now)
        words = Words(self._documents(self._connect(job), [window]), self.options.format)
        words.count()
        return f"{self.options.base_url} answers with {len(words):,} changes since {local(window[0])}."

    def _connect(self, job: Job) -> Client:
        return job.connect(
            headers=_HEADERS, auth=self.options.key(), rate=self.options.rate(), base=self.options.base_url
        )

    def _documents(self, client: Client, windows: list[Window]) -> list[Document]:
        """Return the files that say what changed in these windows; that of everything where there are none."""
        if not windows:
            return [client.download(self.options.snapshot_url())]
        return [client.download(self.options.window_url(local(start), local(end))) for start, end in windows]

    def _end(
        self, words: Words, windows: list[Window], position: Position | None, now: datetime
    ) -> Complete | Incomplete:
        if words.unproven:
            return Incomplete(f"Nothing shows that {words.unproven} is whole; the next run reads the same again.")
        if position and windows:
            proof = f"{words.read:,} changes of {len(words):,} ads read from {local(windows[0][0])} to {local(now)}."
            return Complete(proof, covers="changes", cursor=Position(now, position.snapshot).cursor())
        if not len(words):
            url = self.options.snapshot_url()
            return Incomplete(f"{url} holds no ad at all, which cannot be; ask JobTech, the next run tries again.")
        # A snapshot takes minutes to be written, and may have been written before it was asked for.
        known = now - timedelta(seconds=self.options.snapshot_lag_seconds)
        proof = f"{len(words):,} ads read, the whole snapshot."
        return Complete(proof, cursor=Position(known, snapshot=now).cursor())


def fetched(identifier: str, ad: dict[str, Any], now: datetime) -> Fetched:
    """Return what a word says of an ad: gone, over by its own last day, or a record without persons."""
    last = swedish(ad.get("last_publication_date"))
    if ad.get("removed") is True or (last is not None and last < now):
        return Withdrawal(identifier)
    return RawRecord(identifier, without_persons(ad))
