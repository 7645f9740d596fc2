"""Following an RPDE feed: pages in order, each checked for what RPDE demands, and a replica of what they say."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

from hub.errors import UnexpectedAnswer

_SHOWN = 80
_DIGITS = 20
_STATES = ("updated", "deleted")
_TITLES = 5


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed: its items as JSON, where to read on, and whether it is the last for now."""

    items: Sequence[Mapping[str, Any]]
    next: str
    last: bool


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
    visited = set[str]()
    while True:
        _demand(url not in visited, f"{url} was read before in this walk; the feed leads in a circle")
        visited.add(url)
        page = read(get(url), url=url)
        yield page
        if page.last:
            return
        url = page.next


def read(body: Any, *, url: str) -> Page:
    """Return the page that this JSON, read at this address, is; UnexpectedAnswer if unfit."""
    where = f"the feed page {url}"
    _demand(isinstance(body, dict), f"{where} is not a JSON object")
    _demand(isinstance(body.get("items"), list), f"{where} has no list of `items`")
    _demand(isinstance(body.get("license"), str) and body["license"], f"{where} names no `license`")
    _check_next(body.get("next"), url, where)
    after = _cursor(url) or 0
    for item in body["items"]:
        after = _check_item(item, after, where)
    _check_unique(body["items"], where)
    _check_onward(body["next"], body["items"], url, where)
    return Page(body["items"], body["next"], last=not body["items"] and body["next"] == url)


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


def _check_next(found: Any, url: str, where: str) -> None:
    _demand(isinstance(found, str), f"{where} has no `next`")
    absolute = found.startswith(("http://", "https://"))
    _demand(absolute, f"{where}: `next` is not an absolute address: {_short(found)}")
    same = found.partition("?")[0] == url.partition("?")[0]
    _demand(same, f"{where}: `next` leads to another feed: {_short(found)}; is the hub's public address right?")


def _check_item(item: Any, after: int, where: str) -> int:
    """Check one item and return its change number, which is above the one before it."""
    _demand(isinstance(item, dict), f"{where}: an item is not a JSON object: {_short(item)}")
    name, state, number = item.get("id"), item.get("state"), item.get("modified")
    _demand(isinstance(name, str) and name, f"{where}: an item has no `id`: {_short(item)}")
    _demand(state in _STATES, f"{where}: `state` of {name} is {_short(state)}, not updated or deleted")
    _demand(isinstance(item.get("kind"), str), f"{where}: {name} has no `kind`")
    _demand(type(number) is int, f"{where}: `modified` of {name} is not an integer: {_short(number)}")
    _demand(number > after, f"{where}: {name} has change number {number}, not above {after}, the one before it")
    if state == "updated":
        _demand(isinstance(item.get("data"), dict), f"{where}: {name} is updated but has no `data`")
    else:
        _demand("data" not in item, f"{where}: {name} is deleted but has `data`")
    return int(number)


def _check_unique(items: Sequence[Mapping[str, Any]], where: str) -> None:
    twice = [name for name, times in Counter(item["id"] for item in items).items() if times > 1]
    _demand(not twice, f"{where} lists {twice[:1]} more than once")


def _check_onward(found: str, items: Sequence[Mapping[str, Any]], url: str, where: str) -> None:
    if not items:
        return
    _demand(found != url, f"{where} has items, yet its `next` is the page itself")
    last = items[-1]["modified"]
    _demand(_cursor(found) == last, f"{where}: `next` continues after {_cursor(found)}, its last item is {last}")


def _cursor(url: str) -> int | None:
    number = parse_qs(url.partition("?")[2]).get("afterChangeNumber", [""])[0][:_DIGITS]
    return int(number) if number.isdecimal() else None


def _demand(fine: object, sentence: str) -> None:
    if not fine:
        raise UnexpectedAnswer(sentence)


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
