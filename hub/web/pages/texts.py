"""The texts of the pages, by name and language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_FILES = ("texts.toml", "webhook_texts.toml")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the texts of the pages by name, such as ``home.follow``, and language."""
    sections = tomllib.loads("\n".join(files("hub.web").joinpath(name).read_text("utf-8") for name in _FILES))
    return {f"{section}.{name}": text for section, texts in sections.items() for name, text in texts.items()}


def say(name: str, language: str, **parts: object) -> str:
    """Return a text of the pages in a language, its parts filled in."""
    return catalogue()[name][language].format(**parts)
