"""The files of the views at ``/views/<view>/<file>``: every format, and the manifest that lists those kept on disk."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.editions import FormatType, Press, offered
from hub.feed.files import FileRecord, Manifest, file_path, read_manifest
from hub.format import MANIFEST
from hub.views import View
from hub.web.answer import SOON, answer, entity_tag, in_header, is_held
from hub.web.download import download
from hub.web.negotiation import CODINGS, preferred_coding, preferred_language
from hub.web.problems import problem
from hub.web.rendered import Rendered, Renderings
from hub.web.site import Site

_TEXT = {"type": "string"}
_LANGUAGE = {
    "name": "lang",
    "in": "query",
    "required": False,
    "schema": _TEXT,
    "description": "`nl`, `fr` or `en`, of a file that has one language; Accept-Language says it too.",
}
_FIELDS = {
    "Link": {"description": '`rel="next"` is where the change feed goes on.', "schema": _TEXT},
    "Last-Modified": {"description": "When it was written; of complete files.", "schema": _TEXT},
    "Content-Language": {"description": "Of a file that has one language.", "schema": _TEXT},
}
_PART = {"Content-Range": {"description": "Which part of how many bytes.", "schema": _TEXT}}


def routes(site: Site) -> APIRouter:
    """Return the route of the files."""
    router = APIRouter()
    press, renderings = Press(site.address, site.licence, site.operator), Renderings(site)
    names = [view.id for view in site.views]
    files = [MANIFEST, *(each.file for each in site.formats)]

    @router.get(
        "/views/{view}/{file}",
        response_class=Response,
        responses=_answers(site),
        openapi_extra={"parameters": [_LANGUAGE]},
        summary="A view as a file",
    )
    def view_file(
        request: Request,
        view: Annotated[str, Path(json_schema_extra={"enum": names})],
        file: Annotated[str, Path(json_schema_extra={"enum": files})],
    ) -> Response:
        """All of a view, or what changed in it last; `snapshot.json` lists the files with size, digest and position."""
        found = site.view(view)
        if found is None:
            return problem(404, f"There is no view '{view[:40]}'; there are {', '.join(names)}.", code="no-such-feed")
        if file == MANIFEST:
            return _manifest(request, site, press, found)
        of = next((each for each in offered(site.formats, found) if each.file == file), None)
        if of is None:
            known = ", ".join([MANIFEST, *(each.file for each in offered(site.formats, found))])
            return problem(404, f"The view '{view}' has no file '{file[:40]}'; it has {known}.")
        language = _language(request) if of.in_languages else None
        if of.latest is None:
            return _kept(request, site, found, of, language)
        made = renderings.get(found, of, language)
        return _rendered(request, of, made, language, _links(press, found, made.position))

    return router


def manifest_of(site: Site, view: View) -> Manifest | None:
    """Return what lists the files of a view, None where none were written yet."""
    return read_manifest(site.snapshots / view.id) if site.snapshots else None


def _answers(site: Site) -> dict[int | str, dict[str, Any]]:
    types = dict.fromkeys(("application/json", *(each.media_type.partition(";")[0] for each in site.formats)))
    return {
        200: {
            "description": "The file.",
            "content": {name: {} for name in types},
            "headers": _FIELDS,
        },
        206: {
            "description": "The part of the file that `Range` asks for.",
            "content": {name: {} for name in types},
            "headers": {**_FIELDS, **_PART},
        },
        304: {"description": "It is the one you have."},
        404: {"description": "There is no such view, or it has no such file."},
        416: {"description": "The file is shorter than the part asked for.", "headers": _PART},
    }


def _language(request: Request) -> str:
    return preferred_language(request.query_params.get("lang"), request.headers.get("accept-language"))


def _manifest(request: Request, site: Site, press: Press, view: View) -> Response:
    found = manifest_of(site, view)
    if found is None:
        return _not_yet(view)
    body = found.model_dump_json(exclude={"basis"}, exclude_none=True, indent=2).encode()
    told = answer(request, body, "application/json")
    told.headers["link"] = _links(press, view, found.position)
    return told


def _rendered(request: Request, of: FormatType, made: Rendered, language: str | None, links: str) -> Response:
    vary = "Accept-Language" if of.in_languages else ""
    told = answer(request, made.body, of.media_type, vary=vary, language=language)
    told.headers["link"] = links
    return told


def _kept(request: Request, site: Site, view: View, of: FormatType, language: str | None) -> Response:
    """Return a file of the disk, compressed if that is welcome; 304 when the visitor has it."""
    manifest = manifest_of(site, view)
    record = manifest.find(of.file, language or "") if manifest else None
    if manifest is None or record is None or site.snapshots is None:
        return _not_yet(view)
    coding = _coding(request, record)
    headers = _headers(Press(site.address, site.licence, site.operator), view, record, coding)
    if is_held(request, headers):
        return Response(status_code=304, headers=headers)
    path = file_path(site.snapshots / view.id, manifest, record, coding)
    if coding:
        headers["content-encoding"] = coding
    size = record.codings[coding].bytes if coding else record.bytes
    try:
        return download(request, path, size, record.media_type, headers)
    except FileNotFoundError:  # written anew while this was answered, or taken away by hand
        return _not_yet(view)


def _coding(request: Request, record: FileRecord) -> str | None:
    known = tuple(coding for coding in CODINGS if coding in record.codings)
    return preferred_coding(request.headers.get("accept-encoding"), known) if known else None


def _headers(press: Press, view: View, record: FileRecord, coding: str | None) -> dict[str, str]:
    headers = {
        "etag": entity_tag(record.sha256, coding),
        "last-modified": in_header(datetime.fromisoformat(record.made)),
        "cache-control": SOON,
        "vary": "Accept-Language, Accept-Encoding" if record.language else "Accept-Encoding",
        "link": _links(press, view, record.position),
    }
    return {**headers, "content-language": record.language} if record.language else headers


def _links(press: Press, view: View, position: int) -> str:
    return (
        f'<{press.feed_address(view.id, position)}>; rel="next", '
        f'<{press.address}/views/{view.id}/{MANIFEST}>; rel="describedby"; type="application/json", '
        f'<{press.licence}>; rel="license"'
    )


def _not_yet(view: View) -> Response:
    return problem(
        503, f"The files of the view '{view.id}' are not written yet; try again in a minute, or read /feeds/{view.id}."
    )
