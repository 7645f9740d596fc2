"""From one item of the list to a vacancy."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

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
    texts,
)
from hub_actiris.flags import provenance, reserved_for
from hub_actiris.item import FLAGS, IGNORED, UNKNOWN, both, employer, preferred, word
from hub_actiris.options import ActirisOptions

BRUSSELS = ZoneInfo("Europe/Brussels")
SECTOR_SCHEME = "partner:actiris-imt"
OPTIONAL: Mapping[str, Collection[str]] = {**ENTERPRISE_NUMBERS, "places.country": ()}
"""What is left out when the model does not take it."""
_FIRST_YEAR = 1990


def normalise(record: RawRecord, options: ActirisOptions, readings: Readings) -> Normalised:
    """Return the vacancy of an item, and what was noticed in it.

    Args:
        record: the item, as `kept` left it.
        options: of the source.
        readings: looks up in the adapter's tables and those that the source declares.
    """
    item, warnings = View(record.payload, IGNORED), list[Issue]()
    flags, unknown = item.get(FLAGS) or (), item.get(UNKNOWN) or ()
    page = _page(record.local_id, item, options)
    stated = {**_regime(item, readings), **_contract(item, readings)}
    if reserved := reserved_for(flags, options):
        stated["reserved_for"] = reserved
    values = {
        "title": _title(item),
        "organisation": _organisation(item, options),
        "places": _places(item, options),
        "sectors": _sectors(item),
        "published": _day(_moment(item, "dateCreation", warnings)),
        "url": page,
        "how_to_apply": ({"channel": "url", "value": page},) if page else (),
        "audience": stated.get("reserved_for", ()),
        **stated,
    }
    modified, references = _moment(item, "dateModification", warnings), _references(item, options)
    listing, left_out = fit_listing(Vacancy, values, OPTIONAL)
    return Normalised(
        listing,
        partner_modified=modified,
        warnings=(*warnings, *left_out),
        unknown_fields=(*unknown, *item.unread()),
        unknown_values=readings.unknown(),
        read_values=readings.read(),
        provenance=provenance(flags, options),
        references=references,
    )


def _references(item: View, options: ActirisOptions) -> tuple[str, ...]:
    """Return the names of the offer at the partners it came from."""
    numbers = ((partner, word(item, field)) for field, partner in options.references.items())
    return tuple(name for partner, number in numbers if number and (name := named_reference(partner, number)))


def _title(item: View) -> dict[str, str]:
    title = texts(both(item, "titre"))
    if title is None:
        raise RecordError("missing-title", field="title")
    return title


def _organisation(item: View, options: ActirisOptions) -> dict[str, Any]:
    """Name the employer, else Actiris, which distributes the offer; the number is the employer's, so not Actiris's."""
    name, number = preferred(employer(item), options.language), word(item, "numeroEntreprise")
    if name:
        return {"name": name, "kbo": number, "kind": "employer"}
    if not options.anonymous_employer:
        raise RecordError("missing-organisation", field="organisation.name")
    return {"name": options.anonymous_employer, "kind": "intermediary"}


def _places(item: View, options: ActirisOptions) -> tuple[dict[str, Any], ...]:
    names, postal_code, country = both(item, "commune"), word(item, "codePostal"), word(item, "codePays")
    municipality = preferred(names, options.language)
    if not (municipality or postal_code or country):
        return ()
    spelled = " / ".join(dict.fromkeys(name for name in names.values() if name))
    place = {
        "postal_code": postal_code,
        "municipality": municipality,
        "country": country.upper() if country else None,
        "precision": "municipality" if municipality or postal_code else "country",
        "original": " ".join(part for part in (postal_code, spelled) if part) or None,
    }
    return (place,)


def _contract(item: View, readings: Readings) -> dict[str, Any]:
    """Return what the contract says, its label before its code; no kind of contract where the two disagree."""
    code, label = word(item, "typeContrat"), word(item, "typeContratLibelle")
    if (declared := readings.known("contracts", code)) is not None:
        return dict(declared)
    by_label, by_code = readings.known("typeContratLibelle", label), readings.known("typeContrat", code)
    apart = _disagree(by_label or {}, by_code or {})
    if apart or (by_label is None and by_code is None):
        readings.miss("typeContrat", f"{code or ''} ({label})" if label else code)
    facts = {**(by_code or {}), **(by_label or {})}
    return {name: value for name, value in facts.items() if name != "employment_type" or not apart}


def _disagree(by_label: Mapping[str, Any], by_code: Mapping[str, Any]) -> bool:
    """Tell whether label and code name kinds of contract that have nothing in common."""
    kinds, others = set(by_label.get("employment_type", ())), set(by_code.get("employment_type", ()))
    return bool(kinds and others) and not kinds & others


def _regime(item: View, readings: Readings) -> Mapping[str, Any]:
    code = word(item, "regimeTravail")
    declared = readings.known("regimes", code)
    return readings.find("regimeTravail", code) if declared is None else declared


def _sectors(item: View) -> tuple[dict[str, str], ...]:
    domain = word(item, "codeDomaineImt")
    return ({"scheme": SECTOR_SCHEME, "value": domain},) if domain else ()


def _page(local_id: str, item: View, options: ActirisOptions) -> str | None:
    """Return the address of the offer's page, in the source's language where the offer has a title in it."""
    titled = [language for language, text in both(item, "titre").items() if text]
    order = sorted(options.pages, key=lambda language: (language not in titled, language != options.language))
    if not order:
        return None
    offer_type = word(item, "typeOffre", "typeOffer") or ""
    template = options.pages[order[0]]
    return template.replace("{reference}", quote(local_id, safe="")).replace("{type}", quote(offer_type, safe=""))


def _moment(item: View, name: str, warnings: list[Issue]) -> datetime | None:
    """Return a moment; one without an offset is in Brussels, and the year 1 that .NET writes for "none" is none."""
    value = word(item, name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        warnings.append(issue("value-left-out", name, value, expected="a moment such as 2026-10-09T00:00:00+02:00"))
        return None
    if moment.year < _FIRST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(BRUSSELS).date() if moment else None
