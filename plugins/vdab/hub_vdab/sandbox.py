"""A stand-in for VDAB Open Services v4, as far as the documents describe it. No answer of VDAB is copied here."""

import secrets
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.testing import Contact, Market, Opening, Sandbox
from hub_vdab.stand_in import detail, internal_reference, status_entry

WINDOW = timedelta(days=5)
LARGEST_PAGE = 2000
TOKEN_PATH = "/isam/sps/oauth/oauth20/token"  # noqa: S105
_LISTER = "vdab"

Handler = Callable[[Request], Awaitable[JSONResponse]]


class Refusal(Exception):
    """A request that VDAB answers with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Listed:
    """The market as it was last looked at, so that the pages of a list agree."""

    live: list[Opening]
    gone: list[Opening]
    by_reference: Mapping[str, Opening]
    doubles: Mapping[int, list[str]]

    @classmethod
    def of(cls, market: Market) -> "_Listed":
        """Look at the market."""
        live = [opening for opening in market.openings.values() if _LISTER in opening.listed_by]
        gone = [opening for opening in market.gone.values() if _LISTER in opening.listed_by]
        doubles: dict[int, list[str]] = {}
        for opening in live:
            if opening.duplicates_of:
                doubles.setdefault(opening.duplicates_of, []).append(internal_reference(opening))
        return cls(live, gone, {internal_reference(opening): opening for opening in live}, doubles)


def build(seed: int, today: date, *, size: int = 4000) -> "VdabSandbox":
    """Return the sandbox of VDAB; the same seed and day give the same vacancies."""
    return VdabSandbox(seed, today, size=size)


def _now() -> datetime:
    return datetime.now(UTC)


class VdabSandbox(Sandbox):
    """VDAB's API over the made-up labour market.

    Args:
        seed: of the market.
        today: the day the market starts on.
        size: openings of the whole market, of which a bit more than half are VDAB's.
        moment: the clock that dates changes.
        calls_a_minute: of each endpoint.
        clock: seconds, by which tokens end.
    """

    news = ("functie.telewerk",)

    def __init__(
        self,
        seed: int,
        today: date,
        *,
        size: int = 4000,
        moment: Callable[[], datetime] = _now,
        calls_a_minute: int = 2000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = partial(Market, seed, size, today=today, moment=moment)
        self._looked: _Listed | None = None
        self.client_id, self.client_secret, self.api_key = "sandbox", f"sandbox-secret-{seed}", f"sandbox-key-{seed}"
        self.token_seconds = 900
        self._clock = clock
        self._tokens: dict[str, float] = {}
        super().__init__(
            [
                Route(TOKEN_PATH, _answered(self._token), methods=["POST"]),
                Route("/v4/vacatures/initial", self._guarded(self._initial)),
                Route("/v4/vacatures/bulk", self._guarded(self._bulk)),
                Route("/v4/vacatures", self._guarded(self._many), methods=["POST"]),
                Route("/v4/vacatures/{reference}", self._guarded(self._one)),
            ],
            calls_a_minute=calls_a_minute,
        )

    @cached_property
    def market(self) -> Market:
        """The labour market, made when it is first asked for: who only wants the options does not wait for it."""
        return self._make()

    @property
    def _listed(self) -> _Listed:
        if self._looked is None:
            self._looked = _Listed.of(self.market)
        return self._looked

    def options(self, address: str) -> dict[str, Any]:
        """Return the options that make the adapter talk to this sandbox."""
        return {
            "base_url": f"{address}/v4",
            "token_url": f"{address}{TOKEN_PATH}",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "api_key": self.api_key,
        }

    def tick(self) -> dict[str, int]:
        """Move the clock, and count what changed among VDAB's vacancies."""
        tick = self.market.tick()
        self._looked = None
        known = self.market.openings | self.market.gone
        groups = {"added": tick.added, "edited": tick.edited, "withdrawn": tick.withdrawn}
        return {name: sum(_LISTER in known[number].listed_by for number in group) for name, group in groups.items()}

    def persons(self) -> Iterator[Contact]:
        """Yield the contact persons of the market."""
        return self.market.persons()

    def shuffle(self, rng: Random) -> bool:
        """List the vacancies in another order."""
        listed = self._listed.by_reference
        references = list(listed)
        rng.shuffle(references)
        self._looked = replace(self._listed, by_reference={each: listed[each] for each in references})
        return True

    async def _token(self, request: Request) -> JSONResponse:
        form = dict(parse_qsl((await request.body()).decode()))
        pair = (form.get("client_id"), form.get("client_secret"))
        basic = request.headers.get("authorization", "")
        right = pair == (self.client_id, self.client_secret) or basic == _basic(self.client_id, self.client_secret)
        if form.get("grant_type") != "client_credentials":
            raise Refusal(400, "unsupported_grant_type")
        if not right:
            raise Refusal(401, "invalid_client")
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self._clock() + self.token_seconds
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": self.token_seconds})

    def _guarded(self, handler: Handler) -> Handler:
        async def answer(request: Request) -> JSONResponse:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if self._tokens.get(token, 0.0) <= self._clock():
                raise Refusal(401, "token unknown or expired")
            if request.headers.get("x-ibm-client-id") != self.api_key:
                raise Refusal(401, "invalid client id or secret")
            return await handler(request)

        return _answered(answer)

    async def _initial(self, request: Request) -> JSONResponse:
        _parsed(date.fromisoformat, request, "datum")
        return _page(request, [status_entry(reference, published=True) for reference in self._listed.by_reference])

    async def _bulk(self, request: Request) -> JSONResponse:
        start, end = (_parsed(datetime.fromisoformat, request, name) for name in ("van", "tot"))
        if not timedelta() <= end - start <= WINDOW:
            raise Refusal(400, "Het venster tussen 'van' en 'tot' mag hoogstens 5 dagen zijn.")
        live = [(opening, True) for opening in self._listed.live if start <= opening.changed <= end]
        gone = [(opening, False) for opening in self._listed.gone if start <= opening.changed <= end]
        within = sorted((*live, *gone), key=lambda pair: (pair[0].changed, pair[0].number))
        entries = [status_entry(internal_reference(opening), published=published) for opening, published in within]
        # v2 was seen to list references that lead nowhere.
        ghosts = [status_entry(f"NOT_FOUND-{opening.number}", published=True) for opening, _ in gone[:1]]
        return _page(request, entries + ghosts)

    async def _many(self, request: Request) -> JSONResponse:
        content = await request.json()
        asked = content.get("interneReferenties") if isinstance(content, dict) else None
        if not isinstance(asked, list) or len(asked) > LARGEST_PAGE:
            raise Refusal(400, "Geef hoogstens 2000 interneReferenties.")
        known = self._listed.by_reference
        found = [known[reference] for reference in asked if reference in known]
        return JSONResponse({"resultaten": [self._detail(opening) for opening in found]})

    async def _one(self, request: Request) -> JSONResponse:
        reference = request.path_params["reference"]
        opening = self._listed.by_reference.get(reference)
        if opening is None:
            raise Refusal(404, f"{reference} is geen bestaande vacature")
        return JSONResponse(self._detail(opening))

    def _detail(self, opening: Opening) -> dict[str, Any]:
        parent = self.market.openings.get(opening.duplicates_of or 0)
        return detail(opening, parent=parent, doubles=self._listed.doubles.get(opening.number, []))


def _answered(handler: Handler) -> Handler:
    async def answer(request: Request) -> JSONResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return JSONResponse({"error": str(refusal), "message": str(refusal)}, refusal.status)

    return answer


def _page(request: Request, entries: list[dict[str, Any]]) -> JSONResponse:
    start, size = (_number(request, name) for name in ("vanaf", "aantal"))
    if size > LARGEST_PAGE:
        raise Refusal(400, "aantal mag hoogstens 2000 zijn.")
    return JSONResponse({"resultaten": entries[start : start + size], "totaalAantalResultaten": len(entries)})


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0" if name == "vanaf" else "10")
    if not value.isdigit():
        raise Refusal(400, f"{name} is geen getal: {value}")
    return int(value)


def _parsed(read: Callable[[str], Any], request: Request, name: str) -> Any:
    value = request.query_params.get(name, "")
    try:
        return read(value)
    except ValueError:
        raise Refusal(400, f"{name} is geen geldige datum: {value!r}") from None


def _basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()
