"""A stand-in for the open data set of Le Forem's offers: Opendatasoft Explore v2.1, its limits and its untidiness."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.testing import Market, Opening
from hub.testing.chance import seeded

LARGEST_LIMIT = 100
LARGEST_OFFSET = 10_000
CALLS_A_DAY = 10_000

_SINCE = re.compile(r"datedebutdiffusion\s*>=\s*date'(\d{4}-\d\d-\d\d)'")
_LEVELS = {"primary": "Primaire", "secondary": "Secondaire supérieur", "bachelor": "Bachelier", "master": "Master"}
_LABELS = {"fr": "Français", "nl": "Néerlandais", "en": "Anglais", "de": "Allemand"}

CONTRACTS: Mapping[str, str] = {
    "permanent": "Durée indéterminée",
    "fixed_term": "Durée déterminée",
    "replacement": "Remplacement",
    "agency": "Intérimaire",
    "agency_option": "Intérimaire avec option sur durée indéterminée",
    "student": "Etudiant",
    "flexi": "Flexi-Jobs",
    "freelance": "Contrat collaboration indépendant",
    "statutory": "Salarié statutaire",
    "apprenticeship": "Contrat d'apprentissage",
    "leerplek": "Stage",
}
"""Label per neutral contract; what is missing here comes as a label that no table knows."""

UNKNOWN_CONTRACT = "Titres-services"


class ForemDataset:
    """The offers of a market that Le Forem lists.

    Args:
        market: the labour market it shows.
    """

    def __init__(self, market: Market) -> None:
        self._market = market
        self._left = CALLS_A_DAY
        self.order: dict[int, float] = {}
        """Where each number stands, for a list in another order."""

    async def export(self, request: Request) -> Response:
        """Answer ``exports/json``: the whole data set as one list."""
        return self._answer(self._wanted(request))

    async def records(self, request: Request) -> Response:
        """Answer ``records``: a page of it, with the limits of the platform."""
        try:
            limit, offset = (
                int(request.query_params.get(name, usual)) for name, usual in (("limit", 10), ("offset", 0))
            )
        except ValueError:
            return _refused("limit and offset are whole numbers")
        if not 0 <= limit <= LARGEST_LIMIT:
            return _refused(
                f"Invalid value for limit API parameter: {limit} was found but it must be <= {LARGEST_LIMIT}."
            )
        if offset + limit > LARGEST_OFFSET:
            return _refused(f"offset + limit must be <= {LARGEST_OFFSET}")
        items = self._wanted(request)
        return self._answer({"total_count": len(items), "results": items[offset : offset + limit]})

    def _wanted(self, request: Request) -> list[dict[str, Any]]:
        since = _SINCE.fullmatch(request.query_params.get("where", ""))
        found = [each for each in self._market.openings.values() if "forem" in each.listed_by]
        found.sort(key=lambda each: self.order.get(each.number, 0.0))
        items = [item(each) for each in found]
        return [each for each in items if not since or str(each["datedebutdiffusion"]) >= since[1]]

    def _answer(self, content: Any) -> Response:
        self._left -= 1
        tomorrow = datetime.combine(datetime.now(UTC) + timedelta(days=1), time(), UTC)
        headers = {
            "X-RateLimit-Limit": str(CALLS_A_DAY),
            "X-RateLimit-Remaining": str(max(0, self._left)),
            "X-RateLimit-Reset": tomorrow.isoformat(sep=" "),
        }
        if self._left < 0:
            return JSONResponse({"error_code": "TooManyRequests", "message": "quota exceeded"}, 429, headers)
        return JSONResponse(content, headers=headers)


def _refused(message: str) -> Response:
    return JSONResponse({"error_code": "InvalidRESTParameterError", "message": message}, 400)


def item(opening: Opening) -> dict[str, Any]:
    """Return the record of an offer; about one in two hundred is damaged."""
    rng = seeded("forem", opening.key)
    made = {
        "numerooffreforem": str(opening.number_at("forem")),
        "titreoffre": opening.title["fr"],
        **_places(rng, opening),
        "typecontrat": CONTRACTS.get(opening.contract, UNKNOWN_CONTRACT),
        "nomemployeur": opening.employer.name if rng.random() > 0.02 else "",
        "regimetravail": "Temps plein" if opening.regime == "full" else "Temps partiel",
        "nombrepostes": opening.openings,
        "niveauxetudes": [_LEVELS[opening.education]] if opening.education in _LEVELS else [],
        "langues": [_LABELS[language] for language, _ in opening.languages],
        "languescodeiso2": [language.upper() for language, _ in opening.languages],
        "experiencerequise": f"{opening.experience_months // 12} an(s)" if opening.experience_months else "",
        "permisdeconduire": list(opening.licences),
        "secteurs": [opening.sector],
        **_origin(rng, opening),
        "datedebutdiffusion": opening.published.isoformat(),
        "datefindiffusion": opening.until.isoformat() if opening.until else None,
        "metier": opening.title["fr"].partition(" (")[0],
        "metiercodedimeco": f"X{opening.isco}",
    }
    made |= {"teletravail": "Possible"} if rng.random() < 0.05 else {}
    return made | (rng.choice(DAMAGES)(made) if rng.random() < 0.005 else {})


def _places(rng: Random, opening: Opening) -> dict[str, Any]:
    place, wallonia = opening.place, opening.place.region_nis == "03000"
    located = rng.random() < 0.5
    return {
        "lieuxtravaillocalite": [place.municipality_fr.upper() if rng.random() < 0.3 else place.municipality_fr],
        "lieuxtravailregion": ["Wallonie" if wallonia else "Bruxelles-Capitale"],
        "lieuxtravailcodepostal": [place.postal_code],
        "lieuxtravailregionnuts": ["BE3" if wallonia else "BE1"],
        "lieuxtravailgeo": [{"lon": round(rng.uniform(4, 6), 5), "lat": round(rng.uniform(50, 51), 5)}]
        if located
        else [],
    }


def _origin(rng: Random, opening: Opening) -> dict[str, Any]:
    """Return who told Le Forem of the offer; others' offers have their reference and page."""
    if rng.random() < 0.6:
        return {"source": "Via site Forem", "referenceexterne": "", "url": ""}
    reference = f"J-{opening.number}"
    return {"source": "Jobat", "referenceexterne": reference, "url": f"https://jobs.example.org/{reference}"}


DAMAGES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (
    lambda _: {"titreoffre": ""},
    lambda _: {"numerooffreforem": None},
    lambda _: {"datefindiffusion": "bientôt"},
    lambda _: {"nombrepostes": 0},
)
"""The ways a record can be damaged; each returns what it changes."""
