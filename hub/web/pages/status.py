"""How the hub and its sources do: ``/status`` for people, ``/status.json`` for portals."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.alarms import Kind
from hub.model.text import pick
from hub.web.answer import SOON, answer
from hub.web.negotiation import LANGUAGES
from hub.web.pages import Visit, render
from hub.web.pages.texts import catalogue, say
from hub.web.site import Site
from hub.web.state import Overall, Status, as_json

_UNITS = (("days", 2880, 1440), ("hours", 120, 60), ("minutes", 0, 1))
"""Each unit, from how many minutes on a span is told in it, and how many minutes it has."""

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "How the hub does.", "content": {"application/json": {"schema": {"type": "object"}}}},
    304: {"description": "It is as you have it."},
}


def routes(site: Site) -> APIRouter:
    """Return the routes of the status."""
    router = APIRouter()

    @router.get("/status", response_class=Response, include_in_schema=False)
    def status(request: Request) -> Response:
        language = Visit.of(request).language
        return render(
            request, site, "status.html", state=state_of(site), feeds=_feeds(site, language),
            span=lambda minutes: span(minutes, language), moment=moment, alarm=lambda kind: told_alarm(kind, language),
        )  # fmt: skip

    @router.get("/status.json", response_class=Response, summary="How the hub and its sources do", responses=_ANSWERS)
    def status_as_json(request: Request) -> Response:
        """Health, freshness, tier, last run, quality and open alarms of each source; the head of each feed."""
        body = orjson.dumps(as_json(state_of(site), site.address, _words()), option=orjson.OPT_INDENT_2)
        return answer(request, body, "application/json", cache=SOON)

    return router


def state_of(site: Site) -> Status:
    """Return how the hub does; without anybody who knows, only that it answers."""
    return site.status() if site.status else Status(Overall.ok, site.version, (), {})


def span(minutes: int, language: str) -> str:
    """Return a span of time in words."""
    unit, _, size = next(each for each in _UNITS if minutes >= each[1])
    return say(f"span.{unit}", language, count=minutes // size)


def moment(said: str) -> str:
    """Return a moment as a page writes it."""
    return f"{datetime.fromisoformat(said).astimezone(UTC):%d/%m/%Y %H:%M} UTC"


def _feeds(site: Site, language: str) -> Mapping[str, str]:
    return {view.id: pick(view.title, (language, "en")) for view in site.views}


def told_alarm(kind: str, language: str) -> str:
    """Return what an alarm means, as visitors are told; those that have no words of their own are told as one."""
    name = f"alarm.{kind}"
    return say(name if name in catalogue() else "alarm.other", language)


def _words() -> Mapping[str, Mapping[str, str]]:
    return {kind: {language: told_alarm(kind, language) for language in LANGUAGES} for kind in Kind}
