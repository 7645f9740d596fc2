"""The word lists of the made-up labour market, TOML files beside this module."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return the table of this name, such as ``occupations``; read once, not to be changed."""
    return tomllib.loads(files("hub.testing").joinpath(f"{name}.toml").read_text("utf-8"))
