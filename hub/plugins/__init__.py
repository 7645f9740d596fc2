"""Plugins: what the allow-list names is imported, each by itself; what is wrong with one is told, the others run.

This protects the hub from a plugin that is broken, and from one that merely happens to be installed. It is no sandbox:
an adapter that is allowed is trusted code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from types import MappingProxyType
from typing import Any, Self

from hub.adapter import Adapter
from hub.config import Allowed
from hub.config.mistakes import unknown
from hub.errors import ConfigError, PluginError
from hub.format import Format
from hub.plugins.adapters import checked_adapters
from hub.plugins.discovery import GROUP, Found, found_in, installed
from hub.plugins.formats import checked_formats
from hub.plugins.hooks import brought_by
from hub.plugins.isolation import isolated
from hub.plugins.status import PluginStatus, State

__all__ = ["PluginStatus", "Plugins", "State", "load"]

AdapterType = type[Adapter[Any]]
FormatType = type[Format]

_OURS = "the hub itself"


@dataclass(frozen=True, slots=True)
class Plugins:
    """What was found installed, and the adapters and formats of what is enabled.

    Args:
        adapters: by name.
        statuses: of every plugin installed or allowed: first in the order of the allow-list, then those not allowed.
        formats: by name, those of the hub itself first.
    """

    adapters: Mapping[str, AdapterType]
    statuses: tuple[PluginStatus, ...]
    formats: Mapping[str, FormatType] = field(default_factory=dict)

    def adapter(self, name: str) -> AdapterType:
        """Return the adapter of this name; raises ConfigError saying what there is, and why it may be missing."""
        try:
            return self.adapters[name]
        except KeyError:
            raise ConfigError(self._why_missing(name)) from None

    def _why_missing(self, name: str) -> str:
        absent = [status for status in self.statuses if status.state != "enabled"]
        concerned = [status for status in absent if status.concerns(name)]
        known = sorted(self.adapters)
        if concerned:
            there = f"adapters there are: {', '.join(known) or 'none'}"
            return "; ".join([f"adapter {name}: not available", *map(str, concerned), there])
        return "; ".join([f"adapter {name}: {unknown(name, known, 'adapter')}", *map(str, absent)])


def load(
    allowed: Sequence[Allowed], entry_points: Iterable[EntryPoint] | None = None, *, own: Iterable[object] = ()
) -> Plugins:
    """Import the plugins of the allowed distributions, and nothing else.

    Args:
        allowed: the allow-list; where two plugins claim a name, the one listed first has it.
        entry_points: those to look at; without them, those of what is installed.
        own: plugins that are part of the hub; they come first, and PluginError says what is wrong with one of them.
    """
    plugins = found_in(installed() if entry_points is None else entry_points)
    loading = _Loading()
    for plugin in own:
        loading.take(plugin)
    for entry in allowed:
        loading.add(entry, [plugin for plugin in plugins if plugin.distribution == entry.distribution])
    names = {entry.distribution for entry in allowed}
    others = [_not_allowed(plugin) for plugin in plugins if plugin.distribution not in names]
    return Plugins(MappingProxyType(loading.adapters), (*loading.statuses, *others), MappingProxyType(loading.formats))


@dataclass(frozen=True, slots=True)
class _Brought:
    """What one plugin brings, by name."""

    adapters: Mapping[str, AdapterType]
    formats: Mapping[str, FormatType]

    @classmethod
    def by(cls, plugin: object, name: str, module: str) -> Self:
        """Ask the hooks of a plugin, and check what they bring."""
        brought = brought_by(plugin, name, module)
        return cls(checked_adapters(brought["hub_adapters"]), checked_formats(brought["hub_formats"]))

    @property
    def claims(self) -> Mapping[str, Sequence[str]]:
        """What nobody else may have, by what sort of name it is."""
        files = [each.file for each in self.formats.values()]
        return {"adapter name": tuple(self.adapters), "format name": tuple(self.formats), "file name": files}


@dataclass
class _Loading:
    """The names taken so far, and by which plugin."""

    adapters: dict[str, AdapterType] = field(default_factory=dict)
    formats: dict[str, FormatType] = field(default_factory=dict)
    statuses: list[PluginStatus] = field(default_factory=list)
    plugin_owners: dict[str, str] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, plugin: object) -> None:
        """Load a plugin that is part of the hub; PluginError says what is wrong with it."""
        name = getattr(plugin, "__name__", type(plugin).__name__)
        self._claim(_Brought.by(plugin, name, name), _OURS)

    def add(self, entry: Allowed, plugins: Sequence[Found]) -> None:
        """Load the plugins of one allowed distribution."""
        if not plugins:
            self.statuses.append(_not_installed(entry))
        for plugin in plugins:
            try:
                brought = self._load(entry, plugin)
            except PluginError as error:
                self.statuses.append(plugin.status("disabled", str(error)))
            else:
                told = plugin.status("enabled", adapters=tuple(brought.adapters), formats=tuple(brought.formats))
                self.statuses.append(told)
            self.plugin_owners.setdefault(plugin.name, plugin.distribution)

    def _load(self, entry: Allowed, plugin: Found) -> _Brought:
        if entry.version not in {None, f"=={plugin.version}"}:
            raise PluginError(f"version {plugin.version} is installed; hub.toml allows only {entry.version}")
        if plugin.name in self.plugin_owners:
            raise PluginError(f"the plugin name {plugin.name} is already taken by {self.plugin_owners[plugin.name]}")
        with isolated(f"cannot be imported ({plugin.entry_point.value})"):
            loaded = plugin.entry_point.load()
        brought = _Brought.by(loaded, plugin.name, plugin.module)
        self._claim(brought, f"plugin {plugin.name} ({plugin.distribution})")
        return brought

    def _claim(self, brought: _Brought, owner: str) -> None:
        wanted = [(sort, name) for sort, names in brought.claims.items() for name in names]
        taken = [
            f"{sort} {name} is already taken by {self.owners[sort, name]}"
            for sort, name in wanted
            if (sort, name) in self.owners
        ]
        if taken:
            raise PluginError(f"the {', the '.join(taken)}")
        self.adapters.update(brought.adapters)
        self.formats.update(brought.formats)
        self.owners.update(dict.fromkeys(wanted, owner))


def _not_allowed(plugin: Found) -> PluginStatus:
    if not plugin.distribution:
        return plugin.status("not allowed", "not imported; the metadata of its distribution cannot be read")
    return plugin.status("not allowed", f'not imported; to use it, add "{plugin.distribution}" to plugins in hub.toml')


def _not_installed(entry: Allowed) -> PluginStatus:
    reason = (
        f"hub.toml allows {entry.distribution}, but no distribution of this name with a readable entry point of group"
        f" '{GROUP}' is installed; install it, or take it off the list"
    )
    return PluginStatus(name=entry.distribution, distribution=entry.distribution, state="not installed", reason=reason)
