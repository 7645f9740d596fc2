"""Organisations as things of their own: which mentions are of one, over its spellings and its sources. Pure rules."""

from hub.organisations.described import METHOD, Known, described
from hub.organisations.likeness import near
from hub.organisations.naming import Name, name_key, spelling, taken_apart
from hub.organisations.resolve import Home, Placed, resolve
from hub.organisations.sighting import Sighting, sighting
from hub.organisations.verdict import CONFIDENCE, Outcome, Reason, Verdict, same

__all__ = [
    "CONFIDENCE",
    "METHOD",
    "VERSION",
    "Home",
    "Known",
    "Name",
    "Outcome",
    "Placed",
    "Reason",
    "Sighting",
    "Verdict",
    "described",
    "name_key",
    "near",
    "resolve",
    "same",
    "sighting",
    "spelling",
    "taken_apart",
]

VERSION = 1
"""The edition of rules and tables; when it is raised, the next run reconsiders (`hub.store.organisations`)."""
