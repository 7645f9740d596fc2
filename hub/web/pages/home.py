"""The home page: what this hub holds, how it is doing, and links to everything; and its health, for machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.model.vocabulary import VOCABULARIES, Kind
from hub.store import Connection, listings, pages, quarantine, runs
from hub.store.pages import Counts, Item
from hub.store.runs import RunRow
from hub.store.views import extents
from hub.store.views.extents import Extent
from hub.views import ALL
from hub.web.access.readers import Readers
from hub.web.pages import Visit, render
from hub.web.pages.values import Words, label, place, words
from hub.web.site import Site, SourceView
from hub.web.well_known import home_links

_LATEST = 4


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as the table shows it."""

    source: SourceView
    live: int
    refused: int
    outcome: str | None
    when: str | None
    shown_when: str | None


@dataclass(frozen=True, slots=True)
class Teaser:
    """One opportunity in short."""

    id: str
    kind: str
    title: Words
    organisation: str
    places: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What the hub holds for everybody, read in one consistent view; ``head`` is None where not all of it is."""

    counts: Counts
    head: int | None
    refused: int
    sources: Sequence[SourceRow]
    latest: Sequence[Item]


def routes(site: Site) -> APIRouter:
    """Return the routes of the home page and the health check."""
    router = APIRouter()
    readers = Readers(site)
    example = next((view.id for view in site.views if view.access == "public"), None)

    @router.get("/", response_class=Response, include_in_schema=False)
    def home(request: Request) -> Response:
        language = Visit.of(request).language
        held = _holding(site, readers.anybody)
        latest = [_teaser(found, language) for found in held.latest]
        shown = render(
            request, site, "home.html", held=held, latest=latest, feeds=site.views, example=example,
            keyed=readers.differ, kinds=list(Kind), vocabularies=list(VOCABULARIES),
        )  # fmt: skip
        shown.headers["link"] = home_links(site)
        return shown

    @router.get("/health", response_class=Response, summary="Whether the hub works")
    def health() -> Response:
        """200 with the head when the store answers, else 503; status "read-only" where the disk refuses writes."""
        status = "read-only" if site.database.read_only() else "ok"
        with site.database.read() as connection:
            state = {"status": status, "version": site.version, "head": pages.head(connection)}
        return Response(orjson.dumps(state), media_type="application/json", headers={"cache-control": "no-store"})

    return router


def _holding(site: Site, anybody: Extent) -> Holding:
    with site.database.read() as connection:
        return Holding(
            counts=extents.counts(connection, anybody),
            head=None if ALL.id in site.closed else pages.head(connection),
            refused=quarantine.count(connection),
            sources=[_source(connection, source) for source in site.sources],
            latest=[found for kind in Kind for found in extents.latest(connection, anybody, kind, _LATEST)],
        )


def _source(connection: Connection, source: SourceView) -> SourceRow:
    last = next(iter(runs.latest(connection, source.id)), None)
    when = _when(last)
    return SourceRow(
        source=source,
        live=listings.count_live(connection, source.id),
        refused=quarantine.count(connection, source.id),
        outcome=last.outcome if last else None,
        when=when.isoformat() if when else None,
        shown_when=f"{when:%d/%m/%Y %H:%M} UTC" if when else None,
    )


def _when(run: RunRow | None) -> datetime | None:
    moment = (run.finished or run.started) if run else None
    return datetime.fromisoformat(moment).astimezone(UTC) if moment else None


def _teaser(found: Item, language: str) -> Teaser:
    data: dict[str, Any] = orjson.loads(found.body or b"{}")
    shown = dict.fromkeys(
        filter(None, (one.get("municipality") or place(one, language) for one in data.get("places", ())))
    )
    return Teaser(
        id=found.id,
        kind=label("kinds", found.kind, language),
        title=words(data["title"], language),
        organisation=data["organisation"]["name"],
        places=", ".join(list(shown)[:3]),
    )
