"""What nobody knows, counted: fields and values, each with a few records to look at."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

NameT = TypeVar("NameT", bound=Hashable)

_EXAMPLES = 3
_KINDS = 1000


@dataclass(slots=True)
class Noticed(Generic[NameT]):
    """Counts by name, with the ids of the first records of each.

    Args:
        rest: the name under which is counted what comes beyond some hundreds of names.
    """

    rest: NameT
    counts: dict[NameT, int] = field(default_factory=dict)
    examples: dict[NameT, list[str]] = field(default_factory=dict)

    def take(self, names: Iterable[NameT], local_id: str) -> None:
        """Count what one record brought up."""
        for name in names:
            if name in self.counts:
                self.counts[name] += 1
            else:
                name = name if len(self.counts) < _KINDS else self.rest  # noqa: PLW2901
                self.counts[name] = self.counts.get(name, 0) + 1
                self.examples.setdefault(name, [])
            if len(self.examples[name]) < _EXAMPLES:
                self.examples[name].append(local_id)

    def most(self, count: int) -> list[tuple[NameT, int]]:
        """Return the most frequent names with their counts."""
        return sorted(self.counts.items(), key=lambda each: -each[1])[:count]
