"""One item of the list: what is kept of it, and what each of its fields holds in either of the two known spellings."""

import html
import re
from collections.abc import Mapping
from typing import Any

from hub import JsonValue
from hub_actiris.options import Language

FIELDS = (
    "reference",
    "typeOffre",
    "typeOffer",
    "titreFr",
    "titreNl",
    "employeur",
    "employer",
    "communeFr",
    "communeNl",
    "codePostal",
    "codePays",
    "regimeTravail",
    "typeContrat",
    "typeContratLibelle",
    "dureeContratLibelle",
    "codeDomaineImt",
    "numeroEntreprise",
    "dateCreation",
    "dateModification",
)
"""The fields that are kept, as observed; anything else, such as a contact person, is dropped on the way in."""

EMPLOYER_FIELDS = ("nomFr", "nomNl")
FLAGS = "_flags"
UNKNOWN = "_unknown"

_SPACES = re.compile(r"\s+")


def reference(item: Mapping[str, Any]) -> str | None:
    """Return the partner's id of an item, or None when it has none."""
    value = item.get("reference")
    return str(value).strip() or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def kept(item: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return the known fields of an item, and the names (never the values) of the others under ``_unknown``."""
    payload: dict[str, JsonValue] = {name: item[name] for name in FIELDS if name in item}
    unknown: list[JsonValue] = [name for name in sorted(item) if name not in FIELDS]
    for spelling in ("employeur", "employer"):
        employer = payload.get(spelling)
        if isinstance(employer, dict):
            payload[spelling] = {name: employer[name] for name in EMPLOYER_FIELDS if name in employer}
            unknown += [f"{spelling}.{name}" for name in sorted(employer) if name not in EMPLOYER_FIELDS]
    return payload | {UNKNOWN: unknown} if unknown else payload


def word(item: Mapping[str, Any], *names: str) -> str | None:
    """Return the first of these fields that holds a text, without entities and doubled spaces."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = _SPACES.sub(" ", html.unescape(str(value))).strip()
            if text:
                return text
    return None


def both(item: Mapping[str, Any], stem: str) -> dict[str, str | None]:
    """Return the French and the Dutch text of a bilingual field, such as ``titre``."""
    return {"fr": word(item, f"{stem}Fr"), "nl": word(item, f"{stem}Nl")}


def preferred(texts: Mapping[str, str | None], language: Language) -> str | None:
    """Return the text in this language, else in the other."""
    return texts.get(language) or next((text for text in texts.values() if text), None)


def employer(item: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the employer's names, under either spelling of the field; empty when the item names none."""
    named = item.get("employeur") or item.get("employer")
    if isinstance(named, str):
        return {"fr": word({"name": named}, "name")}
    return both(named, "nom") if isinstance(named, Mapping) else {}
