"""What became of a plugin."""

from dataclasses import dataclass
from typing import Literal

State = Literal["enabled", "disabled", "not allowed", "not installed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStatus:
    """One line of `hub plugins`.

    Args:
        name: of the entry point; of the distribution where there is no entry point.
        distribution: normalised name of the distribution that brings it.
        version: of the distribution.
        state: what became of it.
        reason: one sentence, unless it is enabled.
        adapters: the names of the adapters it brings, when it is enabled.
        formats: the same of formats.
    """

    name: str
    distribution: str
    version: str = ""
    state: State
    reason: str = ""
    adapters: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"plugin {self.name} ({self.distribution}) is {self.state}"
        return f"{said}: {self.reason}" if self.reason else said

    def concerns(self, adapter: str) -> bool:
        """Return whether this plugin is likely to be the one that brings an adapter of this name."""
        return adapter.replace("_", "-") in {self.name.replace("_", "-"), self.distribution.removeprefix("schakel-")}
