"""One vacancy of VDAB, in the common model. Pure: the same record always gives the same listing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hub import Issue, Normalised, RawRecord, RecordError, Vacancy, issue
from hub_vdab.fields import unknown_fields
from hub_vdab.requirements import Asked, partner_code, read_requirements
from hub_vdab.tables import TABLES, Unknown, parts

LANGUAGE = "und"
"""VDAB does not say in which language a text is written."""

_FACTS = {
    "adaptedWork": "adapted_work",
    "socialEconomy": "social_economy",
    "trainingOnTheJob": "training_on_the_job",
    "reservedFor": "reserved_for",
    "audience": "audience",
}
_PROVINCE = "Provincie "


def normalise(record: RawRecord, public_url: str) -> Normalised:
    """Return the listing of a record, and the fields and values that nothing is known about."""
    raw = record.payload
    if not isinstance(raw, dict):
        raise RecordError("unreadable-record")
    unknown: Unknown = []
    warnings: list[Issue] = []
    job, profile, contract = _object(raw, "functie"), _object(raw, "profiel"), _object(raw, "arbeidsovereenkomst")
    asked = read_requirements(profile.get("vereisten"), unknown)
    fields = {
        "title": _title(job),
        "description": _description(job, raw, contract),
        "organisation": _organisation(_object(raw, "leverancier"), unknown),
        "places": _places(_object(raw, "tewerkstellingsadres")),
        "published": _day(raw, "publicatieDatum"),
        "expires": _day(raw, "depublicatieDatum"),
        "url": _url(_object(raw, "vacatureReferentie"), public_url),
        "openings": raw.get("aantalJobs") or None,
        "how_to_apply": _ways(_object(_object(raw, "sollicitatieprocedure"), "sollicitatieVia")),
        **_occupation(job, unknown),
        **_contract(contract, unknown, warnings),
        **_asked(asked),
    }
    # Whom a job is reserved for it is also meant for, so that who looks by audience finds it.
    fields["audience"] = tuple(dict.fromkeys((*fields.get("audience", ()), *fields.get("reserved_for", ()))))
    return Normalised(
        Vacancy.model_validate(fields),
        warnings=tuple(warnings),
        unknown_fields=unknown_fields(raw),
        unknown_values=tuple(dict.fromkeys(unknown)),
    )


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _title(job: Mapping[str, Any]) -> dict[str, str]:
    title = job.get("functieTitel")
    if not isinstance(title, str) or not title.strip():
        raise RecordError("missing-title", field="title", value=title)
    return {LANGUAGE: title}


def _description(job: Mapping[str, Any], raw: Mapping[str, Any], contract: Mapping[str, Any]) -> dict[str, str] | None:
    texts = (job.get("omschrijving"), raw.get("vrijeVereiste"), contract.get("extra"))
    markup = "".join(_paragraph(text) for text in texts if isinstance(text, str) and text.strip())
    return {LANGUAGE: markup} if markup else None


def _paragraph(text: str) -> str:
    return text if "<" in text else f"<p>{text}</p>"


def _organisation(supplier: Mapping[str, Any], unknown: Unknown) -> dict[str, Any]:
    name, number = supplier.get("naam"), supplier.get("kboNummer")
    if not isinstance(name, str) or not name.strip():
        raise RecordError("missing-organisation", field="organisation.name", value=name)
    kind = TABLES["supplier"].read(supplier.get("type"), unknown).get("kind")
    return {"name": name, "kbo": str(number) if number else None, "kind": kind}


def _places(address: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    street, number, box = (_word(address, name) for name in ("straat", "huisnummer", "busnummer"))
    postal, town = _word(address, "postcode"), _word(address, "gemeente")
    province, position = parts(address.get("provincie"))[1], _object(address, "locatie")
    if not (street or postal or town or province):
        return ()
    place = {
        "street": " ".join(part for part in (street, number, box and f"bus {box}") if part) if street else None,
        "postal_code": postal,
        "municipality": town.title() if town and town.isupper() else town,
        "province": province.removeprefix(_PROVINCE) if province else None,
        "country": _word(address, "landCode"),
        "latitude": position.get("latitude"),
        "longitude": position.get("longitude"),
        "precision": _precision(street, number, postal or town),
        "original": " ".join(part for part in (postal, town) if part) or province,
    }
    return (place,)


def _word(holder: Mapping[str, Any], name: str) -> str | None:
    value = holder.get(name)
    return str(value).strip() or None if isinstance(value, str | int) else None


def _precision(street: str | None, number: str | None, town: str | None) -> str:
    if street:
        return "address" if number else "street"
    return "municipality" if town else "province"


def _day(holder: Mapping[str, Any], name: str) -> date | None:
    value = holder.get(name)
    if not value:
        return None
    try:
        # fromisoformat alone would also take week dates and dates without dashes.
        if len(value) == 10 and value[4] == value[7] == "-":
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    raise RecordError("value-unreadable", field=name, value=value, expected="yyyy-mm-dd")


def _url(reference: Mapping[str, Any], template: str) -> str | None:
    try:
        return template.format_map({name: value for name, value in reference.items() if value})
    except KeyError:
        return None


def _occupation(job: Mapping[str, Any], unknown: Unknown) -> dict[str, Any]:
    profile = job.get("beroepsprofiel")
    experience = _object(job, "beroepsprofiel").get("ervaring")
    domains = job.get("jobdomeinen")
    return {
        "occupations": _codes([profile]),
        "sectors": _codes(_domain(value, unknown) for value in (domains if isinstance(domains, list) else ())),
        "experience_months": TABLES["experience"].read(experience, unknown).get("months"),
    }


def _domain(value: Any, unknown: Unknown) -> Any:
    """Return the domain with code and label, as far as the table knows it; else as it came."""
    return TABLES["domain"].read(value, unknown) or value


def _codes(values: Iterable[Any]) -> tuple[dict[str, Any], ...]:
    return tuple(code for value in values if (code := partner_code(value)))


def _contract(contract: Mapping[str, Any], unknown: Unknown, warnings: list[Issue]) -> dict[str, Any]:
    kind = TABLES["contract"].read(contract.get("arbeidsContract"), unknown)
    if kind.get("offer") is False:
        raise RecordError("not-an-offer", field="arbeidsContract", value=kind["label"])
    if kind.get("groupUnknown"):
        raise RecordError("group-unknown", field="reservedFor", value=kind["label"])
    duration = TABLES["duration"].read(contract.get("arbeidsContractDuur"), unknown)
    stelsel = contract.get("arbeidsStelsel")
    schedules = [TABLES["schedule"].read(value, unknown).get("schedule") for value in _list(stelsel)]
    return {
        "employment_type": kind.get("employment") or duration.get("employment") or (),
        "work_time": TABLES["regime"].read(contract.get("arbeidsRegime"), unknown).get("workTime", ()),
        "schedule": tuple(dict.fromkeys(schedule for schedule in schedules if schedule)),
        "hours_per_week": contract.get("aantalUur") or None,
        "pay": _pay(contract, warnings),
        "starts": _day(contract, "vermoedelijkeStartdatum"),
        **{field: kind[fact] for fact, field in _FACTS.items() if fact in kind},
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pay(contract: Mapping[str, Any], warnings: list[Issue]) -> dict[str, Any] | None:
    """Return gross pay in euro, without a period, which VDAB does not give; bounds the wrong way round are left out."""
    lowest, highest = contract.get("minimumBrutoLoon") or None, contract.get("maximumBrutoLoon") or None
    if lowest is None and highest is None:
        return None
    if isinstance(lowest, int | float) and isinstance(highest, int | float) and lowest > highest:
        warnings.append(issue("value-left-out", "pay", f"{lowest:g} – {highest:g}", expected="minimum ≤ maximum"))
        return None
    return {"min": lowest, "max": highest, "currency": "EUR", "gross": True}


def _asked(asked: Asked) -> dict[str, Any]:
    education = asked.lowest()
    return {
        "languages": asked.languages,
        "driving_licences": asked.licences,
        "education": education,
        "no_diploma_required": True if education == "none" else None,
        "skills": asked.skills,
    }


def _ways(via: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
    page, mail, phone = via.get("webformulier"), via.get("email"), via.get("telefoon")
    ways = (
        ("url", page if isinstance(page, str) and page.startswith(("https://", "http://")) else None),
        ("mail", mail),
        ("phone", phone),
    )
    return tuple({"channel": channel, "value": value} for channel, value in ways if value)
