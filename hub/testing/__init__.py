"""What plugin authors test with: a labour market, sandboxes, a server, a fetch, and every promise of an adapter."""

from hub.testing.conformance import AdapterConformance
from hub.testing.documents import Documents
from hub.testing.examine import examine
from hub.testing.job import SandboxJob, adapter_for, fetch
from hub.testing.market import Market
from hub.testing.opening import Contact, Employer, Opening, Site, Tick
from hub.testing.promises import PROMISES
from hub.testing.recording import Recording, records_of
from hub.testing.replay import NotRecorded, ReplayJob
from hub.testing.sandbox import Fault, Sandbox
from hub.testing.sandboxes import combined
from hub.testing.scrubbing import Scrubber
from hub.testing.server import serve
from hub.testing.subject import Subject
from hub.testing.verdict import Broken, NotApplicable, Promise, Result

__all__ = [
    "PROMISES",
    "AdapterConformance",
    "Broken",
    "Contact",
    "Documents",
    "Employer",
    "Fault",
    "Market",
    "NotApplicable",
    "NotRecorded",
    "Opening",
    "Promise",
    "Recording",
    "ReplayJob",
    "Result",
    "Sandbox",
    "SandboxJob",
    "Scrubber",
    "Site",
    "Subject",
    "Tick",
    "adapter_for",
    "combined",
    "examine",
    "fetch",
    "records_of",
    "serve",
]
