"""One ad of JobTech, in the common model. Pure: the same record always gives the same listing."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hub import Issue, Normalised, RawRecord, Readings, RecordError, Vacancy, View, issue
from hub_jobstream.asked import read_asked
from hub_jobstream.moments import since_epoch, swedish
from hub_jobstream.place import read_place
from hub_jobstream.position import SWEDEN
from hub_jobstream.tables import MAPPING, concept_code, find_concept
from hub_jobstream.texts import language_of, markup

IGNORED = frozenset({
    "external_id", "original_id", "removed", "removed_date", "source_type", "application_deadline",
    # Words about pay and starting day, which the model keeps as facts only.
    "salary_description", "access",
    # Another cut of the same text.
    "description.company_information", "description.needs", "description.requirements", "description.conditions",
    # What the occupation says better, and wishes, which are no requirements.
    "occupation_field", "nice_to_have", "must_have.work_experiences", "must_have.education",
    "access_to_own_car", "application_details.via_af", "application_details.information",
    # What fetch leaves out, listed here for records that were kept by other means.
    "application_contacts", "application_details.other",
    "employer.email", "employer.phone_number", "employer.organization_number",
})  # fmt: skip
"""Fields that are known and deliberately not published."""


def normalise(record: RawRecord) -> Normalised:
    """Return the listing of a record, and the fields and values that nothing is known about."""
    warnings: list[Issue] = []
    ad, readings = View(record.payload, IGNORED), Readings(MAPPING)
    ad.use("id")
    _look_at_labels(ad, readings)
    title, text = _title(ad), markup(ad.text("description.text_formatted"), ad.text("description.text"))
    language = language_of(title, text)
    fields = {
        "title": {language: title},
        "description": {language: text} if text else None,
        "organisation": _organisation(ad, warnings),
        "places": read_place(ad, readings),
        "published": _day(ad, "publication_date"),
        "expires": _day(ad, "last_publication_date"),
        "url": ad.text("webpage_url"),
        "openings": ad.get("number_of_vacancies") or None,
        "occupations": tuple(_occupations(ad)),
        "how_to_apply": tuple(_ways(ad, warnings)),
        **_contract(ad, readings),
        **read_asked(ad, readings),
    }
    return Normalised(
        Vacancy.model_validate(fields),
        warnings=tuple(warnings),
        partner_modified=since_epoch(ad.get("timestamp")),
        unknown_fields=ad.unread(),
        unknown_values=readings.unknown(),
        read_values=readings.read(),
    )


def _look_at_labels(ad: View, readings: Readings) -> None:
    """Look up the marks of an ad, which come as a list, or as a list written in a text."""
    marks = ad.get("label")
    if isinstance(marks, str):
        try:
            marks = json.loads(marks)
        except ValueError:
            marks = [marks]
    for mark in marks if isinstance(marks, list) else ():
        readings.find("label", mark)


def _title(ad: View) -> str:
    title = ad.text("headline")
    if not title:
        raise RecordError("missing-title", field="title")
    return title


def _organisation(ad: View, warnings: list[Issue]) -> dict[str, Any]:
    name, workplace = ad.text("employer.name"), ad.text("employer.workplace")
    if not (name or workplace):
        raise RecordError("missing-organisation", field="organisation.name")
    return {"name": name or workplace, "url": _address(ad.text("employer.url"), "organisation.url", warnings)}


def _address(value: str | None, field: str, warnings: list[Issue]) -> str | None:
    """Return an absolute address; another one, such as ``www.example.se``, is left out with a warning."""
    if value is None or value.startswith(("https://", "http://")):
        return value
    warnings.append(issue("value-left-out", field, value, expected="https://…"))
    return None


def _day(ad: View, name: str) -> date | None:
    value = ad.text(name)
    moment = swedish(value)
    if value and moment is None:
        raise RecordError("value-unreadable", field=name, value=value, expected="yyyy-mm-ddThh:mm:ss")
    return moment.astimezone(SWEDEN).date() if moment else None


def _occupations(ad: View) -> Iterator[dict[str, Any]]:
    """Yield the occupation as JobTech's concept, and its group as SSYK 2012, whose four digits JobTech keeps."""
    if code := concept_code(ad.view("occupation")):
        yield code
    group = ad.view("occupation_group")
    group.use("concept_id")
    ssyk, label = group.text("legacy_ams_taxonomy_id"), group.text("label")
    if ssyk:
        yield {"scheme": "partner:ssyk", "value": ssyk, "label": {"sv": label} if label else None}


def _contract(ad: View, readings: Readings) -> dict[str, Any]:
    kind = find_concept(readings, "employment", ad.view("employment_type"))
    duration = find_concept(readings, "duration", ad.view("duration"))
    hours, scope = find_concept(readings, "hours", ad.view("working_hours_type")), _scope(ad)
    find_concept(readings, "salary", ad.view("salary_type"))
    return {
        "employment_type": kind.get("employment_type") or duration.get("employment_type") or (),
        "work_time": hours.get("work_time") or scope,
    }


def _scope(ad: View) -> tuple[str, ...]:
    """Return full time or part time by the share of full time, in per cent, where it is stated."""
    lowest, highest = ad.get("scope_of_work.min"), ad.get("scope_of_work.max")
    if not isinstance(lowest, int | float) or not isinstance(highest, int | float) or not 0 < lowest <= highest:
        return ()
    return (*(("fullTime",) if highest >= 100 else ()), *(("partTime",) if lowest < 100 else ()))


def _ways(ad: View, warnings: list[Issue]) -> Iterator[dict[str, Any]]:
    reference = ad.text("application_details.reference")
    note = {"sv": f"Ange referens {reference}."} if reference else None
    page = _address(ad.text("application_details.url"), "howToApply", warnings)
    mail = ad.text("application_details.email")
    if page:
        yield {"channel": "url", "value": page, "note": note}
    if mail and "@" in mail:
        yield {"channel": "mail", "value": mail, "note": note}
