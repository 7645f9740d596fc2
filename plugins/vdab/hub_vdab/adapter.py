"""The adapter `vdab`: reads what VDAB publishes or changed, and makes vacancies of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub import (
    Adapter,
    Client,
    Complete,
    Duplicate,
    Fetched,
    Incomplete,
    Job,
    Mapping,
    Normalised,
    Rate,
    RawRecord,
    Refused,
    Withdrawal,
    issue,
)
from hub_vdab.details import read_details
from hub_vdab.options import VdabOptions
from hub_vdab.persons import without_persons
from hub_vdab.references import References, read_page
from hub_vdab.tables import GONE, MAPPING
from hub_vdab.vacancy import normalise
from hub_vdab.windows import stamp, windows

_BELGIUM = ZoneInfo("Europe/Brussels")


class Vdab(Adapter[VdabOptions]):
    """Vacancies of VDAB, through Open Services v4."""

    name = "vdab"
    version = "2"
    options_type = VdabOptions
    sandbox = "hub_vdab.sandbox:build"
    limitations = (
        "Never run against VDAB itself: new applications for access are suspended, so paths and names are options.",
        "VDAB does not say in which language a vacancy is written, nor the period that pay covers.",
        "The meaning of contract codes comes from the lists of v2 (2019-20), to be checked when access exists.",
        "VDAB's words for how well a language is known are not CEFR levels and are not turned into them.",
    )

    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield all that is published on the first run, then what changed since the last complete one."""
        client = self._connect(job)
        since = windows(job.cursor, job.now, self.options)
        listed = self._changed(client, since) if since else self._published(client, job.now)
        yield from (Refused(issue("empty-id", "vacatureReferentie"), item) for item in listed.nameless)
        live = [reference for reference, status in listed.statuses.items() if status not in GONE]
        yield from (Withdrawal(reference) for reference, status in listed.statuses.items() if status in GONE)
        for done, (reference, detail) in enumerate(read_details(client, live, self.options), 1):
            yield fetched(reference, detail)
            job.progress(done, len(live))
        yield _end(listed, since, job.now)

    def normalise(self, record: RawRecord) -> Normalised:
        """Return the vacancy; RecordError when it has no title or employer, or is not open to jobseekers."""
        return normalise(record, self.options.public_url)

    def mappings(self) -> Sequence[Mapping]:
        """Return the tables of VDAB's values."""
        return (MAPPING,)

    def check(self, job: Job) -> str:
        """Get a token and one entry of the list, and say how many vacancies VDAB lists."""
        url = self.options.url(self.options.initial_path)
        paging = {self.options.offset_parameter: "0", self.options.size_parameter: "1"}
        page = read_page(self._connect(job).get(url, params={**self._day(job.now), **paging}), url)
        stated = "a list" if page.total is None else f"a list of {page.total:,} vacancies"
        return f"{url} accepts the credentials and answers with {stated}."

    def _connect(self, job: Job) -> Client:
        options = self.options
        return job.connect(
            headers=options.headers(),
            auth=options.credentials(),
            base=options.base_url,
            rate=Rate(options.calls_a_minute),
        )

    def _day(self, now: datetime) -> dict[str, str]:
        return {self.options.date_parameter: now.astimezone(_BELGIUM).date().isoformat()}

    def _published(self, client: Client, now: datetime) -> References:
        listed, url = References(), self.options.url(self.options.initial_path)
        listed.read_all(client, url, self._day(now), self.options)
        if not listed.statuses and not listed.fault:
            listed.fault = f"{url} lists no vacancy at all, which cannot be; ask VDAB, the next run tries again."
        listed.fault = listed.fault or _unproven(listed, url)
        return listed

    def _changed(self, client: Client, since: list[tuple[str, str]]) -> References:
        listed, url = References(), self.options.url(self.options.bulk_path)
        for start, end in since:
            window = {self.options.from_parameter: start, self.options.to_parameter: end}
            listed.read_all(client, url, window, self.options, changes=True)
            if listed.fault:
                break
        return listed


def fetched(reference: str, detail: Any) -> Fetched:
    """Return what a vacancy is: gone, another one told twice, unreadable, or a record without persons."""
    if detail is None:
        return Withdrawal(reference)
    if not isinstance(detail, dict):
        return Refused(issue("unreadable-record"), None, reference)
    if detail.get("status") in GONE:
        return Withdrawal(reference)
    parent = _parent(detail.get("dubbels"))
    if parent and parent != reference:
        return Duplicate(reference, of=parent)
    return RawRecord(reference, without_persons(detail))


def _unproven(listed: References, url: str) -> str | None:
    """Return why a list of everything is no proof that what it lacks is gone."""
    if listed.stated:
        return None
    return f"{url} states no total, so it cannot be known whether all of it came; ask VDAB, nothing is withdrawn."


def _parent(doubles: Any) -> str | None:
    if not isinstance(doubles, dict):
        return None
    parent = doubles.get("parentId") or doubles.get("parentUuid")
    return str(parent) if parent else None


def _end(listed: References, since: list[tuple[str, str]], now: datetime) -> Complete | Incomplete:
    if listed.fault:
        return Incomplete(listed.fault)
    if since:
        proof = f"{listed.read:,} changes read from {since[0][0]} to {since[-1][1]}, all that VDAB states."
        return Complete(proof, covers="changes", cursor=since[-1][1])
    return Complete(f"{listed.read:,} published vacancies read, all that VDAB states.", cursor=stamp(now))
