"""One reading of the whole list, page after page, and whether it is proof of having seen everything."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub import Client, JsonValue
from hub_actiris.item import reference
from hub_actiris.options import ActirisOptions
from hub_actiris.page import Page, body, read

Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Reading:
    """What one reading saw; `fault` says in one sentence why it is no proof, once it has ended.

    Args:
        drift: by how many the total may move.
    """

    drift: int
    references: set[str] = field(default_factory=set)
    totals: list[int] = field(default_factory=list)
    read: int = 0
    nameless: int = 0
    repeated: int = 0
    stopped: str | None = None

    @property
    def total(self) -> int:
        """How many offers the partner stated, the most it did: a page that is empty by mistake states none."""
        return max(self.totals, default=0)

    @property
    def fault(self) -> str | None:
        """Why this reading is no proof of having seen everything; None when it is one."""
        return self.stopped or self._moved() or self._repeated() or self.shortfall

    @property
    def shortfall(self) -> str | None:
        """Why some offers surely were not seen; None when as many were seen as the partner states."""
        if self.stopped or len(self.references) + self.nameless >= self.total - self.drift:
            return self.stopped
        return f"{self.read:,} offers came, but the partner states a total of {self.total:,}."

    def add(self, page: Page) -> Iterator[Any]:
        """Count a page, and yield its items that were not seen before."""
        self.totals.append(page.total)
        self.read += len(page.items)
        for item in page.items:
            named = reference(item) if isinstance(item, dict) else None
            if named is None:
                self.nameless += 1
            elif named in self.references:
                self.repeated += 1
                continue
            else:
                self.references.add(named)
            yield item

    def _moved(self) -> str | None:
        lowest, highest = min(self.totals, default=0), max(self.totals, default=0)
        if highest - lowest <= self.drift:
            return None
        return f"The total moved between {lowest:,} and {highest:,} offers while the list was read."

    def _repeated(self) -> str | None:
        if not self.repeated:
            return None
        return f"{self.repeated:,} offers came twice, so the list moved while it was read and others may be missing."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The list at the partner's address, read through one door."""

    client: Client
    options: ActirisOptions
    progress: Progress

    @property
    def url(self) -> str:
        """Address of the list."""
        return self.options.base_url.rstrip("/") + self.options.list_path

    def page(self, number: int, size: int, filtered: Mapping[str, JsonValue]) -> Page:
        """Return one page; SourceError when it cannot be had."""
        asked = {**self.options.filter, **filtered}
        return read(self.client.post(self.url, json=body(number, size, asked)), self.url)

    def items(self, reading: Reading, filtered: Mapping[str, JsonValue]) -> Iterator[Any]:
        """Yield every item once, keeping the account in `reading`, until the stated total is reached."""
        size = self.options.page_size
        for number in range(1, self.options.max_pages + 1):
            page = self.page(number, size, filtered)
            new = list(reading.add(page))
            yield from new
            self.progress(reading.read, page.total)
            if not page.items or reading.read >= page.total:
                return
            if not new:
                reading.stopped = f"Page {number} repeats earlier pages: the partner does not page as expected."
                return
            # The partner answers a page size it does not accept with one of its own, which then holds for every page.
            size = len(page.items) if number == 1 else size
        reading.stopped = f"The list is longer than {self.options.max_pages:,} pages; raise max_pages if that is right."
