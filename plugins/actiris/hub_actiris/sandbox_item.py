"""A job of the made-up market as an item of the list, with the untidiness that was seen in the real one."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hub.testing import Opening
from hub.testing.chance import seeded
from hub.testing.places import postal_codes

BRUSSELS = ZoneInfo("Europe/Brussels")

CONTRACTS: Mapping[str, tuple[str, str]] = {
    "permanent": ("CDI", "Durée indéterminée"),
    "fixed_term": ("CDD", "Durée déterminée"),
    "replacement": ("REM", "Contrat de remplacement"),
    "agency": ("INT", "Intérim"),
    "agency_option": ("INO", "Intérim avec option durée indéterminée"),
    "student": ("ETU", "Contrat étudiant"),
    "flexi": ("FLX", "Flexi-job"),
    "volunteer": ("BEN", "Bénévolat"),
    "freelance": ("IND", "Indépendant"),
    "statutory": ("STA", "Engagement statutaire"),
    "apprenticeship": ("ALT", "Formation en alternance"),
    "ibo": ("FPI", "Formation professionnelle individuelle en entreprise"),
    "leerplek": ("STF", "Stage First"),
    "maatwerk": ("ETA", "Entreprise de travail adapté"),
    "lde": ("ECOSOC", "Ecosoc"),
    "disability_reserved": ("CDI", "Durée indéterminée"),
}
"""Code and label per neutral contract. What is missing here comes as a code that no table knows."""

UNKNOWN_CONTRACT = ("TSE", "Titres-services")
REGIMES: Mapping[str, dict[str, Any]] = {"NO": {"work_time": ["fullTime"]}, "TP": {"work_time": ["partTime"]}}
"""The working-time codes this stand-in uses, as a source would declare them once Actiris has explained its own."""

REFERENCES: Mapping[str, str] = {"referenceVdab": "vdab", "referenceForem": "forem"}
"""The fields of this stand-in that hold the number of an offer at the partner it came from."""

REGIME_CODES = {"full": "NO", "part": "TP"}
DOMAINS = ("A'1", "B'2", "C'4", "F'1", "H'3", "K'2", "Q'3", "S'5")


def flags(opening: Opening) -> frozenset[str]:
    """Return the filter flags an offer stands under."""
    found = {"isOffreHandicap"} if opening.contract == "disability_reserved" else set()
    if _passed_on(opening):
        return frozenset(found | {"isOffreVdabForem"})
    return frozenset(found | {"isOfferPartner" if "partner" in opening.listed_by else "isOffreActiris"})


def item(opening: Opening) -> dict[str, Any]:
    """Return the item of an offer; about one in two hundred is damaged."""
    rng = seeded("actiris", opening.key)
    title_fr, title_nl = _titles(rng, opening)
    code, label = CONTRACTS.get(opening.contract, UNKNOWN_CONTRACT)
    made = {
        "reference": str(opening.number_at("actiris")),
        "typeOffre": rng.choice(("Hrxml", "DirectOnline")),
        "titreFr": title_fr,
        "titreNl": title_nl,
        **_employer(rng, opening),
        **_place(rng, opening),
        **_numbers_elsewhere(opening),
        "regimeTravail": REGIME_CODES[opening.regime],
        "typeContrat": code,
        "typeContratLibelle": label,
        "dureeContratLibelle": "6 mois" if opening.contract == "fixed_term" else None,
        "codeDomaineImt": DOMAINS[sum(opening.occupation.encode()) % len(DOMAINS)],
        "dateCreation": datetime.combine(opening.published, time(), BRUSSELS).isoformat(),
        "dateModification": opening.changed.astimezone(BRUSSELS).isoformat(timespec="seconds"),
    }
    return made | (rng.choice(DAMAGES)(made) if rng.random() < 0.005 else {})


def _titles(rng: Random, opening: Opening) -> tuple[str, str]:
    """Return both titles, or one of them, an empty text for the other; apostrophes come as entities."""
    french, dutch = opening.title["fr"].replace("'", "&#39;"), opening.title["nl"]
    shown = rng.choice(("fr", "fr", "nl") if "vdab" in opening.listed_by else ("fr", "fr", "nl", "both", "both"))
    return ("" if shown == "nl" else french), ("" if shown == "fr" else dutch)


def _employer(rng: Random, opening: Opening) -> dict[str, Any]:
    draw, name = rng.random(), _spelled(opening)
    return {
        "employeur": None if draw < 0.15 else {"nomFr": name, "nomNl": name if draw < 0.6 else None},
        "numeroEntreprise": None if draw < 0.05 else opening.employer.kbo,
    }


def _passed_on(opening: Opening) -> bool:
    """Tell whether Actiris has the offer from a partner, so that it is told in other words there."""
    return not opening.listed_by.isdisjoint(REFERENCES.values())


def _spelled(opening: Opening) -> str:
    """Return the employer's name; in an offer passed on, half the time without its legal form, or in capitals."""
    rng, name = seeded("actiris", "name", opening.key), opening.employer.name
    return rng.choice((name, name, name.rpartition(" ")[0], name.upper())) if _passed_on(opening) else name


def postal_code(opening: Opening) -> str:
    """Return the postal code; in an offer passed on, at times another one of the same municipality."""
    rng, place = seeded("actiris", "place", opening.key), opening.place
    other = _passed_on(opening) and rng.random() < 0.3
    return rng.choice(postal_codes(place.nis)) if other else place.postal_code


def _numbers_elsewhere(opening: Opening) -> dict[str, str]:
    """Return the number at the partner it came from, in two of three offers passed on."""
    known = seeded("actiris", "number", opening.key).random() < 0.67
    passed_on = {name: partner for name, partner in REFERENCES.items() if partner in opening.listed_by}
    return {name: str(opening.number_at(partner)) for name, partner in passed_on.items() if known}


def _place(rng: Random, opening: Opening) -> dict[str, Any]:
    french, dutch = opening.place.municipality_fr, opening.place.municipality_nl
    shouted = rng.random() < 0.3
    return {
        "communeFr": french.upper() if shouted else french,
        "communeNl": dutch.upper() if shouted else dutch,
        "codePostal": postal_code(opening),
        "codePays": "BE",
    }


DAMAGES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (
    lambda _: {"titreFr": "", "titreNl": None},
    lambda _: {"reference": None},
    lambda made: {"codePostal": f"B-{made['codePostal']}X"},
    lambda _: {"dateCreation": "hier"},
    lambda made: {
        "numeroEntreprise": "0000000001",
        "employeur": made["employeur"] or {"nomFr": "Anonyme", "nomNl": None},
    },
)
"""The ways an item can be damaged; each returns what it changes."""
