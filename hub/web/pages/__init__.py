"""Pages for people: templates filled in the language of the visitor."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Self

from fastapi import APIRouter
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from hub.model.text import pick
from hub.web.answer import HOUR, SOON, answer
from hub.web.middleware import WITH_FORMS
from hub.web.negotiation import LANGUAGES, preferred_language
from hub.web.pages.texts import say
from hub.web.pages.values import amount
from hub.web.problems import problem
from hub.web.site import Site

LANGUAGE_NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}
"""Each language of the pages, in its own words."""

_HTML = "text/html; charset=utf-8"
_VARY = "Accept, Accept-Language"
_FILES = {"style.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml"}

_templates = Environment(
    loader=PackageLoader("hub.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's language, and whether it was chosen in the address, so that links keep it."""

    language: str
    chosen: bool

    @classmethod
    def of(cls, request: Request, otherwise: str = LANGUAGES[0]) -> Self:
        """Return what a request says, and another language for who says nothing."""
        chosen = request.query_params.get("lang")
        language = preferred_language(chosen, request.headers.get("accept-language"), otherwise=otherwise)
        return cls(language, chosen in LANGUAGES)


def render(
    request: Request, site: Site, template: str, visit: Visit | None = None, *, status: int = 200, **values: Any
) -> Response:
    """Return a page in the visitor's language; one that is no success is sent whole to everybody (RFC 9110, 13.2.1)."""
    visit = visit or Visit.of(request)
    body = _filled(request, site, template, visit, values)
    if status == HTTPStatus.OK:
        return answer(request, body, _HTML, cache=SOON, vary=_VARY, language=visit.language)
    return Response(body, status, {"cache-control": SOON, "vary": _VARY, "content-language": visit.language}, _HTML)


def render_privately(
    request: Request, site: Site, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:  # fmt: skip
    """Return a page with forms, for this one visitor and this one time: nobody on the way may keep it.

    It is not compressed, for it may hold a secret beside what somebody else chose.
    """
    visit = Visit.of(request)
    body = _filled(request, site, template, visit, values)
    own = {"cache-control": "no-store", "content-language": visit.language, **WITH_FORMS, **(headers or {})}
    return Response(body, status, own, _HTML)


def _filled(request: Request, site: Site, template: str, visit: Visit, values: Mapping[str, Any]) -> bytes:
    language = visit.language
    page = _templates.get_template(template).render(
        values,
        t=partial(say, language=language),
        count=lambda value: amount(value, language),
        visit=visit,
        languages=LANGUAGE_NAMES,
        keep=f"?lang={language}" if visit.chosen else "",
        site=site,
        site_title=pick(site.title, (language, "en")),
        path=site.root + request.url.path,
        style=_style_version(),
    )
    return page.encode()


def static_routes() -> APIRouter:
    """Return the route of the style sheet and the icon."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}", response_class=Response)
    def static(request: Request, name: str) -> Response:
        if name not in _FILES:
            return problem(404)
        return answer(request, _static(name), _FILES[name], cache=HOUR)

    return router


@cache
def _static(name: str) -> bytes:
    return files("hub.web").joinpath("static", name).read_bytes()


@cache
def _style_version() -> str:
    return hashlib.sha256(_static("style.css")).hexdigest()[:8]
