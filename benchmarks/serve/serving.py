"""The servers compared, each a process of its own: ``python -m benchmarks.serve.serving hub|bare|fastapi|lean …``."""

import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from hub.adapter import Rate
from hub.model.jsonld import CONTEXT, OPENING
from hub.store import open_store, pages
from hub.web import Server, Site, app
from hub.web.access import AccessRules
from hub.web.coding import packed

PUBLIC = "http://127.0.0.1"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PAGE = 500
PLENTY = Rate(10**9)


class Organisation(BaseModel):
    """An employer."""

    name: str
    kbo: str


class Place(BaseModel):
    """A place."""

    postalCode: str  # noqa: N815 - as it is published
    municipality: str
    nis: str
    region: str
    country: str


class Vacancy(BaseModel):
    """A vacancy as it is published, but for its context."""

    address: str = Field(default="", serialization_alias="@id")
    type: str = Field(alias="@type")
    kind: str
    title: dict[str, str]
    description: dict[str, str]
    organisation: Organisation
    places: list[Place]
    employmentType: str  # noqa: N815
    published: str
    expires: str
    url: str
    status: str
    listings: list[dict[str, str]]
    quality: dict[str, Any]


class WholeVacancy(Vacancy):
    """A vacancy as it is published, with its context."""

    context: Mapping[str, Any] = Field(default=CONTEXT["vacancy"], serialization_alias="@context")


V = TypeVar("V", bound=Vacancy)


class Item(BaseModel, Generic[V]):
    """An item of a page."""

    state: str
    kind: str
    id: str
    modified: int
    data: V


class Page(BaseModel, Generic[V]):
    """A page."""

    next: str
    items: list[Item[V]]
    license: str


def hub(store: Path, port: int) -> None:
    """Serve the hub."""
    site = Site(
        open_store(store), PUBLIC, LICENCE, {"nl": "Test"}, (), "0", access=AccessRules(rate=PLENTY, keyed_rate=PLENTY)
    )
    Server(port=port).run(app(site))


def bare(store: Path, port: int) -> None:
    """Serve what nobody in Python gets around: a body that lies ready, or bodies read from the store and joined."""
    database = open_store(store)

    def read(after: int) -> bytes:
        with database.read() as connection:
            found = pages.rows(connection, after=after, limit=PAGE)
        return b"".join([piece for row in found for piece in (OPENING[row[1]], row[5] or b"")])

    ready = packed(read(0), "gzip")

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        after = int(scope["query_string"].rpartition(b"=")[2] or 0)
        body = await run_in_threadpool(read, after) if after else ready
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    Server(port=port).run(answer)


def fastapi(store: Path, port: int, vacancy: type[Vacancy] = WholeVacancy) -> None:
    """Serve the same pages as one writes them by the book: rows become models, models become JSON."""
    database, web = open_store(store), FastAPI()

    @web.get("/feeds/all")
    def feed(afterChangeNumber: int = 0) -> Page[vacancy]:  # type: ignore[valid-type]  # noqa: N803
        with database.read() as connection:
            found = pages.items(connection, after=afterChangeNumber, limit=PAGE)
        return Page(
            next=f"{PUBLIC}/feeds/all?afterChangeNumber={found[-1].position}",
            items=[_item(each, vacancy) for each in found],
            license=LICENCE,
        )

    uvicorn.run(web, port=port, log_level="critical")


def _item(row: pages.Item, vacancy: type[Vacancy]) -> Item[Any]:
    data = vacancy.model_validate_json(row.body or b"")
    data.address = f"{PUBLIC}/opportunities/{row.id}"
    return Item(state="updated", kind=row.kind, id=row.id, modified=row.position, data=data)


SERVERS: Mapping[str, Callable[[Path, int], None]] = {
    "hub": hub,
    "bare": bare,
    "fastapi": fastapi,
    "lean": partial(fastapi, vacancy=Vacancy),
}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    SERVERS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
