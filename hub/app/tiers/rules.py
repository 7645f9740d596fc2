"""The rules of the tiers: each looks at the evidence and says what is missing, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hub.app.tiers.evidence import Evidence

ENOUGH_KNOWN = 0.9
ENOUGH_COMPLETE = 0.8
FEW_RUNS = 5


class Tier(StrEnum):
    """How good an adapter is; each tier includes the one before."""

    bronze = "bronze"
    silver = "silver"
    gold = "gold"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Args:
        name: short and stable.
        tier: the tier that asks for it.
        asks: what it asks, one sentence.
        because: why it asks it.
        lacks: what is missing, one sentence; None where it is met.
    """

    name: str
    tier: Tier
    asks: str
    because: str
    lacks: Callable[[Evidence], str | None]


def _promises(*subjects: str) -> Callable[[Evidence], str | None]:
    def lacks(evidence: Evidence) -> str | None:
        if not evidence.results:
            return "it could not be examined: it has neither a sandbox nor recordings"
        broken = evidence.broken(*subjects)
        if not broken:
            return None
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        return f"{broken[0].promise.replace('_', ' ')}: {broken[0].message.partition(chr(10))[0]}{more}"

    return lacks


def _heading(*wanted: str) -> Callable[[Evidence], str | None]:
    def lacks(evidence: Evidence) -> str | None:
        there = {heading.casefold() for heading in evidence.headings}
        missing = [heading for heading in wanted if heading.casefold() not in there]
        return f"its README has no heading “{missing[0]}”" if missing else None

    return lacks


def _sandbox(evidence: Evidence) -> str | None:
    return None if evidence.sandbox else "it has no sandbox"


def _recordings(evidence: Evidence) -> str | None:
    return None if evidence.recordings else "there is nothing in tests/recordings; `hub record` makes some"


def _options(evidence: Evidence) -> str | None:
    return f"its option {evidence.unexplained[0]} has no sentence" if evidence.unexplained else None


def _tables(evidence: Evidence) -> str | None:
    return f"{evidence.lint[0]}" if evidence.lint else None


def _coverage(evidence: Evidence) -> str | None:
    if not evidence.met or evidence.known / evidence.met >= ENOUGH_KNOWN:
        return None
    return f"its tables know {evidence.known:,} of the {evidence.met:,} values met"


def _history(evidence: Evidence) -> str | None:
    runs, complete = evidence.history.runs, evidence.history.complete
    if runs < FEW_RUNS or complete / runs >= ENOUGH_COMPLETE:
        return None
    return f"only {complete:,} of the last {runs:,} runs of this hub were complete"


RULES: tuple[Rule, ...] = (
    Rule(
        "describes-itself",
        Tier.bronze,
        "Name and version are well formed, limitations are stated, unknown options are refused, secrets are kept.",
        "An administrator must be able to set it up without reading its code, and no secret may get out.",
        _promises("card"),
    ),
    Rule(
        "reads-records",
        Tier.bronze,
        "Every record becomes a listing or is refused with a reason, always the same one, without network or clock.",
        "Replay, quarantine and the comparison of mappings rest on it.",
        _promises("records", "ids"),
    ),
    Rule(
        "reads-the-partner",
        Tier.bronze,
        "A fetch goes through the client only, ends, and says whether it saw everything.",
        "What is absent from a complete list is withdrawn.",
        _promises("fetching"),
    ),
    Rule(
        "has-a-sandbox",
        Tier.silver,
        "It ships a stand-in for its partner.",
        "Nobody else has the partner's credentials, and a partner does not fail on request.",
        _sandbox,
    ),
    Rule(
        "survives-faults",
        Tier.silver,
        "Every fault of a partner, at every request, gives the right outcome and never a list that is called complete.",
        "A partner's bad day must not become ours.",
        _promises("faults"),
    ),
    Rule(
        "keeps-persons-out",
        Tier.silver,
        "No contact person comes out, neither published nor kept aside.",
        "They have not agreed to it, and the law asks for it.",
        _promises("persons"),
    ),
    Rule(
        "is-quiet",
        Tier.silver,
        "An unchanged partner changes nothing, and what the partner withdraws leaves the feed.",
        "Portals read every change, and nobody should apply for a job that is gone.",
        _promises("running"),
    ),
    Rule(
        "tells-its-limits",
        Tier.silver,
        "Its README has the headings “Known limitations” and “Update rate”.",
        "A portal must know how old what it shows may be, and what to expect of it.",
        _heading("Known limitations", "Update rate"),
    ),
    Rule(
        "notices-news",
        Tier.gold,
        "No field goes unread unnoticed, and new fields, missing fields and unknown values break nothing and are told.",
        "Partners change without notice; whoever is told the same day can still ask.",
        _promises("strictness"),
    ),
    Rule(
        "has-recordings",
        Tier.gold,
        "Answers or records of the partner lie beside its tests, without persons and secrets.",
        "A stand-in says what its author believes; a recording says what was answered.",
        _recordings,
    ),
    Rule(
        "explains-its-options",
        Tier.gold,
        "Every option has a sentence.",
        "The sentences are the documentation that an administrator sees.",
        _options,
    ),
    Rule(
        "keeps-its-tables",
        Tier.gold,
        "Its value tables pass `hub mapping lint`: owner, a review within the year, no doubles, only known facts.",
        "A table that nobody keeps turns wrong silently.",
        _tables,
    ),
    Rule(
        "knows-the-values",
        Tier.gold,
        f"Its tables know at least {ENOUGH_KNOWN:.0%} of the values met in sandbox and recordings.",
        "What is not known is left out, and people do not find what suits them.",
        _coverage,
    ),
    Rule(
        "runs-well",
        Tier.gold,
        f"Where a hub runs it, at least {ENOUGH_COMPLETE:.0%} of its last 20 runs with the partner were complete.",
        "What works in tests may still fail every morning; a hub that never ran it has nothing to hold against it.",
        _history,
    ),
)
"""Every rule, in the order in which an author best meets them."""
