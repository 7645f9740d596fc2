"""The tables of the installed adapters and of the sources, looked through for what could be better."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from hub.adapter import Adapter
from hub.app.coverage import met_by
from hub.app.hub import Hub
from hub.errors import ConfigError
from hub.mapping import Mapping
from hub.mapping.finding import Finding
from hub.mapping.lint import Met, lint, lint_text, unused

_FILE = "mapping.toml"


def lint_file(path: Path, today: date) -> list[Finding]:
    """Return what is to be said of a mapping in a file; ConfigError when there is none."""
    try:
        return lint_text(path.read_text("utf-8"), str(path), today)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: it cannot be read ({type(error).__name__}); give the path of a mapping") from error


def lint_hub(hub: Hub, name: str | None, today: date) -> list[Finding]:
    """Return what is to be said of the tables of an adapter or a source, or of all of them.

    Args:
        hub: the opened hub.
        name: of an adapter or a source; None for all.
        today: the day by which a review is due.
    """
    adapters, sources = dict(hub.plugins.adapters), [source.id for source in hub.config.sources]
    if name in adapters:
        adapters, sources = {name: adapters[name]}, []
    elif name is not None:
        source = hub.config.source(name)
        adapters, sources = {source.adapter: hub.plugins.adapter(source.adapter)}, [source.id]
    found = [each for adapter in adapters.values() for each in _of_package(hub, adapter, today)]
    return found + [each for source in sources for each in _of_source(hub, source, today)]


def _of_package(hub: Hub, adapter: type[Adapter[Any]], today: date) -> Iterator[Finding]:
    """Yield what is to be said of the file beside an adapter's modules, the sources that use it taken together."""
    package = adapter.__module__.partition(".")[0]
    file = files(package).joinpath(_FILE)
    if file.is_file():
        text, name = file.read_text("utf-8"), f"{package}/{_FILE}"
        yield from lint_text(text, name, today)
        users = [source.id for source in hub.config.sources if source.adapter == adapter.name]
        yield from unused(_read(text, name), _met(hub, users))


def _read(text: str, name: str) -> Mapping:
    try:
        return Mapping.read(text, name)
    except ConfigError:  # its mistakes are told already
        return Mapping({})


def _of_source(hub: Hub, source: str, today: date) -> Iterator[Finding]:
    """Yield what is to be said of the tables in a source's own options."""
    config = hub.config.source(source)
    for mapping in hub.source(source).adapter.mappings():
        if mapping.file.endswith(f"/{_FILE}"):
            continue
        named = Mapping(mapping.tables, mapping.owner, mapping.date, f"{config.file}: {mapping.file}")
        yield from lint(named, today)
        yield from unused(named, _met(hub, [source]))


def _met(hub: Hub, sources: list[str]) -> Met:
    met: dict[str, Counter[str]] = {}
    for source in sources:
        for table, values in met_by(hub, source).values.items():
            met.setdefault(table, Counter()).update(values)
    return {table: dict(values) for table, values in met.items()}
