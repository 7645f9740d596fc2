"""Pages of the change feed, as RPDE 1.0 with its "incrementing unique change number" strategy asks.

A page is stored bytes joined; no opportunity is parsed on the way out.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, quote

import orjson

from hub.model.jsonld import OPENING
from hub.store.pages import Item, Row
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
_UPDATED = {kind: b'{"state":"updated","kind":%b,"id":"' % orjson.dumps(kind) for kind in OPENING}
_SPECIMENS = (
    *(Item("id", kind, 1, None, None, b'{"title":""}') for kind in OPENING),
    Item("id", next(iter(OPENING)), 1, "merged", "id", None),
)


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


def page(items: Sequence[Row], *, url: str, request: Asked, address: str, licence: str, feed: str = ALL.id) -> bytes:
    """Return one page of a feed.

    Args:
        items: what one query found behind ``request.after``, in order of position.
        url: absolute public address of the feed, without a query.
        request: what the reader asked.
        address: absolute public address of the hub, without a slash at its end.
        licence: address of the licence the feed is published under.
        feed: which one it is; in that of listings, the items have addresses of their own.
    """
    listed = feed == LISTINGS
    start = orjson.dumps(listing_address(address, "") if listed else opportunity_address(address, ""))[:-1]
    openings = {kind: b',"data":' + opening + start for kind, opening in OPENING.items()}
    parts = [orjson.dumps({"next": _onward(items, url, request)})[:-1], b',"items":[']
    # What is small is written by one call for all items, what is large is there already: nothing is made for each item.
    names = _texts([row[0] for row in items])
    paths = _texts([quote(row[0]) for row in items]) if listed else names
    numbers = orjson.dumps([row[2] for row in items])[1:-1].split(b",")
    for name, path, number, row in zip(names, paths, numbers, items, strict=False):
        _, kind, _, reason, merged_into, body, _ = row
        if body is None:
            parts += (_deleted(kind, name, number, reason, merged_into), b"},")
        else:
            parts += (_UPDATED[kind], name, b'","modified":', number, openings[kind], path, b'",', body[1:], b"},")
    if items:
        parts[-1] = b"}"
    parts += (b'],"license":', orjson.dumps(licence), b"}")
    return b"".join(parts)


def digest(items: Sequence[Row], *, url: str, request: Asked, address: str, licence: str, feed: str = ALL.id) -> str:
    """Return what tells a page of these arguments from every other page, without looking at the bodies of its items.

    A position is spent once, on one change of one opportunity: it tells the body, which is written with it and never
    changed. So what may be told of a position at another time is all that is looked at, and when the change was made
    besides, for who puts back an older store by hand. How pages are written is told by a specimen.
    """
    written = _specimen(url=url, address=address, licence=licence, feed=feed)
    columns = [column for name, column in zip(Item._fields, zip(*items, strict=True), strict=False) if name != "body"]
    return _sha256(orjson.dumps((written, _onward(items, url, request), columns)))


@lru_cache(maxsize=256)
def _specimen(**said: str) -> str:
    return _sha256(page(_SPECIMENS, request=Asked(), **said))


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:32]


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


def _onward(items: Sequence[Row], url: str, request: Asked) -> str:
    """Return where to read on; of an empty page, the page itself as it was asked for."""
    if items:
        return f"{url}?afterChangeNumber={Item(*items[-1]).position}{request.kept}"
    return f"{url}?{request.query}" if request.query else url


def _texts(texts: list[str]) -> list[bytes]:
    """Return texts as JSON writes them, without the quotes; a line break stands between two, and never within one."""
    return orjson.dumps(texts, option=orjson.OPT_INDENT_2)[5:-3].split(b'",\n  "')


def _deleted(kind: str, name: bytes, number: bytes, reason: str | None, merged_into: str | None) -> bytes:
    """Return a tombstone without its last brace; what is not text of ours goes through a JSON writer."""
    merged = b',"mergedInto":' + orjson.dumps(merged_into) if merged_into else b""
    said = (orjson.dumps(kind), name, number, orjson.dumps(reason), merged)
    return b'{"state":"deleted","kind":%b,"id":"%b","modified":%b,"reason":%b%b' % said
