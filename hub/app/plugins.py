"""The plugins of a hub: its own formats, then what the allow-list names."""

from collections.abc import Sequence

from hub.config import Allowed
from hub.formats import PLUGIN
from hub.plugins import Plugins, load


def load_plugins(allowed: Sequence[Allowed]) -> Plugins:
    """Import the plugins of the allowed distributions; what they bring stands beside what every hub has."""
    return load(allowed, own=(PLUGIN,))
