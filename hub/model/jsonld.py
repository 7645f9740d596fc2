"""JSON-LD: which term each published name stands for, and the bytes of an opportunity as it is served.

A name that schema.org has a term for maps to that term; every other name falls to our own namespace through
``@vocab``, so that none is ever dropped. Names whose meaning depends on where they stand have a scoped context there.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from hub.model.listing import Listing
from hub.model.programme import Programme
from hub.model.vocabulary import Kind, ProgrammeType

NAMESPACE: Final = "https://w3id.org/schakel#"
"""The namespace of what schema.org has no term for; part of every published opportunity, so never changed."""

_TEXT = "@language"
_SCHEMA_ORG = "https://schema.org/"


def _text(term: str) -> dict[str, str]:
    return {"@id": term, "@container": _TEXT}


def _typed(term: str, kind: str) -> dict[str, str]:
    return {"@id": term, "@type": kind}


_SHARED: Mapping[str, Any] = {
    "@vocab": NAMESPACE,
    "s": _SCHEMA_ORG,
    # what it is
    "description": _text("s:description"),
    "audience": "s:audience",
    "url": _typed("s:url", "@id"),
    "published": _typed("s:datePosted", "s:Date"),
    "expires": _typed("s:validThrough", "s:Date"),
    "note": {"@container": _TEXT},
    # organisations and places
    "name": "s:name",
    "alternativeNames": "s:alternateName",
    "kbo": "s:identifier",
    "street": "s:streetAddress",
    "postalCode": "s:postalCode",
    "municipality": "s:addressLocality",
    "region": "s:addressRegion",
    "country": "s:addressCountry",
    "latitude": "s:latitude",
    "longitude": "s:longitude",
    "remote": "s:jobLocationType",
    # codes and languages
    "occupations": "s:relevantOccupation",
    "skills": "s:skills",
    "sectors": "s:industry",
    "scheme": "s:inCodeSet",
    "value": "s:codeValue",
    "label": _text("s:name"),
    "language": "s:knowsLanguage",
    # money
    "currency": "s:currency",
    "per": "s:unitText",
    # where it comes from
    "listings": "s:isBasedOn",
    "localId": "s:identifier",
    "licence": "s:license",
    "attribution": "s:creditText",
    "references": "s:sameAs",
    "partnerModified": _typed("partnerModified", "s:DateTime"),
    "contentChanged": _typed("s:dateModified", "s:DateTime"),
    "firstSeen": _typed("s:dateCreated", "s:DateTime"),
    "criteria": {"@type": "@json"},
}

_VACANCY: Mapping[str, Any] = {
    "JobPosting": "s:JobPosting",
    "title": _text("s:title"),
    "organisation": "s:hiringOrganization",
    "places": "s:jobLocation",
    "employmentType": "s:employmentType",
    "hoursPerWeek": "s:workHours",
    "pay": "s:baseSalary",
    "min": "s:minValue",
    "max": "s:maxValue",
    "openings": "s:totalJobOpenings",
    "starts": _typed("s:jobStartDate", "s:Date"),
    "education": "s:educationRequirements",
    "experienceMonths": "s:experienceRequirements",
    "directApply": "s:directApply",
    "howToApply": {"@id": "s:applicationContact", "@context": {"value": NAMESPACE + "value"}},
}

_PROGRAMME: Mapping[str, Any] = {
    **{name: f"s:{name}" for name in ("Service", "WorkBasedProgram", "EducationalOccupationalProgram", "Event")},
    "title": _text("s:name"),
    "organisation": "s:provider",
    "places": "s:location",
    "programmeType": "s:programType",
    "asks": {"@container": _TEXT},
    "referredBy": {"@container": _TEXT},
    "conditions": {"@container": _TEXT},
    "leadsTo": _text("s:educationalCredentialAwarded"),
    "eligibility": "s:programPrerequisites",
    "weeks": "s:timeToComplete",
    # Not typed as a date: it may be the word "rolling".
    "starts": "s:startDate",
    "capacity": {"@context": {"places": "s:maximumEnrollment"}},
    "asOf": {"@type": "s:Date"},
    "cost": "s:offers",
    "free": "s:isAccessibleForFree",
    "allowance": "s:trainingSalary",
    "areaServed": "s:areaServed",
    "partners": "s:contributor",
    "howToJoin": {"@context": {"value": NAMESPACE + "value"}},
}

CONTEXT: Mapping[str, Mapping[str, Any]] = {
    Kind.vacancy.value: {**_SHARED, **_VACANCY},
    Kind.programme.value: {**_SHARED, **_PROGRAMME},
}
"""The ``@context`` of each kind."""

OPENING: Mapping[str, bytes] = {
    kind: b'{"@context":' + orjson.dumps(context) + b',"@id":' for kind, context in CONTEXT.items()
}
"""What an opportunity of each kind starts with as it is served; its address follows."""

_PROGRAMME_TYPES: Mapping[ProgrammeType, str] = {
    ProgrammeType.mentoring: "Service",
    ProgrammeType.on_the_job_training: "WorkBasedProgram",
    ProgrammeType.internship: "WorkBasedProgram",
    ProgrammeType.training: "EducationalOccupationalProgram",
    ProgrammeType.coaching: "Service",
    ProgrammeType.assessment: "Service",
    ProgrammeType.language_integration: "EducationalOccupationalProgram",
    ProgrammeType.event: "Event",
    ProgrammeType.employer_support: "Service",
    ProgrammeType.finance: "Service",
    ProgrammeType.volunteering: "Service",
}


def schema_type(listing: Listing) -> str:
    """Return the schema.org type of a listing, its ``@type``."""
    return _PROGRAMME_TYPES[listing.programme_type] if isinstance(listing, Programme) else "JobPosting"


def served(body: bytes, kind: str, address: str) -> bytes:
    """Return the stored body of an opportunity with its context and its absolute address, as JSON-LD."""
    return b"".join((OPENING[kind], orjson.dumps(address), b",", body[1:]))
