"""A stand-in for JobTech's JobStream, both versions, as far as its source code and its clients describe it.

No answer of JobTech is copied here. Like the original it tells changes and removals, and keeps silent when an ad
expires, or when an ad that was written earlier is published at last.
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.testing import Contact, Market, Opening, Sandbox
from hub_jobstream.options import ENDPOINTS, Endpoint
from hub_jobstream.position import SWEDEN
from hub_jobstream.stand_in import ad, contact, first_day, last_day, removal

_SECOND = timedelta(seconds=1)
"""Both ends of a window are included, and its end is rounded up."""


def build(seed: int, today: date, *, size: int = 800) -> "JobstreamSandbox":
    """Return the sandbox of JobTech; the same seed, day and size give the same ads."""
    return JobstreamSandbox(seed, today, size=size)


def _now() -> datetime:
    return datetime.now(UTC)


class Refusal(Exception):
    """A request that JobTech answers with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class JobstreamSandbox(Sandbox):
    """JobTech's stream over the made-up labour market.

    Args:
        seed: of the market.
        today: the day the market starts on.
        size: ads at the start.
        moment: the clock that dates changes, and by which ads appear and expire.
        calls_a_minute: of each endpoint; v1 allows one.
        api_key: the key that must be shown; none by default, as JobTech asks for none.
    """

    news = ("workplace_address.floor",)

    def __init__(
        self,
        seed: int,
        today: date,
        *,
        size: int = 800,
        moment: Callable[[], datetime] = _now,
        calls_a_minute: int = 1200,
        api_key: str | None = None,
    ) -> None:
        self._make = partial(Market, seed, size, today=today, moment=moment)
        self.api_key = api_key
        self._today = today
        self._moment = moment
        routes = [
            Route(path, self._answered(handler, version))
            for version, names in ENDPOINTS.items()
            for path, handler in ((names.snapshot, self._snapshot), (names.stream, self._stream))
        ]
        super().__init__(routes, calls_a_minute=calls_a_minute)

    @cached_property
    def market(self) -> Market:
        """The labour market, made when it is first asked for: who only wants the options does not wait for it."""
        return self._make()

    @cached_property
    def _starts(self) -> dict[int, date]:
        """The day on which each ad was made, by its number."""
        return dict.fromkeys(self.market.openings, self._today)

    def options(self, address: str) -> dict[str, Any]:
        """Return the options that make the adapter talk to this sandbox."""
        key = {"api_key": self.api_key} if self.api_key else {}
        return {"base_url": address, "seconds_between_calls": 0, **key}

    def tick(self) -> dict[str, int]:
        """Move the clock: some ads are added, edited and removed."""
        starts = self._starts  # before the market moves
        tick = self.market.tick()
        starts |= dict.fromkeys(tick.added, self._moment().astimezone(SWEDEN).date())
        return tick.counts()

    def persons(self) -> Iterator[Contact]:
        """Yield the persons whom ads name."""
        return (contact(opening) for opening in self.market.openings.values())

    def shuffle(self, rng: Random) -> bool:
        """List the same ads in another order."""
        openings = list(self.market.openings.items())
        rng.shuffle(openings)
        self.market.openings = dict(openings)
        return True

    def published(self) -> dict[str, dict[str, Any]]:
        """Return every ad that is published at this moment, by its id."""
        return {said["id"]: said for said in map(self._ad, self.market.openings.values()) if self._is_out(said)}

    def _ad(self, opening: Opening) -> dict[str, Any]:
        return ad(opening, self._starts[opening.number])

    def _is_out(self, said: dict[str, Any]) -> bool:
        opening = self.market.openings[int(said["id"]) - 28_000_000]
        return self._runs(opening)

    def _runs(self, opening: Opening) -> bool:
        start = self._starts[opening.number]
        return first_day(opening, start) <= self._moment() <= last_day(opening, start)

    def _snapshot(self, _: Request, __: Endpoint) -> list[dict[str, Any]]:
        return list(self.published().values())

    def _stream(self, request: Request, names: Endpoint) -> list[dict[str, Any]]:
        since = _parsed(request, names.since)
        until = _parsed(request, names.until) if names.until in request.query_params else self._moment()
        return [said for at, said in self._words() if since <= at <= until + _SECOND]

    def _words(self) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """Yield what was said and when, some removals with an older word behind them; never that an ad expired."""
        for opening in self.market.openings.values():
            if self._runs(opening):
                yield opening.changed, self._ad(opening)
        for opening in self.market.gone.values():
            if self._runs(opening):
                yield opening.changed, removal(opening)
                if opening.number % 3 == 0:
                    yield opening.changed, {**self._ad(opening), "timestamp": _before(opening.changed)}

    def _answered(
        self, handler: Callable[[Request, Endpoint], list[dict[str, Any]]], version: str
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if self.api_key and request.headers.get("api-key") != self.api_key:
                return JSONResponse({"message": "Missing API key"}, 401)
            try:
                return _written(handler(request, ENDPOINTS[version]), version)
            except Refusal as refusal:
                return JSONResponse({"message": str(refusal)}, refusal.status)

        return answer


def _before(moment: datetime) -> int:
    return int((moment - timedelta(minutes=1)).timestamp() * 1000)


def _written(said: list[dict[str, Any]], version: str) -> Response:
    """Return a JSON array in v1, and JSON Lines in v2."""
    if version == "v1":
        return Response(json.dumps(said, ensure_ascii=False), media_type="application/json")
    lines = "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in said)
    return Response(lines, media_type="application/jsonl")


def _parsed(request: Request, name: str) -> datetime:
    value = request.query_params.get(name, "")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(400, f"{name} is mandatory, such as 2026-11-20T12:00:00, not {value!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SWEDEN)
