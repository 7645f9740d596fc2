"""What the types of problems mean: a page each at ``/problems/<code>``, and the list of them."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from hub.web.answer import HOUR, answer
from hub.web.negotiation import preferred_type
from hub.web.pages import render
from hub.web.problems import problem
from hub.web.problems.problem_types import ProblemType, problem_types
from hub.web.site import Site

_JSON = "application/json"
_OFFERED = ("text/html", _JSON)
_Code = Annotated[str, Path(json_schema_extra={"enum": list(problem_types())})]
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "What it means.", "content": {"text/html": {}, _JSON: {"schema": {"type": "object"}}}},
    304: {"description": "It is the one you have."},
}


def routes(site: Site) -> APIRouter:
    """Return the routes of the types of problems."""
    router = APIRouter()

    @router.get("/problems", response_class=Response, summary="The types of problems", responses=_CONTENT)
    def kinds(request: Request) -> Response:
        """A page for people, or JSON in all languages."""
        found = list(problem_types().values())
        if _wants_json(request):
            return _json(request, {each.code: _told(each, site) for each in found})
        return render(request, site, "problems.html", kinds=found)

    @router.get(
        "/problems/{code}",
        response_class=Response,
        summary="What a type of problem means",
        responses={**_CONTENT, 404: {"description": "There is no such type."}},
    )
    def kind(request: Request, code: _Code) -> Response:
        """A page for people, or JSON in all languages."""
        found = problem_types().get(code)
        if found is None:
            return problem(404, f"There is no problem '{code[:40]}'; /problems lists them.")
        if _wants_json(request):
            return _json(request, _told(found, site))
        return render(request, site, "problem.html", kind=found)

    return router


def _wants_json(request: Request) -> bool:
    return preferred_type(request.headers.get("accept"), _OFFERED) == _JSON


def _told(kind: ProblemType, site: Site) -> dict[str, object]:
    said = {name: getattr(kind, name) for name in ("status", "title", "means", "do")}
    return {"type": kind.address(site.address), **said}


def _json(request: Request, value: object) -> Response:
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return answer(request, body, _JSON, cache=HOUR, vary="Accept, Accept-Language")
