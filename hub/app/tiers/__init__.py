"""How good an adapter is: bronze works, silver is safe, gold is cared for; computed from evidence, never claimed."""

from hub.app.tiers.evidence import Evidence, History
from hub.app.tiers.grade import Grade, grade
from hub.app.tiers.inspection import Inspector
from hub.app.tiers.rules import RULES, Rule, Tier

__all__ = ["RULES", "Evidence", "Grade", "History", "Inspector", "Rule", "Tier", "grade"]
