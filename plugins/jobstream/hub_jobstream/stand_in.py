"""What the stand-in of JobTech says of a job of the made-up labour market: ads and removals, in JobTech's shapes."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from hub.testing import Contact, Opening
from hub_jobstream.position import SWEDEN, local

_CONTRACTS: Mapping[str, tuple[str, str]] = {
    "permanent": ("kpPX_CNN_gDU", "Tillsvidareanställning (inkl. eventuell provanställning)"),
    "statutory": ("kpPX_CNN_gDU", "Tillsvidareanställning (inkl. eventuell provanställning)"),
    "fixed_term": ("sTu5_NBQ_udq", "Tidsbegränsad anställning"),
    "replacement": ("gro4_cWF_6D7", "Vikariat"),
    "student": ("Jh8f_q9J_pbJ", "Sommarjobb / feriejobb"),
    "flexi": ("1paU_aCR_nGn", "Behovsanställning"),
}
_USUAL = ("PFZr_Syz_cUq", "Vanlig anställning")
_FOR_GOOD = frozenset({"permanent", "statutory", "service_voucher", "maatwerk"})
_LANGUAGES = ("Svenska", "Engelska")
_DAYS = 60
"""How long an ad is published at most."""


@cache
def words() -> dict[str, Any]:
    """Return the municipalities and jobs of the stand-in."""
    return tomllib.loads(files("hub_jobstream").joinpath("sandbox.toml").read_text("utf-8"))


def ad_id(opening: Opening) -> str:
    """Return JobTech's id of an opening."""
    return str(28_000_000 + opening.number)


def first_day(opening: Opening, start: date) -> datetime:
    """Return when an ad is published: some are put off until a day after they were written."""
    day = start + timedelta(days=1 + opening.number % 3) if opening.number % 25 == 3 else start
    return datetime.combine(day, time(), SWEDEN)


def last_day(opening: Opening, start: date) -> datetime:
    """Return the last second of an ad; every ad ends one day, whether somebody removes it or not."""
    return datetime.combine(start + timedelta(days=4 + opening.number % _DAYS), time(23, 59, 59), SWEDEN)


def concept(label: str, identifier: str | None = None, *, legacy: str | None = None) -> dict[str, Any]:
    """Return a concept of the taxonomy; an id made of the label where none is known."""
    return {"concept_id": identifier or _made_up(label), "label": label, "legacy_ams_taxonomy_id": legacy}


def ad(opening: Opening, start: date) -> dict[str, Any]:
    """Return the ad in full: some with a field or value that nobody knows, some wrong."""
    job = words()["sector"][opening.sector]
    full = opening.regime == "full"
    said: dict[str, Any] = {
        "id": ad_id(opening),
        "external_id": f"46-{opening.number}",
        "original_id": None,
        "label": "[]",
        "webpage_url": f"https://arbetsformedlingen.se/platsbanken/annonser/{ad_id(opening)}",
        "headline": f"{job['title']} till {opening.employer.name}",
        "application_deadline": local(last_day(opening, start)),
        "number_of_vacancies": opening.openings,
        "description": _description(opening, job),
        "employment_type": concept(*reversed(_CONTRACTS.get(opening.contract, _USUAL))),
        "salary_type": concept("Fast månads- vecko- eller timlön", "oG8G_9cW_nRf"),
        "salary_description": None,
        "duration": concept("Tills vidare", "a7uU_j21_mkL") if opening.contract in _FOR_GOOD else None,
        "working_hours_type": concept(*(("Heltid", "6YE1_gAC_R2G") if full else ("Deltid", "947z_JGS_Uk2"))),
        "scope_of_work": {"min": 100 if full else 50, "max": 100 if full else 75},
        "access": None,
        "employer": _employer(opening),
        "application_details": _application(opening),
        "experience_required": opening.experience_months != 0,
        "access_to_own_car": False,
        "driving_license_required": bool(opening.licences),
        "driving_license": [concept(licence) for licence in opening.licences] or None,
        "occupation": concept(job["title"]),
        "occupation_group": concept(job["group"], legacy=job["ssyk"]),
        "occupation_field": concept(opening.sector.capitalize()),
        "workplace_address": _address(opening),
        "must_have": _wanted(opening),
        "nice_to_have": _wanted(None),
        "application_contacts": _contacts(opening),
        "publication_date": local(first_day(opening, start)),
        "last_publication_date": local(last_day(opening, start)),
        "removed": False,
        "removed_date": None,
        "source_type": "VIA_ANNONSERA",
        "timestamp": int(opening.changed.timestamp() * 1000),
    }
    return _odd(opening.number, said)


def removal(opening: Opening) -> dict[str, Any]:
    """Return the word that an ad was taken away; some with whole concepts, as later clients saw them."""
    job, place = words()["sector"][opening.sector], _municipality(opening)
    labels = {
        "occupation": job["title"],
        "occupation_group": job["group"],
        "occupation_field": opening.sector.capitalize(),
        "municipality": place["name"],
        "region": place["region"],
        "country": "Sverige",
    }
    whole = opening.number % 2 == 1
    told = {name: concept(label) if whole else _made_up(label) for name, label in labels.items()}
    return {"id": ad_id(opening), "removed": True, "removed_date": local(opening.changed), **told}


def _made_up(label: str) -> str:
    """Return an id in the form of the taxonomy's, the same for the same label."""
    digits = f"{sum(ord(letter) * (index + 7) ** 3 for index, letter in enumerate(label)) % 10**10:010d}"
    return f"{digits[:4]}_{digits[4:7]}_{digits[7:]}"


def _municipality(opening: Opening) -> dict[str, Any]:
    places: list[dict[str, Any]] = words()["municipality"]
    return places[opening.number % len(places)]


def _description(opening: Opening, job: Mapping[str, Any]) -> dict[str, Any]:
    place, hours = _municipality(opening)["name"], f"{opening.hours or 40:g}"
    lines = [
        f"Vi på {opening.employer.name} i {place} söker en {job['title'].lower()} och vi hoppas att det är du.",
        *job["tasks"],
        f"Arbetstiden är {hours} timmar i veckan. Utgåva {int(opening.changed.timestamp()) % 1000}.",
    ]
    if opening.number % 20 == 1:
        person = contact(opening)
        lines.append(f"Frågor? Ring {person.name} på {person.phone} eller mejla {person.mail}.")
    return {
        "text": "\n".join(lines),
        "text_formatted": "".join(f"<p>{line}</p>" for line in lines),
        "company_information": None,
        "needs": None,
        "requirements": None,
        "conditions": "Heltid" if opening.regime == "full" else "Deltid",
    }


def _employer(opening: Opening) -> dict[str, Any]:
    slug = f"employer{opening.employer.kbo[2:8]}.example"
    return {
        "phone_number": contact(opening).phone,
        "email": contact(opening).mail if opening.number % 7 == 2 else None,
        "url": f"https://{slug}/" if opening.number % 2 else None,
        "organization_number": "8001019999" if opening.number % 9 == 4 else None,
        "name": opening.employer.name,
        "workplace": opening.employer.name,
    }


def _application(opening: Opening) -> dict[str, Any]:
    slug = f"employer{opening.employer.kbo[2:8]}.example"
    mail = contact(opening).mail if opening.number % 4 == 1 else f"jobs@{slug}"
    return {
        "information": None,
        "reference": f"REF-{opening.number}" if opening.number % 3 else None,
        "email": mail if opening.number % 2 else None,
        "via_af": False,
        "url": None if opening.number % 2 else f"https://{slug}/jobb/{opening.number}",
        "other": None,
    }


def _address(opening: Opening) -> dict[str, Any]:
    place = _municipality(opening)
    return {
        "municipality": place["name"],
        "municipality_code": place["code"],
        "municipality_concept_id": _made_up(place["name"]),
        "region": place["region"],
        "region_code": place["code"][:2],
        "region_concept_id": _made_up(place["region"]),
        "country": "Sverige",
        "country_code": "199",
        "country_concept_id": "i46j_HmG_v64",
        "street_address": f"Storgatan {opening.number % 90 + 1}" if opening.number % 3 == 0 else None,
        "postcode": f"{place['code']}5" if opening.number % 3 == 0 else None,
        "city": place["name"] if opening.number % 3 == 0 else None,
        "coordinates": place["position"] if opening.number % 6 else [None, None],
    }


def _wanted(opening: Opening | None) -> dict[str, Any]:
    if opening is None:
        return {name: [] for name in ("skills", "languages", "work_experiences", "education", "education_level")}
    title = words()["sector"][opening.sector]["title"]
    level = [concept("Gymnasial utbildning")] if opening.education == "secondary" else []
    return {
        "skills": [concept(f"{title}, erfarenhet")] if opening.number % 4 == 0 else [],
        "languages": [concept(_LANGUAGES[opening.number % 2])] if opening.number % 3 == 0 else [],
        "work_experiences": [concept(title)] if opening.experience_months else [],
        "education": [],
        "education_level": level,
    }


def _contacts(opening: Opening) -> list[dict[str, Any]]:
    if opening.number % 5 > 1:
        return []
    person = contact(opening)
    told = {"name": person.name, "description": "Rekryterare", "email": person.mail, "telephone": person.phone}
    return [{**told, "contact_type": None}]


def contact(opening: Opening) -> Contact:
    """Return the person who answers for an opening; nobody has this number, and the mail address cannot exist."""
    number = opening.number
    phone = f"070-000 {number // 100 % 100:02d} {number % 100:02d}"
    return Contact(f"Vera Exempelsson {number}", f"vera.exempelsson{number}@example.invalid", phone)


def _odd(number: int, said: dict[str, Any]) -> dict[str, Any]:
    """Return the ad with the oddity of its number, if any."""
    if number % 50 == 11:
        said["workplace_address"]["floor"] = "3"
    if number % 90 == 31:
        said["employment_type"] = concept("Gigarbete")
    if number % 200 == 7:
        _WRONGS[number // 200 % len(_WRONGS)](said)
    return said


def _untitled(said: dict[str, Any]) -> None:
    said["headline"] = " "


def _nameless(said: dict[str, Any]) -> None:
    said["employer"] |= {"name": None, "workplace": None}


def _undated(said: dict[str, Any]) -> None:
    said["publication_date"] = "i morgon"


_WRONGS = (_untitled, _nameless, _undated)
