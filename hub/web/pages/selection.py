"""What a view asks of an opportunity, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.views import Filter, area_name
from hub.web.pages.values import label, language_name


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked: the name of its text, and the values any of which will do."""

    name: str
    values: Sequence[str]


def asked(wanted: Filter, language: str) -> list[Asked]:
    """Return what a filter asks, in words; empty where it lets all through."""
    return [Asked(name, _WORDS[name](value, language)) for name, value in wanted.asked.items()]


def _terms(vocabulary: str) -> Callable[[Any, str], list[str]]:
    return lambda values, language: [label(vocabulary, each, language) for each in values]


def _as_they_are(values: Any, _: str) -> list[str]:
    return list(values)


_WORDS: Mapping[str, Callable[[Any, str], list[str]]] = {
    "kinds": _terms("kinds"),
    "places": lambda values, _: [area_name(each) or each for each in values],
    "audience": _terms("audiences"),
    "programme_types": _terms("programme-types"),
    "employment_types": _terms("employment-types"),
    "sources": _as_they_are,
    "languages": lambda values, language: [language_name(each, language) for each in values],
    "min_quality": lambda value, _: [f"{value:.0%}"],
    "without_licences": _as_they_are,
}
