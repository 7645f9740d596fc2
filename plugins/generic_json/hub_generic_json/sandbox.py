"""Stand-ins for the partners of the example sources, each under its own host: Le Forem's data set, another hub's feed.

A source keeps its configuration; only the host of its addresses is replaced, so that the stand-in is asked what the
partner would be asked.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.testing import Contact, Market, Sandbox
from hub_generic_json.stand_in_forem import ForemDataset
from hub_generic_json.stand_in_hub import HubFeed

CALLS_A_MINUTE = 1200
_WITHOUT_SECRETS: Mapping[str, Any] = {"access": None, "headers": {}, "certificate": None}


class PartnersSandbox(Sandbox):
    """Several partners behind one address: the host of a partner is the first part of the path.

    Args:
        market: the labour market they show.
        source: the options of the source that `options` lays over; the addresses of the example of Le Forem without.
    """

    news: ClassVar[tuple[str, ...]] = ("teletravail",)

    def __init__(self, market: Market, source: Mapping[str, Any] | None = None) -> None:
        self.market = market
        self.source = dict(source or {})
        self.forem = ForemDataset(market)
        self.hub = HubFeed(market)
        dataset = "/{host}/api/explore/v2.1/catalog/datasets/{dataset}"
        routes = [
            Route(f"{dataset}/exports/json", self.forem.export),
            Route(f"{dataset}/records", self.forem.records),
            Route("/{host}/feeds/{name}", self.hub.page),
            Route("/{path:path}", _nothing_here),
        ]
        super().__init__(routes, calls_a_minute=CALLS_A_MINUTE)

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
        moved_on = self.market.tick()
        self.hub.follow(moved_on)
        return moved_on.counts()

    def persons(self) -> Iterator[Contact]:
        """Yield the contact persons of the market."""
        return self.market.persons()

    def shuffle(self, rng: Random) -> bool:
        """List the offers of the data set in another order; a feed has its order."""
        self.forem.order = {number: rng.random() for number in self.market.openings}
        return "/feeds/" not in str(self.source.get("url", ""))


def moved(url: str, address: str) -> str:
    """Return an address as one of the sandbox: its host becomes the first part of the path."""
    parts, sandbox = urlsplit(url), urlsplit(address)
    path = f"{sandbox.path.rstrip('/')}/{parts.hostname}{parts.path}"
    return urlunsplit((sandbox.scheme, sandbox.netloc, path, parts.query, ""))


def build(seed: int, today: date, *, size: int = 4000) -> PartnersSandbox:
    """Return the stand-ins over the market of this seed and day, which the other partners' sandboxes share."""
    return PartnersSandbox(Market(seed, size, today=today))


async def _nothing_here(request: Request) -> JSONResponse:
    known = "api/explore/v2.1/catalog/datasets/<dataset>/{exports/json,records} and feeds/<name>"
    return JSONResponse({"message": f"no stand-in for {request.path_params['path']}; there are {known}"}, 404)
