"""What is kept of a question and of the headers of its answer, so that a run can be replayed; never a secret."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson

from hub.clean.secrets import blanked, is_secret_parameter
from hub.client.exchange import path_of

KEPT_HEADERS = frozenset(
    {
        "content-disposition",
        "content-language",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
        "link",
        "total-count",
        "x-next-page",
        "x-page",
        "x-per-page",
        "x-result-count",
        "x-total",
        "x-total-count",
        "x-total-pages",
    }
)
"""The headers of an answer that an adapter may read, and that a replay gives it again."""
_LONGEST = 4000


def fingerprint(method: str, url: httpx.URL, content: bytes | None = None) -> str:
    """Return a digest of a question: method, path, query and body.

    The host is left out, since a stand-in answers elsewhere; so are the values of what is called like a secret.
    """
    asked = [method, path_of(url), open_query(url), _open_content(content)]
    return sha256(orjson.dumps(asked)).hexdigest()


def open_query(url: httpx.URL) -> str:
    """Return the query of an address without the values of what is called like a secret."""
    return urlencode([(name, "" if is_secret_parameter(name) else value) for name, value in url.params.multi_items()])


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that a replay needs, by lower-case name; addresses in them without their secrets."""
    kept = {name.lower(): value[:_LONGEST] for name, value in headers.items() if name.lower() in KEPT_HEADERS}
    return kept | ({"link": _open_links(kept["link"])} if "link" in kept else {})


def _open_links(header: str) -> str:
    """Return a Link header whose addresses carry no secret."""
    parts = header.split("<")
    return "<".join([parts[0], *map(_open_link, parts[1:])])


def _open_link(part: str) -> str:
    target, end, rest = part.partition(">")
    try:
        url = httpx.URL(target)
    except httpx.InvalidURL:
        return f"{end}{rest}"
    if any(is_secret_parameter(name) and value for name, value in url.params.multi_items()):
        target = str(url.copy_with(query=open_query(url).encode("ascii")))
    return f"{target}{end}{rest}"


def _open_content(content: bytes | None) -> str:
    """Return the digest of a body; of JSON, without the values of what is called like a secret."""
    if not content:
        return ""
    try:
        value: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return sha256(content).hexdigest()
    return sha256(orjson.dumps(blanked(value))).hexdigest()
