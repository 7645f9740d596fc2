"""An opening of the made-up labour market in the shape of VDAB, with the oddities that VDAB is known for."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hub.testing import Opening, Site
from hub_vdab.tables import MAPPING

_CONTRACTS: Mapping[str, tuple[str, str | None]] = {
    "permanent": ("G", "O"),
    "fixed_term": ("T", "B"),
    "agency": ("I", None),
    "agency_option": ("IV", None),
    "student": ("V", "B"),
    "flexi": ("FL", None),
    "volunteer": ("VW", None),
    "ibo": ("IBO", None),
    "leerplek": ("LP", None),
    "maatwerk": ("CM", "O"),
    "lde": ("LD", "O"),
    "disability_reserved": ("GA", "O"),
    "apprenticeship": ("MO", None),
    "service_voucher": ("GC", "O"),
    "replacement": ("G", "B"),
    "freelance": ("Z", None),
    "statutory": ("STAT", None),
}
_SUPPLIERS = {"agency": "UITZENDKANTOREN", "public": "OVERHEID"}
_SCHEDULES = {"day": "DAG", "shifts": "PLOEGEN", "night": "NACHT", "weekend": "WEEKEND"}
_EDUCATION = {
    "none": "GEEN",
    "primary": "LO",
    "lower_secondary": "SO2",
    "secondary": "SO3",
    "graduate": "GRAD",
    "bachelor": "BACHELOR",
    "master": "MASTER",
}
_EXPERIENCE = {0: "GEEN", 6: "BEPERKT", 12: "BEPERKT", 24: "MIN2", 60: "MIN5"}
_SCORES = {"A1": "beperkt", "A2": "beperkt", "B1": "goed", "B2": "goed", "C1": "zeer_goed", "C2": "zeer_goed"}
_DOMAINS = {
    "cleaning": "JOBCAT17",
    "logistics": "JOBCAT13",
    "transport": "JOBCAT13",
    "hospitality": "JOBCAT08",
    "green": "JOBCAT12",
    "care": "JOBCAT07",
    "metal": "JOBCAT21",
    "construction": "JOBCAT03",
    "retail": "JOBCAT23",
    "production": "JOBCAT21",
    "technique": "JOBCAT22",
    "office": "JOBCAT02",
    "it": "JOBCAT10",
    "education": "JOBCAT18",
    "public": "JOBCAT19",
}
_PROVINCES = {
    "10000": "Provincie Antwerpen",
    "20001": "Provincie Vlaams-Brabant",
    "30000": "Provincie West-Vlaanderen",
    "40000": "Provincie Oost-Vlaanderen",
    "70000": "Provincie Limburg",
}
_BRUSSELS = "04000"


def internal_reference(opening: Opening) -> str:
    """Return VDAB's internal reference, which is nobody else's."""
    return str(uuid5(NAMESPACE_URL, f"vdab:{opening.key}"))


def status_entry(reference: str, *, published: bool) -> dict[str, Any]:
    """Return the entry of a list."""
    status = "GEPUBLICEERD" if published else "NIET_GEPUBLICEERD"
    return {"vacatureReferentie": {"interneReferentie": reference}, "status": status}


def detail(opening: Opening, *, parent: Opening | None, doubles: list[str]) -> dict[str, Any]:
    """Return the vacancy in full: some in the bare codes of v2, some with a new field, some wrong."""
    job, profile, offer = _texts(opening)
    vacancy: dict[str, Any] = {
        "vacatureReferentie": {
            "interneReferentie": internal_reference(opening),
            "vdabReferentie": opening.number_at("vdab"),
        },
        "versie": 1,
        "status": "GEPUBLICEERD",
        "publicatieDatum": opening.published.isoformat(),
        "depublicatieDatum": opening.until.isoformat() if opening.until else None,
        "bron": "VDAB_VACATURE_OPENING",
        "internationaalOpengesteld": opening.number % 5 == 0,
        "aantalJobs": opening.openings,
        "functie": _job(opening, job),
        "vrijeVereiste": profile,
        "profiel": {"vereisten": _requirements(opening)},
        "arbeidsovereenkomst": _contract(opening, offer),
        "tewerkstellingsadres": _address(opening.place),
        "leverancier": {
            "naam": opening.employer.name,
            "kboNummer": opening.employer.kbo,
            "type": _SUPPLIERS.get(opening.employer.kind, "GEWONE_BEDRIJVEN"),
        },
        "sollicitatieprocedure": _procedure(opening),
    }
    if parent or doubles:
        vacancy["dubbels"] = {"parentId": internal_reference(parent) if parent else None, "dubbelIds": doubles}
    return _odd(opening.number, vacancy)


def _texts(opening: Opening) -> tuple[str, str, str]:
    """Return what the job is, what it asks, and what it offers; a French text in half of Brussels."""
    french = opening.place.region_nis == _BRUSSELS and opening.number % 2 == 0
    intro, job, profile, offer = opening.description["fr" if french else "nl"].split("<h3>")
    if opening.number % 20 == 1:
        person = opening.contact
        offer += f"<p>Vragen? Bel {person.name} op {person.phone} of mail naar {person.mail}.</p>"
    return f"{intro}<h3>{job}", f"<h3>{profile}", f"<h3>{offer}"


def _coded(table: str, code: str | None) -> dict[str, str] | None:
    if code is None:
        return None
    entry = MAPPING[table].entry(code)
    return {"code": code, "label": (entry.label if entry else None) or code}


def _job(opening: Opening, text: str) -> dict[str, Any]:
    language = "fr" if opening.place.region_nis == _BRUSSELS and opening.number % 2 == 0 else "nl"
    experience = _EXPERIENCE.get(opening.experience_months) if opening.experience_months is not None else None
    return {
        "functieTitel": opening.title[language],
        "omschrijving": text,
        "jobdomeinen": [_coded("domain", _DOMAINS[opening.sector])],
        "beroepsprofiel": {
            "code": f"P{opening.isco}",
            "label": opening.occupation.replace("_", " ").capitalize(),
            "ervaring": _coded("experience", experience),
        },
    }


def _requirements(opening: Opening) -> list[dict[str, Any]]:
    languages = [
        {
            "type": "talen",
            "code": iso.upper(),
            "label": (_coded("language", iso) or {})["label"],
            "score": _coded("score", _SCORES.get(level or "")),
        }
        for iso, level in opening.languages
    ]
    licences = [{"type": "rijbewijs", "code": licence} for licence in opening.licences]
    level = _coded("education", _EDUCATION[opening.education]) if opening.education else None
    return [*languages, *licences, *([{"type": "studie", "diplomaNiveau": level}] if level else [])]


def _contract(opening: Opening, text: str) -> dict[str, Any]:
    contract, duration = _CONTRACTS[opening.contract]
    lowest, highest, _ = opening.pay or (None, None, None)
    return {
        "arbeidsContract": _coded("contract", contract),
        "arbeidsContractDuur": _coded("duration", duration),
        "arbeidsRegime": _coded("regime", "V" if opening.regime == "full" else "D"),
        "arbeidsStelsel": [_coded("schedule", _SCHEDULES[opening.schedule])],
        "aantalUur": opening.hours,
        "minimumBrutoLoon": lowest,
        "maximumBrutoLoon": highest,
        "vermoedelijkeStartdatum": None,
        "extra": text,
    }


def _address(place: Site) -> dict[str, Any]:
    french = place.region_nis == _BRUSSELS and place.street.startswith(("Rue", "Avenue", "Place", "Chaussée"))
    province = _PROVINCES.get(place.province_nis or "")
    return {
        "straat": place.street,
        "huisnummer": place.number,
        "busnummer": None,
        "postcode": place.postal_code,
        "gemeente": (place.municipality_fr if french else place.municipality_nl).upper(),
        "provincie": {"code": place.province_nis, "label": province} if province else None,
        "landCode": "BE",
        "locatie": None,
    }


def _procedure(opening: Opening) -> dict[str, Any]:
    person, slug = opening.contact, f"employer{opening.employer.kbo[2:8]}.example"
    personal = opening.number % 5 < 2
    return {
        "cvGewenst": opening.level != "low",
        "motivatiebriefGewenst": opening.level == "high",
        "omschrijving": None,
        "contactpersoon": {
            "naam": person.name,
            "aanspreking": None,
            "functie": "HR",
            "telefoonNummer": person.phone,
            "fax": None,
            "email": person.mail,
        }
        if personal
        else None,
        "sollicitatieVia": {
            "webformulier": f"https://{slug}/jobs/{opening.number}" if opening.number % 3 else None,
            "email": person.mail if personal else f"jobs@{slug}",
            "telefoon": person.phone if personal else "02 000 01 23",
            "persoonlijkAanmelden": False,
        },
    }


def _odd(number: int, vacancy: dict[str, Any]) -> dict[str, Any]:
    """Return the vacancy with the oddity of its number, if any."""
    if number % 12 == 5:
        vacancy = _bare(vacancy)
    if number % 50 == 11:
        vacancy["functie"]["telewerk"] = "DEELS"
    if number % 90 == 31:
        vacancy["arbeidsovereenkomst"]["arbeidsStelsel"].append({"code": "ZELF", "label": "Zelf in te vullen uren"})
    if number % 200 == 7:
        _WRONGS[number // 200 % len(_WRONGS)](vacancy)
    return vacancy


def _bare(value: Any) -> Any:
    """Return the value with bare codes, as v2 gave them."""
    if isinstance(value, dict):
        return value["code"] if set(value) == {"code", "label"} else {name: _bare(part) for name, part in value.items()}
    return [_bare(part) for part in value] if isinstance(value, list) else value


def _untitled(vacancy: dict[str, Any]) -> None:
    vacancy["functie"]["functieTitel"] = " "


def _undated(vacancy: dict[str, Any]) -> None:
    vacancy["publicatieDatum"] = "31/02/2026"


def _nameless(vacancy: dict[str, Any]) -> None:
    vacancy["leverancier"]["naam"] = None


def _misnumbered(vacancy: dict[str, Any]) -> None:
    vacancy["leverancier"]["kboNummer"] = "0123456789"


def _overworked(vacancy: dict[str, Any]) -> None:
    vacancy["arbeidsovereenkomst"]["aantalUur"] = 3800


_WRONGS = (_untitled, _undated, _nameless, _misnumbered, _overworked)
