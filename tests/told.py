"""A made-up partner whose every word a test decides."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from hub.adapter import Adapter, Complete, Fetched, Job, Normalised, Options, RawRecord
from hub.errors import RecordError
from hub.model.listing import ApplyWay
from hub.model.organisation import Organisation
from hub.model.place import Place
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import Channel, ProgrammeType

MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EVERYTHING = Complete("the test says so")


def _unknown_code() -> Normalised:
    raise RecordError("no-such-code")


FAULTS: dict[str, Callable[[], Normalised]] = {
    "unknown code": _unknown_code,
    "returns nothing": lambda: cast("Normalised", None),
    "no listing": lambda: Normalised(cast("Vacancy", None)),
}
"""Ways in which an adapter breaks its contract."""


class Told(Adapter[Options]):
    """Says what it was told to say."""

    name: ClassVar[str] = "told"
    version: ClassVar[str] = "1"

    def __init__(self, words: Sequence[Fetched | Exception] = ()) -> None:
        super().__init__(Options())
        self.words = list(words)
        self.read: list[str] = []
        self.cursors: list[str | None] = []

    def fetch(self, job: Job) -> Iterator[Fetched]:
        self.cursors.append(job.cursor)
        for word in self.words:
            if isinstance(word, Exception):
                raise word
            yield word

    def normalise(self, record: RawRecord) -> Normalised:
        self.read.append(record.local_id)
        payload = cast("dict[str, Any]", record.payload)
        if payload.get("bug"):
            raise ZeroDivisionError
        if fault := payload.get("fault"):
            return FAULTS[fault]()
        if not payload.get("title"):
            raise RecordError("missing-field", field="title")
        organisation = Organisation(name=payload.get("employer", "Voorbeeld vzw"), kbo=payload.get("kbo"))
        if payload.get("programme"):
            mentoring = ProgrammeType.mentoring
            return Normalised(
                Programme(title={"nl": payload["title"]}, organisation=organisation, programme_type=mentoring)
            )
        vacancy = Vacancy(
            title={payload.get("language", "nl"): payload["title"]},
            description=payload.get("description"),
            organisation=organisation,
            places=tuple(Place(postal_code=code, country="BE") for code in payload.get("postal_codes", ())),
            openings=payload.get("openings"),
            expires=payload.get("expires"),
            published=payload.get("published"),
            url=payload.get("url"),
            how_to_apply=tuple(ApplyWay(channel=Channel.url, value=url) for url in payload.get("apply", ())),
        )
        references = tuple(payload.get("references", ()))
        return Normalised(vacancy, provenance=payload.get("provenance"), references=references)


def job(local_id: str, title: str = "Poetshulp", **more: Any) -> RawRecord:
    """Return a record of the made-up partner."""
    return RawRecord(local_id, {"title": title, **more})


class Cursor:
    """A job that knows no more than where to continue."""

    def __init__(self, cursor: str | None) -> None:
        self.cursor = cursor
