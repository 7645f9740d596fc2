"""What a vacancy asks for: the entries of ``profiel.vereisten``, each handled by its type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub_vdab.tables import TABLES, Unknown, parts

PARTNER = "partner:vdab"
"""The scheme of VDAB's own codes."""

_LANGUAGE, _SCORE, _LICENCE, _EDUCATION = (TABLES[name] for name in ("language", "score", "licence", "education"))


@dataclass(slots=True)
class Asked:
    """What was found so far."""

    languages: list[dict[str, Any]] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    education: list[int | str] = field(default_factory=list)
    skills: list[dict[str, Any]] = field(default_factory=list)

    def lowest(self) -> int | str | None:
        """Return the lowest level of education that is accepted, ``none`` when none is needed."""
        if "none" in self.education:
            return "none"
        return min((level for level in self.education if isinstance(level, int)), default=None)


def read_requirements(entries: Any, unknown: Unknown) -> Asked:
    """Return what the entries ask for; a type or value that is not known goes among the unknown."""
    asked = Asked()
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        kind = entry.get("type")
        handle = _HANDLERS.get(kind.casefold()) if isinstance(kind, str) else None
        if handle is None:
            unknown.append(("requirement", str(kind)))
        else:
            handle(entry, asked, unknown)
    return asked


def partner_code(value: object) -> dict[str, Any] | None:
    """Return VDAB's own code with its Dutch label; the label stands for the code where only that is given."""
    code, label = parts(value)
    shown = code or label
    if not shown:
        return None
    return {"scheme": PARTNER, "value": shown, "label": {"nl": label} if label else None}


def _language(entry: Mapping[str, Any], asked: Asked, unknown: Unknown) -> None:
    if iso := _LANGUAGE.read(entry, unknown).get("iso"):
        level = _SCORE.read(entry.get("score"), unknown).get("level")
        asked.languages.append({"language": iso, "level": level})


def _licence(entry: Mapping[str, Any], asked: Asked, unknown: Unknown) -> None:
    licence = _LICENCE.read(entry, unknown).get("licence")
    if licence and licence not in asked.licences:
        asked.licences.append(licence)


def _education(entry: Mapping[str, Any], asked: Asked, unknown: Unknown) -> None:
    level = _EDUCATION.read(entry.get("diplomaNiveau"), unknown).get("level")
    if level is not None:
        asked.education.append(level)


def _skill(entry: Mapping[str, Any], asked: Asked, _: Unknown) -> None:
    if code := partner_code(entry):
        asked.skills.append(code)


_HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Asked, Unknown], None]] = {
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
