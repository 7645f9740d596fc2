"""One page of a change feed, checked for what RPDE 1.0 with change numbers demands."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from schakel_client.errors import Malformed

_SHOWN = 80
_DIGITS = 20
_STATES = ("updated", "deleted")
_AFTER = "afterChangeNumber"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed: its items as JSON, where to read on, and whether it is the last for now."""

    items: Sequence[Mapping[str, Any]]
    next: str
    last: bool


def walk(get: Callable[[str], Any], url: str) -> Iterator[Page]:
    """Yield the pages from this address up to and including the last one; read on later from its ``next``.

    Args:
        get: returns the decoded JSON at an address.
        url: absolute address of a feed, or the ``next`` of a page read before.

    Raises:
        Malformed: a page is not as RPDE 1.0 with change numbers demands.
    """
    while True:
        page = read(get(url), url=url)
        yield page
        if page.last:
            return
        url = page.next


def read(body: Any, *, url: str) -> Page:
    """Return the page that this JSON, read at this address, is; Malformed if it is none."""
    where = f"the feed page {url}"
    _demand(isinstance(body, dict), f"{where} is not a JSON object")
    _demand(isinstance(body.get("items"), list), f"{where} has no list of `items`")
    _demand(isinstance(body.get("license"), str) and body["license"], f"{where} names no `license`")
    _check_next(body.get("next"), url, where)
    after = cursor(url) or 0
    for item in body["items"]:
        after = _check_item(item, after, where)
    _check_unique(body["items"], where)
    _check_onward(body["next"], body["items"], url, where)
    return Page(body["items"], body["next"], last=not body["items"] and body["next"] == url)


def feed_of(url: str) -> str:
    """Return the address of the feed that an address with a query is of."""
    return url.partition("?")[0]


def cursor(url: str) -> int | None:
    """Return the change number behind which the page at an address starts; None where it starts at the beginning."""
    number = parse_qs(url.partition("?")[2]).get(_AFTER, [""])[0][:_DIGITS]
    return int(number) if number.isdecimal() else None


def beginning(url: str) -> str:
    """Return the address of the first page of a feed, with whatever else was asked of it."""
    feed, _, query = url.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != _AFTER]
    return f"{feed}?{urlencode(kept)}" if kept else feed


def _check_next(found: Any, url: str, where: str) -> None:
    _demand(isinstance(found, str), f"{where} has no `next`")
    absolute = found.startswith(("http://", "https://"))
    _demand(absolute, f"{where}: `next` is not an absolute address: {_short(found)}")
    same = feed_of(found) == feed_of(url)
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
        onward = found == url or (cursor(found) or 0) > (cursor(url) or 0)
        _demand(onward, f"{where} is empty and leads back to {_short(found)}; the feed leads in a circle")
        return
    _demand(found != url, f"{where} has items, yet its `next` is the page itself")
    last = items[-1]["modified"]
    _demand(cursor(found) == last, f"{where}: `next` continues after {cursor(found)}, its last item is {last}")


def _demand(fine: object, sentence: str) -> None:
    if not fine:
        raise Malformed(sentence)


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
