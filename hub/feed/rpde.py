"""Pages of the change feed, as RPDE 1.0 with its "incrementing unique change number" strategy asks.

A page is stored bytes joined; no opportunity is parsed on the way out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, quote

import orjson

from hub.model.jsonld import pieces
from hub.store.pages import Item
from hub.views import ALL, BUILT_IN, LISTINGS

FEEDS = (*(view.id for view in BUILT_IN), LISTINGS)
"""The feeds every hub has, by the last part of their path."""

USUAL_LIMIT = 500
"""Items on a page when the reader names no limit, as RPDE suggests."""
LARGEST_LIMIT = 1000
"""Most items a reader may ask for on one page."""
LAST_POSITION = 2**63 - 1
"""The highest position the store can hold; whatever is above it is answered as if it were this."""
MEDIA_TYPE = "application/vnd.openactive.rpde+json; version=1"
"""The media type of RPDE, for readers that ask for it; the others get ``application/json``."""

_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a feed.

    Args:
        after: the change number behind which the page starts.
        limit: most items on the page.
        query: the query string as the reader sent it.
        limited: whether the reader named the limit, so that ``next`` keeps it.
    """

    after: int = 0
    limit: int = USUAL_LIMIT
    query: str = ""
    limited: bool = False

    @property
    def kept(self) -> str:
        """What of the query goes on into the next page."""
        return f"&limit={self.limit}" if self.limited else ""


@lru_cache(maxsize=1024)
def asked(query: str) -> Asked:
    """Read the query string of a request; ValueError says in one sentence what is wrong with it.

    A change number beyond every position is legal: RPDE readers and validators probe the far end of a feed with it.
    """
    values = parse_qs(query, keep_blank_values=True, errors="replace")
    after = _number(values, "afterChangeNumber", "a whole number of digits only, the one `next` carries")
    limit = _number(values, "limit", f"a whole number from 1 to {LARGEST_LIMIT}")
    if limit is not None and not 1 <= limit <= LARGEST_LIMIT:
        raise ValueError(f"limit is {limit}; it must be a whole number from 1 to {LARGEST_LIMIT}.")
    return Asked(after or 0, limit or USUAL_LIMIT, query, limited=limit is not None)


def page(items: Sequence[Item], *, url: str, request: Asked, address: str, licence: str, feed: str = ALL.id) -> bytes:
    """Return one page of a feed.

    Args:
        items: what one query found behind ``request.after``, in order of position.
        url: absolute public address of the feed, without a query.
        request: what the reader asked.
        address: absolute public address of the hub, without a slash at its end.
        licence: address of the licence the feed is published under.
        feed: which one it is; in that of listings, the items have addresses of their own.
    """
    where = listing_address if feed == LISTINGS else opportunity_address
    onward = _following(items[-1], url, request) if items else _own(url, request)
    parts = [piece for item in items for piece in _item(item, where(address, item.id))]
    head = orjson.dumps({"next": onward})[:-1]
    return b"".join((head, b',"items":[', *parts[:-1], b'],"license":', orjson.dumps(licence), b"}"))


def opportunity_address(address: str, identifier: str) -> str:
    """Return the public address of one opportunity."""
    return f"{address}/opportunities/{identifier}"


def listing_address(address: str, identifier: str) -> str:
    """Return the public address of one source's listing, by its id in the feed of listings."""
    return f"{address}/listings/{quote(identifier)}"


def _number(values: Mapping[str, list[str]], name: str, allowed: str) -> int | None:
    given = values.get(name, [])
    if not given:
        return None
    if len(given) > 1:
        raise ValueError(f"{name} is given {len(given)} times; give it once.")
    if not _DIGITS.fullmatch(given[0]):
        raise ValueError(f"{name} is {given[0][:40]!r}; it must be {allowed}.")
    digits = given[0].lstrip("0") or "0"
    return min(int(digits[:20]), LAST_POSITION)


def _following(last: Item, url: str, request: Asked) -> str:
    return f"{url}?afterChangeNumber={last.position}{request.kept}"


def _own(url: str, request: Asked) -> str:
    return f"{url}?{request.query}" if request.query else url


def _item(item: Item, address: str) -> Sequence[bytes]:
    """Return the pieces of one item and a comma; what is not text of ours goes through a JSON writer."""
    head = b'","kind":"%s","id":%s,"modified":%d' % (item.kind.encode(), orjson.dumps(item.id), item.position)
    if item.body is not None:
        return (b'{"state":"updated', head, b',"data":', *pieces(item.body, item.kind, address), b"}", b",")
    merged = b',"mergedInto":' + orjson.dumps(item.merged_into) if item.merged_into else b""
    return (b'{"state":"deleted', head, b',"reason":', orjson.dumps(item.reason), merged, b"}", b",")
