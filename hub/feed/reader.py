"""Following a feed with what portals follow it with: the pages in order, a replica, and what a page holds in short."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import schakel_client
from schakel_client import Malformed, Page

from hub.errors import UnexpectedAnswer

_TITLES = 5


class Replica:
    """What a reader of a feed holds: the data of every opportunity by its id."""

    def __init__(self) -> None:
        """Start with nothing, at the beginning of the feed."""
        self.data: dict[str, Any] = {}
        self.next: str | None = None

    def apply(self, page: Page) -> None:
        """Take over what a page says, and remember where to read on."""
        for item in page.items:
            if item["state"] == "updated":
                self.data[item["id"]] = item["data"]
            else:
                self.data.pop(item["id"], None)
        self.next = page.next


@dataclass(frozen=True, slots=True)
class Summary:
    """What a page holds, in short: how many items of which kind, its change numbers, and a few titles."""

    count: int
    kinds: dict[str, int]
    deleted: int
    first: int | None
    last: int | None
    titles: tuple[str, ...]
    next: str

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON-able values."""
        return asdict(self)


def follow(get: Callable[[str], Any], url: str) -> Iterator[Page]:
    """Yield the pages from this address up to and including the last one; read on later from its ``next``.

    Args:
        get: returns the decoded JSON at an address.
        url: absolute address of a feed, or the ``next`` of a page read before.

    Raises:
        UnexpectedAnswer: a page is not as RPDE 1.0 with change numbers demands.
    """
    try:
        yield from schakel_client.walk(get, url)
    except Malformed as error:
        raise UnexpectedAnswer(str(error)) from error


def summary(page: Page) -> Summary:
    """Return what a page holds, in short."""
    live = [item for item in page.items if item["state"] == "updated"]
    numbers = [item["modified"] for item in page.items]
    return Summary(
        count=len(page.items),
        kinds=dict(Counter(item["kind"] for item in page.items)),
        deleted=len(page.items) - len(live),
        first=numbers[0] if numbers else None,
        last=numbers[-1] if numbers else None,
        titles=tuple(_title(item["data"]) for item in live[:_TITLES]),
        next=page.next,
    )


def _title(data: Mapping[str, Any]) -> str:
    title = data.get("title") or data.get("name") or ""
    return str(next(iter(title.values()), "")) if isinstance(title, Mapping) else str(title)
