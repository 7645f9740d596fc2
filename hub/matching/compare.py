"""Whether two listings of different sources are one opportunity: vetoes first, then what the evidence weighs."""

from hub.matching.evidence import EVIDENCE, place
from hub.matching.features import Features
from hub.matching.organisation_evidence import VETOES, employer
from hub.matching.rules import RULES
from hub.matching.verdict import Decision, Reason, Verdict, probability

NEVER = VETOES | {"source-same"}
"""What rules out that two listings are one, whatever else they have in common: only a person may say otherwise."""

_REFERENCE = RULES.weights["reference-shared"]


def compare(one: Features, other: Features) -> Verdict:
    """Judge a pair; in either order it is the same verdict.

    Never the same: two listings of one source, a vacancy and a programme, organisations with different numbers (but
    where a programme names the other's as its partner). Different names or another municipality rule a pair out too,
    unless a partner says by a reference, or a page in common shows, that they are one.
    """
    if one.source == other.source:
        return _vetoed(Reason("source-same", 0.0, (one.source,)))
    if other.source < one.source:
        one, other = other, one
    if one.kind != other.kind:
        return _vetoed(Reason("kind-other", 0.0, (one.kind, other.kind)))
    shared = tuple([each for each in one.references if each in other.references])
    organisation = employer(one, other, by_reference=bool(shared))
    if organisation.feature in VETOES:
        return _vetoed(organisation)
    where = place(one, other)
    if where.feature == "place-other" and not shared and set(one.pages).isdisjoint(other.pages):
        return _vetoed(where)
    reasons = [Reason("reference-shared", _REFERENCE, shared[:1])] if shared else []
    return _judged(one, other, [*reasons, organisation, where], by_reference=bool(shared))


def _judged(one: Features, other: Features, reasons: list[Reason], *, by_reference: bool) -> Verdict:
    """Weigh all evidence, or as much as it takes to know that the rest could not make a pair worth a judgement."""
    odds = RULES.programme if one.kind == "programme" else RULES.prior
    odds += sum([reason.weight for reason in reasons])
    for look, most in EVIDENCE:
        if odds + most < RULES.unsure:
            break
        if reason := look(one, other):
            reasons.append(reason)
            odds += reason.weight
    against = RULES.open - RULES.outweighed if by_reference else RULES.open
    if not against.isdisjoint([reason.feature for reason in reasons]):
        odds = min(odds, RULES.cautious)
    return Verdict(probability(odds), _decision(odds), tuple(reasons))


def _vetoed(reason: Reason) -> Verdict:
    return Verdict(0.0, Decision.different, (reason,))


def _decision(odds: float) -> Decision:
    if odds >= RULES.same:
        return Decision.same
    return Decision.unsure if odds >= RULES.unsure else Decision.different
