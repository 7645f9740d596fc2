"""Which listings of different sources are one opportunity, and why: pure rules, nothing is read or kept here."""

from hub.matching.clusters import clusters
from hub.matching.compare import NEVER, compare
from hub.matching.features import Features, features
from hub.matching.keys import keys
from hub.matching.order import Candidate, canonical_order
from hub.matching.rules import VERSION
from hub.matching.verdict import SHOWN, Decision, Reason, Verdict

__all__ = [
    "NEVER",
    "SHOWN",
    "VERSION",
    "Candidate",
    "Decision",
    "Features",
    "Reason",
    "Verdict",
    "canonical_order",
    "clusters",
    "compare",
    "features",
    "keys",
]
