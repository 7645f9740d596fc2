"""The names of sectors in NACE-BEL, from the package `bce-codes-to-label`; read when a code without a name is met.

A code is of the edition of 2025, as the model says; where only that of 2008 has it, its name there is given. Where both
have it with another meaning, the partner may have meant the old one, so the name is less sure.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from hub.model.code import Code

LABEL_2025 = "nace-bel-2025-label"
LABEL_2008 = "nace-bel-2008-label"

_LANGUAGES = ("nl", "fr", "de", "en")
_GERMAN_SMALL = re.compile(
    r"\b(?:Und|Von|Der|Die|Das|Für|In|Im|Mit|Zu|Zur|Durch|Sowie|An|Auf|Von|Anderen|Sonstige[nr]?)\b"
)
_DOUBTED = 0.8
_OLD = 0.95


class Labelled(NamedTuple):
    """A code with its name, how that was found and how surely."""

    code: Code
    method: str
    confidence: float


@lru_cache(maxsize=4096)
def _found(value: str) -> tuple[Mapping[str, str], str, float] | None:
    digits = value.replace(".", "").strip().upper()
    new, old = _editions()["2025"].get(digits), _editions()["2008"].get(digits)
    if new:
        return new, LABEL_2025, 1.0 if old is None or _same(new, old) else _DOUBTED
    return (old, LABEL_2008, _OLD) if old else None


def labelled(code: Code) -> Labelled | None:
    """Return a code of NACE-BEL with its name in nl, fr, de and en; None where no edition has the code."""
    found = _found(code.value)
    return Labelled(code.revised({"label": dict(found[0])}), found[1], found[2]) if found else None


def _same(new: Mapping[str, str], old: Mapping[str, str]) -> bool:
    """Say whether two editions call it alike in a language, which is to say that it means the same."""
    return any(new[language].casefold() == old[language].casefold() for language in new.keys() & old.keys())


@cache
def _editions() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the names by edition and code.

    The package would read all of its fifteen lists when imported, in twice the time: only the one file is read.
    """
    spec = find_spec("bce_codes_to_label")
    if spec is None or not spec.submodule_search_locations:  # a hub without the package names no sectors
        return {"2025": {}, "2008": {}}
    read = orjson.loads((Path(spec.submodule_search_locations[0]) / "data" / "nace.json").read_bytes())
    return {edition: _names(read["codes"].values(), edition) for edition in ("2025", "2008")}


def _names(records: Iterable[Mapping[str, Any]], edition: str) -> Mapping[str, Mapping[str, str]]:
    return {record["value"]: _labels(record) for record in records if record["version"] == edition}


def _labels(record: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the names of a sector; sections stand in capitals, after their letter."""
    told = {language: str(record.get(f"label_{language}") or "") for language in _LANGUAGES}
    return {language: _calm(label, language) for language, label in told.items() if label}


def _calm(label: str, language: str) -> str:
    name = label.rpartition(" -- ")[2].strip()
    if not name.isupper():
        return name
    return _GERMAN_SMALL.sub(lambda word: word[0].lower(), name.title()) if language == "de" else name.capitalize()
