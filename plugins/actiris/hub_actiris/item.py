"""One item of the list: what is kept of it, and what each of its fields holds in either of the two known spellings."""

import html
import re
from collections.abc import Mapping
from typing import Any

from hub import JsonValue, View
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

IGNORED = frozenset({"reference", "dureeContratLibelle", "typeOffre", "typeOffer"})
"""Kept, and not (or not always) published."""

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


def word(item: View, *names: str) -> str | None:
    """Return the first of these fields that holds a text, without entities and doubled spaces."""
    return next((text for name in names if (text := _plain(item.text(name)))), None)


def both(item: View, stem: str) -> dict[str, str | None]:
    """Return the French and the Dutch text of a bilingual field, such as ``titre``."""
    return {"fr": word(item, f"{stem}Fr"), "nl": word(item, f"{stem}Nl")}


def preferred(texts: Mapping[str, str | None], language: Language) -> str | None:
    """Return the text in this language, else in the other."""
    return texts.get(language) or next((text for text in texts.values() if text), None)


def employer(item: View) -> dict[str, str | None]:
    """Return the employer's names, under either spelling of the field; empty when the item names none."""
    for name in ("employeur", "employer"):
        if inner := item.view(name):
            return both(inner, "nom")
        if named := word(item, name):
            return {"fr": named}
    return {}


def _plain(text: str | None) -> str | None:
    return _SPACES.sub(" ", html.unescape(text)).strip() if text else None
