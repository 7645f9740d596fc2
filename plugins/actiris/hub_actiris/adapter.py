"""The adapter `actiris`: reads the bilingual list of offers, and makes vacancies of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from hub import (
    Adapter,
    Complete,
    Fetched,
    Incomplete,
    Job,
    Normalised,
    PageNumber,
    RawRecord,
    Reading,
    Readings,
    Refused,
    issue,
)
from hub import Mapping as Tables
from hub_actiris.facts import MAPPING, declared
from hub_actiris.flags import Flagged, flagged, names_of
from hub_actiris.item import FLAGS, kept, reference
from hub_actiris.offer import normalise
from hub_actiris.options import ActirisOptions
from hub_actiris.reading import Catalogue

_MANY = 20
"""Of so many offers, not every one is reserved for people with a disability."""
_SURELY_FLAGGED = 100
"""A longer list has offers under some filter."""


class Actiris(Adapter[ActirisOptions]):
    """Job offers of Actiris, with French and Dutch titles."""

    name = "actiris"
    version = "2"
    options_type = ActirisOptions
    sandbox = "hub_actiris.sandbox:build"
    limitations = (
        "Actiris publishes no contract for this list: agree the access with Actiris before using it.",
        "The list has no description, no pay and no end date, and many of its offers name no employer.",
        "The partner announces no withdrawals: an offer is gone when a complete reading no longer lists it.",
        "Most contract and working-time codes are not documented; what is not certain is left empty.",
    )

    def __init__(self, options: ActirisOptions) -> None:
        super().__init__(options)
        self._declared = declared(options.contracts, options.regimes)
        self._tables = MAPPING.with_tables(self._declared)

    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield every offer of the list with the flags it stands under; complete when the stated total was read."""
        catalogue = self._catalogue(job)
        with TemporaryFile("w+", encoding="utf-8") as spool:
            listed = _spooled(catalogue, spool)
            passes = {name: flagged(catalogue, name) for name in self.options.passes if listed.ids}
            unsure = {name: reading.shortfall for name, reading in passes.items() if reading.shortfall}
            if unsure:
                yield _unflagged(unsure)
                return
            if ignored := self._ignored(listed, passes):
                yield _everybody(catalogue.url, ignored)
                return
            if len(listed.ids) > _SURELY_FLAGGED and passes and not any(p.references for p in passes.values()):
                yield _nobody(catalogue.url, passes)
                return
            yield from (_fetched(json.loads(line), passes) for line in spool)
        yield _end(listed, len(passes))

    def normalise(self, record: RawRecord) -> Normalised:
        """Return the vacancy of an offer; RecordError when it has no title, or no employer and none may be assumed."""
        return normalise(record, self.options, Readings(self._tables))

    def mappings(self) -> Sequence[Tables]:
        """Return the adapter's tables, and those that the source declares over them."""
        return (MAPPING, self._declared) if self.options.contracts or self.options.regimes else (MAPPING,)

    def check(self, job: Job) -> str:
        """Ask for one offer, and say how many the partner lists."""
        catalogue = self._catalogue(job)
        return f"{catalogue.url} answers with a list of {catalogue.page(PageNumber(1).start(), {}).total:,} offers."

    def _ignored(self, listed: Reading, passes: Mapping[str, Flagged]) -> str | None:
        """Return the pass for reserved offers that brought the whole list, as when the partner ignores its filter."""
        whole = len(listed.ids)
        reserved = (name for name, each in self.options.passes.items() if each.reserved_for)
        return next((name for name in reserved if whole >= _MANY and len(passes[name].references) >= whole), None)

    def _catalogue(self, job: Job) -> Catalogue:
        headers = {"Accept": "application/json", "Accept-Language": self.options.language}
        secret = {name: value.get_secret_value() for name, value in self.options.headers.items()}
        return Catalogue(job.connect(headers=headers | secret, base=self.options.base_url), self.options, job.progress)


def _spooled(catalogue: Catalogue, spool: IO[str]) -> Reading:
    """Read the list into a file, again when it moved; the flags of an offer are only known after the whole list."""
    for attempt in range(1, catalogue.options.attempts + 1):
        reading = catalogue.reading({})
        spool.seek(0)
        spool.truncate()
        for item in reading:
            spool.write(json.dumps(kept(item, catalogue.options.references) if isinstance(item, dict) else None) + "\n")
        if reading.fault is None or reading.stopped or attempt == catalogue.options.attempts:
            break
    spool.seek(0)
    return reading


def _fetched(item: dict[str, Any] | None, passes: Mapping[str, Flagged]) -> RawRecord | Refused:
    if item is None:
        return Refused(issue("unreadable-record"), None)
    local_id = reference(item)
    if local_id is None:
        return Refused(issue("empty-id", "reference", item.get("reference")), item)
    flags = names_of(local_id, passes)
    return RawRecord(local_id, item | {FLAGS: flags} if flags else item)


def _unflagged(unsure: Mapping[str, str]) -> Incomplete:
    name, shortfall = next(iter(unsure.items()))
    return Incomplete(
        f"Reading '{name}' of {shortfall} Nothing of this run is published, since it is not known "
        "for whom the offers are; the next run tries again, or remove the reading from passes."
    )


def _everybody(url: str, name: str) -> Incomplete:
    return Incomplete(
        f"{url}, reading '{name}' of the list, brings the whole list, so its filter seems to be ignored; nothing of "
        "this run is published, or every offer would appear as reserved. Correct the filter of this pass, or remove it."
    )


def _nobody(url: str, names: Iterable[str]) -> Incomplete:
    return Incomplete(
        f"{url}, readings {', '.join(names)} of the list, bring no offer at all, so their filters seem to be ignored; "
        "nothing of this run is published, since it is not known for whom the offers are. Correct the filters of these "
        "passes, or remove them."
    )


def _end(listed: Reading, passes: int) -> Complete | Incomplete:
    if listed.fault:
        return Incomplete(f"{listed.fault} Nothing is withdrawn.")
    flags = f", flags from {passes} more readings" if passes else ""
    return Complete(f"{listed.read:,} offers read, the total the partner states{flags}.")
