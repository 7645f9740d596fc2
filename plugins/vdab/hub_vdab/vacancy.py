"""One vacancy of VDAB, in the common model. Pure: the same record always gives the same listing."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from hub import (
    ENTERPRISE_NUMBERS,
    Issue,
    Normalised,
    RawRecord,
    Readings,
    RecordError,
    Vacancy,
    View,
    fit_listing,
    issue,
    named_reference,
)
from hub_vdab.fields import IGNORED
from hub_vdab.persons import UNKNOWN
from hub_vdab.requirements import partner_code, read_requirements
from hub_vdab.tables import MAPPING, Coded, coded, several

LANGUAGE = "und"
"""VDAB does not say in which language a text is written."""

OPTIONAL: Mapping[str, Collection[str]] = {
    **ENTERPRISE_NUMBERS,
    "places.country": (),
    "places.latitude": ("longitude",),
    "places.longitude": ("latitude",),
    "url": (),
    "openings": (),
    "hours_per_week": (),
    "pay": (),
    "how_to_apply": (),
    "skills": (),
    "occupations": (),
}
"""What is left out when the model does not take it, with what goes with it."""

_REFERENCES = ("interneReferentie", "vdabReferentie", "externeReferentie", "hrxmlReferentie")
_PROVINCE = "Provincie "


def normalise(record: RawRecord, public_url: str) -> Normalised:
    """Return the listing of a record, and the fields and values that nothing is known about."""
    vacancy, readings = View(record.payload, IGNORED), Readings(MAPPING)
    warnings: list[Issue] = []
    readings.find("status", coded(vacancy, "status").word)
    job, contract = vacancy.view("functie"), vacancy.view("arbeidsovereenkomst")
    fields = {
        "title": _title(job),
        "description": _description(job, vacancy, contract),
        "organisation": _organisation(vacancy.view("leverancier"), readings),
        "places": _places(vacancy.view("tewerkstellingsadres")),
        "published": _day(vacancy, "publicatieDatum", warnings),
        "expires": _day(vacancy, "depublicatieDatum", warnings),
        "url": _url(vacancy.view("vacatureReferentie"), public_url),
        "openings": vacancy.get("aantalJobs") or None,
        "how_to_apply": _ways(vacancy.view("sollicitatieprocedure.sollicitatieVia")),
        "starts": _day(contract, "vermoedelijkeStartdatum", warnings),
        **_occupation(job, readings),
        **_contract(contract, readings),
        **read_requirements(vacancy.views("profiel.vereisten"), readings).fields(),
    }
    # Whom a job is reserved for it is also meant for, so that who looks by audience finds it.
    fields["audience"] = tuple(dict.fromkeys((*fields.get("audience", ()), *fields.get("reserved_for", ()))))
    listing, left_out = fit_listing(Vacancy, fields, OPTIONAL)
    return Normalised(
        listing,
        warnings=(*warnings, *left_out),
        unknown_fields=(*(vacancy.get(UNKNOWN) or ()), *vacancy.unread()),
        unknown_values=readings.unknown(),
        read_values=readings.read(),
        references=_references(vacancy.view("vacatureReferentie")),
    )


def _references(references: View) -> tuple[str, ...]:
    """Return the public number of the vacancy, which those who pass it on name it by."""
    number = references.get("vdabReferentie")
    named = None if number is None else named_reference("vdab", number)
    return (named,) if named else ()


def _title(job: View) -> dict[str, str]:
    title = job.text("functieTitel")
    if title is None:
        raise RecordError("missing-title", field="title")
    return {LANGUAGE: title}


def _description(job: View, vacancy: View, contract: View) -> dict[str, str] | None:
    texts = (job.text("omschrijving"), vacancy.text("vrijeVereiste"), contract.text("extra"))
    markup = "".join(text if "<" in text else f"<p>{text}</p>" for text in texts if text)
    return {LANGUAGE: markup} if markup else None


def _organisation(supplier: View, readings: Readings) -> dict[str, Any]:
    name = supplier.text("naam")
    if name is None:
        raise RecordError("missing-organisation", field="organisation.name")
    kind = readings.find("supplier", coded(supplier, "type").word).get("kind")
    return {"name": name, "kbo": supplier.text("kboNummer"), "kind": kind}


def _places(address: View) -> tuple[dict[str, Any], ...]:
    street, number, box = (address.text(name) for name in ("straat", "huisnummer", "busnummer"))
    postal, town, country = (address.text(name) for name in ("postcode", "gemeente", "landCode"))
    province, position = coded(address, "provincie").label, address.view("locatie")
    latitude, longitude = position.get("latitude"), position.get("longitude")
    if not (street or postal or town or province):
        return ()
    place = {
        "street": " ".join(part for part in (street, number, box and f"bus {box}") if part) if street else None,
        "postal_code": postal,
        "municipality": town.title() if town and town.isupper() else town,
        "province": province.removeprefix(_PROVINCE) if province else None,
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
        "precision": _precision(street, number, postal or town),
        "original": " ".join(part for part in (postal, town) if part) or province,
    }
    return (place,)


def _precision(street: str | None, number: str | None, town: str | None) -> str:
    if street:
        return "address" if number else "street"
    return "municipality" if town else "province"


def _day(holder: View, name: str, warnings: list[Issue]) -> date | None:
    """Return a day; one in another form, such as a moment or a week, is left out with a warning."""
    value = holder.get(name)
    if not value:
        return None
    try:
        # fromisoformat alone would also take week dates and dates without dashes.
        if len(value) == 10 and value[4] == value[7] == "-":
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    warnings.append(issue("value-left-out", name, value, expected="yyyy-mm-dd"))
    return None


def _url(reference: View, template: str) -> str | None:
    names = {name: value for name in _REFERENCES if (value := reference.text(name))}
    try:
        return template.format_map(names)
    except KeyError:
        return None


def _occupation(job: View, readings: Readings) -> dict[str, Any]:
    profile = coded(job, "beroepsprofiel")
    experience = coded(job.view("beroepsprofiel"), "ervaring")
    sectors = [partner_code(_domain(each, readings)) for each in several(job, "jobdomeinen")]
    return {
        "occupations": tuple(code for code in (partner_code(profile),) if code),
        "sectors": tuple(code for code in sectors if code),
        "experience_months": readings.find("experience", experience.word).get("experience_months"),
    }


def _domain(value: Coded, readings: Readings) -> Coded:
    """Return the domain with code and label, as far as the table knows it; else as it came."""
    entry = readings.entry("domain", value.word)
    return Coded(entry.key, entry.label) if entry else value


def _contract(contract: View, readings: Readings) -> dict[str, Any]:
    kind = readings.entry("contract", coded(contract, "arbeidsContract").word)
    if kind and kind.refuse:
        raise RecordError(kind.refuse, field="arbeidsContract", value=kind.label)
    duration = readings.find("duration", coded(contract, "arbeidsContractDuur").word)
    schedules = [readings.find("schedule", each.word) for each in several(contract, "arbeidsStelsel")]
    lowest, highest = contract.get("minimumBrutoLoon") or None, contract.get("maximumBrutoLoon") or None
    return {
        **duration,
        **readings.find("regime", coded(contract, "arbeidsRegime").word),
        **(kind.facts if kind else {}),
        "schedule": tuple(dict.fromkeys(each for found in schedules for each in found.get("schedule", ()))),
        "hours_per_week": contract.get("aantalUur") or None,
        # Gross, in euro, and without a period, which VDAB does not give.
        "pay": {"min": lowest, "max": highest, "currency": "EUR", "gross": True} if lowest or highest else None,
    }


def _ways(via: View) -> tuple[dict[str, str], ...]:
    page = via.text("webformulier")
    ways = (
        ("url", page if page and page.startswith(("https://", "http://")) else None),
        ("mail", via.text("email")),
        ("phone", via.text("telefoon")),
    )
    return tuple({"channel": channel, "value": value} for channel, value in ways if value)
