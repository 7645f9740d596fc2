"""The lists of references: who is published, and what changed; page after page, with the proof of having seen all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub import Answer, Client, UnexpectedAnswer
from hub_vdab.options import VdabOptions

TOTALS = ("totaalAantalResultaten", "totaalAantal")
"""The names under which an answer states its total: v4, and the site."""
COUNT = "aantal"
"""The total in v2; but also the name of the size that a page is asked for, so it counts only above what came."""
_NOT_FOUND = "NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the total it states."""

    items: list[Any]
    total: int | None


@dataclass(slots=True)
class References:
    """What a list holds: the status of each vacancy by its reference, and why it may not be all.

    Args:
        statuses: by interneReferentie, the last one said.
        nameless: entries without a reference.
        read: entries, repeated ones too.
        repeated: how many named a reference that an earlier page had named.
        stated: whether the last list read stated its total.
        fault: one sentence, when the list is no proof of having seen everything.
    """

    statuses: dict[str, str] = field(default_factory=dict)
    nameless: list[Any] = field(default_factory=list)
    read: int = 0
    repeated: int = 0
    stated: bool = False
    fault: str | None = None

    def read_all(self, client: Client, url: str, params: Mapping[str, str], options: VdabOptions) -> None:
        """Read a list to its empty page, adding to what is known; stops at the first fault.

        A stated total ends nothing: it may be that of the page. It is held against what came, afterwards.
        """
        start, stated, seen = self.read, None, set[str]()
        for page in _pages(client, url, params, options):
            self.fault = _contradiction(stated, page.total, url) or self._add(page, seen, url)
            stated = page.total if stated is None else stated
            if self.fault or not page.items:
                break
        self.stated = stated is not None
        self.fault = self.fault or _shortfall(self.read - start, stated, url)

    def _add(self, page: Page, seen: set[str], url: str) -> str | None:
        entries = [_reference(item) for item in page.items]
        named = {reference for reference, _ in entries if reference}
        if named and named <= seen:
            return f"A page of {url} repeats earlier pages, so others may be missing; the next run tries again."
        self.repeated += len(named & seen)
        seen |= named
        self.read += len(entries)
        self.statuses.update((name, status) for name, status in entries if name and _NOT_FOUND not in name)
        self.nameless += [item for item, (name, _) in zip(page.items, entries, strict=True) if not name]
        return None


def read_page(answer: Answer, url: str) -> Page:
    """Return the page of an answer; UnexpectedAnswer when it is not a list of results."""
    found = answer.json() if answer.status != 404 else None
    content = found if isinstance(found, dict) else {}
    items = content.get("resultaten")
    if not isinstance(items, list):
        raise UnexpectedAnswer(
            f"{url} answered with status {answer.status} and no list 'resultaten'; check base_url and the paths, "
            "or read what changed at VDAB."
        )
    total = next((content[name] for name in TOTALS if isinstance(content.get(name), int)), None)
    count = content.get(COUNT)
    return Page(items, count if total is None and isinstance(count, int) and count > len(items) else total)


def _pages(client: Client, url: str, params: Mapping[str, str], options: VdabOptions) -> Iterator[Page]:
    offset = 0
    for _ in range(options.max_pages):
        paging = {options.offset_parameter: str(offset), options.size_parameter: str(options.page_size)}
        page = read_page(client.get(url, params={**params, **paging}), url)
        yield page
        offset += len(page.items)
    raise UnexpectedAnswer(f"{url} has more than {options.max_pages:,} pages; raise max_pages if that is right.")


def _reference(item: Any) -> tuple[str | None, str]:
    """Return the reference and status of an entry of a list; v2 had the reference beside the status."""
    if not isinstance(item, dict):
        return None, ""
    inner = item.get("vacatureReferentie")
    holder = inner if isinstance(inner, dict) else item
    reference = holder.get("interneReferentie") or (inner if isinstance(inner, str) else None)
    return (str(reference) if reference else None), str(item.get("status") or "")


def _contradiction(stated: int | None, total: int | None, url: str) -> str | None:
    if stated is None or total is None or total == stated:
        return None
    return f"The total of {url} moved from {stated:,} to {total:,} while it was read; the next run tries again."


def _shortfall(read: int, stated: int | None, url: str) -> str | None:
    if stated is None or read == stated:
        return None
    return f"{url} states a total of {stated:,}, but {read:,} entries came; the next run tries again."
