"""Several sandboxes under one address, with one clock."""

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from hub.testing.sandbox import Sandbox


def combined(sandboxes: Mapping[str, Sandbox]) -> ASGIApp:
    """Return an application with each sandbox at ``/<name>``.

    ``POST /tick`` moves the clock of all and answers ``{name: {added, edited, withdrawn}}``;
    ``GET /`` lists them as ``{"sandboxes": [{"name", "path"}]}``.
    """

    async def show(_: Request) -> JSONResponse:
        return JSONResponse({"sandboxes": [{"name": name, "path": f"/{name}"} for name in sandboxes]})

    async def tick(_: Request) -> JSONResponse:
        return JSONResponse({name: dict(sandbox.tick()) for name, sandbox in sandboxes.items()})

    routes: list[BaseRoute] = [Route("/", show), Route("/tick", tick, methods=["POST"])]
    routes += [Mount(f"/{name}", app=sandbox.app, name=name) for name, sandbox in sandboxes.items()]
    return Starlette(routes=routes)
