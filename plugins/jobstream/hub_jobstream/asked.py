"""What an ad asks for: languages, skills, driving licences, schooling and experience; only what must be there."""

from collections.abc import Iterator
from typing import Any

from hub import Readings, View
from hub_jobstream.tables import concept_code, find_concept


def read_asked(ad: View, readings: Readings) -> dict[str, Any]:
    """Return the requirements of an ad as fields of a vacancy."""
    languages = [
        find_concept(readings, "language", each).get("language") for each in _concepts(ad, "must_have.languages")
    ]
    skills = [concept_code(each) for each in _concepts(ad, "must_have.skills")]
    levels = [find_concept(readings, "education", each) for each in _concepts(ad, "must_have.education_level")]
    return {
        "languages": tuple({"language": language} for language in dict.fromkeys(languages) if language),
        "skills": tuple(skill for skill in skills if skill),
        "education": min((level["education"] for level in levels if "education" in level), default=None),
        "driving_licences": tuple(dict.fromkeys(_licences(ad, readings))),
        "experience_months": 0 if ad.get("experience_required") is False else None,
    }


def _concepts(ad: View, path: str) -> Iterator[View]:
    for each in ad.views(path):
        each.use("weight")
        yield each


def _licences(ad: View, readings: Readings) -> Iterator[str]:
    """Yield the licences that are demanded; an ad may name some that it only wishes for."""
    found = [find_concept(readings, "licence", each) for each in ad.views("driving_license")]
    if ad.get("driving_license_required") is True:
        for entry in found:
            yield from entry.get("driving_licences", ())
