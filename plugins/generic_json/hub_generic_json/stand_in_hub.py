"""A stand-in for another hub: its change feed in RPDE pages, ordered by change number, with tombstones."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub import Code, EmploymentType, Organisation, Place, Programme, ProgrammeType, Vacancy, WorkTime
from hub.testing import Market, Opening, Tick

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
USUAL_LIMIT = 100
LARGEST_LIMIT = 1000
ONE_IN = 20
"""Of the openings of the market, the hub lists one in so many."""

KINDS = {"vacancies": "vacancy", "programmes": "programme"}
PROGRAMMES = {"leerplek": ProgrammeType.internship, "ibo": ProgrammeType.on_the_job_training}
"""The neutral contracts that this hub publishes as programmes."""
EMPLOYMENT = {
    "permanent": EmploymentType.permanent,
    "fixed_term": EmploymentType.fixed_term,
    "agency": EmploymentType.temporary_agency,
    "student": EmploymentType.student,
}


class HubFeed:
    """Some openings of a market as the feed of a hub.

    Args:
        market: the labour market it shows.
    """

    def __init__(self, market: Market) -> None:
        self._market = market
        self._last = 0
        self._positions: dict[int, int] = {}
        self._take(market.openings)

    def follow(self, tick: Tick) -> None:
        """Give what a tick of the market changed a new position."""
        self._take(tick.added)
        self._take(number for number in (*tick.edited, *tick.withdrawn) if number in self._positions)

    def _take(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if number % ONE_IN == 0:
                self._last += 1
                self._positions.pop(number, None)
                self._positions[number] = self._last  # moved to the end, so that the order is that of the changes

    async def page(self, request: Request) -> Response:
        """Answer a page of the feed ``all``, ``vacancies`` or ``programmes``."""
        name = request.path_params["name"]
        if name != "all" and name not in KINDS:
            return JSONResponse({"title": "no such feed"}, 404)
        after = int(request.query_params.get("afterChangeNumber", 0))
        limit = min(LARGEST_LIMIT, int(request.query_params.get("limit", USUAL_LIMIT)))
        address = str(request.url.replace(query="")).rpartition("/feeds/")[0]
        items = [
            self._item(number, position, address)
            for number, position in self._positions.items()
            if position > after and name in {"all", _feed(self._opening(number))}
        ][:limit]
        following = request.url.include_query_params(afterChangeNumber=items[-1]["modified"]) if items else request.url
        return JSONResponse({"next": str(following), "items": items, "license": LICENCE})

    def _opening(self, number: int) -> Opening:
        found = self._market.openings.get(number)
        return self._market.gone[number] if found is None else found

    def _item(self, number: int, position: int, address: str) -> dict[str, Any]:
        opening = self._opening(number)
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"another hub:{opening.key}"))
        head = {"kind": KINDS[_feed(opening)], "id": name, "modified": position}
        if number in self._market.gone:
            return {"state": "deleted", **head, "reason": "withdrawn"}
        return {"state": "updated", **head, "data": _published(opening, f"{address}/opportunities/{name}")}


def _feed(opening: Opening) -> str:
    return "programmes" if opening.contract in PROGRAMMES else "vacancies"


def _published(opening: Opening, address: str) -> dict[str, Any]:
    """Return an opening as a hub publishes it: the model's JSON with its envelope."""
    listing = _programme(opening) if opening.contract in PROGRAMMES else _vacancy(opening)
    body = listing.model_dump(mode="json", by_alias=True, exclude_none=True)
    moment = opening.changed.isoformat(timespec="seconds").replace("+00:00", "Z")
    reference = {
        "source": "voorbeeld",
        "partner": "Partner van de andere hub",
        "localId": opening.key,
        "contentChanged": moment,
        "firstSeen": moment,
    }
    envelope = {
        "@context": {"@vocab": "https://w3id.org/schakel#"},
        "@id": address,
        "@type": "Service" if opening.contract in PROGRAMMES else "JobPosting",
        "status": "active",
        "listings": [reference],
        "quality": {"score": 0.5, "criteria": {"description": 1.0}},
    }
    return {**envelope, **{name: value for name, value in body.items() if value not in ([], {})}}


def _shared(opening: Opening) -> Mapping[str, Any]:
    place = opening.place
    return {
        "title": dict(opening.title),
        "description": dict(opening.description),
        "organisation": Organisation(name=opening.employer.name, kbo=opening.employer.kbo),
        "places": (
            Place(
                street=f"{place.street} {place.number}",
                postal_code=place.postal_code,
                municipality=place.municipality_nl,
                nis=place.nis,
                country="BE",
            ),
        ),
        "occupations": (Code(scheme="isco-08", value=opening.isco, label=dict(opening.title)),),
        "published": opening.published,
        "expires": opening.until,
        "url": f"https://opportunities.example.org/{opening.key}",
    }


def _vacancy(opening: Opening) -> Vacancy:
    contract = EMPLOYMENT.get(opening.contract)
    return Vacancy(
        **_shared(opening),
        employment_type=(contract,) if contract else (),
        work_time=(WorkTime.full_time if opening.regime == "full" else WorkTime.part_time,),
        hours_per_week=opening.hours,
        openings=opening.openings,
    )


def _programme(opening: Opening) -> Programme:
    return Programme(**_shared(opening), programme_type=PROGRAMMES[opening.contract], starts="rolling")
