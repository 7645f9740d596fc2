"""The files of a configuration folder, read and checked one by one."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from hub.config.fields import Table
from hub.config.mistakes import mistakes_in
from hub.config.settings import Settings
from hub.config.source import ID, SourceConfig, SourceFile
from hub.config.view import BuiltInFile, ViewFile
from hub.errors import ConfigError
from hub.views import BUILT_IN, LISTINGS, View
from hub.views.view import Access

SETTINGS = "hub.toml"
SOURCES = "sources"
VIEWS = "views"
_BUILT_IN = frozenset({*(view.id for view in BUILT_IN), LISTINGS})

_CHOOSE = "choose another folder with --config FOLDER, or with HUB_CONFIG in the environment"

TableT = TypeVar("TableT", bound=Table)


def read_settings(folder: Path) -> Settings:
    """Return what `hub.toml` in this folder says; raises ConfigError with every mistake."""
    if folder.is_file():
        raise ConfigError(f"{folder}: is a file, not the folder that {SETTINGS} is in; {_CHOOSE}")
    path = folder / SETTINGS
    if not path.is_file():
        raise ConfigError(f"{path.as_posix()}: not found; looked in {folder.resolve()}; {_CHOOSE}")
    settings = _checked(Settings, _read(path), path.as_posix())
    return settings.model_copy(update={"data": (folder.resolve() / settings.data).resolve()})


def source_files(folder: Path) -> list[Path]:
    """Return the files of the sources in this folder, by name; what editors leave behind is not among them."""
    return sorted(path for path in (folder / SOURCES).glob("*.toml") if not path.name.startswith("."))


def view_files(folder: Path) -> list[Path]:
    """Return the files of the views in this folder that an admin defines, by name."""
    return [path for path in _files_of_views(folder) if path.stem not in _BUILT_IN]


def built_in_files(folder: Path) -> list[Path]:
    """Return the files in this folder that say who may read the feeds that every hub has, by name."""
    return [path for path in _files_of_views(folder) if path.stem in _BUILT_IN]


def read_view(path: Path) -> View:
    """Return what a view's file says; raises ConfigError with every mistake."""
    file = path.as_posix()
    mistakes = [] if ID.fullmatch(path.stem) else [f"{file}: the name before .toml must be a-z, 0-9 and - only"]
    try:
        said = _checked(ViewFile, _read(path), file)
    except ConfigError as error:
        mistakes += error.mistakes
    if mistakes:
        raise ConfigError(mistakes)
    return View(path.stem, said.title, said.filter, said.access)


def read_access(path: Path) -> tuple[str, Access]:
    """Return which feed that every hub has a file is of, and who may read it; raises ConfigError with every mistake."""
    return path.stem, _checked(BuiltInFile, _read(path), path.as_posix()).access


def read_source(path: Path) -> SourceConfig:
    """Return what a source's file says; raises ConfigError with every mistake."""
    file = path.as_posix()
    mistakes = [] if ID.fullmatch(path.stem) else [f"{file}: the name before .toml must be a-z, 0-9 and - only"]
    try:
        source = _checked(SourceFile, _read(path), file)
    except ConfigError as error:
        mistakes += error.mistakes
    if mistakes:
        raise ConfigError(mistakes)
    return SourceConfig(id=path.stem, file=file, **dict(source))


def _files_of_views(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / VIEWS).glob("*.toml") if not path.name.startswith("."))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.as_posix()}: is not TOML: {error}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path.as_posix()}: is not UTF-8 text (at line {line}); save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path.as_posix()}: cannot be read: {error.strerror}") from None


def _checked(model: type[TableT], raw: Mapping[str, Any], file: str) -> TableT:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(mistakes_in(error, file=file, model=model, raw=raw)) from None
