"""The configuration: `hub.toml` and one file per source, read once, with every mistake told at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from hub.config.display import masked
from hub.config.files import (
    built_in_files,
    read_access,
    read_settings,
    read_source,
    read_view,
    source_files,
    view_files,
)
from hub.config.mistakes import unknown
from hub.config.options import SecretRef, options_for, secrets_of
from hub.config.settings import BUNDLED, Allowed, Limits, Sandboxes, Settings, normalised
from hub.config.source import Expect, SourceConfig
from hub.errors import ConfigError
from hub.views import BUILT_IN, LISTED, LISTINGS, View
from hub.views.view import Access

__all__ = [
    "BUNDLED",
    "Allowed",
    "Config",
    "Expect",
    "Limits",
    "Sandboxes",
    "SecretRef",
    "Settings",
    "SourceConfig",
    "load",
    "normalised",
    "options_for",
    "read",
    "secrets_of",
    "shown",
]

ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the files of a folder say.

    Args:
        settings: of the hub.
        sources: by id, those that are not enabled too.
        folder: absolute; relative paths in the files start from it.
        views: by id, beside those that every hub has.
        closed: which of the feeds that every hub has are read with a key.
    """

    settings: Settings
    sources: tuple[SourceConfig, ...]
    folder: Path
    views: tuple[View, ...] = ()
    closed: frozenset[str] = frozenset()

    @property
    def every_view(self) -> tuple[View, ...]:
        """Return all views, those that every hub has first, each with who may read it."""
        built_in = (replace(view, access="key") if view.id in self.closed else view for view in BUILT_IN)
        return (*built_in, *self.views)

    @property
    def followed(self) -> tuple[View, ...]:
        """Return all that has a change feed: the views, and the listings in the form of one."""
        return (*self.every_view, replace(LISTED, access="key") if LISTINGS in self.closed else LISTED)

    @property
    def accesses(self) -> dict[str, Access]:
        """Return who may read what can be followed, by name."""
        return {view.id: view.access for view in self.followed}

    def source(self, source_id: str) -> SourceConfig:
        """Return the source of this id; raises ConfigError that names the nearest one."""
        for source in self.sources:
            if source.id == source_id:
                return source
        raise ConfigError(f"{source_id}: {unknown(source_id, [each.id for each in self.sources], 'source')}")


def load(folder: Path) -> Config:
    """Return the configuration in this folder; raises ConfigError with every mistake of every file."""
    config, mistakes = read(folder)
    if mistakes or config is None:
        raise ConfigError(mistakes)
    return config


def read(folder: Path) -> tuple[Config | None, list[str]]:
    """Return what can be read of the configuration, None without settings, and every mistake of every file."""
    mistakes: list[str] = []

    def reading(read_one: Callable[[Path], ReadT], path: Path) -> list[ReadT]:
        try:
            return [read_one(path)]
        except ConfigError as error:
            mistakes.extend(error.mistakes)
            return []

    settings = reading(read_settings, folder)
    sources = [source for path in source_files(folder) for source in reading(read_source, path)]
    ordered = tuple(sorted(sources, key=lambda source: source.id))
    views = tuple(view for path in view_files(folder) for view in reading(read_view, path))
    said = dict(each for path in built_in_files(folder) for each in reading(read_access, path))
    closed = frozenset(name for name, access in said.items() if access == "key")
    return (Config(settings[0], ordered, folder.resolve(), views, closed) if settings else None), mistakes


def shown(config: Config) -> dict[str, Any]:
    """Return the effective configuration as JSON values, secrets masked: ``env VDAB_CLIENT_SECRET (set)``."""
    return {
        "folder": str(config.folder),
        "settings": masked(config.settings),
        "sources": {source.id: masked(source) for source in config.sources},
        "views": {
            **{name: {"access": "key"} for name in sorted(config.closed)},
            **{
                view.id: {"title": view.title, "access": view.access, "filter": view.filter.asked}
                for view in config.views
            },
        },
    }
