"""Plugins: what the allow-list names is imported, each by itself; what is wrong with one is told, the others run.

This protects the hub from a plugin that is broken, and from one that merely happens to be installed. It is no sandbox:
an adapter that is allowed is trusted code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from types import MappingProxyType
from typing import Any

from hub.adapter import Adapter
from hub.config import Allowed
from hub.config.mistakes import unknown
from hub.errors import ConfigError, PluginError
from hub.plugins.adapters import checked_adapters
from hub.plugins.discovery import GROUP, Found, found_in, installed
from hub.plugins.hooks import adapters_of
from hub.plugins.isolation import isolated
from hub.plugins.status import PluginStatus, State

__all__ = ["PluginStatus", "Plugins", "State", "load"]

AdapterType = type[Adapter[Any]]


@dataclass(frozen=True, slots=True)
class Plugins:
    """What was found installed, and the adapters of what is enabled.

    Args:
        adapters: by name.
        statuses: of every plugin installed or allowed: first in the order of the allow-list, then those not allowed.
    """

    adapters: Mapping[str, AdapterType]
    statuses: tuple[PluginStatus, ...]

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


def load(allowed: Sequence[Allowed], entry_points: Iterable[EntryPoint] | None = None) -> Plugins:
    """Import the plugins of the allowed distributions, and nothing else.

    Args:
        allowed: the allow-list; where two plugins claim a name, the one listed first has it.
        entry_points: those to look at; without them, those of what is installed.
    """
    plugins = found_in(installed() if entry_points is None else entry_points)
    loading = _Loading()
    for entry in allowed:
        loading.add(entry, [plugin for plugin in plugins if plugin.distribution == entry.distribution])
    names = {entry.distribution for entry in allowed}
    others = [_not_allowed(plugin) for plugin in plugins if plugin.distribution not in names]
    return Plugins(MappingProxyType(loading.adapters), (*loading.statuses, *others))


@dataclass
class _Loading:
    """The names taken so far, and by which plugin."""

    adapters: dict[str, AdapterType] = field(default_factory=dict)
    statuses: list[PluginStatus] = field(default_factory=list)
    plugin_owners: dict[str, str] = field(default_factory=dict)
    adapter_owners: dict[str, str] = field(default_factory=dict)

    def add(self, entry: Allowed, plugins: Sequence[Found]) -> None:
        """Load the plugins of one allowed distribution."""
        if not plugins:
            self.statuses.append(_not_installed(entry))
        for plugin in plugins:
            try:
                adapters = self._load(entry, plugin)
            except PluginError as error:
                self.statuses.append(plugin.status("disabled", str(error)))
            else:
                self.statuses.append(plugin.status("enabled", adapters=tuple(adapters)))
            self.plugin_owners.setdefault(plugin.name, plugin.distribution)

    def _load(self, entry: Allowed, plugin: Found) -> Mapping[str, AdapterType]:
        if entry.version not in {None, f"=={plugin.version}"}:
            raise PluginError(f"version {plugin.version} is installed; hub.toml allows only {entry.version}")
        if plugin.name in self.plugin_owners:
            raise PluginError(f"the plugin name {plugin.name} is already taken by {self.plugin_owners[plugin.name]}")
        with isolated(f"cannot be imported ({plugin.entry_point.value})"):
            loaded = plugin.entry_point.load()
        brought = checked_adapters(adapters_of(loaded, plugin.name, plugin.module))
        self._claim(brought, plugin)
        return brought

    def _claim(self, brought: Mapping[str, AdapterType], plugin: Found) -> None:
        taken = [f"{name} is already taken by {self.adapter_owners[name]}" for name in brought if name in self.adapters]
        if taken:
            raise PluginError(f"the adapter name {', '.join(taken)}")
        self.adapters.update(brought)
        self.adapter_owners.update(dict.fromkeys(brought, f"plugin {plugin.name} ({plugin.distribution})"))


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
