"""The tier that the evidence reaches, and the next rule to meet."""

from dataclasses import dataclass

from hub.app.tiers.evidence import Evidence
from hub.app.tiers.rules import RULES, Rule, Tier


@dataclass(frozen=True, slots=True)
class Grade:
    """What an adapter has reached.

    Args:
        tier: None below bronze.
        missing: the rules not met, in order, each with what is lacking.
    """

    tier: Tier | None
    missing: tuple[tuple[Rule, str], ...]


def grade(evidence: Evidence) -> Grade:
    """Return the tier whose rules, and those of the tiers below, are all met."""
    missing = tuple((rule, said) for rule in RULES if (said := rule.lacks(evidence)) is not None)
    failed = {rule.tier for rule, _ in missing}
    reached = None
    for tier in Tier:
        if tier in failed:
            break
        reached = tier
    return Grade(reached, missing)
