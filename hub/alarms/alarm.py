"""The kinds of alarms and their sentences, which stand in ``alarms.toml`` in Dutch, French and English."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

LANGUAGES = ("nl", "fr", "en")


class Kind(StrEnum):
    """What is out of the ordinary; at most one alarm of each kind is open for a source."""

    stale = "stale"
    failing = "failing"
    held = "held"
    silent = "silent"
    volume = "volume"
    refusals = "refusals"
    unknown_values = "unknown-values"
    unknown_fields = "unknown-fields"
    dead_links = "dead-links"
    old_vacancies = "old-vacancies"
    subscriber_disabled = "subscriber-disabled"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is out of the ordinary now, with what its sentence mentions."""

    kind: Kind
    params: Mapping[str, str] = field(default_factory=dict)


def sentence(kind: str, params: Mapping[str, str], language: str = "en") -> str:
    """Return what is out of the ordinary and what to do, in nl, fr or en."""
    return catalogue()[kind][language].format_map(params)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by kind and language."""
    return tomllib.loads(files("hub.alarms").joinpath("alarms.toml").read_text("utf-8"))
