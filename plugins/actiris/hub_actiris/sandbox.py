"""A stand-in for the list of Actiris: its paging, filters, page cap and rate limit, over a made-up market."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.testing import Contact, Market, Opening, Sandbox
from hub_actiris.options import ActirisOptions
from hub_actiris.sandbox_item import REFERENCES, REGIMES, flags, item, postal_code

LARGEST_PAGE = 100
FALLBACK_PAGE = 10
CALLS_A_MINUTE = 1200


class ActirisSandbox(Sandbox):
    """The offers of a market that Actiris lists, newest first.

    Args:
        market: the labour market it shows, or what makes it when it is first asked for.
        calls_a_minute: above which it answers 429 with Retry-After.
    """

    def __init__(self, market: Market | Callable[[], Market], *, calls_a_minute: int = CALLS_A_MINUTE) -> None:
        self._market = market
        path = ActirisOptions().list_path
        super().__init__([Route(path, self._list, methods=["POST"])], calls_a_minute=calls_a_minute)
        self._order: dict[int, float] = {}
        self._items: dict[int, tuple[Opening, dict[str, Any]]] = {}

    @cached_property
    def market(self) -> Market:
        """The labour market; who only wants the options does not wait for it."""
        return self._market if isinstance(self._market, Market) else self._market()

    def options(self, address: str) -> dict[str, Any]:
        """Return where the sandbox is, and what a source declares once Actiris has explained its list."""
        return {
            "base_url": address,
            "list_path": ActirisOptions().list_path,
            "regimes": REGIMES,
            "references": REFERENCES,
        }

    def tick(self) -> Mapping[str, int]:
        """Move the clock of the market."""
        self._order = {}
        return self.market.tick().counts()

    def persons(self) -> Iterator[Contact]:
        """Yield the contact persons of the market."""
        return self.market.persons()

    def shuffle(self, rng: Random) -> bool:
        """List the offers in another order."""
        self._order = {number: rng.random() for number in self.market.openings}
        return True

    def listed(self) -> list[Opening]:
        """Return the openings that Actiris lists, newest first."""
        found = (opening for opening in self.market.openings.values() if "actiris" in opening.listed_by)
        newest = sorted(found, key=lambda opening: (opening.published, opening.number), reverse=True)
        return sorted(newest, key=lambda opening: self._order.get(opening.number, 0.0))

    async def _list(self, request: Request) -> JSONResponse:
        try:
            wanted, start, size = _asked(await request.json())
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"message": "An error has occurred."}, 400)
        offers = [opening for opening in self.listed() if _wanted(opening, wanted)]
        items = [self._item(opening) for opening in offers[start : start + size]]
        return JSONResponse({"total": len(offers), "items": items})

    def _item(self, opening: Opening) -> dict[str, Any]:
        made_from, made = self._items.get(opening.number, (None, {}))
        if made_from is not opening:
            made = item(opening)
            self._items[opening.number] = opening, made
        return made


def build(seed: int, today: date, *, size: int = 4000) -> ActirisSandbox:
    """Return the stand-in over the market of this seed and day, which the other partners' sandboxes share."""
    return ActirisSandbox(partial(Market, seed, size, today=today))


def _asked(request: Mapping[str, Any]) -> tuple[Mapping[str, Any], int, int]:
    """Return the filter, the first offer and the page size of a request; a size above the cap becomes a small one."""
    page, wanted = request["pageOption"], request["offreFilter"]
    asked = int(page.get("pageSize", FALLBACK_PAGE))
    size = asked if 1 <= asked <= LARGEST_PAGE else FALLBACK_PAGE
    return wanted, int(page.get("from", (int(page["page"]) - 1) * size)), size


def _wanted(opening: Opening, wanted: Mapping[str, Any]) -> bool:
    """Tell whether the filter lets an offer through: any of the flags asked for, and one of the postal codes."""
    asked = {
        name for name in ("isOffreActiris", "isOffreVdabForem", "isOfferPartner", "isOffreHandicap") if wanted.get(name)
    }
    codes = wanted.get("codesPostal")
    return (not asked or bool(asked & flags(opening))) and (not codes or postal_code(opening) in codes)
