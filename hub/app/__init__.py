"""The composition root: the only place that knows every part and puts them together."""

from hub.app.checking import Finding, check
from hub.app.hub import Hub, SourceStatus
from hub.app.running import Runner, run_all
from hub.app.sandboxes import Sandboxes

__all__ = ["Finding", "Hub", "Runner", "Sandboxes", "SourceStatus", "check", "run_all"]
