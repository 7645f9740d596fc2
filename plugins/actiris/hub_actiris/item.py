"""One item of the list: what is kept of it, and what each of its fields holds in either of the two known spellings."""

import html
import re
from collections.abc import Collection, Mapping
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
_NUMBER = re.compile(r"\s*[\w./-]{0,32}\d[\w./-]{0,32}\s*")
"""One word with a digit: neither the name of a person, nor a mail address, nor a sentence."""


def reference(item: Mapping[str, Any]) -> str | None:
    """Return the partner's id of an item, or None when it has none."""
    value = item.get("reference")
    return str(value).strip() or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def kept(item: Mapping[str, Any], numbers: Collection[str] = ()) -> dict[str, JsonValue]:
    """Return the known fields of an item, and the names (never the values) of the others under ``_unknown``.

    Args:
        item: as the partner lists it.
        numbers: fields that the source declares to hold numbers of offers. What is none is dropped there too, so that
            a contact person does not come in by a field declared in error.
    """
    known = (*FIELDS, *(name for name in numbers if _holds_number(item.get(name))))
    payload: dict[str, JsonValue] = {name: item[name] for name in known if name in item}
    unknown: list[JsonValue] = [name for name in sorted(item) if name not in payload]
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


def _holds_number(value: object) -> bool:
    """Tell whether a value is the number of an offer, or none."""
    if isinstance(value, str):
        return not value or _NUMBER.fullmatch(value) is not None
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _plain(text: str | None) -> str | None:
    return _SPACES.sub(" ", html.unescape(text)).strip() if text else None
