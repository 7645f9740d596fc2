"""Which fields of a vacancy are known, so that a new one is noticed the day it appears."""

from collections.abc import Iterator, Mapping
from typing import Any

_CODED = frozenset({"code", "label"})

KNOWN: Mapping[str, frozenset[str]] = {
    "": frozenset({
        "vacatureReferentie", "versie", "status", "bron", "vacatureType", "publicatieDatum", "depublicatieDatum",
        "internationaalOpengesteld", "aantalJobs", "functie", "vrijeVereiste", "profiel", "arbeidsovereenkomst",
        "tewerkstellingsadres", "leverancier", "sollicitatieprocedure", "dubbels", "assistentie",
    }),
    "vacatureReferentie": frozenset({"interneReferentie", "vdabReferentie", "externeReferentie", "hrxmlReferentie"}),
    "functie": frozenset({"functieTitel", "omschrijving", "jobdomeinen", "beroepsprofiel"}),
    "functie.beroepsprofiel": _CODED | {"ervaring"},
    "profiel": frozenset({"vereisten"}),
    "arbeidsovereenkomst": frozenset({
        "arbeidsContract", "arbeidsContractDuur", "arbeidsRegime", "arbeidsStelsel", "aantalUur", "aantalDagen",
        "minimumBrutoLoon", "maximumBrutoLoon", "vermoedelijkeStartdatum", "extra",
    }),
    "tewerkstellingsadres": frozenset({
        "straat", "huisnummer", "busnummer", "postcode", "gemeente", "provincie", "regioCode", "landCode", "locatie",
    }),
    "leverancier": frozenset({"naam", "kboNummer", "type", "prioriteit"}),
    "sollicitatieprocedure": frozenset({
        "cvGewenst", "motivatiebriefGewenst", "omschrijving", "sollicitatieAdres", "contactpersoon", "sollicitatieVia",
    }),
    "sollicitatieprocedure.sollicitatieVia": frozenset({
        "webformulier", "email", "telefoon", "fax", "brief", "persoonlijkAanmelden", "extraInfoProcedure",
    }),
}  # fmt: skip
"""The fields of each object by its path; the empty path is the vacancy itself."""

REQUIREMENT = _CODED | {"type", "score", "diplomaNiveau"}
"""The fields of one of ``profiel.vereisten``."""

_PATHS = tuple((path, tuple(path.split(".")) if path else (), known) for path, known in KNOWN.items())


def unknown_fields(vacancy: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of fields that are not known, each once."""
    found = [name for path, steps, known in _PATHS for name in _beyond(_at(vacancy, steps), known, path)]
    profile = vacancy.get("profiel")
    requirements = profile.get("vereisten") if isinstance(profile, dict) else None
    for entry in requirements if isinstance(requirements, list) else ():
        found.extend(_beyond(entry, REQUIREMENT, "profiel.vereisten"))
    return tuple(dict.fromkeys(found)) if found else ()


def _at(vacancy: Mapping[str, Any], steps: tuple[str, ...]) -> Any:
    place: Any = vacancy
    for step in steps:
        if not isinstance(place, dict):
            return None
        place = place.get(step)
    return place


def _beyond(holder: Any, known: frozenset[str], path: str) -> Iterator[str]:
    if not isinstance(holder, dict) or holder.keys() <= known:
        return iter(())
    return (f"{path}.{name}" if path else str(name) for name in holder if name not in known)
