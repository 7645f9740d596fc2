"""The reasons of a match as sentences, by ``reasons.toml``."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from hub.pipeline.enrich.belgium import gazetteer

_FOUND = re.compile(r"\{(\d)(:%)?\}")
_NIS = re.compile(r"\b(?:nis)?(\d{5})\b")
_ABOUT_PLACES = ("place-", "organisation-name", "organisation-alike", "organisation-contained", "title-")
"""Reasons whose values name municipalities by their REFNIS codes, alone or within words."""


def sentence(reason: Mapping[str, Any]) -> str:
    """Return what a reason says, for people; what was found as it is, where no sentence is known for it."""
    feature, said = str(reason.get("feature", "")), str(reason.get("said", ""))
    told = _sentences().get(feature)
    if told is None:
        return said
    found = said.split(" | ")
    if feature.startswith(_ABOUT_PLACES):
        found = [_NIS.sub(_municipality, value) for value in found]
    return _FOUND.sub(lambda mark: _shown(found, int(mark[1]), share=bool(mark[2])), told)


def _shown(found: list[str], place: int, *, share: bool) -> str:
    value = found[place] if place < len(found) else "?"
    return f"{float(value):.0%}" if share and value != "?" else value


def _municipality(code: re.Match[str]) -> str:
    known = gazetteer().municipalities.get(code[1])
    return known.name if known else code[0]


@cache
def _sentences() -> Mapping[str, str]:
    return dict(tomllib.loads(files("hub.app").joinpath("reasons.toml").read_text("utf-8"))["sentences"])
