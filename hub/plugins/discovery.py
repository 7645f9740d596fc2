"""The plugins that are installed, as their metadata tells; nothing of theirs is imported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions

from hub.config import normalised
from hub.plugins.status import PluginStatus, State

GROUP = "hub"
"""The group of entry points that plugins are listed in."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry point of the hub's group, and the distribution it belongs to."""

    entry_point: EntryPoint
    distribution: str
    version: str

    @property
    def name(self) -> str:
        """Return the name of the plugin."""
        return self.entry_point.name

    @property
    def module(self) -> str:
        """Return the module it is in."""
        return self.entry_point.value.partition(":")[0].strip()

    def status(
        self, state: State, reason: str = "", adapters: tuple[str, ...] = (), formats: tuple[str, ...] = ()
    ) -> PluginStatus:
        """Return what became of it."""
        return PluginStatus(
            name=self.name,
            distribution=self.distribution,
            version=self.version,
            state=state,
            reason=reason,
            adapters=adapters,
            formats=formats,
        )


def installed() -> Iterator[EntryPoint]:
    """Yield the entry points of the hub's group; of a distribution present twice, the one Python would import."""
    seen = set()
    for distribution in distributions():
        # Reading who a distribution is costs much more than whether it has plugins, and few have.
        if (found := tuple(_entry_points(distribution))) and (name := _identity(distribution)[0]) not in seen:
            seen.add(name)
            yield from found


def found_in(entry_points: Iterable[EntryPoint]) -> list[Found]:
    """Return the plugins among the entry points, by distribution and name."""
    plugins = [Found(each, *_identity(each.dist)) for each in entry_points if each.group == GROUP]
    return sorted(plugins, key=lambda plugin: (plugin.distribution, plugin.name))


def _entry_points(distribution: Distribution) -> Iterable[EntryPoint]:
    try:
        return distribution.entry_points.select(group=GROUP)
    except Exception:  # broken metadata of whatever is installed here must not stop the hub
        return ()


def _identity(distribution: Distribution | None) -> tuple[str, str]:
    """Return the normalised name and the version; both are empty where the metadata is broken or absent."""
    try:
        metadata = distribution.metadata if distribution else None
        return (normalised(metadata["Name"] or ""), metadata["Version"] or "") if metadata else ("", "")
    except Exception:  # as above
        return "", ""
