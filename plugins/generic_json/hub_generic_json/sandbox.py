"""Stand-ins for the partners of the example sources, each under its own host: Le Forem's data set, another hub's feed.

A source keeps its configuration; only the host of its addresses is replaced, so that the stand-in is asked what the
partner would be asked.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from random import Random
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.testing import Contact, Market, Sandbox
from hub_generic_json.stand_in_forem import ForemDataset
from hub_generic_json.stand_in_hub import HubFeed

CALLS_A_MINUTE = 1200
_WITHOUT_SECRETS: Mapping[str, Any] = {"access": None, "headers": {}, "certificate": None}


class PartnersSandbox(Sandbox):
    """Several partners behind one address: the host of a partner is the first part of the path.

    Args:
        market: the labour market they show, or what makes it when it is first asked for.
        source: the options of the source that `options` lays over; the addresses of the example of Le Forem without.
    """

    news: ClassVar[tuple[str, ...]] = ("teletravail",)

    def __init__(self, market: Market | Callable[[], Market], source: Mapping[str, Any] | None = None) -> None:
        self._market = market
        self.source = dict(source or {})
        dataset = "/{host}/api/explore/v2.1/catalog/datasets/{dataset}"
        routes = [
            Route(f"{dataset}/exports/json", self._export),
            Route(f"{dataset}/records", self._records),
            Route("/{host}/feeds/{name}", self._page),
            Route("/{path:path}", _nothing_here),
        ]
        super().__init__(routes, calls_a_minute=CALLS_A_MINUTE)

    @cached_property
    def market(self) -> Market:
        """The labour market; who only wants the options does not wait for it."""
        return self._market if isinstance(self._market, Market) else self._market()

    @cached_property
    def forem(self) -> ForemDataset:
        """Le Forem's data set."""
        return ForemDataset(self.market)

    @cached_property
    def hub(self) -> HubFeed:
        """The other hub's feed."""
        return HubFeed(self.market)

    def options(self, address: str) -> dict[str, Any]:
        """Return the source's own options with the sandbox in place of the partner's host."""
        return {**self.source, **self.overlay(address, self.source)}

    def overlay(self, address: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the source's addresses with the sandbox in place of the host, and no secrets, which are not needed."""
        changed: dict[str, Any] = {name: value for name, value in _WITHOUT_SECRETS.items() if name in options}
        if isinstance(url := options.get("url"), str):
            changed["url"] = moved(url, address)
        if isinstance(detail := options.get("detail"), Mapping):
            changed["detail"] = {**detail, "url": moved(str(detail.get("url", "")), address)}
        return changed

    def tick(self) -> Mapping[str, int]:
        """Move the clock of the market."""
        self.forem.order = {}
        feed = self.hub  # before the market moves
        moved_on = self.market.tick()
        feed.follow(moved_on)
        return moved_on.counts()

    def persons(self) -> Iterator[Contact]:
        """Yield the contact persons of the market."""
        return self.market.persons()

    def shuffle(self, rng: Random) -> bool:
        """List the offers of the data set in another order; a feed has its order."""
        self.forem.order = {number: rng.random() for number in self.market.openings}
        return "/feeds/" not in str(self.source.get("url", ""))

    async def _export(self, request: Request) -> Response:
        return await self.forem.export(request)

    async def _records(self, request: Request) -> Response:
        return await self.forem.records(request)

    async def _page(self, request: Request) -> Response:
        return await self.hub.page(request)


def moved(url: str, address: str) -> str:
    """Return an address as one of the sandbox: its host becomes the first part of the path."""
    parts, sandbox = urlsplit(url), urlsplit(address)
    path = f"{sandbox.path.rstrip('/')}/{parts.hostname}{parts.path}"
    return urlunsplit((sandbox.scheme, sandbox.netloc, path, parts.query, ""))


def build(seed: int, today: date, *, size: int = 4000) -> PartnersSandbox:
    """Return the stand-ins over the market of this seed and day, which the other partners' sandboxes share."""
    return PartnersSandbox(partial(Market, seed, size, today=today))


async def _nothing_here(request: Request) -> JSONResponse:
    known = "api/explore/v2.1/catalog/datasets/<dataset>/{exports/json,records} and feeds/<name>"
    return JSONResponse({"message": f"no stand-in for {request.path_params['path']}; there are {known}"}, 404)
