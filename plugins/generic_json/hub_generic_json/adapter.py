"""The adapter for JSON over HTTP: everything about a partner's list is configuration.

Its steps are methods, and its parts objects, so that a partner that outgrows configuration moves to code one by one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from hub import (
    Adapter,
    Client,
    Complete,
    Fetched,
    Incomplete,
    Job,
    JsonValue,
    KindName,
    Mapping,
    Normalised,
    Noticed,
    RawRecord,
    Reading,
    RecordLayout,
    RecordsCut,
    open_records,
    tables_mapping,
)
from hub_generic_json.asking import Asking
from hub_generic_json.changes import ChangesSince, FollowedChanges, Position, position
from hub_generic_json.field_map import FieldMap, as_object
from hub_generic_json.options import GenericJsonOptions
from hub_generic_json.paging import Download
from hub_generic_json.records import Records
from hub_generic_json.urls import named

_TELL_EVERY = 1000


class GenericJson(Adapter[GenericJsonOptions]):
    """Reads a list of JSON items: one answer, pages, or an export; everything, or what changed."""

    name: ClassVar[str] = "generic_json"
    version: ClassVar[str] = "1"
    options_type = GenericJsonOptions
    sandbox: ClassVar[str | None] = "hub_generic_json.sandbox:build"
    example: ClassVar[str | None] = "hub_generic_json.example:build"
    limitations = (
        "A partner that states no total and cuts its list off without a word looks whole; the source's expectation "
        "guards against that.",
        "A list that is ordered by change may name an item twice while it is read; its last word comes with the next "
        "run.",
        "A detail is asked for at every reading of its head, changed or not.",
        "Only the first list in an answer is read; lists inside an item are fields of it.",
        "An export is read to its end before anything of it is withdrawn; its records must lie under plain names.",
        "Names of months are not read in dates, nor amounts with a currency sign.",
        "An expression that finds fields whatever their name makes every field beside them count as used.",
    )

    def __init__(self, options: GenericJsonOptions) -> None:
        super().__init__(options)
        self.records = Records(options)
        self.field_map = FieldMap(options)

    # Fetching ---------------------------------------------------------------------------------------------------

    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield a record or a withdrawal for each item, ending with the proof, or with what is missing."""
        client = self.connect(job)
        since = position(job.cursor, self.options.changes, of=self.options.url, now=job.now)
        if isinstance(self.options.paging, Download):
            return self.read_export(job, client, since)
        return self.read_pages(job, client, since)

    def connect(self, job: Job) -> Client:
        """Return the door to the partner."""
        options = self.options
        secret = {name: value.get_secret_value() for name, value in options.headers.items()}
        return job.connect(
            headers={**options.headers_shown, **secret} or None,
            auth=options.access.authentication() if options.access else None,
            certificate=options.certificate.shown() if options.certificate else None,
            base=options.url,
        )

    def read_pages(self, job: Job, client: Client, since: Position | None) -> Iterator[Fetched]:
        """Yield the items of a list that comes in one answer or in pages."""
        options = self.options
        assert not isinstance(options.paging, Download)  # noqa: S101 - fetch has told them apart
        asking = Asking(options, client, self._since(since))
        followed = isinstance(options.changes, FollowedChanges)
        reading = Reading(
            options.paging.start(asking.url, since.next if since and followed else None),
            asking.page,
            self.records.identify,
            where=asking.where,
            drift=options.drift,
            max_pages=options.max_pages,
            states_total=options.total is not None,
            changes=followed,
            progress=job.progress,
        )
        once = _Once(self.records, asking, believe_later=followed)
        yield from self.read_items(client, once.items(reading))
        cursor = self._position(job.now, since, once.onward if followed else None)
        yield reading.end(cursor=cursor, covers="changes" if since else "everything")

    def read_export(self, job: Job, client: Client, since: Position | None) -> Iterator[Fetched]:
        """Yield the items of an export, read as a stream."""
        paging = self.options.paging
        assert isinstance(paging, Download)  # noqa: S101 - fetch has told them apart
        where, count = named("GET", self.options.url), 0
        try:
            document = client.download(Asking(self.options, client, self._since(since)).url)
            with open_records(document, _layout(paging, self.options.records)) as records:
                for count, found in enumerate(self.read_items(client, iter(records)), start=1):
                    if not count % _TELL_EVERY:
                        job.progress(count)
                    yield found
                proof = records.ending
        except RecordsCut as error:
            yield Incomplete(str(error))
            return
        job.progress(count, count)
        if proof is None:
            yield Incomplete(
                f"{where}: {count:,} items read, but nothing shows that none is missing at the end; ask the partner to "
                "pack the export with gzip, or set paging.whole = true if nobody ever meets it half written"
            )
            return
        cursor = self._position(job.now, since, None)
        yield Complete(f"{where}: {count:,} items read, {proof}.", "changes" if since else "everything", cursor)

    def read_items(self, client: Client, items: Iterator[JsonValue]) -> Iterator[Fetched]:
        """Yield what each item is, its detail added where the options name one."""
        detail = self.options.detail
        if detail is None:
            return map(self.records.record, items)
        return client.map(lambda head: self.records.detailed(client, detail, head), items, at_once=detail.at_once)

    def _since(self, since: Position | None) -> dict[str, str]:
        """Return the parameter that says from which moment changes are wanted."""
        changes = self.options.changes
        return {changes.parameter: changes.written(since.at)} if since and isinstance(changes, ChangesSince) else {}

    def _position(self, now: datetime, since: Position | None, onward: str | None) -> str | None:
        if self.options.changes is None:
            return None
        return Position(self.options.url, now, since.whole if since else now, onward).as_text()

    # Normalising ------------------------------------------------------------------------------------------------

    def normalise(self, record: RawRecord) -> Normalised:
        """Return the vacancy or programme that an item describes."""
        item, noticed = as_object(record.payload), Noticed()
        kind = self.field_map.kind(item)
        return self.field_map.normalised(kind, self.values(kind, item, noticed), item, noticed)

    def values(self, kind: KindName, item: dict[str, JsonValue], noticed: Noticed) -> dict[str, Any]:
        """Return the values of the model's fields by name; override it to work some of them out in code."""
        return self.field_map.values(kind, item, noticed)

    def mappings(self) -> Sequence[Mapping]:
        """Return the value tables of the source."""
        return (tables_mapping(self.options),)


class _Once:
    """Lets each id of a list of changes through once, and says from where on the next run hears its later word."""

    def __init__(self, records: Records, asking: Asking, *, believe_later: bool) -> None:
        self._records = records
        self._asking = asking
        self._later = believe_later
        self._seen: set[str] = set()
        self._again: list[str | None] = []

    @property
    def onward(self) -> str | None:
        """From where the next run goes on: the end, or the first page that spoke again of an item."""
        return self._again[0] if self._again else self._asking.onward

    def items(self, reading: Reading) -> Iterator[JsonValue]:
        """Yield the items of a reading."""
        for item in reading:
            name = self._records.identify(item) if self._later else None
            if name is not None and name in self._seen:
                self._again.append(self._asking.at)
                continue
            if name is not None:
                self._seen.add(name)
            yield item


def _layout(paging: Download, records: str) -> RecordLayout:
    path = "" if paging.format == "ndjson" else "item" if records == "@" else f"{records}.item"
    return RecordLayout(
        format=paging.format,
        path=path,
        member=paging.member,
        max_megabytes=paging.max_megabytes,
        whole=paging.whole,
    )
