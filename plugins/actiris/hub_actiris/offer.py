"""From one item of the list to a vacancy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from hub import (
    ApplyWay,
    Audience,
    Channel,
    Code,
    Issue,
    Normalised,
    Organisation,
    OrganisationKind,
    Place,
    PlacePrecision,
    RawRecord,
    RecordError,
    Vacancy,
    issue,
    texts,
)
from hub_actiris.facts import Facts, code_facts, combined, disagreeing, label_facts, table
from hub_actiris.flags import provenance, reserved_for
from hub_actiris.item import FLAGS, UNKNOWN, both, employer, preferred, word
from hub_actiris.options import ActirisOptions

BRUSSELS = ZoneInfo("Europe/Brussels")
SECTOR_SCHEME = "partner:actiris-imt"
_FIRST_YEAR = 1990


@dataclass(slots=True)
class Noticed:
    """What is worth saying about an item besides the vacancy."""

    warnings: list[Issue] = field(default_factory=list)
    unknown_values: list[tuple[str, str]] = field(default_factory=list)

    def leave_out(self, name: str, value: str, expected: str) -> None:
        """Note that a value is not published because it is not what it should be."""
        self.warnings.append(issue("value-left-out", name, value, expected=expected))


def normalise(record: RawRecord, options: ActirisOptions) -> Normalised:
    """Return the vacancy of an item, and what was noticed in it."""
    item: dict[str, Any] = record.payload if isinstance(record.payload, dict) else {}
    noticed, flags = Noticed(), item.get(FLAGS, [])
    modified = _moment(item, "dateModification", noticed)
    return Normalised(
        _vacancy(record.local_id, item, options, noticed),
        partner_modified=modified,
        warnings=tuple(noticed.warnings),
        unknown_fields=tuple(item.get(UNKNOWN, ())),
        unknown_values=tuple(noticed.unknown_values),
        provenance=provenance(flags, options),
    )


def _vacancy(local_id: str, item: Mapping[str, Any], options: ActirisOptions, noticed: Noticed) -> Vacancy:
    title = texts(both(item, "titre"))
    if title is None:
        raise RecordError("missing-title", field="title")
    page = _page(local_id, item, options)
    reserved = reserved_for(item.get(FLAGS, []), options)
    stated = combined(
        [Facts(reserved_for=reserved), *_contract(item, options, noticed), *_regime(item, options, noticed)]
    )
    return Vacancy.model_validate(
        {
            "title": title,
            "organisation": _organisation(item, options, noticed),
            "places": _places(item, options, noticed),
            "sectors": _sectors(item),
            "published": _day(_moment(item, "dateCreation", noticed)),
            "url": page,
            "how_to_apply": (ApplyWay(channel=Channel.url, value=page),) if page else (),
            "audience": _audience(stated),
            **stated,
        }
    )


def _audience(stated: Mapping[str, object]) -> tuple[Audience, ...]:
    reserved = stated.get("reserved_for", ())
    return reserved if isinstance(reserved, tuple) else ()


def _organisation(item: Mapping[str, Any], options: ActirisOptions, noticed: Noticed) -> Organisation:
    """Name the employer, else Actiris, which distributes the offer; the number is the employer's, so not Actiris's."""
    name = preferred(employer(item), options.language)
    if name:
        return Organisation(name=name, kbo=_kbo(item, noticed), kind=OrganisationKind.employer)
    if not options.anonymous_employer:
        raise RecordError("missing-organisation", field="organisation.name")
    return Organisation(name=options.anonymous_employer, kind=OrganisationKind.intermediary)


def _kbo(item: Mapping[str, Any], noticed: Noticed) -> str | None:
    number = word(item, "numeroEntreprise")
    if number is None or _is_kbo(number):
        return number
    noticed.leave_out("organisation.kbo", number, "an enterprise number with valid check digits")
    return None


def _places(item: Mapping[str, Any], options: ActirisOptions, noticed: Noticed) -> tuple[Place, ...]:
    names, postal_code, country = both(item, "commune"), word(item, "codePostal"), _country(item, noticed)
    municipality = preferred(names, options.language)
    if not (municipality or postal_code or country):
        return ()
    local = municipality or postal_code
    spelled = " / ".join(dict.fromkeys(name for name in names.values() if name))
    place = Place(
        postal_code=postal_code,
        municipality=municipality,
        country=country,
        precision=PlacePrecision.municipality if local else PlacePrecision.country,
        original=" ".join(part for part in (postal_code, spelled) if part) or None,
    )
    return (place,)


def _country(item: Mapping[str, Any], noticed: Noticed) -> str | None:
    code = (word(item, "codePays") or "").upper()
    if not code or _is_country(code):
        return code or None
    noticed.unknown_values.append(("codePays", code))
    return None


def _contract(item: Mapping[str, Any], options: ActirisOptions, noticed: Noticed) -> list[Facts]:
    """Return what the contract says, its label before its code; no kind of contract where the two disagree."""
    code, label = word(item, "typeContrat") or "", word(item, "typeContratLibelle") or ""
    declared = _declared(code, options.contracts)
    if declared:
        return [declared]
    by_label, by_code = label_facts(label), code_facts(code)
    facts, apart = [*by_label, *([by_code] if by_code else [])], disagreeing(by_label, by_code)
    if (code or label) and (apart or not facts):
        noticed.unknown_values.append(("typeContrat", f"{code} ({label})" if label else code))
    return [entry.model_copy(update={"employment_type": ()}) for entry in facts] if apart else facts


def _declared(code: str, known: Mapping[str, Facts]) -> Facts | None:
    """Return what a source declares of a code, whatever its capitals."""
    return next((facts for name, facts in known.items() if name.casefold() == code.casefold()), None)


def _regime(item: Mapping[str, Any], options: ActirisOptions, noticed: Noticed) -> list[Facts]:
    code = word(item, "regimeTravail") or ""
    known = _declared(code, options.regimes) or _declared(code, table().regimes)
    if code and known is None:
        noticed.unknown_values.append(("regimeTravail", code))
    return [known] if known else []


def _sectors(item: Mapping[str, Any]) -> tuple[Code, ...]:
    domain = word(item, "codeDomaineImt")
    return (Code(scheme=SECTOR_SCHEME, value=domain),) if domain else ()


def _page(local_id: str, item: Mapping[str, Any], options: ActirisOptions) -> str | None:
    """Return the address of the offer's page, in the source's language where the offer has a title in it."""
    titled = [language for language, text in both(item, "titre").items() if text]
    order = sorted(options.pages, key=lambda language: (language not in titled, language != options.language))
    if not order:
        return None
    offer_type = word(item, "typeOffre", "typeOffer") or ""
    template = options.pages[order[0]]
    return template.replace("{reference}", quote(local_id, safe="")).replace("{type}", quote(offer_type, safe=""))


def _moment(item: Mapping[str, Any], name: str, noticed: Noticed) -> datetime | None:
    """Return a moment; one without an offset is in Brussels, and the year 1 that .NET writes for "none" is none."""
    value = word(item, name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        noticed.leave_out(name, value, "a moment such as 2026-10-09T00:00:00+02:00")
        return None
    if moment.year < _FIRST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(BRUSSELS).date() if moment else None


@cache
def _is_country(code: str) -> bool:
    try:
        Place(country=code)
    except ValueError:
        return False
    return True


def _is_kbo(number: str) -> bool:
    try:
        Organisation(name="-", kbo=number)
    except ValueError:
        return False
    return True
