"""What a vacancy asks for: the entries of ``profiel.vereisten``, each handled by its type."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub import Readings, View
from hub_vdab.tables import Coded, coded

PARTNER = "partner:vdab"
"""The scheme of VDAB's own codes."""


@dataclass(slots=True)
class Asked:
    """What was found so far."""

    languages: list[dict[str, Any]] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    education: list[int | str] = field(default_factory=list)
    skills: list[dict[str, Any]] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """Return what is asked as fields of a vacancy: of education the lowest level, ``none`` when none is needed."""
        levels = [level for level in self.education if isinstance(level, int)]
        education = "none" if "none" in self.education else min(levels, default=None)
        return {
            "languages": self.languages,
            "driving_licences": list(dict.fromkeys(self.licences)),
            "education": education,
            "no_diploma_required": True if education == "none" else None,
            "skills": self.skills,
        }


def read_requirements(entries: Iterable[View], readings: Readings) -> Asked:
    """Return what the entries ask for; a type or value that is not known is noted."""
    asked = Asked()
    for entry in entries:
        kind = readings.entry("requirement", entry.text("type"))
        if kind and kind.key in _HANDLERS:
            _HANDLERS[kind.key](entry, asked, readings)
        else:
            entry.use("code", "label", "score", "diplomaNiveau")
    return asked


def partner_code(value: Coded) -> dict[str, Any] | None:
    """Return VDAB's own code with its Dutch label; the label stands for the code where only that is given."""
    shown = value.code or value.label
    if not shown:
        return None
    return {"scheme": PARTNER, "value": shown, "label": {"nl": value.label} if value.label else None}


def _named(entry: View) -> Coded:
    return Coded(entry.text("code"), entry.text("label"))


def _language(entry: View, asked: Asked, readings: Readings) -> None:
    language = readings.find("language", _named(entry).word).get("language")
    level = readings.find("score", coded(entry, "score").word).get("level")
    if language:
        asked.languages.append({"language": language, "level": level})


def _licence(entry: View, asked: Asked, readings: Readings) -> None:
    asked.licences += readings.find("licence", _named(entry).word).get("driving_licences", ())


def _education(entry: View, asked: Asked, readings: Readings) -> None:
    _named(entry)
    level = readings.find("education", coded(entry, "diplomaNiveau").word).get("education")
    if level is not None:
        asked.education.append(level)


def _skill(entry: View, asked: Asked, _: Readings) -> None:
    if code := partner_code(_named(entry)):
        asked.skills.append(code)


_HANDLERS: Mapping[str, Callable[[View, Asked, Readings], None]] = {
    "talen": _language,
    "rijbewijs": _licence,
    "studie": _education,
    "attest": _skill,
    "competentie": _skill,
    "softskill": _skill,
    "technischecompetentie": _skill,
    "vaardigheid": _skill,
    "kennis": _skill,
}
