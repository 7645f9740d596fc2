"""Where search engines find the page of every opportunity: ``/robots.txt``, ``/sitemap.xml`` and its parts.

A sitemap may name addresses at or below its own folder only, so all of it is at the root of the hub. The first part
names the home page too: the schema of sitemaps allows none that is empty.
"""

import html
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.rpde import opportunity_address
from hub.store import Connection, roll
from hub.store.views.extents import Extent
from hub.web.access.readers import Readers
from hub.web.answer import HOUR, answer
from hub.web.problems import problem
from hub.web.site import Site

MOST_ADDRESSES = 50_000
"""Most addresses that a sitemap may name."""
MOST_BYTES = 50_000_000
"""Most bytes that a sitemap may have before it is compressed; the rule says 50 MB, which some read as a little more."""

_XML = "application/xml"
_PLAIN = "text/plain; charset=utf-8"
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ID_LENGTH = 36
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is the one you have."}}


def routes(site: Site, most: int = MOST_ADDRESSES) -> APIRouter:
    """Return the routes of the sitemap, at most so many addresses in each part, and of what leads to it."""
    router = APIRouter()
    size, anybody = part_size(site.address, most), Readers(site).anybody

    @router.get(
        "/sitemap.xml",
        response_class=Response,
        summary="The parts of the sitemap",
        responses={200: {"description": "A sitemap index.", "content": {_XML: {}}}, **_UNCHANGED},
    )
    def index(request: Request) -> Response:
        """A sitemap index (sitemaps.org 0.9) of all that is live and open to everybody."""
        with site.database.read() as connection:
            changed = roll.parts(connection, anybody, size)
        return answer(request, _index(site.address, changed), _XML, cache=HOUR)

    @router.get(
        "/sitemap-{part}.xml",
        response_class=Response,
        summary="One part of the sitemap",
        responses={
            200: {"description": "A sitemap.", "content": {_XML: {}}},
            **_UNCHANGED,
            404: {"description": "There is no such part."},
        },
    )
    def part(request: Request, part: Annotated[str, Path(json_schema_extra={"pattern": "^[1-9][0-9]*$"})]) -> Response:
        """At most 50,000 addresses of opportunities, each with when it changed; each opportunity is in one part."""
        number = _number(part)
        with site.database.read() as connection:
            found = b"".join(_part(connection, site.address, anybody, number, size)) if number else b""
        if not found:
            return problem(404, f"There is no part '{part[:40]}' of the sitemap; /sitemap.xml lists them.")
        return answer(request, b"".join((_opening("urlset"), found, b"</urlset>\n")), _XML, cache=HOUR)

    @router.get(
        "/robots.txt",
        response_class=Response,
        summary="What crawlers may ask for",
        responses={200: {"description": "Everything.", "content": {"text/plain": {}}}, **_UNCHANGED},
    )
    def robots(request: Request) -> Response:
        """All may be crawled (RFC 9309); it names the sitemap."""
        said = f"User-agent: *\nDisallow:\n\nSitemap: {site.address}/sitemap.xml\n"
        return answer(request, said.encode(), _PLAIN, cache=HOUR)

    return router


def part_size(address: str, most: int) -> int:
    """Return how many opportunities fit into a part beside the home page, by number and by bytes."""
    longest = len(_url(opportunity_address(address, "0" * _ID_LENGTH), "0000-00-00T00:00:00Z"))
    room = MOST_BYTES - len(_opening("urlset")) - len(b"</urlset>\n")
    return max(1, min(most, room // longest) - 1)


def _number(part: str) -> int:
    """Return the number of a part, 0 for what is none."""
    fits = part.isascii() and part.isdigit() and not part.startswith("0") and len(part) < 10
    return int(part) if fits else 0


def _part(connection: Connection, address: str, extent: Extent, number: int, size: int) -> Iterator[bytes]:
    if number == 1:
        yield _url(f"{address}/")
    for identifier, changed in roll.part(connection, extent, number - 1, size):
        yield _url(opportunity_address(address, identifier), changed)


def _index(address: str, changed: list[str]) -> bytes:
    parts = b"".join(
        _entry("sitemap", f"{address}/sitemap-{number}.xml", moment)
        for number, moment in enumerate(changed or [None], start=1)
    )
    return b"".join((_opening("sitemapindex"), parts, b"</sitemapindex>\n"))


def _opening(name: str) -> bytes:
    return _HEAD + f'<{name} xmlns="{_SPACE}">\n'.encode()


def _url(address: str, changed: str | None = None) -> bytes:
    return _entry("url", address, changed)


def _entry(name: str, address: str, changed: str | None) -> bytes:
    when = f"<lastmod>{html.escape(changed)}</lastmod>" if changed else ""
    return f"<{name}><loc>{html.escape(address)}</loc>{when}</{name}>\n".encode()
