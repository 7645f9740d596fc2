"""What plugin authors test with: a labour market, sandboxes, a server, and a fetch in process."""

from hub.testing.job import SandboxJob, adapter_for, fetch
from hub.testing.market import Market
from hub.testing.opening import Contact, Employer, Opening, Site, Tick
from hub.testing.sandbox import Fault, Sandbox
from hub.testing.sandboxes import combined
from hub.testing.server import serve

__all__ = [
    "Contact",
    "Employer",
    "Fault",
    "Market",
    "Opening",
    "Sandbox",
    "SandboxJob",
    "Site",
    "Tick",
    "adapter_for",
    "combined",
    "fetch",
    "serve",
]
