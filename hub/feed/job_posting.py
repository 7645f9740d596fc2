"""A vacancy as the schema.org JobPosting that Google's job search accepts, in one language.

Google asks for a title, a complete description, the day it was posted, the employer and the place with its country; of
a job done wholly from home the countries one may live in instead of the place. Where one of these is not known nothing
is said at all, and what is unsure is left out: wrong markup costs a site its place in the results.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import pycountry

from hub.model.markup import plain, sanitise
from hub.model.text import pick
from hub.model.vocabulary import Status

Json = Mapping[str, Any]
JobPosting = dict[str, Any]

_REMOTE: Final = "fully"
_NO_REQUIREMENTS: Final = "no requirements"
_NONE: Final = "none"

_ZONE = ZoneInfo("Europe/Brussels")
_LAST_MOMENT = time(23, 59, 59)

_EMPLOYMENT: Mapping[str, str] = {
    "fullTime": "FULL_TIME",
    "partTime": "PART_TIME",
    "fixedTerm": "TEMPORARY",
    "temporaryAgency": "TEMPORARY",
    "student": "TEMPORARY",
    "internship": "INTERN",
    "freelance": "CONTRACTOR",
    "volunteer": "VOLUNTEER",
    "apprenticeship": "OTHER",
    "flexi": "OTHER",
    "other": "OTHER",
}
"""Google's employmentType by our working time and kind of contract; it has no word for a permanent one."""

_CREDENTIALS: Mapping[object, str] = {
    4: "high school",
    5: "associate degree",
    6: "bachelor degree",
    7: "postgraduate degree",
    8: "postgraduate degree",
}
"""Google's credentialCategory by EQF level; it has none for the levels below upper secondary school."""

_CODE_SETS: Mapping[str, str] = {
    "esco": "ESCO",
    "isco-08": "ISCO-08",
    "rome": "ROME",
    "competent": "Competent",
    "nace-bel": "NACE-BEL",
}
"""Code lists that others know too, by our name of them."""

_ADDRESS: Mapping[str, tuple[str, ...]] = {
    "streetAddress": ("street",),
    "postalCode": ("postalCode",),
    "addressLocality": ("municipality",),
    "addressRegion": ("province", "region"),
    "addressCountry": ("country",),
}
"""Each member of a PostalAddress, and the fields of a place that may say it, the first that does."""


def job_posting(data: Json, address: str, language: str) -> JobPosting | None:
    """Return the JobPosting of a vacancy, None where Google's required properties are not all known.

    None, too, where it is likely over: Google wants no markup of jobs that are not open any more.

    Args:
        data: its published JSON.
        address: the public address of the page that shows it.
        language: the language of that page; a text that is not there in it stands in the one the page shows.
    """
    if data["status"] != Status.active:
        return None
    said = {name: read(data, language) for name, read in _MEMBERS.items()}
    found = {name: value for name, value in said.items() if value is not None}
    if not found.keys() >= _REQUIRED or not found.keys() & _WHERE:
        return None
    return {"@context": "https://schema.org/", "@type": "JobPosting", "url": address, **found}


def _title(data: Json, language: str) -> str:
    return _text(data["title"], language)


def _description(data: Json, language: str) -> str | None:
    """Return the description as HTML, None where it says no more than the title."""
    if not data.get("description"):
        return None
    markup = sanitise(_text(data["description"], language))
    if plain(markup) in {"", _title(data, language)}:
        return None
    return markup if "<" in markup else f"<p>{'<br>'.join(markup.splitlines())}</p>"


def _valid_through(data: Json, _: str) -> str | None:
    """Return the end of the last day one can apply, in Belgium."""
    if "expires" not in data:
        return None
    return datetime.combine(date.fromisoformat(data["expires"]), _LAST_MOMENT, _ZONE).isoformat()


def _organisation(data: Json, _: str) -> Json:
    organisation = data["organisation"]
    site = {"sameAs": organisation["url"]} if "url" in organisation else {}
    return {"@type": "Organization", "name": organisation["name"], **site}


def _location(data: Json, _: str) -> object:
    """Return the places whose country is known; none of a job done wholly from home."""
    if data.get("remote") == _REMOTE:
        return None
    return _one_or_all([_place(each) for each in data.get("places", ()) if each.get("country")])


def _place(place: Json) -> Json:
    said = {name: next((place[key] for key in keys if place.get(key)), None) for name, keys in _ADDRESS.items()}
    known = {name: value for name, value in said.items() if value}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **known}}


def _location_type(data: Json, _: str) -> str | None:
    return "TELECOMMUTE" if data.get("remote") == _REMOTE else None


def _applicants(data: Json, _: str) -> object:
    """Return the countries of a job done wholly from home: where it is offered, its people may live."""
    if data.get("remote") != _REMOTE:
        return None
    codes = dict.fromkeys(each["country"] for each in data.get("places", ()) if each.get("country"))
    return _one_or_all([{"@type": "Country", "name": _country(code)} for code in codes])


def _country(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else code


def _employment(data: Json, _: str) -> list[str] | None:
    values = [*data.get("workTime", ()), *data.get("employmentType", ())]
    return list(dict.fromkeys(_EMPLOYMENT[value] for value in values if value in _EMPLOYMENT)) or None


def _salary(data: Json, _: str) -> Json | None:
    """Return what is paid before tax, where the period is stated."""
    pay = data.get("pay", {})
    low, high = pay.get("min"), pay.get("max")
    if not (low or high) or "per" not in pay or pay.get("gross") is False:
        return None
    amounts = {"value": low} if low == high else {"minValue": low, "maxValue": high}
    value = {name: amount for name, amount in amounts.items() if amount}
    quantity = {"@type": "QuantitativeValue", **value, "unitText": pay["per"].upper()}
    return {"@type": "MonetaryAmount", "currency": pay["currency"], "value": quantity}


def _identifier(data: Json, _: str) -> Json:
    first = data["listings"][0]
    return {"@type": "PropertyValue", "name": first.get("partner") or first["source"], "value": first["localId"]}


def _education(data: Json, _: str) -> object:
    asked = data.get("education")
    if asked == _NONE or data.get("noDiplomaRequired"):
        return _NO_REQUIREMENTS
    credential = _CREDENTIALS.get(asked)
    return {"@type": "EducationalOccupationalCredential", "credentialCategory": credential} if credential else None


def _experience(data: Json, _: str) -> object:
    months = data.get("experienceMonths")
    if months is None:
        return None
    return {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": months} if months else _NO_REQUIREMENTS


def _industry(data: Json, language: str) -> object:
    return _one_or_all([_text(each["label"], language) for each in data.get("sectors", ()) if each.get("label")])


def _occupation(data: Json, language: str) -> object:
    return _one_or_all([_named(each, language) for each in data.get("occupations", ()) if each.get("label")])


def _named(code: Json, language: str) -> Json:
    known = _CODE_SETS.get(code["scheme"])
    category = {"@type": "CategoryCode", "codeValue": code["value"], "inCodeSet": known}
    category = {"occupationalCategory": category} if known else {}
    return {"@type": "Occupation", "name": _text(code["label"], language), **category}


def _no(_data: Json, _language: str) -> bool:
    """Return false: one never applies on the hub's own page, whatever the partner's offers."""
    return False


def _as_is(name: str) -> "Callable[[Json, str], object]":
    """Return a reader of a field that is written as Google wants it."""
    return lambda data, _: data.get(name)


def _text(value: Mapping[str, str], language: str) -> str:
    return pick(value, (language, "en", "nl", "fr"))


def _one_or_all(values: list[Any]) -> object:
    return (values if len(values) > 1 else values[0]) if values else None


_MEMBERS: Mapping[str, Callable[[Json, str], object]] = {
    "title": _title,
    "description": _description,
    "datePosted": _as_is("published"),
    "validThrough": _valid_through,
    "hiringOrganization": _organisation,
    "jobLocation": _location,
    "jobLocationType": _location_type,
    "applicantLocationRequirements": _applicants,
    "employmentType": _employment,
    "baseSalary": _salary,
    "identifier": _identifier,
    "directApply": _no,
    "educationRequirements": _education,
    "experienceRequirements": _experience,
    "industry": _industry,
    "totalJobOpenings": _as_is("openings"),
    "jobStartDate": _as_is("starts"),
    "relevantOccupation": _occupation,
}
"""Each member of a JobPosting, and what reads it from the published JSON; None where that does not say."""

_REQUIRED = frozenset({"title", "description", "datePosted", "hiringOrganization"})
_WHERE = frozenset({"jobLocation", "applicantLocationRequirements"})
