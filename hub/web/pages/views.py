"""The views at ``/views`` and ``/views/<view>``: what each holds, and every way to follow it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.editions import LANGUAGES, FormatType, Press, offered
from hub.feed.files import FileRecord, Manifest
from hub.format import MANIFEST
from hub.store import pages
from hub.views import View
from hub.web.answer import SOON, answer
from hub.web.files import manifest_of
from hub.web.negotiation import preferred_type
from hub.web.pages import Visit, render
from hub.web.pages.selection import Asked, asked
from hub.web.pages.status import moment
from hub.web.pages.texts import catalogue, say
from hub.web.pages.values import Words, amount, words
from hub.web.problems import problem
from hub.web.site import Site

_JSON = "application/json"
_OFFERED = (_JSON, "text/html")
_UNITS = (("MB", 1_000_000), ("kB", 1_000))

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as the page of a view shows it; in each language where it has one."""

    file: str
    title: str
    languages: Sequence[str]
    latest: int | None
    count: int | None
    size: str | None


def routes(site: Site) -> APIRouter:
    """Return the routes of the views."""
    router = APIRouter()
    names = [view.id for view in site.views]

    @router.get("/views", response_class=Response, responses=_answers("The views."), summary="The views there are")
    def views(request: Request) -> Response:
        """What can be followed: each view with its feed and its files. A page for who prefers HTML."""
        if _wants_page(request):
            language = Visit.of(request).language
            return render(request, site, "views.html", views=[_card(view, language) for view in site.views])
        return _json(request, {"views": [_described(site, view, told=view.access == "public") for view in site.views]})

    @router.get(
        "/views/{view}",
        response_class=Response,
        responses={**_answers("The view."), 404: {"description": "There is no view of this name."}},
        summary="One view",
    )
    def one(request: Request, view: Annotated[str, Path(json_schema_extra={"enum": names})]) -> Response:
        """What it holds, its feed, and its files. A page for who prefers HTML; JSON in any case with ``.json``."""
        bare = view.removesuffix(".json")
        found = site.view(bare)
        if found is None:
            return problem(404, f"There is no view '{bare[:40]}'; there are {', '.join(names)}.", code="no-such-feed")
        if bare == view and _wants_page(request):
            return _page(request, site, found)
        return _json(request, _described(site, found))

    return router


def _answers(said: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": said, "content": {name: {} for name in _OFFERED}},
        304: {"description": "It is the one you have."},
    }


def _wants_page(request: Request) -> bool:
    return preferred_type(request.headers.get("accept"), _OFFERED) != _JSON


def _json(request: Request, value: Json) -> Response:
    return answer(request, orjson.dumps(value, option=orjson.OPT_INDENT_2), _JSON, cache=SOON, vary="Accept")


def _card(view: View, language: str) -> tuple[View, Words, Sequence[Asked]]:
    return view, words(view.title, language), asked(view.filter, language)


def _page(request: Request, site: Site, view: View) -> Response:
    language = Visit.of(request).language
    manifest = manifest_of(site, view)
    with site.database.read() as connection:
        head = pages.head(connection, view.id)
    shown = render(
        request, site, "view.html", view=view, heading=words(view.title, language), head=head,
        asked=asked(view.filter, language), manifest=manifest, moment=moment,
        files=[_row(each, manifest, language) for each in offered(site.formats, view)],
    )  # fmt: skip
    shown.headers["link"] = f'<{site.address}/views/{view.id}.json>; rel="alternate"; type="{_JSON}"'
    return shown


def _row(of: FormatType, manifest: Manifest | None, language: str) -> FileRow:
    record = _first(of, manifest, language)
    return FileRow(
        file=of.file,
        title=_title(of, language),
        languages=LANGUAGES if of.in_languages else (),
        latest=of.latest,
        count=record.count if record else None,
        size=_size(record.bytes, language) if record else None,
    )


def _first(of: FormatType, manifest: Manifest | None, language: str) -> FileRecord | None:
    return manifest.find(of.file, language) if manifest else None


def _title(of: FormatType, language: str) -> str:
    """Return what a format is, in the language of the page where the hub has words for it."""
    name = f"format.{of.name}"
    return say(name, language) if name in catalogue() else of.title


def _size(number: int, language: str) -> str:
    unit, size = next((each for each in _UNITS if number >= each[1]), ("B", 1))
    return f"{amount(round(number / size, 1 if size > 1000 else 0), language)}\u202f{unit}"


def _described(site: Site, view: View, *, told: bool = True) -> Json:
    """Return what is said of a view; how much it holds only where that may be told."""
    press, manifest = Press(site.address, site.licence, site.operator), manifest_of(site, view) if told else None
    here = f"{site.address}/views/{view.id}"
    written = {"position": manifest.position, "count": manifest.count, "made": manifest.made} if manifest else {}
    return {
        "id": view.id,
        "title": view.title,
        "access": view.access,
        "filter": view.filter.asked,
        "url": here,
        "feed": press.feed_address(view.id),
        "events": f"{press.feed_address(view.id)}/events",
        "snapshot": {"url": f"{here}/{MANIFEST}", **written},
        "files": [_file(press, view, each, manifest) for each in offered(site.formats, view)],
    }


def _file(press: Press, view: View, of: FormatType, manifest: Manifest | None) -> Mapping[str, Any]:
    record = _first(of, manifest, LANGUAGES[0])
    said = {
        "format": of.name,
        "title": of.title,
        "mediaType": of.media_type,
        "url": press.file_address(view.id, of, None),
        "languages": list(LANGUAGES) if of.in_languages else None,
        "latest": of.latest,
        "count": record.count if record else None,
        "bytes": record.bytes if record else None,
    }
    return {name: value for name, value in said.items() if value is not None}
