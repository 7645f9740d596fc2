"""The three phases of a round, in their order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: which of the two generated files stands there, and whether records changed.

    Args:
        name: short name, used in the JSON.
        label: what the table calls it.
        file: the generated file that is read.
        changes: whether 1 % of the records is edited and another 1 % gone.
    """

    name: str
    label: str
    file: str
    changes: bool = False

    def share(self, records: int) -> int:
        """Return how many records are edited, and how many are gone."""
        return records // 100 if self.changes else 0


FIRST = Phase("first", "first load", "first.csv")
UNCHANGED = Phase("unchanged", "unchanged", "first.csv")
CHANGED = Phase("changed", "1 % edited, 1 % gone", "changed.csv", changes=True)
PHASES = (FIRST, UNCHANGED, CHANGED)
