"""A partner that answers from recordings or from memory, and a fetch through the hub's real client."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hub_actiris import Actiris
from hub_actiris.options import ActirisOptions
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from hub import Fetched
from hub.archive import Archive
from hub.client import PartnerJob, Reach
from hub.testing import serve

LOOPBACK = Reach(private=frozenset({"127.0.0.1"}))
RECORDINGS = Path(__file__).parent / "recordings"
FLAGS = {
    "isOffreActiris": "actiris",
    "isOffreVdabForem": "vdab-forem",
    "isOfferPartner": "partner",
    "isOffreHandicap": "disability",
}

Answering = Callable[[str, int, dict[str, Any]], Any]


class Partner:
    """Answers each page of each reading with what a function gives: an object, or a whole response."""

    def __init__(self, answering: Answering) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self._answering = answering
        self.app = Starlette(routes=[Route(ActirisOptions().list_path, self._list, methods=["POST"])])

    async def _list(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        name = next((name for flag, name in FLAGS.items() if body["offreFilter"][flag]), "everything")
        answer = self._answering(name, body["pageOption"]["page"], body["pageOption"])
        return answer if isinstance(answer, Response) else Response(json.dumps(answer), media_type="application/json")


def recorded(name: str, page: int, _: object = None) -> Any:
    """Return the recorded page of a reading."""
    path = RECORDINGS / f"{name}.json"
    found = json.loads((path if path.exists() else RECORDINGS / f"{name}-{page}.json").read_text("utf-8"))
    return found if page == 1 or not path.exists() else {"total": found["total"], "items": []}


class Switch:
    """One server for all tests; each puts its own application behind it."""

    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.app is not None:
            await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def switch() -> Iterator[tuple[Switch, str]]:
    """The switch and the address it is served at."""
    switch = Switch()
    with serve(switch) as address:
        yield switch, address


@pytest.fixture(scope="session")
def job_at(tmp_path_factory: pytest.TempPathFactory, switch: tuple[Switch, str]) -> Callable[..., Any]:
    """A job through the hub's client that does not wait between attempts, and the adapter talking to an application."""
    server, address = switch
    folder = tmp_path_factory.mktemp("archive")

    @contextmanager
    def open_job(app: ASGIApp, **options: Any) -> Iterator[tuple[Actiris, PartnerJob]]:
        server.app = app
        with PartnerJob(Archive(folder), folder, reach=LOOPBACK, sleep=lambda _: None) as job:
            yield Actiris(ActirisOptions.model_validate({"base_url": address} | options)), job

    return open_job


@pytest.fixture(scope="session")
def fetch(job_at: Callable[..., Any]) -> Callable[..., list[Fetched]]:
    """Everything one fetch yields."""

    def fetch_all(app: ASGIApp, **options: Any) -> list[Fetched]:
        with job_at(app, **options) as (adapter, job):
            return list(adapter.fetch(job))

    return fetch_all


@pytest.fixture
def partner() -> Callable[..., Partner]:
    """A partner that answers from the recordings, or as a function says."""
    return lambda answering=recorded: Partner(answering)


@pytest.fixture
def paged() -> Callable[..., Answering]:
    """Answers of a well-behaved partner with these references, whatever the reading."""

    def answering(references: Sequence[str], total: int | None = None) -> Answering:
        def answer(_: str, __: int, page: dict[str, Any]) -> Any:
            shown = references[page["from"] : page["from"] + page["pageSize"]]
            items = [{"reference": name, "titreFr": "Aide (H/F/X)"} for name in shown]
            return {"total": len(references) if total is None else total, "items": items}

        return answer

    return answering


@pytest.fixture
def item() -> Callable[[str], dict[str, Any]]:
    """The recorded item with this reference."""

    def find(reference: str) -> dict[str, Any]:
        pages = [json.loads(path.read_text("utf-8")) for path in sorted(RECORDINGS.glob("*.json"))]
        items = [item for page in pages for item in page.get("items", page.get("offers", []))]
        return next(dict(item) for item in items if item["reference"] == reference)

    return find
