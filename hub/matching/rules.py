"""The numbers of the rules: what evidence weighs, from where on a pair is the same, which parameters are ignored."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables of ``rules.toml``; weights are natural logarithms of odds."""

    version: int
    prior: float
    programme: float
    same: float
    unsure: float
    cautious: float
    certain: float
    margin: float
    open: frozenset[str]
    outweighed: frozenset[str]
    weights: Mapping[str, float]
    curves: Mapping[str, Curve]
    levels: Mapping[str, float]
    ignored_parameters: tuple[str, ...]


def read_table(name: str) -> dict[str, Any]:
    """Read one of the TOML files beside the code."""
    return tomllib.loads(files("hub.matching").joinpath(name).read_text("utf-8"))


def _rules() -> Rules:
    read = read_table("rules.toml")
    verdict: dict[str, Any] = {
        name: frozenset(said) if isinstance(said, list) else said for name, said in read["verdict"].items()
    }
    return Rules(
        version=read["version"],
        **verdict,
        weights=read["weights"],
        curves={name: tuple((x, y) for x, y in points) for name, points in read["curves"].items()},
        levels=read["levels"],
        ignored_parameters=tuple(read["addresses"]["ignored"]),
    )


def on_curve(curve: Curve, measure: float) -> float:
    """Return the weight of a measure: on the straight line between the points around it, level beyond the ends."""
    left, low = curve[0]
    if measure <= left:
        return low
    for right, high in curve[1:]:
        if measure <= right:
            return low + (high - low) * (measure - left) / (right - left)
        left, low = right, high
    return low


RULES = _rules()
VERSION = RULES.version
"""The edition of rules, words and stored form; when it is raised, every listing is matched anew."""
